"""For tests of every floor: reading the journal back, and emptying tables that triggers guard."""

from __future__ import annotations

from uuid import UUID

from .models import Entry
from .triggers import removed
from .values import values_of_entries

__all__ = ["entries_of", "last_entry", "removed", "values_of"]


def entries_of(id: UUID) -> list[str]:
    """The journal codes of a record, oldest first."""
    return list(Entry.objects.filter(subject=id).order_by("pk").values_list("code", flat=True))


def last_entry(id: UUID) -> tuple[str, str, str]:
    """Code, actor and reason of a record's newest entry."""
    entry = Entry.objects.filter(subject=id).order_by("-pk")[0]
    return entry.code, entry.actor_label, entry.reason


def values_of(id: UUID, field: str) -> list[tuple[object, object]]:
    """The (before, after) pairs of one field of a record, oldest first."""
    entries = list(Entry.objects.filter(subject=id).order_by("pk"))
    values = values_of_entries(entries)
    found = (value for entry in entries for value in values[entry.pk])
    return [(value.before, value.after) for value in found if value.field == field]
