"""What becomes of everything that names a record when that record is merged into another one.

The table is ``config/merging.py``, since only config knows every app; a test makes it anew from the models, so that a
column that nobody thought of fails. Nothing here writes: the service that merges reads the table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Field, Model, QuerySet

from .nouns import Noun, nouns


class Fate(StrEnum):
    """What happens to a column that names the record that goes."""

    MOVED = "moved"
    """Names the record that stays from then on."""
    GOES = "goes"
    """Its rows go: they are made again from the record that stays."""
    KEPT = "kept"
    """Names the record that is no more: what was is not rewritten."""
    OWN = "own"
    """The service that merges knows rules of its own for it."""
    OTHER = "other"
    """Names something else (a person, a job, an entry): never the record."""


@dataclass(frozen=True)
class Pointer:
    """One column that may name the record: ``app.Model.column``, what becomes of it, and why so."""

    column: str
    fate: Fate
    why: str = ""
    is_text: bool = False
    """The record is named inside a text, such as an address or a question."""
    drops_twins: bool = False
    """A row that says of the record that goes what another says of the one that stays already is not needed twice."""

    @property
    def model(self) -> type[Model]:
        """The model that has the column."""
        return apps.get_model(self.column.rpartition(".")[0])

    @property
    def field(self) -> Field[Any, Any]:
        """The column itself."""
        found: Field[Any, Any] = self.model._meta.get_field(self.column.rpartition(".")[2])  # type: ignore[assignment]  # never a reverse one
        return found


MergeCheck = Callable[[UUID, UUID], None]
"""What an app has to say before the first record is merged into the second: raises why not, in words."""


@dataclass(frozen=True)
class Merging:
    """How records of one noun are merged."""

    pointers: tuple[Pointer, ...]
    checks: tuple[MergeCheck, ...] = ()


_table: dict[str, Merging] = {}


def install(table: dict[str, Merging]) -> None:
    """Take config's table, by noun; called once at start."""
    _table.clear()
    _table.update(table)


def merging_of(key: str) -> Merging:
    """How records of that noun are merged; raises `KeyError` where they are not."""
    return _table[key]


def noun_of(model: type[Model]) -> Noun | None:
    """The noun whose rows the model holds, if there is one."""
    return next((entry for entry in nouns() if entry.model is model), None)


def named_by(key: str, id: UUID) -> list[tuple[Noun, QuerySet[Any]]]:
    """The records that name that one and would move with it, by noun; whether anybody may see them is not asked."""
    found = []
    for pointer in merging_of(key).pointers:
        entry = noun_of(pointer.model)
        if entry is not None and pointer.fate in (Fate.MOVED, Fate.OWN) and not pointer.is_text:
            found.append((entry, pointer.model._default_manager.filter(**{pointer.field.name: id})))
    return found
