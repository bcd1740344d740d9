"""How the hits of one kind of record fall apart: by stage, company, year. Only by fields that the reader may read."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from urllib.parse import urlencode

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Choice, Field, Ref, Text
from hetong.kernel.where import Condition, Where

from .queries import Group

MOST_VALUES: Final = 8


@dataclass(frozen=True)
class Value:
    """One value with how many hits have it, and the address that narrows down to it; or, where it does, widens again."""

    label: str
    count: int
    query: str
    is_current: bool


@dataclass(frozen=True)
class Facet:
    """A field whose values tell hits apart."""

    label: Text
    values: Sequence[Value]


def find_facets(actor: Actor, group: Group, where: Where, asked: Mapping[str, str]) -> list[Facet]:
    """The facets that tell a group's hits apart, or that narrow them. ``asked``: the rest of the address."""
    register = group.noun.register
    fields = [one for one in register.readable(actor) if one.name in group.noun.facets]
    if not fields:
        return []
    rows = register.show(actor, group.noun.among(actor).filter(pk__in=group.ids), {one.name for one in fields})
    facets = [Facet(one.label, _values(one, [row.get(one.name) for row in rows], where, asked)) for one in fields]
    return [facet for facet in facets if len(facet.values) > 1 or any(value.is_current for value in facet.values)]


def _values(one: Field, held: Sequence[Any], where: Where, asked: Mapping[str, str]) -> list[Value]:
    counts = Counter(known for value in held if (known := _known(value)) is not None)
    is_current = any(condition.field == one.name for condition in where.conditions)
    rest = replace(where, conditions=tuple(other for other in where.conditions if other.field != one.name))
    found = sorted(counts.items(), key=lambda item: (-item[1], item[0][1]))[:MOST_VALUES]
    return [
        Value(label, count, _query(rest if is_current else rest.also(*_conditions(one.name, key)), asked), is_current)
        for (key, label), count in found
    ]


def _query(where: Where, asked: Mapping[str, str]) -> str:
    return "&".join(part for part in (urlencode(asked), where.query()) if part)


def _known(value: Any) -> tuple[str, str] | None:
    """What is counted: the value in the address, and in words; of a day its year."""
    match value:
        case Choice():
            return value.code, str(value.label)
        case Ref():
            return (str(value.id), value.title) if value.title else None
        case dt.date():
            return str(value.year), str(value.year)
        case _:
            return None


def _conditions(name: str, key: str) -> tuple[Condition, ...]:
    if len(key) == 4 and key.isdecimal():
        return Condition(name, "gte", (f"{key}-01-01",)), Condition(name, "lte", (f"{key}-12-31",))
    return (Condition(name, "", (key,)),)
