"""Following what happens: the rows of every record that an event names, and of its parts, are made again."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from hetong.kernel.actors import Actor
from hetong.kernel.events import Event
from hetong.search.indexed import Indexed, indexed_nouns

from .writing import write_rows

BLOB = "files.blob"


def follow_event(actor: Actor, event: Event) -> None:
    """Write the records of the event, and what is shown in their place, as they are now."""
    named: dict[str, set[UUID]] = {}
    for fact in event.rows:
        named.setdefault(fact.noun, set()).add(fact.id)
    for entry in indexed_nouns():
        ids = set(named.get(entry.key, ()))
        ids |= _parts(entry, named) | _of_files(entry, named.get(BLOB, ()))
        if ids:
            write_rows(entry.key, ids)


def _parts(entry: Indexed, named: dict[str, set[UUID]]) -> set[UUID]:
    if entry.parent is None or entry.parent[1] not in named:
        return set()
    path, key = entry.parent
    parts = entry.noun.model._default_manager.filter(**{f"{path}__in": named[key]})
    return set(parts.values_list("pk", flat=True))


def _of_files(entry: Indexed, blobs: Collection[UUID]) -> set[UUID]:
    if not blobs or not entry.noun.blob:
        return set()
    rows = entry.noun.model._default_manager.filter(**{f"{entry.noun.blob}__in": blobs})
    return set(rows.values_list("pk", flat=True))
