"""Whether the index is what the records would give now."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any
from uuid import UUID

from django.db import DatabaseError, connection, transaction

from hetong.jobs.models import Outbox, State
from hetong.jobs.wiring import name_of

from .indexed import Indexed, indexed_nouns
from .models import SearchRow
from .services import follow_event
from .services.writing import AT_ONCE, made_tokens

Finding = tuple[str, str]
"""Where, and what is wrong there."""


def index_checks() -> Iterator[Finding]:
    """Records that are missing in the index, stand in it as they no longer are, or are gone; what waits to be written is left alone.

    Reads every record and every file's text, in steps of a few hundred.
    """
    waiting = _waiting()
    for entry in indexed_nouns():
        yield from _of_noun(entry, waiting)
    if connection.vendor == "sqlite":
        yield from _of_engine()


def _waiting() -> set[str]:
    """The ids of records that an event yet to be followed speaks of."""
    rows = (
        Outbox.objects.filter(listener=name_of(follow_event)).exclude(state=State.DONE).values_list("rows", flat=True)
    )
    return {fact["id"] for facts in rows.iterator() for fact in facts}


def _of_noun(entry: Indexed, waiting: Collection[str]) -> Iterator[Finding]:
    manager = entry.noun.model._default_manager
    after: UUID | None = None
    while True:
        rows = manager.order_by("pk") if after is None else manager.order_by("pk").filter(pk__gt=after)
        ids = list(rows.values_list("pk", flat=True)[:AT_ONCE])
        yield from _left_over(entry, after, ids)
        if not ids:
            return
        yield from _of_records(entry, ids, waiting)
        after = ids[-1]


def _of_records(entry: Indexed, ids: list[UUID], waiting: Collection[str]) -> Iterator[Finding]:
    kept = SearchRow.objects.filter(noun=entry.key, record__in=ids, text__isnull=False)
    held = {row[0]: row[1:] for row in kept.values_list("record", "parent", "company", "text__tokens")}
    for id, made in made_tokens(entry, ids).items():
        if held.get(id) == made or {str(id), str(made[0])} & set(waiting):
            continue
        yield f"{entry.key} {id}", "missing: it is not found" if id not in held else "stale: it is found as it was"


def _left_over(entry: Indexed, after: UUID | None, ids: list[UUID]) -> Iterator[Finding]:
    """Rows between two steps whose record is gone."""
    rows: Any = SearchRow.objects.filter(noun=entry.key).exclude(record__in=ids)
    if after is not None:
        rows = rows.filter(record__gt=after)
    if ids:
        rows = rows.filter(record__lt=ids[-1])
    for id in rows.values_list("record", flat=True):
        yield f"{entry.key} {id}", "left over: its record is gone"


def _of_engine() -> Iterator[Finding]:
    """SQLite's own index holds what the table says."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('integrity-check', 1)")
    except DatabaseError as broken:
        yield "search_fts", f"broken: {broken}"
