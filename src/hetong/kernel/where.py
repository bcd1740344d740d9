"""Filters, sorting, grouping and columns, as they stand in a URL; the same on pages and in the API.

``field=v`` (repeat for any of several), ``field.not|lt|lte|gt|gte|has|empty=v``, dates ISO or
``today+90d``, ``me`` for the reader; ``sort=-ends_on,title``, ``group=``, ``columns=``, ``q=``.
A hidden and an unknown field answer alike, and are never silently dropped.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import reduce
from operator import or_
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import Combinable

from . import clock
from .actors import Actor
from .dates import Span, Unit
from .errors import N_, DomainError, Invalid, Problem, UnknownField
from .fields import Field, Kind, Register
from .money import PLACES
from .text import fold
from .values import Unreadable, read
from .words import MOST_SOUGHT, holding, open_rows

OPERATORS = ("not", "lt", "lte", "gt", "gte", "has", "empty")
RESERVED = frozenset(
    {"sort", "group", "columns", "view", "q", "cursor", "limit", "fragment", "format", "density", "layout"}
)
ORDERED = frozenset({Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE, Kind.INSTANT})
TEXTUAL = frozenset({Kind.TEXT, Kind.LONG_TEXT, Kind.LABELS})
LANGUAGES = ("en", "sv", "zh-hans", "zh-hant")
"""The languages in which a label is looked for."""
RELATIVE = re.compile(r"today(?:([+-]\d{1,4})([dwmy]))?\Z")
UNITS = {"d": Unit.DAY, "w": Unit.WEEK, "m": Unit.MONTH, "y": Unit.YEAR}


@dataclass(frozen=True)
class Condition:
    """One filter: any of ``values`` under the operator (``""`` is equal)."""

    field: str
    operator: str
    values: tuple[str, ...]

    @property
    def key(self) -> str:
        return f"{self.field}.{self.operator}" if self.operator else self.field


@dataclass(frozen=True)
class Where:
    """A reader's question to a list, parsed but not yet checked against a register."""

    conditions: tuple[Condition, ...] = ()
    text: str = ""
    sort: tuple[tuple[str, bool], ...] = ()
    """Field and whether descending."""
    group: str = ""
    columns: tuple[str, ...] = ()

    @classmethod
    def parse(cls, query: Mapping[str, Any]) -> Where:
        """From a query string (Django's QueryDict, or a mapping of lists or texts)."""
        pairs = (
            query.lists()
            if hasattr(query, "lists")
            else ((k, v if isinstance(v, list) else [v]) for k, v in query.items())
        )
        conditions, rest = [], {}
        for key, values in pairs:
            if key in RESERVED:
                rest[key] = str(values[-1]).strip()
                continue
            field, _, operator = key.partition(".")
            if operator and operator not in OPERATORS:
                raise UnknownField(fields=key)
            kept = tuple(str(v) for v in values if str(v).strip())
            if kept:
                conditions.append(Condition(field, operator, kept))
            # a field sorts once: a thousand times the same name must not nest a thousand conditions
        asked = [(s.lstrip("-"), s.startswith("-")) for s in rest.get("sort", "").split(",") if s]
        first = dict(reversed(asked))
        sort = tuple((name, first[name]) for name in dict.fromkeys(name for name, _down in asked))
        columns = tuple(dict.fromkeys(c for c in rest.get("columns", "").split(",") if c))
        return cls(tuple(conditions), rest.get("q", ""), sort, rest.get("group", ""), columns)

    def pairs(self) -> list[tuple[str, str]]:
        """The canonical parameters: parse(query()) gives the same again."""
        pairs = [(c.key, v) for c in self.conditions for v in c.values]
        pairs += [("q", self.text)] if self.text else []
        pairs += [("sort", ",".join(("-" if down else "") + name for name, down in self.sort))] if self.sort else []
        pairs += [("group", self.group)] if self.group else []
        pairs += [("columns", ",".join(self.columns))] if self.columns else []
        return pairs

    def query(self) -> str:
        """The parameters as a query string."""
        return urlencode(self.pairs())

    def without(self, condition: Condition) -> Where:
        return replace(self, conditions=tuple(c for c in self.conditions if c != condition))

    def also(self, *more: Condition) -> Where:
        return replace(self, conditions=(*self.conditions, *more))

    def names(self) -> tuple[str, ...]:
        """Every field the question names."""
        asked = [c.field for c in self.conditions] + [s for s, _ in self.sort] + list(self.columns)
        return tuple(dict.fromkeys([*asked, self.group] if self.group else asked))


EVERYTHING = Where()


def check(register: Register, actor: Actor, where: Where) -> None:
    """Raise `UnknownField` naming every field of the question that is hidden or does not exist."""
    readable = {f.name for f in register.readable(actor)}
    unknown = [name for name in where.names() if name not in readable]
    unsortable = [s for s, _ in where.sort if s in readable and not can_sort(register.all()[s])]
    if unknown or unsortable:
        raise UnknownField(fields=", ".join(dict.fromkeys(unknown + unsortable)))


def can_sort(one: Field) -> bool:
    return one.sortable and one.path is not None and one.kind is not Kind.LIST


def can_filter(one: Field) -> bool:
    return one.path is not None or one.filter is not None


def narrow(register: Register, actor: Actor, rows: QuerySet[Any], where: Where) -> QuerySet[Any]:
    """The rows that answer the question. Raises `UnknownField`, or `Invalid` for values that cannot be read."""
    check(register, actor, where)
    if where.text:
        rows = holding(register, actor, rows, where.text)
    problems, wanted = [], Q()
    for condition in where.conditions:
        try:
            one = register.field(actor, condition.field)
            rows, found = _clause(register, actor, rows, one, condition)
            wanted &= found
        except Unreadable as broken:
            problems.append(Problem(broken.code, broken.wording, broken.params, field=condition.field))
    if problems:
        raise Invalid(problems=problems)
    return rows.filter(wanted)


def _check_length(condition: Condition) -> None:
    longest = max(map(len, condition.values))
    if longest > MOST_SOUGHT:
        said = N_("This is too long: %(length)s characters, at most %(limit)s fit.")
        raise Unreadable("too_long", said, length=str(longest), limit=str(MOST_SOUGHT))


def _clause(
    register: Register, actor: Actor, rows: QuerySet[Any], one: Field, condition: Condition
) -> tuple[QuerySet[Any], Q]:
    """The rows, annotated where the field needs a guarded expression, and the condition on them."""
    _check_length(condition)
    if one.filter is not None:
        return rows, one.filter(condition.operator, condition.values, actor) & open_rows(register, actor, one)
    if not can_filter(one):
        raise UnknownField(fields=one.name)
    if one.kind is Kind.LIST:
        return rows, _list_clause(register.model, one, condition, actor) & open_rows(register, actor, one)
    path, rows = _path(register, actor, rows, one, one.key if one.kind in TEXTUAL else "")
    if not isinstance(one.currency, str):
        rows = rows.alias(**{f"c_{one.name}": one.currency})
    return rows, _on_path(one, path, condition, actor)


def _on_path(one: Field, path: str, condition: Condition, actor: Actor) -> Q:
    """The condition on the field's value, which stands under ``path``."""
    if condition.operator == "empty":
        return _empty(one, path, condition.values[0])
    if one.kind is Kind.MONEY:
        clause = _money_clause(one, path, condition)
    elif condition.operator in ("", "not", "has"):
        clause = _any_of(one, path, condition, actor)
    elif one.kind in ORDERED:
        clause = Q(**{f"{path}__{condition.operator}": _value(one, condition.values[0], actor)})
    else:
        raise UnknownField(fields=condition.key)
    if condition.operator != "not":
        return clause
    return ~clause | Q(**{f"{path}__isnull": True}) if one.kept else ~clause  # a column's own "not" knows of nulls


def by_id(column: str) -> Callable[[str, Sequence[str], Actor], Q]:
    """The `filter` of a field that shows an id kept in a plain column: equal or not; what is no id is nowhere."""

    def clause(operator: str, values: Sequence[str], actor: Actor) -> Q:
        if operator not in ("", "not"):
            raise UnknownField(fields=f"{column}.{operator}")
        inside = Q(**{f"{column}__in": [id for id in map(_id, values) if id]})
        return ~inside if operator == "not" else inside

    return clause


def _id(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _path(
    register: Register, actor: Actor, rows: QuerySet[Any], one: Field, key: str | Combinable
) -> tuple[str, QuerySet[Any]]:
    expression = register.guarded(actor, one, key)
    plain = key or one.path
    if isinstance(plain, str) and isinstance(expression, F):
        return plain, rows
    alias = f"w_{one.name}"
    return alias, rows.alias(**{alias: expression})


def _any_of(one: Field, path: str, condition: Condition, actor: Actor) -> Q:
    if one.kind is Kind.LABELS and not one.key:
        texts = [
            Q(**{f"{path}__{tag}__{'icontains' if condition.operator == 'has' else 'iexact'}": v})
            for v in condition.values
            for tag in LANGUAGES
        ]
        return reduce(or_, texts)
    if one.kind in TEXTUAL:
        lookup = "contains" if not one.key else "holds" if condition.operator == "has" else "exact"
        either = Q()
        for value in condition.values:
            either |= Q(**{f"{path}__{lookup}": fold(value) if one.key else value})
        return either
    if condition.operator == "has":
        raise UnknownField(fields=condition.key)
    if one.kind is Kind.INSTANT:
        raise UnknownField(fields=condition.key)
    return Q(**{f"{path}__in": [_value(one, value, actor) for value in condition.values]})


def _value(one: Field, text: str, actor: Actor) -> Any:
    if one.kind is Kind.REFERENCE and text == "me":
        return actor.id
    if one.kind in (Kind.DATE, Kind.INSTANT):
        return relative_day(one, text, actor)
    return (
        read(one, True if text == "true" else False if text == "false" else text)
        if one.kind is Kind.FLAG
        else read(one, text)
    )


def relative_day(one: Field, text: str, actor: Actor) -> Any:
    """``today``, ``today+90d``, ``today-1m`` in the reader's zone, or an ISO day."""
    found = RELATIVE.match(text)
    if not found:
        return read(one, text)
    day = clock.today(actor.zone)
    if found[1]:
        try:
            day = Span(int(found[1]), UNITS[found[2]]).after(day)
        except (ValueError, OverflowError, DomainError) as broken:
            raise Unreadable("date_range", N_("%(day)s is outside the years 1900 to 2200."), day=text) from broken
    if one.kind is Kind.INSTANT:
        return dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC)
    return day


def _empty(one: Field, path: str, value: str) -> Q:
    blank = Q(**{f"{path}__isnull": True}) | (Q(**{path: ""}) if one.kind in TEXTUAL else Q())
    return blank if value.casefold() in ("1", "true", "yes") else ~blank


def _money_clause(one: Field, path: str, condition: Condition) -> Q:
    """Amounts are asked for in major units, each row in its own currency; ``SEK 1000`` asks one currency only."""
    either = Q()
    currency_path = one.currency if isinstance(one.currency, str) else f"c_{one.name}"
    for value in condition.values:
        text = value.strip()
        only = text[:3].upper() if text[:3].isalpha() else ""
        amount = text[3:].strip() if only else text
        groups: dict[int, list[str]] = {}
        for currency in [only] if only else PLACES:
            groups.setdefault(PLACES.get(currency, 2), []).append(currency)
        for codes in groups.values():
            lookup = condition.operator if condition.operator in ("lt", "lte", "gt", "gte") else "exact"
            minor, lookup = _minor(one, amount, codes[0], lookup, is_only=bool(only))
            if lookup:
                either |= Q(**{f"{path}__{lookup}": minor, f"{currency_path}__in": codes})
    return either


def _minor(one: Field, amount: str, currency: str, lookup: str, *, is_only: bool) -> tuple[int, str]:
    """What to compare minor units with, and how. Finer than the currency is: cut, with the comparison put right.

    No amount in yen equals 10.5, but those below 10.5 are those of at most 10; no lookup = none can match.
    """
    try:
        return read(one, amount or "-", currency=currency).minor, lookup
    except Unreadable:
        whole, point, rest = amount.partition(".")
        cut = f"{whole}.{rest[: PLACES.get(currency, 2)]}".rstrip(".")
        if is_only or not point or not rest.isdecimal() or cut == amount or amount.startswith("-"):
            raise
        minor = read(one, cut, currency=currency).minor
        return minor, {"exact": "", "lt": "lte", "lte": "lte", "gt": "gt", "gte": "gt"}[lookup]


def _list_clause(model: type[Model], one: Field, condition: Condition, actor: Actor) -> Q:
    if condition.operator == "empty":
        some = Q(pk__in=model._default_manager.filter(**{f"{one.path}__isnull": False}).values("pk"))
        return ~some if condition.values[0].casefold() in ("1", "true", "yes") else some
    if condition.operator not in ("", "not"):
        raise UnknownField(fields=condition.key)
    item = replace(one, kind=Kind.REFERENCE if one.choices is None else Kind.CHOICE)
    wanted = [_value(item, value, actor) for value in condition.values]
    inside = Q(pk__in=model._default_manager.filter(**{f"{one.path}__in": wanted}).values("pk"))
    return ~inside if condition.operator == "not" else inside


def ordering(register: Register, actor: Actor, sort: Sequence[tuple[str, bool]]) -> list[tuple[str, Combinable, bool]]:
    """What to order by: (alias, guarded expression, descending), text on its folded key; the id comes last."""
    order = []
    for name, down in sort:
        one = register.field(actor, name)
        order.append((f"o_{name}", register.guarded(actor, one, one.key), down))
    return order
