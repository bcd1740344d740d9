"""Recurring dates: always anchor + n × span, so no run, delay or short month ever moves them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from hetong.kernel.dates import ONE_DAY, NotASpan, Period, Span, add_period, months_between


@dataclass(frozen=True, slots=True)
class Recurrence:
    """Consecutive periods of one length, laid out from an anchor in both directions.

    Period 0 starts on the anchor, period n on anchor + n × every; each ends the day before the
    next starts, so they have neither gaps nor overlaps.
    """

    anchor: date
    every: Span

    def __post_init__(self) -> None:
        if self.every.count < 1:
            raise NotASpan(text=self.every.iso)

    def start_of(self, number: int) -> date:
        """The first day of period `number`."""
        return add_period(self.anchor, number, self.every)

    def period(self, number: int) -> Period:
        """Period `number` with both its ends."""
        return Period(self.start_of(number), self.start_of(number + 1) - ONE_DAY)

    def number_of(self, day: date) -> int:
        """The number of the period that the day lies in."""
        months = self.every.months
        if months is not None:
            return months_between(self.anchor, day) // months
        return (day - self.anchor).days // (self.every.days or 1)

    def period_of(self, day: date) -> Period:
        """The period that the day lies in."""
        return self.period(self.number_of(day))

    def periods(self, within: Period) -> Iterator[Period]:
        """The whole periods that have a day in `within`, oldest first; endless when it is open.

        The ends are not cut: a caller that bills a part keeps the full period beside it.
        """
        number = self.number_of(within.starts)
        while within.is_open or self.start_of(number) <= within.last_day:
            yield self.period(number)
            number += 1

    def dates(self, within: Period) -> Iterator[date]:
        """The recurring dates that lie in `within`, oldest first; endless when it is open."""
        number = self.number_of(within.starts)
        if self.start_of(number) < within.starts:
            number += 1
        while within.contains(day := self.start_of(number)):
            yield day
            number += 1

    def first_on_or_after(self, day: date) -> date:
        """The recurring date on the day or next after it."""
        return next(self.dates(Period(day)))
