"""For tests of every floor: reading the journal back, and emptying tables that triggers guard."""

from __future__ import annotations

from uuid import UUID

from .models import Entry, EntryValue
from .triggers import removed

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
    ids = list(Entry.objects.filter(subject=id).order_by("pk").values_list("pk", flat=True))
    found = EntryValue.objects.filter(entry__in=ids, field=field).order_by("pk")
    return [(value.before, value.after) for value in found]
