"""From lines to net, tax and gross.

Prices without tax: each line's net is rounded, and the tax of a rate is the rounded rate of the
sum of its nets. Prices with tax: each line's gross is rounded, the net of a rate is its gross sum
÷ (1 + rate) rounded, the tax is the difference, and the net is spread over the lines without
losing a unit; so the total that was typed is the total that is billed. Sums are exact in both,
and the order of the lines changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Final

from django.utils.translation import gettext_lazy as _

from hetong.kernel.errors import N_, Invalid
from hetong.kernel.explain import (
    HALF_UP,
    LARGEST_REMAINDER,
    Explained,
    Operand,
    Source,
    Step,
    register_labels,
)
from hetong.kernel.money import Money
from hetong.kernel.rounding import round_half_up, spread
from hetong.kernel.scaled import PERCENT, Scaled, multiply_to_minor, percent_of

NO_DISCOUNT: Final = Scaled(0, PERCENT.exponent)

TOTAL: Final = "tax.total"
RATE_EXCLUSIVE: Final = "tax.rate_exclusive"
RATE_INCLUSIVE: Final = "tax.rate_inclusive"
LINE: Final = "tax.line"

register_labels(
    {
        TOTAL: _("Net + tax"),
        RATE_EXCLUSIVE: _("Tax = sum of net × rate"),
        RATE_INCLUSIVE: _("Net = sum of gross ÷ (1 + rate), tax = gross − net"),
        LINE: _("Quantity × unit price − discount"),
        "tax.quantity": _("Quantity"),
        "tax.unit_price": _("Unit price"),
        "tax.unit_price_with_tax": _("Unit price with tax"),
        "tax.discount": _("Discount %"),
        "tax.rate": _("Tax rate %"),
        "tax.net": _("Net"),
        "tax.tax": _("Tax"),
        "tax.gross": _("Gross"),
    }
)


class PercentOutOfRange(Invalid):
    """A discount outside 0 to 100 %, or a negative tax rate."""

    code = "percent_out_of_range"
    text = N_("A percentage of %(percent)s is not possible here.")
    then = N_("A discount lies between 0 and 100; a tax rate is not negative.")


class SameKeyTwice(Invalid):
    """Two lines have the same key, so their parts could not be told apart."""

    code = "same_key_twice"
    text = N_("Two lines have the same key “%(key)s”.")


@dataclass(frozen=True, slots=True)
class TaxableLine:
    """One line as agreed: quantity × unit price − discount %, taxed at a rate.

    `key` tells the line apart from the others of its document. The unit price includes tax when
    the document says so. `category` keeps apart what has the same rate for different reasons
    (exempt, reverse charge), as invoices must.
    """

    key: str
    quantity: Scaled
    unit_price: Scaled
    tax_rate: Scaled
    discount: Scaled = NO_DISCOUNT
    category: str = ""
    source: Source | None = None

    def __post_init__(self) -> None:
        if not 0 <= self.discount.units <= 100 * 10**self.discount.exponent:
            raise PercentOutOfRange(percent=self.discount.amount)
        if self.tax_rate.units < 0:
            raise PercentOutOfRange(percent=self.tax_rate.amount)

    def extended_minor(self, currency: str) -> int:
        """quantity × price − discount, rounded once, in minor units."""
        if not self.discount.units:
            return multiply_to_minor(self.unit_price, self.quantity, currency)
        kept = 1 - percent_of(self.discount)
        return multiply_to_minor(self.unit_price, self.quantity, currency, kept)


@dataclass(frozen=True, slots=True)
class TaxedLine:
    """One line's amounts; over the lines of a rate they sum to its subtotal exactly."""

    key: str
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class TaxSubtotal:
    """The amounts of one category and rate."""

    category: str
    rate: Scaled
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class Taxed:
    """A document's amounts: per line in the order given, per rate in order of rate, and in all."""

    lines: tuple[TaxedLine, ...]
    subtotals: tuple[TaxSubtotal, ...]
    net: Money
    tax: Money
    gross: Money
    prices_include_tax: bool
    stated: tuple[TaxableLine, ...]
    """The lines as they were given, in the order given."""

    def explained(self) -> Explained[Money]:
        """The gross total with its steps: total, then each rate, then each line of the rate.

        Operands carry the register's names of a line's and a document's fields.
        """
        operands = (
            Operand("net", "tax.net", self.net),
            Operand("tax", "tax.tax", self.tax),
        )
        rates = tuple(self._explain_rate(subtotal) for subtotal in self.subtotals)
        return Explained(self.gross, (Step(TOTAL, operands, result=self.gross, steps=rates),))

    def _explain_rate(self, subtotal: TaxSubtotal) -> Step:
        """How one rate's tax follows from the lines of that rate."""
        base = subtotal.gross if self.prices_include_tax else subtotal.net
        name = "gross" if self.prices_include_tax else "net"
        rounding = LARGEST_REMAINDER if self.prices_include_tax else HALF_UP
        lines = tuple(
            self._explain_line(line, taxed)
            for line, taxed in zip(self.stated, self.lines, strict=True)
            if (line.tax_rate, line.category) == (subtotal.rate, subtotal.category)
        )
        return Step(
            RATE_INCLUSIVE if self.prices_include_tax else RATE_EXCLUSIVE,
            operands=(
                Operand(name, f"tax.{name}", base),
                Operand("tax_rate", "tax.rate", subtotal.rate),
            ),
            result=subtotal.tax,
            rounding=rounding,
            steps=lines,
        )

    def _explain_line(self, line: TaxableLine, taxed: TaxedLine) -> Step:
        """How one line's amount follows from its quantity, price and discount."""
        price_code = "tax.unit_price_with_tax" if self.prices_include_tax else "tax.unit_price"
        return Step(
            LINE,
            operands=(
                Operand("quantity", "tax.quantity", line.quantity),
                Operand("unit_price", price_code, line.unit_price),
                Operand("discount", "tax.discount", line.discount),
            ),
            result=taxed.gross if self.prices_include_tax else taxed.net,
            rounding=HALF_UP,
            source=line.source,
        )


def compute_tax(lines: Sequence[TaxableLine], currency: str, *, prices_include_tax: bool) -> Taxed:
    """Net, tax and gross of the lines; the whole rule of this module in one call."""
    extended = [(line, line.extended_minor(currency)) for line in lines]
    return tax_extended(extended, currency, prices_include_tax=prices_include_tax)


def tax_extended(extended: Sequence[tuple[TaxableLine, int]], currency: str, *, prices_include_tax: bool) -> Taxed:
    """The same for lines whose amount in minor units is known already (a prorated due)."""
    taxed: dict[str, TaxedLine] = {}
    subtotals = []
    for (rate_units, category), group in sorted(_by_rate(extended).items()):
        rate = Scaled(rate_units, PERCENT.exponent)
        computed = _inclusive(group, rate) if prices_include_tax else _exclusive(group, rate)
        for pair, (net, tax) in zip(group, computed, strict=True):
            key = pair[0].key
            taxed[key] = _taxed_line(key, net, tax, currency)
        subtotals.append(_subtotal(category, rate, computed, currency))
    return Taxed(
        lines=tuple(taxed[pair[0].key] for pair in extended),
        subtotals=tuple(subtotals),
        net=_sum((one.net for one in subtotals), currency),
        tax=_sum((one.tax for one in subtotals), currency),
        gross=_sum((one.gross for one in subtotals), currency),
        prices_include_tax=prices_include_tax,
        stated=tuple(pair[0] for pair in extended),
    )


def split_tax(extended: Sequence[tuple[TaxableLine, int]], *, prices_include_tax: bool) -> dict[str, tuple[int, int]]:
    """Net and tax of each line by its key, in minor units: what `tax_extended` says of the lines, without the rest."""
    split = _inclusive if prices_include_tax else _exclusive
    return {
        pair[0].key: share
        for (rate_units, _category), group in _by_rate(extended).items()
        for pair, share in zip(group, split(group, Scaled(rate_units, PERCENT.exponent)), strict=True)
    }


Group = list[tuple[TaxableLine, int]]


def _by_rate(extended: Sequence[tuple[TaxableLine, int]]) -> dict[tuple[int, str], Group]:
    """The lines per rate and category, each group in order of key so that input order is lost."""
    groups: dict[tuple[int, str], Group] = {}
    seen = set()
    for line, minor in sorted(extended, key=lambda pair: pair[0].key):
        if line.key in seen:
            raise SameKeyTwice(key=line.key)
        seen.add(line.key)
        groups.setdefault((line.tax_rate.units, line.category), []).append((line, minor))
    return groups


def _exclusive(group: Group, rate: Scaled) -> list[tuple[int, int]]:
    """Net and tax per line: tax = round(Σ net × rate), spread over the lines."""
    factor = _factor(rate)
    nets = [pair[1] for pair in group]
    tax = round_half_up(sum(nets) * factor.numerator, factor.denominator)
    shares = spread(tax, [net * factor.numerator for net in nets], factor.denominator)
    return list(zip(nets, shares, strict=True))


def _inclusive(group: Group, rate: Scaled) -> list[tuple[int, int]]:
    """Net and tax per line: net = round(Σ gross ÷ (1 + rate)), spread over the lines."""
    factor = _net_share(rate)
    grosses = [pair[1] for pair in group]
    net = round_half_up(sum(grosses) * factor.numerator, factor.denominator)
    shares = spread(net, [gross * factor.numerator for gross in grosses], factor.denominator)
    return [(part, gross - part) for part, gross in zip(shares, grosses, strict=True)]


_factor = lru_cache(maxsize=256)(percent_of)


@lru_cache(maxsize=256)
def _net_share(rate: Scaled) -> Fraction:
    """What part of a price with tax is net."""
    return 1 / (1 + percent_of(rate))


def _taxed_line(key: str, net: int, tax: int, currency: str) -> TaxedLine:
    return TaxedLine(key, Money(net, currency), Money(tax, currency), Money(net + tax, currency))


def _subtotal(category: str, rate: Scaled, computed: Sequence[tuple[int, int]], currency: str) -> TaxSubtotal:
    net = Money(sum(pair[0] for pair in computed), currency)
    tax = Money(sum(pair[1] for pair in computed), currency)
    return TaxSubtotal(category, rate, net, tax, net + tax)


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return Money(sum(amount.minor for amount in amounts), currency)
