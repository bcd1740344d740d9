"""Making everything that names one record name another, as the table of `kernel.merging` says, with its traces."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet, Value
from django.db.models.functions import Replace

from hetong.kernel.actors import Actor
from hetong.kernel.events import Fact
from hetong.kernel.fields import Field
from hetong.kernel.joined import index
from hetong.kernel.kept import COLUMN, Kept, put
from hetong.kernel.merging import Fate, Pointer, merging_of, noun_of
from hetong.kernel.nouns import Noun, nouns
from hetong.kernel.rows import locked, write

from .journal import changes, record_many


def repoint(actor: Actor, key: str, old: UUID, new: UUID, *, code: str, reason: str) -> list[Fact]:
    """Let what names the record ``old`` of that noun name ``new``, all of it; the records that changed by that.

    Inside the caller's transaction, which holds both records. Each record that says so in a field gets an entry with
    that code. Raises `IntegrityError` where two rows would say the same.
    """
    facts: list[Fact] = []
    for pointer in merging_of(key).pointers:
        if pointer.fate is Fate.GOES:
            pointer.model._default_manager.filter(**{pointer.field.name: old}).delete()
        elif pointer.fate is Fate.MOVED:
            facts += _move(actor, pointer, old, new, code, reason)
    for entry in nouns():
        for one in entry.register:
            if one.kept and one.to == key:
                facts += _move_added(actor, entry, one, old, new, code, reason)
    return facts


def _move(actor: Actor, pointer: Pointer, old: UUID, new: UUID, code: str, reason: str) -> list[Fact]:
    rows, name = pointer.model._default_manager.all(), pointer.field.name
    if pointer.is_text:
        inside = rows.filter(**{f"{name}__contains": str(old)})
        inside.update(**{name: Replace(name, Value(str(old)), Value(str(new)))})
        return []
    entry = noun_of(pointer.model)
    if entry is None:
        _move_rows(rows.filter(**{name: old}), pointer, new)
        return []
    held = locked(rows, rows.filter(**{name: old}).order_by("pk").values_list("pk", flat=True))
    before = entry.register.snapshot(held)
    for row in held:
        setattr(row, pointer.field.attname, new)
    write(held, {name}, version=entry.register.versioned)
    return _tell(actor, entry, held, before, code, reason)


def _move_rows(rows: QuerySet[Any], pointer: Pointer, new: UUID) -> None:
    """Rows that are no records: all at once; where one says what another says already, one by one."""
    name = pointer.field.name
    try:
        with transaction.atomic():
            rows.update(**{name: new})
    except IntegrityError:
        if not pointer.drops_twins:
            raise
        for pk in list(rows.order_by("pk").values_list("pk", flat=True)):
            _move_or_drop(pointer.model._default_manager.filter(pk=pk), name, new)


def _move_or_drop(row: QuerySet[Any], name: str, new: UUID) -> None:
    try:
        with transaction.atomic():
            row.update(**{name: new})
    except IntegrityError:
        row.delete()


def _move_added(actor: Actor, entry: Noun, one: Field, old: UUID, new: UUID, code: str, reason: str) -> list[Fact]:
    """An added field of other records that names the record."""
    named = entry.model._default_manager.annotate(named=Kept(one.name, "id")).filter(named=old).order_by("pk")
    held = locked(entry.model._default_manager.all(), named.values_list("pk", flat=True))
    before = entry.register.snapshot(held)
    for row in held:
        put(row, one, new)
    write(held, {COLUMN}, version=entry.register.versioned)
    index(entry.register, held, [one.name])
    return _tell(actor, entry, held, before, code, reason)


def _tell(actor: Actor, entry: Noun, rows: Sequence[Any], before: Any, code: str, reason: str) -> list[Fact]:
    companies = {row.pk: getattr(row, "company_id", None) for row in rows}
    what = changes(entry.register, before, entry.register.snapshot(rows), companies)
    record_many(actor, code, [one for one in what if one.fields()], reason=reason)
    return [Fact(entry.key, id, company) for id, company in companies.items()]
