"""Reading the inputs of many new records together, a field at a time: what they share is read and looked up once."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from .actors import Actor
from .batch import Batch
from .errors import DomainError
from .fields import Field, Kind, Register
from .input import CHECKED, out_of_reach, parse
from .memory import is_one
from .values import Unreadable, read

Given = Mapping[str, Any]
_LEFT, _ODD = object(), object()
"""In place of what an input does not name, and of what cannot be read."""
_MUTABLE = (Kind.LIST, Kind.LABELS)


def parse_all(
    register: Register, actor: Actor, givens: Sequence[Given], *, batch: Batch, company: UUID | None = None, stage: str = "",
    locale: str = "", currency: str | None = None, besides: Collection[str] = (),
) -> list[dict[str, Any] | DomainError]:  # fmt: skip
    """What `parse` makes of the input of each whole record; in place of one that it refuses, what it raises.

    Without ``currency`` each amount is read in the currency that its own input names.
    """
    writable, required = batch.rights(company, stage)
    named = [str(given.get("currency") or "") if currency is None else currency for given in givens]
    names = dict.fromkeys(name for given in givens for name in given)
    columns: dict[str, list[Any]] = {}
    odd: set[int] = set(() if names.keys() <= writable.keys() else range(len(givens)))
    for name in names if not odd else ():
        raws = [given.get(name, _LEFT) for given in givens]
        columns[name] = _read(writable[name], raws, named, locale, batch)
        odd.update(_refused(writable[name], columns[name], batch))
    for one in required:
        if one.name not in besides:
            column = columns.get(one.name) or [None] * len(givens)
            odd.update(place for place, value in enumerate(column) if value in (None, "", [], _LEFT))
    if columns and not odd and all(len(given) == len(names) for given in givens):
        return [dict(zip(columns, values, strict=True)) for values in zip(*columns.values(), strict=True)]
    found: list[dict[str, Any] | DomainError] = []
    for place, given in enumerate(givens):
        if place in odd:
            found.append(
                _alone(
                    register, actor, given, company=company, stage=stage, locale=locale, currency=named[place], besides=besides, batch=batch
                )
            )  # fmt: skip
        else:
            found.append({name: columns[name][place] for name in given})
    return found


def _alone(register: Register, actor: Actor, given: Given, **more: Any) -> dict[str, Any] | DomainError:
    """One input read by itself: what it is, or why it is refused."""
    try:
        return parse(register, actor, given, partial=False, **more)
    except DomainError as refused:
        return refused


def _read(one: Field, raws: Sequence[Any], currencies: Sequence[str], locale: str, batch: Batch) -> list[Any]:
    """The values of one field; a text that several inputs share is read once, and so is any other value that all share."""
    is_shared = one.kind not in _MUTABLE and is_one(raws) and len(set(currencies)) == 1
    if is_shared:
        return [_value(one, raws[0], locale, currencies[0])] * len(raws)
    values = []
    for raw, currency in zip(raws, currencies, strict=True):
        if raw.__class__ is not str or one.kind in _MUTABLE:
            values.append(_value(one, raw, locale, currency))
            continue
        held = batch.read.setdefault((one.name, locale, currency), {})
        if raw in held:
            values.append(held[raw])
            continue
        value = _value(one, raw, locale, currency)
        if value is not _ODD:  # which is read again by itself, to say why
            held[raw] = value
        values.append(value)
    return values


def _value(one: Field, raw: Any, locale: str, currency: str) -> Any:
    if raw is _LEFT:
        return raw
    try:
        return read(one, raw, locale=locale, currency=currency)
    except Unreadable:
        return _ODD


def _refused(one: Field, column: Sequence[Any], batch: Batch) -> Iterator[int]:
    """The places of what cannot be read, or cannot be chosen."""
    is_checked = one.kind in CHECKED
    known: dict[int, bool] = {}
    for place, value in enumerate(column):
        if value is _ODD:
            yield place
        elif is_checked and value and value is not _LEFT:
            if id(value) not in known:
                known[id(value)] = any(True for _problem in out_of_reach(batch, one, value))
            if known[id(value)]:
                yield place
