"""Rounding and splitting: halves away from zero, and nothing is lost (trust A8, A10 in part)."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.money import Money
from hetong.kernel.rounding import (
    CannotAllocate,
    Ratio,
    allocate,
    allocate_by_fractions,
    allocate_money,
    round_fraction,
    round_half_up,
    round_to_money,
    spread,
)

totals = st.integers(-(10**15), 10**15)
weights = st.lists(st.integers(0, 10**9), min_size=1, max_size=12)


@given(totals, st.sampled_from([1, 2, 4, 5, 8, 10, 100, 1000]), st.sampled_from([1, -1]))
def test_halves_go_away_from_zero(numerator, denominator, sign):
    exact = Decimal(numerator) / Decimal(denominator * sign)
    assert round_half_up(numerator, denominator * sign) == int(exact.quantize(Decimal(1), ROUND_HALF_UP))


@given(totals, st.integers(1, 10**9))
def test_a_rounded_number_is_at_most_a_half_away_and_mirrors_its_negative(numerator, denominator):
    rounded = round_half_up(numerator, denominator)
    assert abs(Fraction(numerator, denominator) - rounded) <= Fraction(1, 2)
    assert round_half_up(-numerator, denominator) == -rounded
    assert round_fraction(Fraction(numerator, denominator)) == rounded


def test_nothing_is_divided_by_zero():
    with pytest.raises(ZeroDivisionError):
        round_half_up(1, 0)


def test_an_exact_amount_is_rounded_once_to_the_currency():
    assert round_to_money(Fraction(1, 3), "SEK") == Money(33, "SEK")
    assert round_to_money(Fraction(1, 2), "JPY") == Money(1, "JPY")
    assert round_to_money(Fraction(-1, 2000), "KWD") == Money(-1, "KWD")


@given(totals, weights)
def test_a_split_loses_nothing(total, shares):
    """A8: Σ parts = whole, no part of the other sign, each within one unit of its exact share."""
    parts = allocate(total, shares)
    assert sum(parts) == total
    assert all(part * total >= 0 for part in parts)
    whole = sum(shares)
    if whole:
        assert all(abs(part - Fraction(total * share, whole)) < 1 for part, share in zip(parts, shares, strict=True))
        assert all(part == 0 for part, share in zip(parts, shares, strict=True) if share == 0)
    else:
        assert max(parts) - min(parts) <= 1


@given(totals, weights, st.randoms(use_true_random=False))
def test_the_order_of_the_weights_changes_nothing(total, shares, random):
    """A8: order-free; parts of equal weight are interchangeable."""
    shuffled = random.sample(shares, len(shares))
    before = sorted(zip(shares, allocate(total, shares), strict=True))
    assert before == sorted(zip(shuffled, allocate(total, shuffled), strict=True))


@given(totals, weights)
def test_the_split_of_a_credit_mirrors_the_split_of_the_charge(total, shares):
    assert allocate(-total, shares) == [-part for part in allocate(total, shares)]
    assert allocate(total, [-share for share in shares]) == allocate(total, shares)


@given(totals, st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=8).filter(sum))
def test_weights_of_both_signs_still_sum(total, shares):
    assert sum(allocate(total, shares)) == total


def test_ties_go_to_the_larger_share_then_to_the_first():
    assert allocate(1, [1, 1]) == [1, 0]
    assert allocate(100, [1, 1, 1]) == [34, 33, 33]
    assert allocate(-100, [1, 1, 1]) == [-34, -33, -33]
    assert allocate(1, [1, 3]) == [0, 1]
    assert allocate(2, [1, 3]) == [0, 2]
    assert allocate(2, [3, 1]) == [2, 0]


def test_zero_weights_share_alike_only_when_all_are_zero():
    assert allocate(5, [0, 0]) == [3, 2]
    assert allocate(5, [0, 1]) == [0, 5]
    assert allocate(0, []) == []
    assert allocate(0, [1, -1]) == [0, 0]


@pytest.mark.parametrize("shares", [[], [1, -1]])
def test_an_amount_cannot_be_split_over_nothing(shares):
    with pytest.raises(CannotAllocate):
        allocate(5, shares)


@pytest.mark.parametrize("total", [-3, 10])
def test_shares_that_do_not_make_the_total_are_refused(total):
    with pytest.raises(CannotAllocate):
        spread(total, [1, 2], 1)


@given(totals, weights)
def test_money_is_split_like_its_minor_units(total, shares):
    parts = allocate_money(Money(total, "SEK"), shares)
    assert [part.minor for part in parts] == allocate(total, shares)


def test_an_amount_is_split_by_exact_fractions():
    parts = allocate_by_fractions(Money(100, "SEK"), [Fraction(1, 3), Fraction(1, 6), Fraction(1, 2)])
    assert [part.minor for part in parts] == [33, 17, 50]


def test_a_ratio_stays_as_it_was_stated():
    assert str(Ratio(156, 372)) == "156/372"
    assert Ratio(156, 372).fraction == Fraction(13, 31)
    with pytest.raises(ValueError, match="positive"):
        Ratio(1, 0)
