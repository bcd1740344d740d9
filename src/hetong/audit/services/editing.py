"""The shape of every service that adds or edits records: check, assign, save in bulk, record, publish.

A noun's own service locks its rows, calls this with its own rules as hooks, and adds nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Model

from hetong.jobs.services import publish
from hetong.kernel.actors import Actor, Level, require
from hetong.kernel.batch import Batch
from hetong.kernel.errors import N_, DomainError, Invalid, Problem, Stale, refuse
from hetong.kernel.events import Event, Fact
from hetong.kernel.fields import Kind, Register
from hetong.kernel.input import ReadOnly, assign, check_names, parse
from hetong.kernel.joined import index
from hetong.kernel.rows import insert, write
from hetong.kernel.together import parse_all

from .journal import Added, added, changes, record_added, record_many

M = TypeVar("M", bound=Model)
Given = Mapping[str, Any]
Prepare = Callable[[Any, Mapping[str, Any]], Iterable[Problem] | None]
"""A noun's own rules on one row after assignment: may set further columns; returns what is wrong."""
Act = tuple[str, str]
"""The code of an entry, and the reason that it gives."""


def edit_rows(
    register: Register,
    actor: Actor,
    rows: Sequence[M],
    given: Given,
    *,
    can: str,
    code: str,
    event: type[Event],
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
    prepare: Prepare | None = None,
    also: Collection[str] = (),
    lists: Callable[[Sequence[M], Mapping[str, list[Any]]], None] | None = None,
    after_write: Callable[[Sequence[M], Mapping[str, Any]], None] | None = None,
) -> list[M]:
    """Give the locked ``rows`` the same new values, all or none.

    ``versions`` are those the writer saw: a newer row raises `Stale`. ``also`` names columns that
    ``prepare`` may set. ``lists`` stores many-to-many values, ``after_write`` what hangs on the rows.
    Raises `Forbidden`, `UnknownField`, `Invalid`.
    """
    require(actor, can, rows)
    check_versions(rows, versions)
    parsed: dict[tuple[Any, str, str], Mapping[str, Any]] = {}
    columns: set[str] = set(also)
    before = register.snapshot(rows)
    problems: list[Problem] = []
    values: Mapping[str, Any] = {}
    for row in rows:
        key = _setting(register, row)
        if key not in parsed:
            parsed[key] = parse(register, actor, given, company=key[0], stage=key[1], currency=key[2], locale=locale)
        values = parsed[key]
        columns |= assign(register, row, values)
        if prepare:
            problems += _fit_to_tell(register, actor, row, before[row.pk], list(prepare(row, values) or ()))
    refuse(problems)
    write(rows, columns)
    many = {name: value for name, value in values.items() if register.all()[name].kind is Kind.LIST}
    if many and lists:
        lists(rows, many)
    if after_write:
        after_write(rows, values)
    index(register, rows, values)
    _tell(register, actor, rows, before, event, code, reason)
    return list(rows)


def _setting(register: Register, row: Model) -> tuple[Any, str, str]:
    """What decides how input for the row is read: its company, its stage or that of the record it hangs on, its currency."""
    found: Any = row if register.stage else ""
    for step in register.stage.split("__") if register.stage else ():
        found = getattr(found, step, "")
    return getattr(row, "company_id", None), str(found or ""), getattr(row, "currency", "")


UNTOLD = Problem("unfit", N_("This does not fit what stands in a field that is not open to you. Ask who may read it."))


def _fit_to_tell(register: Register, actor: Actor, row: Model, was: Given, problems: list[Problem]) -> list[Problem]:
    """The problems without the values of fields that the actor may not read, which a rule may quote."""
    if not problems:
        return problems
    company = getattr(row, "company_id", None)
    hidden = {one.name for one in register if register.level(actor, one.name, company) is Level.HIDDEN}
    kept = {str(was[name]) for name in hidden if was.get(name) not in (None, "", [], True, False)}
    return [UNTOLD if p.field in hidden or kept & {str(v) for v in p.params.values()} else p for p in problems]


def add_rows(
    register: Register, actor: Actor, givens: Sequence[Given], *, can: str, code: str, event: type[Event],
    make: Callable[[Mapping[str, Any]], M], locale: str = "", reason: str = "", prepare: Prepare | None = None,
    placed: Callable[[M, int], Iterable[Problem]] | None = None,
    after_insert: Callable[[Sequence[M], Sequence[Mapping[str, Any]]], None] | None = None,
    before_insert: Callable[[Sequence[M]], None] | None = None, act_of: Callable[[M], Act] | None = None,
) -> list[M]:  # fmt: skip
    """Add one record per given input, all or none.

    ``make`` builds the unsaved row from the stored values (its own company, stage and defaults); ``placed``
    reads what comes beside the input of that position, of rows that are right so far; ``after_insert`` stores
    what hangs on it (many-to-many values, children). In a batch, each problem names its row by position.
    ``before_insert`` takes the rows a step on before they are first written: so the journal has them, under what ``act_of`` says.
    """
    batch = Batch(register, actor)
    batch.look_up(givens)
    read = parse_all(register, actor, givens, batch=batch, locale=locale)
    rows: list[M] = []
    parsed: list[Mapping[str, Any]] = []
    problems: list[Problem] = []

    def wrong(row: M, values: Mapping[str, Any], place: int) -> list[Problem]:
        found = list(prepare(row, values) or ()) if prepare else []
        return found or (list(placed(row, place)) if placed else [])

    for position, (given, values) in enumerate(zip(givens, read, strict=True)):
        row, found = _made(batch, given, values, make, partial(wrong, place=position))
        if found or row is None or isinstance(values, DomainError):
            problems += found if len(givens) == 1 else [replace(one, row=str(position + 1)) for one in found]
            continue
        rows.append(row)
        parsed.append(values)
    refuse(problems)
    require(actor, can, rows)
    if before_insert:
        before_insert(rows)
    told = added(register, rows) if before_insert else None
    insert(rows)
    if after_insert:
        after_insert(rows, parsed)
    index(register, rows, {name for values in parsed for name in values})
    _tell_of_new(actor, rows, told or added(register, rows), event, act_of or (lambda row: (code, reason)))
    return rows


def _made(
    batch: Batch, given: Given, values: Mapping[str, Any] | DomainError, make: Callable[[Mapping[str, Any]], M],
    wrong: Callable[[M, Mapping[str, Any]], list[Problem]],
) -> tuple[M | None, list[Problem]]:  # fmt: skip
    """The row of one input as it was read, and what is wrong with it. Raises what is no problem of a row."""
    try:
        if isinstance(values, DomainError):
            raise values
        row = make(values)
        assign(batch.register, row, values)
        found = wrong(row, values)
        _check_in_its_company(batch, given, row)
    except Invalid as invalid:
        if not invalid.problems:
            raise
        return None, list(invalid.problems)
    return row, found


def _tell_of_new(actor: Actor, rows: Sequence[M], told: Added, event: type[Event], act_of: Callable[[M], Act]) -> None:
    """Record the new rows, each under its act, and publish the event."""
    if not rows:
        return
    places: dict[Act, list[int]] = {}
    for place, row in enumerate(rows):
        places.setdefault(act_of(row), []).append(place)
    for (code, reason), chosen in places.items():
        record_added(actor, code, told.at(chosen), reason=reason)
    facts = zip(told.ids, told.companies, strict=True)
    publish(event(actor, tuple(Fact(told.noun, id, company) for id, company in facts)))


def fill_in(
    register: Register, actor: Actor, rows: Sequence[M], givens: Sequence[Given | None], *, locale: str = ""
) -> set[str]:
    """Give rows that a posting makes, before they are written, what was typed in the fields that the house added.

    Of a row with None nobody was asked. Returns the names of the fields, for `joined.index` once the rows are written.
    Raises `UnknownField`, `ReadOnly` for any other field, `Invalid` with all that is missing or cannot be read.
    """
    names: set[str] = set()
    problems: list[Problem] = []
    own = {one.name for one in register if not one.kept}
    for position, (row, given) in enumerate(zip(rows, givens, strict=True), start=1):
        if given is None:
            continue
        _only_added(register, given)
        company = getattr(row, "company_id", None)
        try:
            values = parse(register, actor, given, company=company, locale=locale, partial=False, besides=own)
        except Invalid as invalid:
            if not invalid.problems:
                raise
            problems += (
                invalid.problems if len(rows) == 1 else [replace(p, row=str(position)) for p in invalid.problems]
            )
            continue
        assign(register, row, values)
        names |= values.keys()
    refuse(problems)
    return names


def _only_added(register: Register, given: Given) -> None:
    """Raise `ReadOnly` for fields of our own: what a posting says of them it takes in another way."""
    fields = register.all()
    if own := sorted(name for name in given if name in fields and not fields[name].kept):
        raise ReadOnly(fields=", ".join(own))


def _check_in_its_company(batch: Batch, given: Given, row: Model) -> None:
    """Only now is it known whose row it is: what may be written elsewhere may be closed in this company, or at its stage."""
    company, stage, _ = _setting(batch.register, row)
    if company is None or not batch.register.company:
        return
    writable, _required = batch.rights(company, stage)
    if not given.keys() <= writable.keys():
        check_names(batch.register, batch.actor, given, company=company, stage=stage)


def check_versions(rows: Iterable[Model], versions: Mapping[UUID, int] | None) -> None:
    """Raise `Stale` naming the first row that was saved since the writer saw it."""
    for row in rows:
        seen = (versions or {}).get(row.pk)
        if seen is not None and seen != row.version:  # type: ignore[attr-defined]  # every noun has it
            raise Stale(id=str(row.pk), seen=seen, now=row.version)  # type: ignore[attr-defined]  # every noun has it


def _tell(
    register: Register,
    actor: Actor,
    rows: Sequence[M],
    before: Mapping[UUID, Given],
    event: type[Event],
    code: str,
    reason: str,
) -> None:
    """Record what became of the rows and publish the event; where nothing changed, nothing is told."""
    companies = {row.pk: getattr(row, "company_id", None) for row in rows}
    what = [change for change in changes(register, before, register.held(rows), companies) if change.fields()]
    told = tuple(Fact(register.noun, change.id, change.company) for change in what if change.id)
    if told:
        record_many(actor, code, what, reason=reason)
        publish(event(actor, told))
