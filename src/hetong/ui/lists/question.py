"""The question that an address asks a list: what can be answered, and what cannot, kept apart and never dropped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any
from urllib.parse import parse_qsl, quote_plus

from django.db.models import QuerySet
from django.http import QueryDict

from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError, Invalid
from hetong.kernel.fields import Field, Kind, Register
from hetong.kernel.nouns import Noun
from hetong.kernel.where import RESERVED, Condition, Where, can_filter, can_sort, narrow
from hetong.ui.errors import problem_words, wording

from .table import Table

GROUPED = frozenset({Kind.CHOICE, Kind.REFERENCE, Kind.FLAG, Kind.DATE, Kind.TEXT})


@dataclass(frozen=True)
class Broken:
    """A part of the address that cannot be answered: as it was written, and why."""

    key: str
    value: str
    why: str
    narrows: bool = True
    """Whether leaving it out would show more rows than were asked for."""


@dataclass(frozen=True)
class Question:
    """A checked question: ``where`` holds only what this reader may ask."""

    where: Where
    broken: tuple[Broken, ...] = ()

    @property
    def is_narrowed(self) -> bool:
        return bool(self.where.conditions or self.where.text)

    @property
    def cannot_answer(self) -> bool:
        """Whether a condition is broken, so that no rows are the honest answer until it is removed."""
        return any(b.narrows for b in self.broken)


def pairs_of(query: Mapping[str, Any] | str) -> list[tuple[str, str]]:
    """The parameters of an address in order, without this package's own commands (``_field`` …)."""
    if isinstance(query, str):
        pairs = parse_qsl(query.lstrip("?"), keep_blank_values=False, max_num_fields=200)
    elif isinstance(query, QueryDict):
        pairs = [(key, value) for key, values in query.lists() for value in values]
    else:
        pairs = [
            (key, value)
            for key, values in query.items()
            for value in (values if isinstance(values, list) else [values])
        ]
    return [(key, str(value)) for key, value in pairs if not key.startswith("_")]


def ask(actor: Actor, register: Register, query: Mapping[str, Any] | str) -> Question:
    """Read an address for this reader. Hidden and unknown fields are broken alike."""
    grouped: dict[str, list[str]] = {}
    for key, value in pairs_of(query):
        if "\x00" not in value:
            grouped.setdefault(key, []).append(value)
    rest = Where.parse({key: values for key, values in grouped.items() if key in RESERVED})
    conditions: list[Condition] = []
    broken: list[Broken] = []
    for key, values in grouped.items():
        if key in RESERVED:
            continue
        found = _condition(actor, register, key, values)
        if isinstance(found, Broken):
            broken.append(found)
        else:
            conditions.append(found)
    where, more = _arrangement(actor, register, rest)
    return Question(replace(where, conditions=tuple(conditions)), (*broken, *more))


def _condition(actor: Actor, register: Register, key: str, values: list[str]) -> Condition | Broken:
    try:
        condition = Where.parse({key: values}).conditions[0]
        narrow(register, actor, QuerySet[Any](register.model).none(), Where((condition,)))
    except IndexError:
        return Broken(key, "", "", narrows=False)
    except Invalid as refused:
        why = " ".join(problem_words(p) for p in refused.problems) or wording(refused)[0]
        return Broken(key, ", ".join(values), why)
    except (DomainError, ValueError, TypeError, KeyError, OverflowError, AttributeError):
        return Broken(key, ", ".join(values), "")
    return condition


def _arrangement(actor: Actor, register: Register, asked: Where) -> tuple[Where, list[Broken]]:
    """Sort, group and columns, without those the reader may not have."""
    fields = {f.name: f for f in register.readable(actor)}
    sort = tuple(s for s in asked.sort if s[0] in fields and can_sort(fields[s[0]]))
    columns = tuple(c for c in asked.columns if c in fields)
    group = asked.group if asked.group in fields and can_group(fields[asked.group]) else ""
    broken = [Broken("sort", name, "", narrows=False) for name, down in asked.sort if (name, down) not in sort]
    broken += [Broken("columns", name, "", narrows=False) for name in asked.columns if name not in columns]
    broken += [Broken("group", asked.group, "", narrows=False)] if asked.group and not group else []
    return replace(asked, sort=sort, columns=columns, group=group), broken


def can_group(one: Field) -> bool:
    return one.kind in GROUPED and can_sort(one)


def can_choose(one: Field) -> bool:
    """Whether the filter builder offers the field."""
    return (can_filter(one) and one.kind is not Kind.INSTANT) or (one.kind is Kind.INSTANT and one.path is not None)


def rows_of(actor: Actor, entry: Noun, table_fixed: str, where: Where, *, one_by_one: bool = False) -> QuerySet[Any]:
    """The rows that answer the question: visible ones, within what the list is fixed to.

    ``one_by_one``: rights are asked of each row, where few rows are looked at.
    """
    rows = entry.among(actor) if one_by_one else entry.visible_to(actor)
    if table_fixed:
        rows = narrow(entry.register, Actor.system(actor), rows, Where.parse(_lists(table_fixed)))
    return narrow(entry.register, actor, rows, where)


def _lists(query: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for key, value in parse_qsl(query):
        found.setdefault(key, []).append(value)
    return found


def columns_of(actor: Actor, register: Register, table: Table, where: Where) -> list[Field]:
    """The visible columns in their order: those chosen, else the list's own, readable ones only."""
    readable = {f.name: f for f in register.readable(actor)}
    return [readable[name] for name in where.columns or table.columns if name in readable]


def address(pairs: Iterable[tuple[str, str]]) -> str:
    """A query string with its question mark; ``?`` alone asks nothing and leads to the bare list."""
    return "?" + "&".join([f"{_quoted(key)}={_quoted(value)}" for key, value in pairs if value != ""])


@lru_cache(maxsize=2_000)
def _quoted(text: str) -> str:
    """As it stands in an address. A page has some eighty of its own list, which say the same words again and again."""
    return quote_plus(text)
