"""Pages by cursor: the next page starts after the last row's own values, so nothing is skipped or shown twice.

Every order ends in (value is null, value, id), the same on both engines: empty values come last.
A cursor holds the sort and the last values, signed by nothing: it grants nothing, visibility is
asked anew on every page.
"""

from __future__ import annotations

import base64
import datetime as dt
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import DataError, connections
from django.db.models import F, Q, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.expressions import Combinable

from .actors import Actor
from .errors import N_, Invalid

if TYPE_CHECKING:
    from .fields import Register

Order = Sequence[tuple[str, Combinable, bool]]
Lead = Callable[[str, Any, bool], Q | None]
"""Of (alias of the first value, the value to start from or None, descending): the condition that a row's first value lies
within a first stretch of the order, all of whose rows it holds for; None where no such stretch is known."""
DEFAULT_LIMIT, MOST = 50, 250
BROKEN = (ValueError, TypeError, OverflowError, ValidationError, DataError)
"""What values of a cursor raise that the columns cannot hold."""


class BadCursor(Invalid):
    """The cursor was not made by this list in this order."""

    code = "bad_cursor"
    text = N_("This page address is damaged or belongs to another order of the list.")
    then = N_("Start again from the first page.")


@dataclass(frozen=True)
class Page:
    """One page: the rows in order (as model instances' ids), and the cursor of the next page, empty at the end."""

    ids: list[UUID]
    next: str


def page(
    rows: QuerySet[Any], order: Order, *, cursor: str = "", limit: int = DEFAULT_LIMIT, lead: Lead | None = None,
    led: QuerySet[Any] | None = None,
) -> Page:  # fmt: skip
    """``limit`` rows after ``cursor`` in the order given, then by id (descending when the last key is).

    ``lead``: where a first stretch of the order is looked through first; all rows are where that does not fill the page.
    ``led``: the same rows, asked in a way that suits the few of that stretch.
    """
    limit = max(1, min(limit, MOST))
    down = order[-1][2] if order else True
    named = {alias: expression for alias, expression, _ in order}
    ordered = _ordered(rows, order, down)
    near = ordered if led is None else _ordered(led, order, down)
    found = _leading(near, order, cursor, (*named, "pk"), limit + 1, lead) if lead and order else []
    if not found and _is_backwards(rows, order):
        found = _found(_with_values(ordered, order[0][0]), order, cursor, down, (*named, "pk"), limit + 1)
    if len(found) <= limit:
        found = _found(ordered, order, cursor, down, (*named, "pk"), limit + 1)
    following = _close(found[limit - 1]) if len(found) > limit else ""
    return Page([row[-1] for row in found[:limit]], following)


def _ordered(rows: QuerySet[Any], order: Order, down: bool) -> QuerySet[Any]:
    keys = (F(a).desc(nulls_last=True) if d else F(a).asc(nulls_last=True) for a, _, d in order)
    named: QuerySet[Any] = rows.annotate(**{alias: expression for alias, expression, _ in order})
    return named.order_by(*keys, "-pk" if down else "pk")


def leading(register: Register, actor: Actor, sort: Sequence[tuple[str, bool]]) -> Lead | None:
    """How the first rows of that order are known, where its first field says so."""
    one = register.field(actor, sort[0][0]) if sort else None
    return one.lead(actor, len(sort) == 1) if one and one.lead else None


@dataclass(frozen=True)
class Stretch:
    """The first name of an order and whom it may be of, for a `Lead`."""

    named: QuerySet[Any]
    until: Q
    """That the first value of a row comes no later than that name."""


def first_names(
    named: QuerySet[Any], column: str, held: Combinable, *, alias: str, since: Any, down: bool
) -> Stretch | None:
    """Those of ``named`` that have the first value of ``column`` from ``since`` on of whom ``held`` holds, and those before.

    None where ``held`` holds of nobody.
    """
    on, to = ("lte", "gte") if down else ("gte", "lte")
    if since is not None:
        named = named.filter(**{f"{column}__{on}": since})
    first = named.filter(held).order_by(f"-{column}" if down else column).values_list(column, flat=True).first()
    if first is None:
        return None
    return Stretch(named.filter(**{f"{column}__{to}": first}), Q(**{f"{alias}__{to}": first}))


def _leading(
    ordered: QuerySet[Any], order: Order, cursor: str, names: Sequence[str], count: int, lead: Lead
) -> list[Any]:
    """The next rows, if they all lie in a first stretch of the order; fewer where that is not known."""
    since = _open(cursor, len(order))[0] if cursor else None
    if cursor and not isinstance(since, str):
        return []  # behind the last value, where the empty ones are; or another list's cursor
    alias, _expression, down = order[0]
    try:
        near = lead(alias, since, down)
    except BROKEN as broken:
        raise BadCursor() from broken
    return [] if near is None else _found(ordered.filter(near), order, cursor, order[-1][2], names, count)


def _is_backwards(rows: QuerySet[Any], order: Order) -> bool:
    """Whether PostgreSQL would read its index of the one column from the end, but for the empty ones that come last."""
    if len(order) != 1 or connections[rows.db].vendor != "postgresql":
        return False
    _alias, expression, down = order[0]
    column: Any = expression
    return down and isinstance(expression, F) and LOOKUP_SEP not in column.name


def _with_values(ordered: QuerySet[Any], alias: str) -> QuerySet[Any]:
    """The rows that have a value, in the same order, said so that an index has it too."""
    return ordered.filter(**{f"{alias}__isnull": False}).order_by(F(alias).desc(), "-pk")


def _found(
    ordered: QuerySet[Any], order: Order, cursor: str, down: bool, names: Sequence[str], count: int
) -> list[Any]:
    """The sort values and ids of the next rows; a cursor whose values the columns cannot hold is `BadCursor`."""
    if not cursor:
        return list(ordered.values_list(*names)[:count])
    last = _open(cursor, len(order))
    try:
        return list(ordered.filter(_after(order, last, down)).values_list(*names)[:count])
    except BROKEN as broken:
        raise BadCursor() from broken


def _after(order: Order, last: list[Any], down: bool) -> Q:
    """Rows that come after the one whose sort values and id are ``last``."""
    clause = Q(**{"pk__lt" if down else "pk__gt": last[-1]})
    for (alias, _, descending), value in zip(reversed(order), reversed(last[:-1]), strict=True):
        if value is None:
            clause = Q(**{f"{alias}__isnull": True}) & clause
            continue
        beyond = Q(**{f"{alias}__{'lt' if descending else 'gt'}": value}) | Q(**{f"{alias}__isnull": True})
        clause = beyond | (Q(**{alias: value}) & clause)
    return clause


def _close(values: Sequence[Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps([_pack(v) for v in values]).encode()).decode().rstrip("=")


def _pack(value: Any) -> Any:
    match value:
        case UUID():
            return {"u": str(value)}
        case dt.datetime():
            return {"t": value.isoformat()}
        case dt.date():
            return {"d": value.isoformat()}
        case _:
            return value


def _open(cursor: str, keys: int) -> list[Any]:
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        opened = [_unpack(v) for v in values]
    except (ValueError, KeyError, TypeError, RecursionError) as broken:
        raise BadCursor() from broken
    if len(opened) != keys + 1 or not isinstance(opened[-1], UUID):
        raise BadCursor()
    return opened


def _unpack(value: Any) -> Any:
    if not isinstance(value, dict):
        if isinstance(value, str) and "\x00" in value:
            raise ValueError
        return value
    if "u" in value:
        return UUID(value["u"])
    if "t" in value:
        return dt.datetime.fromisoformat(value["t"])
    return dt.date.fromisoformat(value["d"])
