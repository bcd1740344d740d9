"""Building the index again, noun by noun in small steps; what is stopped goes on where it was."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection
from typing import Any, Final
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from hetong.search.indexed import Indexed, indexed_nouns
from hetong.search.models import Indexing, SearchRow, SearchText

from .writing import AT_ONCE, at_once, write_rows

SECONDS: Final = 5.0
"""How long one round of the worker builds, so that it does other work in between."""

MOST_MERGES: Final = 2000

Told = Callable[[str, int], object]


def rebuild(keys: Collection[str] = (), *, afresh: bool = True, told: Told = lambda key, done: None) -> dict[str, int]:
    """Make all rows of these nouns (none: of all) again; returns how many records each has.

    ``afresh``: from the first record on; else where the last building stopped, and nouns that are whole are left alone.
    ``told(noun, done)`` is called after every step.
    """
    done = {}
    for entry in indexed_nouns():
        if keys and entry.key not in keys:
            continue
        if afresh or _is_behind(entry):
            done[entry.key] = _rebuild(entry, afresh=afresh, told=told)
    if not keys:
        _forget_others()
    if done:
        _tidy()
    return done


def _tidy() -> None:
    """Let the engine put in order at once what it wrote piece by piece, in small steps on SQLite, where one may write at a time."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT gin_clean_pending_list('search_words')")
            return
        for _step in range(MOST_MERGES):
            cursor.execute("SELECT total_changes()")
            before = cursor.fetchone()[0]
            cursor.execute("INSERT INTO search_fts(search_fts, rank) VALUES ('merge', 300)")
            cursor.execute("SELECT total_changes()")
            if cursor.fetchone()[0] - before < 2:  # as FTS5 tells that there is nothing left to merge
                return


def catch_up() -> str:
    """Build what is not built, or holds other fields than it should, for a few seconds; the worker calls it again."""
    until, done = time.monotonic() + SECONDS, 0
    for entry in indexed_nouns():
        if _is_behind(entry):
            state = _begun(entry, afresh=False)
            while time.monotonic() < until and (more := _step(entry, state)):
                done += more
            if time.monotonic() >= until:
                break
    return f"{done} records" if done else ""


def _is_behind(entry: Indexed) -> bool:
    return not Indexing.objects.filter(noun=entry.key, fields=entry.signature(), wanted="").exists()


def _rebuild(entry: Indexed, *, afresh: bool, told: Told) -> int:
    state, done = _begun(entry, afresh=afresh), 0
    while more := _step(entry, state):
        done += more
        told(entry.key, done)
    return done


def _begun(entry: Indexed, *, afresh: bool) -> Indexing:
    """Where building stands: at the beginning, unless it was stopped in the midst of building the same."""
    state, _is_new = Indexing.objects.get_or_create(noun=entry.key)
    if afresh or state.wanted != entry.signature():
        state.wanted, state.after = entry.signature(), None
        state.save(update_fields=["wanted", "after"])
    return state


def _step(entry: Indexed, state: Indexing) -> int:
    """The next records; 0 when all are done, and then what is left of records that are gone goes too."""
    rows = entry.noun.model._default_manager.order_by("pk")
    if state.after is not None:
        rows = rows.filter(pk__gt=state.after)
    ids: list[UUID] = list(rows.values_list("pk", flat=True)[: at_once(entry)])
    with transaction.atomic():
        if ids:
            write_rows(entry.key, ids)
            state.after = ids[-1]
            state.save(update_fields=["after"])
        else:
            _remove(SearchRow.objects.filter(noun=entry.key).exclude(Exists(_there(entry))))
            state.fields, state.wanted, state.after = state.wanted, "", None
            state.save(update_fields=["fields", "wanted", "after"])
    return len(ids)


def _there(entry: Indexed) -> Any:
    return entry.noun.model._default_manager.filter(pk=OuterRef("record"))


def _forget_others() -> None:
    """Remove the rows of nouns that are no longer in the index."""
    known = [entry.key for entry in indexed_nouns()]
    with transaction.atomic():
        _remove(SearchRow.objects.exclude(noun__in=known))
        Indexing.objects.exclude(noun__in=known).delete()


def _remove(rows: Any) -> None:
    gone = list(rows.values_list("pk", flat=True))
    for first in range(0, len(gone), AT_ONCE):
        some = gone[first : first + AT_ONCE]
        SearchText.objects.filter(row__in=some).delete()
        SearchRow.objects.filter(pk__in=some).delete()
