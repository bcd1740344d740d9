"""Counts and sums by currency, asked of the database without ever overflowing it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, QuerySet, Sum

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Register
from hetong.kernel.money import Money

HALF = 10**9
"""Amounts are summed in two halves: 10^15 minor units times ten thousand rows is more than 64 bits hold."""


@dataclass
class Sums:
    """How many rows, and their amounts by currency; ``blank`` rows have no amount, or none for this reader."""

    count: int = 0
    blank: int = 0
    by_currency: dict[str, tuple[int, Money]] = field(default_factory=dict)

    @property
    def lines(self) -> list[tuple[int, Money]]:
        """(rows, sum) per currency, the largest amount first."""
        return sorted(self.by_currency.values(), key=lambda line: (-abs(line[1].minor), line[1].currency))


def sums_of(
    actor: Actor, register: Register, rows: QuerySet[Any], one: Field | None, by: Mapping[str, Any] | None = None
) -> dict[Any, Sums]:
    """The sums of ``one`` (or plain counts) per combination of ``by``; one query. No ``by``: the one key ``()``."""
    grouping = dict(by or {})
    rows = rows.order_by().annotate(**grouping)
    if one is None:
        counted = (
            rows.values(*grouping).annotate(n=Count("pk")).values_list(*grouping, "n")
            if grouping
            else [(rows.count(),)]
        )
        return {tuple(line[:-1]): Sums(count=line[-1]) for line in counted}
    amount = register.guarded(actor, one)
    rows = rows.annotate(s_amount=ExpressionWrapper(amount, BigIntegerField()), s_currency=F(one.currency))
    halves = {
        "high": Sum(ExpressionWrapper(F("s_amount") / HALF, BigIntegerField())),
        "low": Sum(ExpressionWrapper(F("s_amount") % HALF, BigIntegerField())),
    }
    found = rows.values(*grouping, "s_currency").annotate(n=Count("pk"), with_amount=Count("s_amount"), **halves)
    return _gathered(found.values_list(*grouping, "s_currency", "n", "with_amount", "high", "low"))


def _gathered(lines: Iterable[tuple[Any, ...]]) -> dict[Any, Sums]:
    gathered: dict[Any, Sums] = {}
    for *key, currency, count, with_amount, high, low in lines:
        sums = gathered.setdefault(tuple(key), Sums())
        sums.count += count
        if not currency or not with_amount:
            sums.blank += count
            continue
        sums.blank += count - with_amount
        sums.by_currency[currency] = (with_amount, _money(int(high) * HALF + int(low), currency))
    return gathered


def _money(minor: int, currency: str) -> Any:
    """The sum as `Money`; beyond what one amount may be, a sum is still shown."""
    try:
        return Money(minor, currency)
    except Exception:
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


def summed_field(register: Register, actor: Actor, named: str, shown: Iterable[Field]) -> Field | None:
    """The money field that totals add up: the named one, else the first shown one that can be added."""
    readable = {f.name: f for f in register.readable(actor)}
    if named in readable and _adds(readable[named]):
        return readable[named]
    return next((f for f in shown if _adds(f)), None)


def _adds(one: Field) -> bool:
    return one.kind is Kind.MONEY and one.aggregate is not None and one.path is not None and bool(one.currency)
