"""The values that entries keep beside them: written as one object an entry, read and blanked field by field."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from hetong.kernel.rows import write

from .digests import TOGETHER
from .models import Entry, EntryValues

BEFORE_AND_AFTER = 2
"""The parts of a value that has no salt of its own."""


@dataclass(frozen=True)
class FieldValue:
    """What one changed field held before and after an act; nothing of it where it was blanked."""

    field: str
    before: Any = None
    after: Any = None
    salt: str = ""
    """What its digest was made with: its own, or that of all values of its entry that have one digest together."""
    is_blank: bool = False


def names_of(entry: Entry) -> list[str]:
    """The fields that an entry says were changed."""
    return [name for name, _digest in entry.fields if name != TOGETHER]


def values_of_entries(entries: Iterable[Entry]) -> dict[UUID, list[FieldValue]]:
    """The values of each entry in the order in which they were written, in one query; an empty list where it has none."""
    order = {entry.pk: names_of(entry) for entry in entries}
    rows = EntryValues.objects.in_bulk([id for id, names in order.items() if names])
    held = {id: row.held for id, row in rows.items() if isinstance(row.held, dict)}
    return {id: [_value(name, held[id]) for name in names if id in held] for id, names in order.items()}


def _value(name: str, held: dict[str, Any]) -> FieldValue:
    match held.get(name):
        case [salt, before, after]:
            return FieldValue(name, before, after, salt)
        case [before, after]:
            return FieldValue(name, before, after, held.get(TOGETHER) or "")
        case _:
            return FieldValue(name, is_blank=True)


def holding(entries: Collection[UUID], names: Collection[str]) -> list[tuple[EntryValues, list[str]]]:
    """The rows, locked, that still hold a value of one of these fields, each with the names of those."""
    rows = EntryValues.objects.select_for_update().filter(entry__in=entries).order_by("entry")
    found = [(row, [name for name in names if row.held.get(name) is not None]) for row in rows]
    return [(row, kept) for row, kept in found if kept]


def blank(found: Iterable[tuple[EntryValues, Collection[str]]]) -> None:
    """Take the values of these fields out of the rows, with their salts: what is left proves nothing and reveals nothing.

    A field that could not be erased when it was written shares its salt: with it goes what proved the others of that entry.
    """
    rows = list(found)
    for row, names in rows:
        have_shared = any(len(row.held[name]) == BEFORE_AND_AFTER for name in names)
        row.held |= dict.fromkeys([*names, TOGETHER] if have_shared else names)
    write([row for row, _names in rows], ("held",), version=False)
