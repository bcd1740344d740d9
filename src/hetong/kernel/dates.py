"""Contract time: dates, spans and periods.

Contract time is a calendar date without a clock, and a period includes both of its ends, as
lawyers write it. Months are added to an anchor and clamped to the month's last day; a date that
was itself clamped is never added to again (that is how month ends drift away).
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import MAXYEAR, MINYEAR, date, timedelta
from enum import StrEnum
from typing import Final

from hetong.kernel.errors import N_, Invalid

ONE_DAY: Final = timedelta(days=1)
MAX_SPAN_COUNT: Final = 9999
LONGEST_CLOSURE: Final = 366
"""Days after which a calendar without a single working day is a mistake, not a holiday."""


class DateOutOfRange(Invalid):
    """The calculation leads outside the years 1 to 9999."""

    code = "date_out_of_range"
    text = N_("The date lies outside the calendar.")
    then = N_("Check the year and the length of the period.")


class EndsBeforeStart(Invalid):
    """A period would end before it starts."""

    code = "ends_before_start"
    text = N_("The end %(ends)s lies before the start %(starts)s.")
    then = N_("Choose an end on or after the start.")


class OpenPeriod(Invalid):
    """The period has no end, and the question needs one."""

    code = "open_period"
    text = N_("This needs an end date, and there is none.")
    then = N_("Enter the end date, or a date until which to count.")


class NotASpan(Invalid):
    """The text is not a length of time such as P3M."""

    code = "not_a_span"
    text = N_("“%(text)s” is not a length of time.")
    then = N_("Write a whole number of days, weeks, months or years, such as P90D or P3M.")


class NoWorkingDay(Invalid):
    """The working calendar has no working day for a whole year."""

    code = "no_working_day"
    text = N_("The working calendar has no working day in the year before %(day)s.")
    then = N_("Correct the working calendar.")


class Unit(StrEnum):
    """The unit of a length of contract time."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    YEAR = "year"


_LETTERS: Final = {Unit.DAY: "D", Unit.WEEK: "W", Unit.MONTH: "M", Unit.YEAR: "Y"}
_SPAN: Final = re.compile(r"(-?)P(?:([0-9]{1,4})([DWMY])|([0-9]{1,3})Y([0-9]{1,3})M)")


@dataclass(frozen=True, slots=True)
class Span:
    """A length of contract time: a whole number of days, weeks, months or years.

    At most 9999 of them; a negative count reaches back in time.
    """

    count: int
    unit: Unit

    def __post_init__(self) -> None:
        if self.unit not in _LETTERS or not -MAX_SPAN_COUNT <= self.count <= MAX_SPAN_COUNT:
            raise NotASpan(text=f"{self.count} {self.unit}")
        object.__setattr__(self, "unit", Unit(self.unit))

    @classmethod
    def parse(cls, text: str) -> Span:
        """Read an ISO 8601 duration of one unit ("P3M", "P90D"); years and months become months."""
        match = _SPAN.fullmatch(text.strip().upper())
        if match is None:
            raise NotASpan(text=text[:40])
        minus, count, letter, years, months = match.groups()
        sign = -1 if minus else 1
        if years is not None:
            return cls(sign * (12 * int(years) + int(months)), Unit.MONTH)
        unit = next(unit for unit, its in _LETTERS.items() if its == letter)
        return cls(sign * int(count), unit)

    @property
    def iso(self) -> str:
        """The ISO 8601 duration, as stored and as APIs carry it."""
        sign = "-" if self.count < 0 else ""
        return f"{sign}P{abs(self.count)}{_LETTERS[self.unit]}"

    @property
    def months(self) -> int | None:
        """The length in calendar months, or None for days and weeks, which have no fixed one."""
        if self.unit is Unit.YEAR:
            return 12 * self.count
        return self.count if self.unit is Unit.MONTH else None

    @property
    def days(self) -> int | None:
        """The length in days, or None for months and years, whose length depends on when."""
        if self.unit is Unit.WEEK:
            return 7 * self.count
        return self.count if self.unit is Unit.DAY else None

    def after(self, day: date) -> date:
        """The date one span after the day, months clamped."""
        return add_period(day, 1, self)

    def before(self, day: date) -> date:
        """The date one span before the day, months clamped."""
        return add_period(day, -1, self)

    def times(self, count: int) -> Span:
        """The span repeated: 3 × P1M is P3M."""
        return Span(self.count * count, self.unit)

    def __str__(self) -> str:
        return self.iso


def add_days(day: date, count: int) -> date:
    """The date `count` days later (earlier when negative)."""
    try:
        return day + timedelta(days=count)
    except OverflowError:
        raise DateOutOfRange from None


def add_months(day: date, count: int) -> date:
    """The same day `count` months later, or the last day of that month when it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + count, 12)
    if not MINYEAR <= year <= MAXYEAR:
        raise DateOutOfRange
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def add_period(anchor: date, count: int, every: Span) -> date:
    """anchor + count × span, always computed from the anchor and never from an earlier result.

    31 January monthly gives 28 February, 31 March, 30 April; 29 February yearly comes back to the
    29th in each leap year.
    """
    months = every.months
    if months is not None:
        return add_months(anchor, count * months)
    return add_days(anchor, count * (every.days or 0))


def months_between(start: date, end: date) -> int:
    """The largest n for which start + n months is not after end (negative when end is earlier)."""
    count = (end.year - start.year) * 12 + end.month - start.month
    clamped = min(start.day, monthrange(end.year, end.month)[1])
    return count if clamped <= end.day else count - 1


@dataclass(frozen=True, slots=True)
class Period:
    """The days from `starts` to `ends`, both included; `ends` None means without an end."""

    starts: date
    ends: date | None = None

    def __post_init__(self) -> None:
        if self.ends is not None and self.ends < self.starts:
            raise EndsBeforeStart(starts=self.starts.isoformat(), ends=self.ends.isoformat())

    @classmethod
    def lasting(cls, starts: date, span: Span) -> Period:
        """The period of that length from the first day: a year from 1 May ends on 30 April."""
        return cls(starts, add_period(starts, 1, span) - ONE_DAY)

    @property
    def is_open(self) -> bool:
        """Whether the period has no end."""
        return self.ends is None

    @property
    def last_day(self) -> date:
        """The last day; OpenPeriod when there is none."""
        if self.ends is None:
            raise OpenPeriod
        return self.ends

    @property
    def days(self) -> int:
        """How many days, both ends counted; OpenPeriod when it has no end."""
        return (self.last_day - self.starts).days + 1

    def contains(self, day: date) -> bool:
        """Whether the day lies in the period."""
        return self.starts <= day and (self.ends is None or day <= self.ends)

    def covers(self, other: Period) -> bool:
        """Whether every day of the other period lies in this one."""
        if self.ends is None:
            return self.starts <= other.starts
        return self.starts <= other.starts and other.ends is not None and other.ends <= self.ends

    def overlap(self, other: Period) -> Period | None:
        """The days that both have, or None."""
        starts = max(self.starts, other.starts)
        ends = min((end for end in (self.ends, other.ends) if end is not None), default=None)
        if ends is not None and ends < starts:
            return None
        return Period(starts, ends)

    def split(self, on: date) -> tuple[Period | None, Period | None]:
        """The days before `on` and the days from `on`; None for a side that has no day."""
        if on <= self.starts:
            return None, self
        if self.ends is not None and self.ends < on:
            return self, None
        return Period(self.starts, on - ONE_DAY), Period(on, self.ends)

    def whole_months(self) -> tuple[int, int]:
        """Whole months counted from the first day, and the days that are left over."""
        after = add_days(self.last_day, 1)
        months = months_between(self.starts, after)
        return months, (after - add_months(self.starts, months)).days


def notice_by(ends_on: date, notice: Span) -> date:
    """The last day to give notice: the end minus the notice period, months clamped.

    90 days before 15 April 2012 is 16 January 2012.
    """
    return add_period(ends_on, -1, notice)


def back_to_working_day(day: date, is_working: Callable[[date], bool]) -> date:
    """The day itself when it is a working day, else the nearest working day before it."""
    found = day
    for _ in range(LONGEST_CLOSURE):
        if is_working(found):
            return found
        found = add_days(found, -1)
    raise NoWorkingDay(day=day.isoformat())


def act_by(notice_on: date, lead: Span, is_working: Callable[[date], bool]) -> date:
    """The internal deadline: the last day of notice minus our lead, back to a working day."""
    return back_to_working_day(add_period(notice_on, -1, lead), is_working)
