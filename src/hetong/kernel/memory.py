"""Rows in memory as a query for their values would give them, what they refer to asked once for all of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property
from itertools import repeat
from operator import is_, itemgetter
from typing import Any, overload

from django.db.models import Model
from django.db.models.expressions import Combinable


class _Raw(Mapping[str, Any]):
    """One raw row of those that are held a column at a time."""

    __slots__ = ("_columns", "_place")

    def __init__(self, columns: Mapping[str, Sequence[Any]], place: int) -> None:
        self._columns, self._place = columns, place

    def __getitem__(self, path: str) -> Any:
        return self._columns[path][self._place]

    def __iter__(self) -> Iterator[str]:
        return iter(self._columns)

    def __len__(self) -> int:
        return len(self._columns)


class Held(Sequence[Mapping[str, Any]]):
    """Raw rows that are held a column at a time; as mappings they are made where somebody asks for them so."""

    def __init__(self, columns: Mapping[str, Sequence[Any]]) -> None:
        """``columns``: by path, ``pk`` among them, one value a row."""
        self.columns = columns

    @cached_property
    def _rows(self) -> list[_Raw]:
        return [_Raw(self.columns, place) for place in range(len(self))]

    def __len__(self) -> int:
        return len(self.columns["pk"])

    def __iter__(self) -> Iterator[Mapping[str, Any]]:
        return iter(self._rows)

    @overload
    def __getitem__(self, place: int) -> Mapping[str, Any]: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Mapping[str, Any]]: ...
    def __getitem__(self, place: Any) -> Any:
        return self._rows[place]


def column_of(raws: Sequence[Mapping[str, Any]], path: str) -> Sequence[Any]:
    """One path of all raw rows."""
    return raws.columns[path] if isinstance(raws, Held) else [raw[path] for raw in raws]


def held_of(rows: Sequence[Model], paths: Sequence[str], expressions: Mapping[str, Combinable]) -> Held:
    """What ``annotate(**expressions).values(*paths, *expressions)`` says of the rows.

    Their own columns are read from them; a statement for each relation that the paths follow, and one for the expressions.
    """
    if not rows:
        return Held({"pk": []})
    model = type(rows[0])
    columns = _own_columns(rows, {path: _attribute(model, path) for path in ("pk", *paths) if "__" not in path})
    for relation, further in _followed(paths).items():
        columns |= _related(rows, model._meta.get_field(relation), further)
    columns |= dict.fromkeys(expressions, [None] * len(rows))
    if expressions and not are_new(rows):
        asked = model._default_manager.filter(pk__among=columns["pk"]).annotate(**expressions)
        known = {raw["pk"]: raw for raw in asked.values("pk", *expressions)}
        for name in expressions:
            columns[name] = [known.get(pk, {}).get(name) for pk in columns["pk"]]
    return Held(columns)


def _own_columns(rows: Sequence[Model], attributes: Mapping[str, str]) -> dict[str, Sequence[Any]]:
    """By path the attribute of each row; columns that a row was read without are read now."""
    taken = itemgetter(*attributes.values(), "_state")  # two at least, so that it always gives a tuple
    try:
        *columns, _states = zip(*map(taken, map(vars, rows)), strict=True)
    except KeyError:
        columns = [tuple(getattr(row, name) for row in rows) for name in attributes.values()]
    return dict(zip(attributes, columns, strict=True))


def are_new(rows: Sequence[Model]) -> bool:
    """Whether none of the rows is in the database yet, so that nothing there can be about them."""
    return all(row._state.adding for row in rows)  # noqa: SLF001 - as saving asks


def is_one(column: Sequence[Any]) -> bool:
    """Whether all values of a column are the same object, as those that rows share mostly are."""
    return bool(column) and column[0] is column[-1] and all(map(is_, column, repeat(column[0])))


def _attribute(model: type[Model], path: str) -> str:
    return str((model._meta.pk if path == "pk" else model._meta.get_field(path)).attname)  # type: ignore[union-attr]  # a column


def _followed(paths: Iterable[str]) -> dict[str, list[str]]:
    """By relation the paths that begin with it, without it."""
    found: dict[str, list[str]] = {}
    for path in paths:
        relation, _step, rest = path.partition("__")
        if rest:
            found.setdefault(relation, []).append(rest)
    return found


def _related(rows: Sequence[Model], relation: Any, further: Sequence[str]) -> dict[str, list[Any]]:
    """What the paths say of the record that each row refers to, by their whole names; the same objects for all."""
    ids = _own_columns(rows, {"id": relation.attname})["id"]
    if is_one(ids) and len(ids) > 1:  # what all of them refer to is looked at once
        return {path: column * len(ids) for path, column in _related(rows[:1], relation, further).items()}
    distinct = {id(one): one for one in ids if one is not None}
    if not any("__" in rest for rest in further) and all(relation.is_cached(row) for row in rows):
        at_hand = {id(one): relation.get_cached_value(row) for one, row in zip(ids, rows, strict=True)}
        said = {key: [getattr(one, rest) for rest in further] for key, one in at_hand.items() if one}
    else:
        there = relation.related_model._default_manager.filter(pk__among=set(distinct.values()))
        known = {pk: values for pk, *values in there.values_list("pk", *further)} if distinct else {}
        said = {key: known[one] for key, one in distinct.items() if one in known}
    nothing = [None] * len(further)
    columns = zip(*[said.get(id(one), nothing) for one in ids], strict=True)
    return {f"{relation.name}__{rest}": list(column) for rest, column in zip(further, columns, strict=True)}
