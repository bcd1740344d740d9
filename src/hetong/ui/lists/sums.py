"""Counts and sums by currency, asked of the database without ever overflowing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, QuerySet, Sum

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Register
from hetong.kernel.money import AmountTooLarge, Money

HALF = 10**9
"""Amounts are summed in two halves: 10^15 minor units times ten thousand rows is more than 64 bits hold."""


@dataclass(frozen=True)
class Line:
    """The sums of one currency: how many rows have the first amount, and one sum per field that is added up."""

    currency: str
    count: int
    amounts: tuple[Any, ...]


@dataclass
class Sums:
    """How many rows, and their amounts by currency; ``blank`` rows have no amount, or none for this reader."""

    count: int = 0
    blank: int = 0
    by_currency: dict[str, Line] = field(default_factory=dict)

    @property
    def lines(self) -> list[Line]:
        """The sums per currency, the largest amount first."""
        return sorted(self.by_currency.values(), key=lambda line: (-abs(line.amounts[0].minor), line.currency))


def sums_of(
    actor: Actor, register: Register, rows: QuerySet[Any], fields: Sequence[Field], by: Mapping[str, Any] | None = None
) -> dict[Any, Sums]:
    """The sums of ``fields`` (none: plain counts) per combination of ``by``; one query. No ``by``: the one key ``()``.

    The fields share one currency.
    """
    grouping = dict(by or {})
    rows = rows.order_by().annotate(**grouping)
    if not fields:
        counted = (
            rows.values(*grouping).annotate(n=Count("pk")).values_list(*grouping, "n")
            if grouping
            else [(rows.count(),)]
        )
        return {tuple(line[:-1]): Sums(count=line[-1]) for line in counted}
    amounts = {f"s_{n}": register.guarded(actor, one) for n, one in enumerate(fields)}
    integers = {name: ExpressionWrapper(amount, BigIntegerField()) for name, amount in amounts.items()}
    currency = fields[0].currency
    rows = rows.annotate(**integers, s_currency=F(currency) if isinstance(currency, str) else currency)
    found = rows.values(*grouping, "s_currency").annotate(n=Count("pk"), with_amount=Count("s_0"), **_halves(amounts))
    names = [half for name in amounts for half in (f"{name}_high", f"{name}_low")]
    return _gathered(found.values_list(*grouping, "s_currency", "n", "with_amount", *names), len(grouping))


def _halves(names: Iterable[str]) -> dict[str, Sum]:
    halves = {}
    for name in names:
        halves[f"{name}_high"] = Sum(ExpressionWrapper(F(name) / HALF, BigIntegerField()))
        halves[f"{name}_low"] = Sum(ExpressionWrapper(F(name) % HALF, BigIntegerField()))
    return halves


def _gathered(lines: Iterable[tuple[Any, ...]], keys: int) -> dict[Any, Sums]:
    gathered: dict[Any, Sums] = {}
    for line in lines:
        currency, count, with_amount, *halves = line[keys:]
        sums = gathered.setdefault(tuple(line[:keys]), Sums())
        sums.count += count
        if not currency or not with_amount:
            sums.blank += count
            continue
        sums.blank += count - with_amount
        amounts = zip(halves[::2], halves[1::2], strict=True)
        whole = tuple(_money(int(high or 0) * HALF + int(low or 0), currency) for high, low in amounts)
        sums.by_currency[currency] = Line(currency, with_amount, whole)
    return gathered


def _money(minor: int, currency: str) -> Any:
    """The sum as `Money`; beyond what one amount may be, a sum is still shown."""
    try:
        return Money(minor, currency)
    except AmountTooLarge:
        return LargeSum(minor, currency)


@dataclass(frozen=True)
class LargeSum:
    """A sum that is larger than any single amount may be; shown like money."""

    minor: int
    currency: str

    @property
    def amount(self) -> str:
        from hetong.kernel.money import PLACES, plain

        return plain(self.minor, PLACES[self.currency])


def summed_fields(register: Register, actor: Actor, named: Sequence[str], shown: Iterable[Field]) -> list[Field]:
    """The money fields that totals add up: the named ones, else the first shown one that can be added."""
    readable = {f.name: f for f in register.readable(actor) if not f.kept}
    wanted = [readable[name] for name in named if name in readable and _adds(readable[name])]
    return wanted or [f for f in shown if _adds(f) and not f.kept][:1]


def added_sums(
    actor: Actor, register: Register, rows: QuerySet[Any], shown: Iterable[Field]
) -> list[tuple[Field, Sums]]:
    """The sums of the amounts that the house added and that are shown: each has currencies of its own."""
    return [(f, sums_of(actor, register, rows, [f]).get((), Sums())) for f in shown if f.kept and _adds(f)]


def _adds(one: Field) -> bool:
    return one.kind is Kind.MONEY and one.aggregate is not None and one.path is not None and bool(one.currency)
