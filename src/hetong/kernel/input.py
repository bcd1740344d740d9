"""Reading a whole record's input through its register: every problem at once, nothing silently dropped."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db.models import Model

from .actors import Actor, Level
from .batch import Batch
from .errors import N_, Forbidden, Invalid, Problem, UnknownField
from .fields import Choice, Field, Kind, Register
from .kept import COLUMN, put
from .money import Money
from .values import Unreadable, problem, read


def parse(
    register: Register,
    actor: Actor,
    given: Mapping[str, Any],
    *,
    company: UUID | None = None,
    stage: str = "",
    locale: str = "",
    currency: str = "",
    partial: bool = True,
    besides: Collection[str] = (),
    batch: Batch | None = None,
) -> dict[str, Any]:
    """Input as stored values by field name.

    ``partial`` takes what is given; else required fields must be there but for those ``besides``, which the caller
    sets. Raises `UnknownField` for unknown or hidden names, `Forbidden` for visible ones the actor may not write,
    `Invalid` with every `Problem` otherwise. References must lead to records the actor may see. ``batch``: what is
    worked out once for many inputs of one call.
    """
    batch = batch or Batch(register, actor)
    writable, required = batch.rights(company, stage)
    if not given.keys() <= writable.keys():
        writable = check_names(register, actor, given, company=company, stage=stage)
    problems: list[Problem] = []
    values: dict[str, Any] = {}
    for name, raw in given.items():
        try:
            values[name] = _read(writable[name], raw, locale, currency, batch)
        except Unreadable as broken:
            problems.append(problem(writable[name], broken))
    problems += _left_out(required, values, {p.field for p in problems} | set(besides), partial=partial)
    for name, value in values.items():
        if value and writable[name].kind in CHECKED:
            problems += out_of_reach(batch, writable[name], value)
    if problems:
        raise Invalid(problems=problems)
    return values


def _left_out(
    required: Iterable[Field], values: Mapping[str, Any], known: Collection[str], *, partial: bool
) -> Iterator[Problem]:
    """A problem for each required field that is empty, but for those that are ``known`` otherwise."""
    for one in required:
        if one.name not in known and (one.name in values or not partial) and values.get(one.name) in (None, "", []):
            yield Problem("required", N_("This is needed."), field=one.name)


def _read(one: Field, raw: Any, locale: str, currency: str, batch: Batch) -> Any:
    """What `values.read` makes of the input; a text that many inputs of one call share is read once."""
    if raw.__class__ is not str or one.kind in (Kind.LIST, Kind.LABELS):  # of those each has its own
        return read(one, raw, locale=locale, currency=currency)
    held = batch.read.setdefault((one.name, locale, currency), {})
    if raw not in held:
        held[raw] = read(one, raw, locale=locale, currency=currency)
    return held[raw]


def check_names(
    register: Register, actor: Actor, names: Iterable[str], *, company: UUID | None = None, stage: str = ""
) -> dict[str, Field]:
    """The named fields, all of them writable for the actor; raises `UnknownField` or `Forbidden`."""
    fields = register.all()
    asked = list(names)
    unknown = [n for n in asked if n not in fields or register.level(actor, n, company) is Level.HIDDEN]
    if unknown:
        raise UnknownField(fields=", ".join(sorted(unknown)), problems=[_not_known(n) for n in unknown])
    closed = [n for n in asked if not fields[n].write or register.level(actor, n, company, stage) is not Level.EDIT]
    if closed:
        raise ReadOnly(fields=", ".join(sorted(closed)))
    return {n: fields[n] for n in asked}


class ReadOnly(Forbidden):
    """The actor sees the field but may not change it here and now."""

    code = "read_only"
    text = N_("These fields cannot be changed by you here: %(fields)s.")
    then = N_("Leave them as they are, or ask someone whose role may change them.")


CHECKED = frozenset({Kind.CHOICE, Kind.REFERENCE, Kind.LIST})


def out_of_reach(batch: Batch, one: Field, value: Any) -> Iterator[Problem]:
    """Why a value that can be read can still not be chosen: out of use, or a record that is not there or out of sight."""
    found = _no_longer_offered(one, value)
    if found:
        yield found
    if (
        one.to
        and one.kind is not Kind.CHOICE
        and not batch.are_open(one.to, set(value if isinstance(value, list) else [value]))
    ):
        yield Problem("no_such_record", N_("There is no such record, or you have no access to it."), field=one.name)


def _no_longer_offered(one: Field, code: Any) -> Problem | None:
    """A choice that was taken out of use stays where it is chosen, and is not chosen anew."""
    if not (one.kept or one.of) or one.kind is not Kind.CHOICE or one.choices is None:
        return None
    found: Choice | None = next((c for c in one.choices() if c.code == code and c.is_retired), None)
    text = N_("“%(choice)s” is no longer offered. Choose another.")
    return Problem("no_longer_offered", text, {"choice": found.label}, one.name) if found else None


def missing(register: Register, actor: Actor, row: Model, stages: Collection[str]) -> Iterator[tuple[Problem, str]]:
    """The added fields that must be filled in from one of ``stages`` on and are empty in the row: why not, and which.

    One that this actor may not read is told of without its name.
    """
    asked = [one for one in register if one.required_from in stages and one.required_from]
    levels = register.levels(actor, getattr(row, "company_id", None)) if asked and not actor.is_system else {}
    for one in asked:
        if (getattr(row, COLUMN) or {}).get(one.name) is not None:
            continue
        if levels.get(one.name, Level.EDIT) is Level.HIDDEN:
            text = N_("A field that is not open to you must be filled in before this. Ask who may fill it in.")
            yield Problem("needed", text, row=str(row.pk)), one.name
        else:
            text = N_("%(field)s is needed before this.")
            yield Problem("needed", text, {"field": str(one.label)}, one.name, str(row.pk)), one.name


def _not_known(name: str) -> Problem:
    return Problem("unknown_field", N_("This field is not known here."), field=name)


def assign(register: Register, row: Model, values: Mapping[str, Any]) -> set[str]:
    """Set the stored values on the row; returns the names of the columns that were set. Lists are left to the service."""
    columns: set[str] = set()
    fields, simple = register.all(), _simple_columns(register, type(row))
    for name, value in values.items():
        own = simple.get(name)
        if own is not None and value is not None:
            setattr(row, own[0], value)
            columns.add(own[1])
            continue
        one = fields[name]
        if one.kept:
            put(row, one, value)
            columns.add(COLUMN)
            continue
        if one.kind is Kind.LIST or not isinstance(one.path, str):
            continue
        if one.kind is Kind.MONEY:
            value = _assign_money(row, one, value, columns)
        if value is None:
            value = _left_empty(row, one)
        setattr(row, one.path, value)
        columns.add(_column_of(type(row), one.path))
    return columns


@lru_cache(maxsize=500)
def _simple_columns(register: Register, model: type[Model]) -> dict[str, tuple[str, str]]:
    """By field the attribute and the column of those of our own that hold their value as it is."""
    return {
        one.name: (one.path, _column_of(model, one.path))
        for one in register.fields.values()
        if isinstance(one.path, str) and one.write and one.kind not in (Kind.LIST, Kind.MONEY)
    }


@lru_cache(maxsize=2000)
def _column_of(model: type[Model], path: str) -> str:
    return model._meta.get_field(path.removesuffix("_id")).name if path.endswith("_id") else path


def _left_empty(row: Model, one: Field) -> object:
    """What a column that always holds something holds when nothing was given: its default, no choice as no text."""
    column = row._meta.get_field(str(one.path).removesuffix("_id"))
    if getattr(column, "null", True):
        return None
    if one.kind is Kind.CHOICE:
        return ""
    return column.get_default() if column.has_default() else None  # type: ignore[union-attr]  # a column, not a relation back


def _assign_money(row: Model, one: Field, value: Money | None, columns: set[str]) -> int | None:
    beside = one.currency
    if value is not None and isinstance(beside, str) and beside in {f.name for f in row._meta.concrete_fields}:
        setattr(row, beside, value.currency)
        columns.add(beside)
    return value.minor if value is not None else None
