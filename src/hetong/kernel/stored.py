"""Values as the journal keeps them: plain JSON, a field at a time over all rows of an act."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from .actors import Actor
from .fields import Field, Kind, Raw, words
from .memory import column_of, is_one
from .money import Money
from .scaled import Scaled
from .shown import Choice, Ref
from .values import Reader, plain

PLAIN = frozenset({str, int, bool, type(None)})


_SAID: Mapping[type, Callable[[Any], Any]] = {
    Money: lambda value: {"amount": value.amount, "currency": value.currency},
    Ref: lambda value: {"id": str(value.id), "title": value.title},
    Scaled: str,
    dt.date: dt.date.isoformat,
}
"""The same as `plain` for what records mostly hold, by its very class."""


def stored_form(one: Field, value: Any) -> Any:
    """A typed value as the journal keeps it: as `plain`, but an admin-made choice with its title of that day.

    A day that is shown with words (a next event) is kept as the day: words are the reader's language.
    """
    said = _SAID.get(value.__class__)
    if said is not None:
        return said(value)
    if isinstance(value, Choice) and one.choices is None and one.kind is not Kind.DATE:
        return {"id": value.code, "title": str(value.label)}
    if isinstance(value, tuple):
        return [stored_form(one, each) for each in value]
    return str(value) if isinstance(value, str) else plain(value)  # a member of an enumeration is the text it is


def journal_column(one: Field, read: Reader, raws: Sequence[Raw], *, are_bare: bool = False) -> Sequence[Any]:
    """The field's `stored_form` of each raw row; worked out once for rows that hold the same, and the same object for them.

    ``are_bare``: nothing in other tables is about these rows yet.
    """

    def form(raw: Raw) -> Any:
        value = read(raw)
        return value if value.__class__ in PLAIN else stored_form(one, value)

    is_elsewhere = one.load is not None or one.kind is Kind.LIST
    if is_elsewhere and are_bare and one.compute is None and not one.kept:
        return [form(raws[0])] * len(raws)
    own = one.path if isinstance(one.path, str) else f"x_{one.name}"
    if is_elsewhere or one.kept or (one.compute is not None and own != one.path):
        return [form(raw) for raw in raws]
    if one.kind is Kind.REFERENCE and one.compute is None and one.title:
        return _references(column_of(raws, own), column_of(raws, one.title))
    paths = (own,) if one.kind is Kind.REFERENCE else tuple(dict.fromkeys((own, *one.paths)))
    columns = [column_of(raws, path) for path in paths]
    if all(map(is_one, columns)):
        return [form(raws[0])] * len(raws)
    if one.kind in _TEXTS and one.compute is None and _IS_TEXT.issuperset(map(type, columns[0])):
        return [text or None for text in columns[0]]
    return _once_each(columns, raws, form)


def _once_each(columns: Sequence[Sequence[Any]], raws: Sequence[Raw], form: Callable[[Raw], Any]) -> list[Any]:
    """The form of each row, worked out once for rows whose columns hold the same."""
    parts = [_keys(column) for column in columns]
    keys: Sequence[Any] = parts[0] if len(parts) == 1 else list(zip(*parts, strict=True))
    known: dict[Any, Any] = {}
    for key, raw in zip(keys, raws, strict=True):
        if key not in known:
            known[key] = form(raw)
    return [known[key] for key in keys]


def _references(ids: Sequence[Any], titles: Sequence[Any]) -> list[Any]:
    """Records as the journal keeps them, by name; the same object for rows that name the same record."""
    known: dict[int, Any] = {}
    for named, title in zip(ids, titles, strict=True):
        if id(named) not in known:
            known[id(named)] = {"id": str(named), "title": words(title, Actor.system().language)} if named else None
    return [known[id(named)] for named in ids]


_TEXTS, _IS_TEXT = (Kind.TEXT, Kind.LONG_TEXT), frozenset({str, type(None)})
_CHEAP_KEYS = frozenset({str, int, bool, type(None), dt.date})


def _keys(column: Sequence[Any]) -> Sequence[Any]:
    """What tells the values of a column apart: themselves, or where they lie where comparing them costs more than they do."""
    return column if _CHEAP_KEYS.issuperset(map(type, column)) else [id(value) for value in column]
