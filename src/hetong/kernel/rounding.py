"""The one place that rounds, and the split that loses nothing.

Everything is exact integer arithmetic. Rounding is half away from zero, as invoices are rounded;
a credit is therefore always the mirror of what it credits.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import lcm

from hetong.kernel.errors import N_, Invalid
from hetong.kernel.money import Money, places


class CannotAllocate(Invalid):
    """There is something to split, and nothing that says how: no parts, or weights that cancel."""

    code = "cannot_allocate"
    text = N_("There is an amount to split, but nothing to split it over.")
    then = N_("Enter at least one part with a share above zero.")


@dataclass(frozen=True, slots=True)
class Ratio:
    """A fraction as it was stated, not reduced: 151/365 stays readable as days of the year."""

    numerator: int
    denominator: int

    def __post_init__(self) -> None:
        if self.denominator <= 0:
            raise ValueError("a ratio needs a positive denominator")

    @property
    def fraction(self) -> Fraction:
        """The exact value, reduced."""
        return Fraction(self.numerator, self.denominator)

    def __str__(self) -> str:
        return f"{self.numerator}/{self.denominator}"


def round_half_up(numerator: int, denominator: int) -> int:
    """numerator ÷ denominator to the nearest whole number, halves away from zero."""
    if denominator == 0:
        raise ZeroDivisionError("rounding a division by zero")
    if denominator < 0:
        numerator, denominator = -numerator, -denominator
    rounded = (2 * abs(numerator) + denominator) // (2 * denominator)
    return -rounded if numerator < 0 else rounded


def round_fraction(value: Fraction) -> int:
    """The exact value to the nearest whole number, halves away from zero."""
    return round_half_up(value.numerator, value.denominator)


def round_to_money(amount: Fraction, currency: str) -> Money:
    """An exact amount in major units (kronor, not öre) rounded once to the currency."""
    return Money(round_fraction(amount * 10 ** places(currency)), currency)


def spread(total: int, numerators: Sequence[int], denominator: int) -> list[int]:
    """Round the exact shares numerator ÷ denominator to whole numbers that sum to `total`.

    `total` must be the shares' sum, rounded. Each part is its share rounded down or up (largest
    remainder); a share that is whole keeps its value. Ties go to the larger share, then to the
    earlier one, so the split does not depend on the order of unequal shares; the split of the
    negative is the negative of the split.
    """
    if total < 0:
        return [-part for part in spread(-total, [-one for one in numerators], denominator)]
    parts = [one // denominator for one in numerators]
    missing = total - sum(parts)
    if not 0 <= missing <= len(parts):
        raise CannotAllocate
    ranked = sorted(
        range(len(parts)),
        key=lambda index: (-(numerators[index] % denominator), -numerators[index], index),
    )
    for index in ranked[:missing]:
        parts[index] += 1
    return parts


def allocate(total: int, weights: Sequence[int]) -> list[int]:
    """Split a whole number in proportion to the weights; the parts sum to it exactly.

    A zero weight gets nothing, unless all are zero: then all share alike. Weights of both signs
    are allowed (a discount line beside a sale) as long as they do not cancel.
    CannotAllocate when there is nothing to split over.
    """
    whole = sum(weights)
    if whole == 0:
        if total == 0:
            return [0] * len(weights)
        if not weights or any(weights):
            raise CannotAllocate
        weights, whole = [1] * len(weights), len(weights)
    if whole < 0:
        weights, whole = [-weight for weight in weights], -whole
    return spread(total, [total * weight for weight in weights], whole)


def allocate_money(amount: Money, weights: Sequence[int]) -> list[Money]:
    """Split an amount in proportion to the weights; the parts sum to it exactly."""
    return [Money(part, amount.currency) for part in allocate(amount.minor, weights)]


def allocate_by_fractions(amount: Money, weights: Sequence[Fraction]) -> list[Money]:
    """Split an amount in proportion to exact fractions (of time, of progress)."""
    common = lcm(*(weight.denominator for weight in weights))
    return allocate_money(amount, [int(weight * common) for weight in weights])
