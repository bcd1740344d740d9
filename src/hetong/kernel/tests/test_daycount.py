"""Day-count conventions and the split of periods (trust A8: proration conventions differ)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.dates import OpenPeriod, Period, Span, Unit
from hetong.kernel.daycount import (
    Convention,
    days_360,
    measure,
    months_in,
    share_of,
    split_amount,
    weighted_end,
)
from hetong.kernel.money import Money
from hetong.kernel.recurrence import Recurrence
from hetong.kernel.rounding import Ratio

MONTH, QUARTER, HALF, YEAR = (Span(1, Unit.MONTH), Span(3, Unit.MONTH), Span(6, Unit.MONTH), Span(1, Unit.YEAR))
days = st.dates(date(1990, 1, 1), date(2090, 12, 31))
price_periods = st.sampled_from(
    [MONTH, QUARTER, HALF, YEAR, Span(2, Unit.YEAR), Span(2, Unit.WEEK), Span(30, Unit.DAY)]
)
conventions = st.sampled_from(list(Convention))
parts = st.builds(lambda start, length: Period(start, start + timedelta(days=length)), days, st.integers(0, 1500))

ADD_ON = Period(date(2026, 1, 31), date(2026, 6, 30))
LAST_OF_FEBRUARY = Period(date(2026, 2, 26), date(2026, 2, 28))


@pytest.mark.parametrize(
    ("convention", "ratio"),
    [
        (Convention.ACTUAL_365, Ratio(151, 365)),
        (Convention.ACTUAL_ACTUAL, Ratio(151, 365)),
        (Convention.THIRTY_360, Ratio(151, 360)),
        (Convention.WHOLE_MONTHS, Ratio(5 * 31 + 1, 12 * 31)),
    ],
)
def test_the_share_of_a_year_is_kept_as_stated(convention, ratio):
    assert share_of(ADD_ON, YEAR, convention).ratio == ratio


@pytest.mark.parametrize(
    ("convention", "anchor", "ratio"),
    [
        (Convention.ACTUAL_ACTUAL, date(2026, 2, 1), Ratio(3, 28)),
        (Convention.WHOLE_MONTHS, date(2026, 2, 1), Ratio(3, 28)),
        (Convention.ACTUAL_ACTUAL, date(2026, 1, 29), Ratio(2 * 29 + 30, 30 * 29)),
        (Convention.ACTUAL_ACTUAL, date(2026, 1, 28), Ratio(2 * 28 + 31, 31 * 28)),
        (Convention.THIRTY_360, date(2026, 2, 1), Ratio(3, 30)),
        (Convention.ACTUAL_365, date(2026, 2, 1), Ratio(36, 365)),
    ],
)
def test_the_last_days_of_february_are_counted_over_their_own_month(convention, anchor, ratio):
    assert share_of(LAST_OF_FEBRUARY, MONTH, convention, anchor).ratio == ratio


@given(days, price_periods, conventions, st.integers(-20, 20), st.integers(1, 20))
def test_whole_price_periods_count_as_one_under_every_convention(anchor, per, convention, first, count):
    grid = Recurrence(anchor, per)
    whole = Period(grid.start_of(first), grid.start_of(first + count) - timedelta(days=1))
    assert share_of(whole, per, convention, anchor).fraction == count


@given(parts, price_periods, conventions, days)
def test_a_share_lies_between_the_whole_periods_around_it(part, per, convention, anchor):
    share = share_of(part, per, convention, anchor)
    assert all(0 < piece.ratio.fraction <= 1 for piece in share.pieces)
    assert sum(piece.part.days for piece in share.pieces) == part.days
    assert all(piece.full.covers(piece.part) for piece in share.pieces)
    assert share.fraction == sum((piece.ratio.fraction for piece in share.pieces), Fraction(0))


@given(parts, price_periods, st.sampled_from([Convention.ACTUAL_ACTUAL, Convention.WHOLE_MONTHS]), days, st.data())
def test_neighbouring_shares_add_up_where_the_convention_is_additive(part, per, convention, anchor, data):
    on = part.starts + timedelta(days=data.draw(st.integers(0, part.days)))
    sides = [side for side in part.split(on) if side]
    shares = [share_of(side, per, convention, anchor).fraction for side in sides]
    assert sum(shares, Fraction(0)) == share_of(part, per, convention, anchor).fraction


@given(st.integers(-(10**12), 10**12), parts, conventions, st.data())
def test_a_period_cut_in_its_middle_still_costs_the_same(minor, part, convention, data):
    """A8: Σ parts = whole to the cent, no part of the other sign."""
    on = part.starts + timedelta(days=data.draw(st.integers(0, part.days)))
    sides = [side for side in part.split(on) if side]
    amounts = split_amount(Money(minor, "SEK"), sides, convention)
    assert sum(amount.minor for amount in amounts) == minor
    assert all(amount.minor * minor >= 0 for amount in amounts)


def test_months_of_a_short_period_are_laid_out_from_the_anchor_and_not_from_its_clamped_start():
    anchor, february = date(2000, 1, 29), Period(date(2001, 2, 28), date(2001, 3, 27))
    share = share_of(february, MONTH, Convention.WHOLE_MONTHS, anchor)
    assert share.pieces[0].full == Period(date(2001, 2, 28), date(2001, 3, 28))
    assert share.ratio == Ratio(28, 29)


def test_a_half_year_of_184_days_is_never_more_than_a_half_year():
    almost = Period(date(2026, 7, 1), date(2026, 12, 30))
    assert share_of(almost, HALF, Convention.ACTUAL_365).fraction == 1
    assert share_of(almost, HALF, Convention.THIRTY_360).fraction == 1
    assert share_of(almost, HALF, Convention.ACTUAL_ACTUAL).fraction == Fraction(183, 184)


def test_weeks_and_days_are_always_counted_as_they_are():
    part = Period(date(2026, 1, 1), date(2026, 1, 7))
    for convention in Convention:
        assert share_of(part, Span(2, Unit.WEEK), convention).ratio == Ratio(7, 14)


def test_a_quarter_is_billed_at_three_monthly_prices():
    quarter = Period(date(2026, 1, 1), date(2026, 3, 31))
    assert all(share_of(quarter, MONTH, convention).fraction == 3 for convention in Convention)


def test_an_open_period_has_no_share():
    with pytest.raises(OpenPeriod):
        share_of(Period(date(2026, 1, 1)), MONTH, Convention.ACTUAL_365)


def test_lengths_are_measured_by_convention():
    assert days_360(ADD_ON) == 151
    assert days_360(Period(date(2026, 1, 1), date(2026, 1, 31))) == 30
    assert months_in(ADD_ON) == Ratio(156, 31)
    assert months_in(Period(date(2026, 1, 1), date(2026, 12, 31))) == Ratio(12, 1)
    assert measure(ADD_ON, Convention.ACTUAL_365) == measure(ADD_ON, Convention.ACTUAL_ACTUAL) == 151
    assert measure(ADD_ON, Convention.THIRTY_360) == 151
    assert measure(ADD_ON, Convention.WHOLE_MONTHS) == Fraction(156, 31)


def test_the_weighted_end_lies_between_the_ends():
    ends = [(100_000, date(2026, 6, 30)), (300_000, date(2026, 12, 31))]
    assert weighted_end(ends, date(2026, 1, 1)) == date(2026, 11, 15)


@given(st.lists(st.tuples(st.integers(1, 10**9), days), min_size=1, max_size=8))
def test_nobody_gains_at_the_weighted_end(ends):
    common = weighted_end(ends, date(1990, 1, 1))
    assert min(day for _, day in ends) <= common <= max(day for _, day in ends)
