"""What a contract is worth: its lines × price − discount + tax, and why."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hetong.contracts.models import Contract, Line
from hetong.kernel.dates import Period, Span, Unit
from hetong.kernel.explain import Explained, Source
from hetong.kernel.fields import Text
from hetong.kernel.money import Money
from hetong.kernel.scaled import PERCENT, PRICE, QUANTITY, Scaled, multiply_to_minor, percent_of
from hetong.kernel.tax import TaxableLine, Taxed, split_tax, tax_extended

TWELVE_MONTHS = Span(12, Unit.MONTH)


@dataclass(frozen=True)
class TaxTotals:
    """The amounts of one tax rate, as the lines tab lists them."""

    rate: Scaled
    net: Money
    tax: Money
    gross: Money


def value_period(contract: Contract, line: Line) -> tuple[Period | None, Text]:
    """The time that a recurring line counts for in the value, and in words where a rule had to decide.

    Without an end the committed term counts, else twelve months; so it is said beside the value.
    """
    starts = line.starts_on or contract.starts_on
    ends = line.ends_on or contract.ends_on
    note: Text = ""
    if starts is None:
        return None, _("Recurring lines count for 12 months, since no start is set.")
    if ends is None and contract.committed_until and contract.committed_until >= starts:
        ends, note = contract.committed_until, _("Recurring lines count for the committed term, since no end is set.")
    if ends is None:
        ends, note = (
            Period.lasting(starts, TWELVE_MONTHS).ends,
            _("Recurring lines count for 12 months, since no end is set."),
        )
    return Period(starts, max(ends or starts, starts)), note


def _months(period: Period | None) -> Fraction:
    """Whole months and the share of the broken month, in months."""
    if period is None:
        return Fraction(12)
    whole, days = period.whole_months()
    return Fraction(whole) + Fraction(days, 30)


_scaled = lru_cache(maxsize=4096)(lambda units, kind: Scaled(units, kind.exponent))
"""A number of a line; most of them stand in many lines."""


def taxable(contract: Contract, line: Line) -> tuple[TaxableLine, int]:
    """The line as the kernel's tax rule takes it, with its amount in minor units before tax is split."""
    key = str(line.pk)
    stated = TaxableLine(
        key=key,
        quantity=_scaled(line.quantity, QUANTITY),
        unit_price=_scaled(line.price, PRICE),
        tax_rate=_scaled(line.tax_percent, PERCENT),
        discount=_scaled(line.discount, PERCENT),
        category=line.tax_code,
        source=Source("contracts.line", key),
    )
    if line.kind != "recurring" or not line.price_months:
        return stated, stated.extended_minor(contract.currency)
    times = _months(value_period(contract, line)[0]) / line.price_months
    factor = (1 - percent_of(stated.discount)) * times
    return stated, multiply_to_minor(stated.unit_price, stated.quantity, contract.currency, factor)


def shares_of(contract: Contract, lines: Iterable[Line]) -> dict[UUID, tuple[int, int]]:
    """Net and tax of each agreed line by its id, in minor units: what `tax_of` says, without why."""
    agreed = [(line.pk, *taxable(contract, line)) for line in lines if not line.is_optional]
    shares = split_tax(
        [(stated, minor) for _id, stated, minor in agreed], prices_include_tax=contract.prices_include_tax
    )
    return {id: shares[stated.key] for id, stated, _minor in agreed}


def tax_of(contract: Contract, lines: Iterable[Line]) -> Taxed | None:
    """Net, tax and gross of the agreed lines (optional ones do not count); None where there are none."""
    agreed = [taxable(contract, line) for line in lines if not line.is_optional]
    if not agreed:
        return None
    return tax_extended(agreed, contract.currency, prices_include_tax=contract.prices_include_tax)


def value_of(contract: Contract, lines: Sequence[Line]) -> tuple[Explained[Money] | None, list[Text]]:
    """The value with its steps, and the notes on rules that had to decide."""
    taxed = tax_of(contract, lines)
    if taxed is None:
        return None, []
    notes = [value_period(contract, line)[1] for line in lines if line.kind == "recurring" and not line.is_optional]
    return taxed.explained(), list(dict.fromkeys(note for note in notes if note))


def tax_totals(contract: Contract, lines: Iterable[Line]) -> list[TaxTotals]:
    """The amounts per tax rate, lowest rate first."""
    taxed = tax_of(contract, lines)
    return [TaxTotals(one.rate, one.net, one.tax, one.gross) for one in taxed.subtotals] if taxed else []
