"""Headings of groups: the value, how many rows it has in the whole list, and their sums."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.db.models.functions import TruncMonth

from hetong.kernel.fields import Choice, Field, Kind, Ref, Row

from .state import State
from .sums import Sums, summed_fields, sums_of


@dataclass(eq=False)
class Group:
    """One group as it is headed."""

    value: Any
    sums: Sums
    is_month: bool = False


def groups_of(state: State, rows: Sequence[Row]) -> dict[UUID, Group]:
    """The group of each row of this page; one query, narrowed to the groups on the page."""
    one = state.register.field(state.actor, state.where.group)
    keys = {row.id: _key(one, row.get(one.name)) for row in rows}
    expression = state.register.guarded(state.actor, one)
    by: Any = TruncMonth(expression) if one.kind is Kind.DATE else expression
    wanted = {k for k in keys.values() if k is not None}
    either = Q(g_by__in=wanted) | (Q(g_by__isnull=True) if None in keys.values() else Q())
    narrowed = state.rows.annotate(g_by=by).filter(either)
    if "" in wanted or None in keys.values():
        narrowed = state.rows.annotate(g_by=by)
    summed = summed_fields(state.register, state.actor, (state.table.total,), state.columns)[:1]
    sums = {
        _blank(key): value
        for (key,), value in sums_of(state.actor, state.register, narrowed, summed, {"g_by": by}).items()
    }
    groups = {
        key: Group(_headed(one, key, rows), sums.get(key, Sums()), one.kind is Kind.DATE)
        for key in dict.fromkeys(keys.values())
    }
    return {id: groups[key] for id, key in keys.items()}


def _key(one: Field, value: Any) -> Any:
    match value:
        case Choice():
            return dt.date.fromisoformat(value.code[:10]).replace(day=1) if one.kind is Kind.DATE else value.code
        case Ref():
            return str(value.id)
        case dt.date():
            return value.replace(day=1)
        case _:
            return _blank(value)


def _blank(value: Any) -> Any:
    """A key that is the same from a shown value and from the database; None for every kind of empty."""
    return (
        None
        if value in (None, "")
        else str(value)
        if isinstance(value, UUID)
        else value.replace(day=1)
        if isinstance(value, dt.date)
        else value
    )


def _headed(one: Field, key: Any, rows: Sequence[Row]) -> Any:
    if one.kind is Kind.DATE:
        return key
    return next((row.get(one.name) for row in rows if _key(one, row.get(one.name)) == key), None)
