"""Recurring periods: anchored, without gaps, overlaps or drift (trust A8; DESIGN law 6)."""

from datetime import date, timedelta
from itertools import islice, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.dates import ONE_DAY, NotASpan, Period, Span, Unit
from hetong.kernel.recurrence import Recurrence

days = st.dates(date(1950, 1, 1), date(2150, 12, 31))
rhythms = st.builds(Recurrence, days, st.builds(Span, st.integers(1, 24), st.sampled_from(list(Unit))))


@given(rhythms, days)
def test_every_day_lies_in_exactly_one_period(rhythm, day):
    number = rhythm.number_of(day)
    assert rhythm.period(number).contains(day)
    assert rhythm.period_of(day) == rhythm.period(number)
    assert not rhythm.period(number - 1).contains(day)
    assert not rhythm.period(number + 1).contains(day)


@given(rhythms, days, st.integers(0, 1000))
def test_periods_cover_the_days_without_gap_or_overlap(rhythm, start, length):
    within = Period(start, start + timedelta(days=length))
    periods = list(rhythm.periods(within))
    assert periods[0].contains(within.starts)
    assert periods[-1].contains(within.last_day)
    assert all(after.starts == before.last_day + ONE_DAY for before, after in pairwise(periods))
    dates = list(rhythm.dates(within))
    assert dates == [period.starts for period in periods if within.contains(period.starts)]


def test_a_month_end_rhythm_keeps_its_day():
    rhythm = Recurrence(date(2025, 1, 31), Span(1, Unit.MONTH))
    assert list(rhythm.periods(Period(date(2025, 1, 31), date(2025, 3, 31)))) == [
        Period(date(2025, 1, 31), date(2025, 2, 27)),
        Period(date(2025, 2, 28), date(2025, 3, 30)),
        Period(date(2025, 3, 31), date(2025, 4, 29)),
    ]


def test_an_open_stretch_goes_on():
    rhythm = Recurrence(date(2026, 1, 1), Span(2, Unit.WEEK))
    assert list(islice(rhythm.dates(Period(date(2026, 1, 2))), 2)) == [date(2026, 1, 15), date(2026, 1, 29)]
    assert len(list(islice(rhythm.periods(Period(date(2026, 1, 2))), 30))) == 30
    assert rhythm.first_on_or_after(date(2026, 1, 15)) == date(2026, 1, 15)
    assert rhythm.first_on_or_after(date(2026, 1, 16)) == date(2026, 1, 29)


@pytest.mark.parametrize("count", [0, -1])
def test_a_rhythm_needs_a_length(count):
    with pytest.raises(NotASpan):
        Recurrence(date(2026, 1, 1), Span(count, Unit.MONTH))
