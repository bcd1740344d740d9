"""Contract time: months, periods, notice (month ends, leap days, notice dates; trust A8)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.dates import (
    ONE_DAY,
    DateOutOfRange,
    EndsBeforeStart,
    NotASpan,
    NoWorkingDay,
    OpenPeriod,
    Period,
    Span,
    Unit,
    act_by,
    add_days,
    add_months,
    add_period,
    back_to_working_day,
    months_between,
    notice_by,
)

days = st.dates(date(1900, 1, 1), date(2200, 12, 31))
spans = st.builds(Span, st.integers(0, 500), st.sampled_from(list(Unit)))
periods = st.builds(lambda start, length: Period(start, start + timedelta(days=length)), days, st.integers(0, 3000))
MONTH = Span(1, Unit.MONTH)
YEAR = Span(1, Unit.YEAR)


def test_month_ends_do_not_drift():
    starts = [add_period(date(2025, 1, 31), n, MONTH) for n in range(4)]
    assert starts == [date(2025, 1, 31), date(2025, 2, 28), date(2025, 3, 31), date(2025, 4, 30)]


def test_a_leap_day_comes_back_in_each_leap_year():
    starts = [add_period(date(2024, 2, 29), n, YEAR) for n in range(1, 5)]
    assert starts == [date(2025, 2, 28), date(2026, 2, 28), date(2027, 2, 28), date(2028, 2, 29)]


@given(days, st.integers(-600, 600))
def test_adding_months_keeps_the_day_or_takes_the_last(day, count):
    moved = add_months(day, count)
    assert (moved.year * 12 + moved.month) - (day.year * 12 + day.month) == count
    assert moved.day == day.day or (moved.day < day.day and (moved + ONE_DAY).day == 1)


@given(days, days)
def test_months_between_is_the_most_that_fit(start, end):
    count = months_between(start, end)
    assert add_months(start, count) <= end < add_months(start, count + 1)


@pytest.mark.parametrize(
    "move",
    [
        lambda: add_months(date(9999, 12, 1), 1),
        lambda: add_months(date(1, 1, 1), -1),
        lambda: add_days(date(9999, 12, 31), 1),
        lambda: add_days(date(1, 1, 1), -(10**12)),
    ],
)
def test_the_calendar_has_ends(move):
    with pytest.raises(DateOutOfRange):
        move()


@given(spans)
def test_a_span_written_and_read_is_the_same(span):
    assert Span.parse(str(span)) == span
    assert Span.parse(Span(-span.count, span.unit).iso) == Span(-span.count, span.unit)


@pytest.mark.parametrize(
    ("text", "span"),
    [
        ("P3M", Span(3, Unit.MONTH)),
        ("P90D", Span(90, Unit.DAY)),
        (" p2w ", Span(2, Unit.WEEK)),
        ("P1Y", Span(1, Unit.YEAR)),
        ("P1Y6M", Span(18, Unit.MONTH)),
        ("-P1Y6M", Span(-18, Unit.MONTH)),
    ],
)
def test_iso_durations_are_read(text, span):
    assert Span.parse(text) == span


@pytest.mark.parametrize("text", ["", "P", "3M", "P3", "PT3H", "P1M15D", "P1.5M", "P99999D", "P３M"])
def test_what_is_no_length_of_time_is_refused(text):
    with pytest.raises(NotASpan):
        Span.parse(text)


@pytest.mark.parametrize(("count", "unit"), [(10_000, "day"), (-10_000, "day"), (1, "fortnight")])
def test_a_span_of_unknown_unit_or_length_is_refused(count, unit):
    with pytest.raises(NotASpan):
        Span(count, unit)


def test_a_span_knows_its_months_or_its_days_but_not_both():
    assert (YEAR.months, YEAR.days) == (12, None)
    assert (MONTH.months, MONTH.days) == (1, None)
    assert (Span(2, Unit.WEEK).months, Span(2, Unit.WEEK).days) == (None, 14)
    assert (Span(9, Unit.DAY).months, Span(9, Unit.DAY).days) == (None, 9)
    assert MONTH.times(3) == Span(3, Unit.MONTH)
    assert Span(1, "month") == MONTH


def test_a_span_reaches_forward_and_back():
    assert MONTH.after(date(2026, 1, 31)) == date(2026, 2, 28)
    assert MONTH.before(date(2026, 3, 31)) == date(2026, 2, 28)
    assert Span(-90, Unit.DAY).after(date(2012, 4, 15)) == date(2012, 1, 16)


def test_a_period_includes_both_its_ends():
    year = Period.lasting(date(2026, 5, 1), YEAR)
    assert year == Period(date(2026, 5, 1), date(2027, 4, 30))
    assert year.days == 365
    assert Period(date(2004, 9, 1), date(2005, 2, 28)).days == 181
    assert year.contains(date(2026, 5, 1))
    assert year.contains(date(2027, 4, 30))
    assert not year.contains(date(2027, 5, 1))
    assert not year.contains(date(2026, 4, 30))


def test_a_period_cannot_end_before_it_starts():
    with pytest.raises(EndsBeforeStart):
        Period(date(2026, 1, 2), date(2026, 1, 1))


def test_an_open_period_has_no_end_to_count_to():
    evergreen = Period(date(2026, 1, 1))
    assert evergreen.is_open
    assert evergreen.contains(date(2099, 1, 1))
    with pytest.raises(OpenPeriod):
        evergreen.days  # noqa: B018 - reading it is the act


@given(periods, periods)
def test_the_overlap_is_the_days_that_both_have(one, two):
    both = one.overlap(two)
    assert both == two.overlap(one)
    if both is None:
        assert one.last_day < two.starts or two.last_day < one.starts
    else:
        assert one.covers(both)
        assert two.covers(both)
        assert both.starts in (one.starts, two.starts)
        assert both.ends in (one.ends, two.ends)


def test_open_periods_overlap_and_cover_as_well():
    open_period, year = Period(date(2026, 6, 1)), Period(date(2026, 1, 1), date(2026, 12, 31))
    assert open_period.overlap(year) == Period(date(2026, 6, 1), date(2026, 12, 31))
    assert open_period.overlap(Period(date(2026, 1, 1))) == open_period
    assert open_period.covers(Period(date(2026, 7, 1)))
    assert not open_period.covers(year)
    assert not year.covers(open_period)


@given(periods, days)
def test_a_split_keeps_every_day(period, on):
    before, after = period.split(on)
    assert sum(part.days for part in (before, after) if part) == period.days
    if before and after:
        assert after.starts == on == before.last_day + ONE_DAY
    assert before is None or before.last_day < on
    assert after is None or after.starts >= on


def test_an_open_period_is_split_too():
    assert Period(date(2026, 1, 1)).split(date(2026, 3, 1)) == (
        Period(date(2026, 1, 1), date(2026, 2, 28)),
        Period(date(2026, 3, 1)),
    )


@pytest.mark.parametrize(
    ("starts", "ends", "expected"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), (12, 0)),
        (date(2026, 1, 31), date(2026, 6, 30), (5, 1)),
        (date(2026, 2, 26), date(2026, 2, 28), (0, 3)),
        (date(2026, 1, 31), date(2026, 2, 27), (1, 0)),
    ],
)
def test_a_period_is_whole_months_and_days(starts, ends, expected):
    assert Period(starts, ends).whole_months() == expected


def test_notice_is_due_one_notice_period_before_the_end():
    assert notice_by(date(2012, 4, 15), Span(90, Unit.DAY)) == date(2012, 1, 16)
    assert notice_by(date(2026, 12, 31), Span(3, Unit.MONTH)) == date(2026, 9, 30)
    assert notice_by(date(2026, 5, 31), Span(3, Unit.MONTH)) == date(2026, 2, 28)


@given(days)
def test_back_to_a_working_day_never_goes_forward(day):
    found = back_to_working_day(day, lambda one: one.weekday() < 5)
    assert found <= day < found + timedelta(days=3)
    assert found.weekday() < 5


def test_our_own_deadline_is_earlier_and_on_a_working_day():
    assert act_by(date(2026, 9, 30), Span(10, Unit.DAY), lambda day: day.weekday() < 5) == date(2026, 9, 18)


def test_a_calendar_without_working_days_is_refused():
    with pytest.raises(NoWorkingDay):
        back_to_working_day(date(2026, 1, 1), lambda day: False)
