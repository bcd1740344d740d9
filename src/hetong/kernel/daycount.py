"""How much of a price period a part of it is: the day-count conventions.

The convention belongs to the contract line, never to the program. The share is kept as the
fraction that was stated (151/365) so that it can be shown. Whole price periods always count as
one, whatever the convention; only what is left over is counted in days.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from math import lcm

from hetong.kernel.dates import Period, Span, Unit, add_days, add_months
from hetong.kernel.money import Money
from hetong.kernel.recurrence import Recurrence
from hetong.kernel.rounding import Ratio, allocate_by_fractions


class Convention(StrEnum):
    """How the days of a broken period are counted."""

    ACTUAL_365 = "actual_365"
    ACTUAL_ACTUAL = "actual_actual"
    THIRTY_360 = "thirty_360"
    WHOLE_MONTHS = "whole_months"


@dataclass(frozen=True, slots=True)
class Piece:
    """The part of one full price period that is charged; the full bounds are kept beside it."""

    part: Period
    full: Period
    ratio: Ratio


@dataclass(frozen=True, slots=True)
class Share:
    """How many price periods a stretch of time is, piece by piece and in total."""

    convention: Convention
    pieces: tuple[Piece, ...]

    @property
    def ratio(self) -> Ratio:
        """The sum of the pieces over their common denominator, not reduced."""
        denominator = lcm(*(piece.ratio.denominator for piece in self.pieces))
        numerator = sum(piece.ratio.numerator * (denominator // piece.ratio.denominator) for piece in self.pieces)
        return Ratio(numerator, denominator)

    @property
    def fraction(self) -> Fraction:
        """The exact factor for the price of one price period."""
        return self.ratio.fraction


def days_360(period: Period) -> int:
    """The days of the period when every month has thirty, both ends counted."""
    starts, ends = period.starts, period.last_day
    months = (ends.year - starts.year) * 12 + ends.month - starts.month
    return 30 * months + min(ends.day, 30) - min(starts.day, 30) + 1


def months_in(period: Period) -> Ratio:
    """Whole months from the first day, and the rest over the days of the month it lies in."""
    months, rest = period.whole_months()
    if rest == 0:
        return Ratio(months, 1)
    begins = add_months(period.starts, months)
    month_days = (add_months(period.starts, months + 1) - begins).days
    return Ratio(months * month_days + rest, month_days)


def measure(period: Period, convention: Convention) -> Fraction:
    """The length of a period for comparing lengths: days, thirty-day days, or months."""
    if convention is Convention.THIRTY_360:
        return Fraction(days_360(period))
    if convention is Convention.WHOLE_MONTHS:
        return months_in(period).fraction
    return Fraction(period.days)


def share_of(part: Period, per: Span, convention: Convention, anchor: date | None = None) -> Share:
    """How many price periods of length `per` the part is.

    The price periods are laid out from `anchor` (the part's first day when not given). Each whole
    one counts as exactly one; each broken one by the convention, and never more than one.
    """
    grid = Recurrence(anchor or part.starts, per)
    pieces = []
    for full in grid.periods(Period(part.starts, part.last_day)):
        cut = Period(max(part.starts, full.starts), min(part.last_day, full.last_day))
        pieces.append(Piece(cut, full, _ratio(cut, full, grid, convention)))
    return Share(convention, tuple(pieces))


def split_amount(amount: Money, parts: Sequence[Period], convention: Convention) -> list[Money]:
    """Split the amount of a period over the parts it was cut into; the parts sum to it exactly.

    For a change in the middle of a period: what one side loses the other side gets.
    """
    return allocate_by_fractions(amount, [measure(part, convention) for part in parts])


def weighted_end(ends: Sequence[tuple[int, date]], since: date) -> date:
    """The common end at which nobody gains: Σ(weight × days left) ÷ Σ weight, rounded down.

    `ends` are pairs of a weight above zero (the yearly price in minor units) and the present end;
    days are counted from `since`.
    """
    whole = sum(weight for weight, _ in ends)
    days = sum(weight * (day - since).days for weight, day in ends)
    return add_days(since, days // whole)


def _ratio(cut: Period, full: Period, grid: Recurrence, convention: Convention) -> Ratio:
    """The share that the cut is of one price period, unreduced, at most one."""
    if cut == full:
        return Ratio(1, 1)
    per = grid.every
    months = per.months
    if months is None or convention is Convention.ACTUAL_ACTUAL:
        return Ratio(cut.days, full.days)
    if convention is Convention.WHOLE_MONTHS:
        return _month_ratio(cut, grid.anchor, months)
    if convention is Convention.THIRTY_360:
        return _at_most_one(days_360(cut), 30 * months)
    if per.unit is Unit.YEAR:
        return _at_most_one(cut.days, 365 * per.count)
    return _at_most_one(cut.days * 12, 365 * months)


def _month_ratio(cut: Period, anchor: date, months: int) -> Ratio:
    """Months laid out from the anchor, so that neighbouring cuts add up and month ends do not drift."""
    grid = Recurrence(anchor, Span(1, Unit.MONTH))
    counted = Fraction(0)
    denominator = 1
    for month in grid.periods(cut):
        common = cut.overlap(month)
        if common is not None and common != month:
            counted += Fraction(common.days, month.days)
            denominator = lcm(denominator, month.days)
        else:
            counted += 1
    return Ratio(int(counted * denominator), denominator * months)


def _at_most_one(numerator: int, denominator: int) -> Ratio:
    return Ratio(min(numerator, denominator), denominator)
