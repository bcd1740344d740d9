"""Prices, quantities, percents and rates as exact 64-bit integers (DESIGN law 5)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.money import CurrencyMismatch, Money, NotANumber, TooManyDecimals, places
from hetong.kernel.rounding import round_fraction
from hetong.kernel.scaled import (
    MAX_UNITS,
    PERCENT,
    PRICE,
    QUANTITY,
    RATE,
    NumberTooLarge,
    Scaled,
    ScaledKind,
    ScaleMismatch,
    convert,
    multiply_to_minor,
    percent_of,
    percent_of_money,
)

units = st.integers(-MAX_UNITS, MAX_UNITS)
some = st.integers(-(10**12), 10**12)
kinds = st.sampled_from(list(ScaledKind))


def test_the_decimals_of_each_kind_are_fixed():
    assert {kind: kind.exponent for kind in ScaledKind} == {PRICE: 6, QUANTITY: 6, PERCENT: 4, RATE: 10}


@given(units, kinds)
def test_a_number_written_and_read_is_the_same(number, kind):
    scaled = kind.from_units(number)
    assert Scaled.of(str(scaled), kind) == scaled
    assert Scaled.nearest(scaled.fraction, kind) == scaled


@given(some, some, kinds)
def test_arithmetic_is_exact(a, b, kind):
    one, two = kind.from_units(a), kind.from_units(b)
    assert (one + two).fraction == one.fraction + two.fraction
    assert (one - two).fraction == one.fraction - two.fraction
    assert (-one).fraction == -one.fraction
    assert abs(one).fraction == abs(one.fraction)
    assert bool(one) == (a != 0)
    assert (one < two, one <= two, one > two, one >= two) == (a < b, a <= b, a > b, a >= b)


@pytest.mark.parametrize(
    "operation",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
    ],
)
def test_numbers_of_different_scale_do_not_mix(operation):
    with pytest.raises(ScaleMismatch):
        operation(PRICE.from_units(1), PERCENT.from_units(1))


@pytest.mark.parametrize(
    ("text", "kind", "number", "shown"),
    [
        ("19.99", PRICE, 19_990_000, "19.99"),
        ("0.000001", QUANTITY, 1, "0.000001"),
        ("13", PERCENT, 130_000, "13"),
        ("-0.50", PERCENT, -5_000, "-0.5"),
        ("100", RATE, 10**12, "100"),
        ("120", 0, 120, "120"),
        ("1.50", 2, 150, "1.5"),
        ("0", PRICE, 0, "0"),
    ],
)
def test_plain_numbers_are_read_and_shown_without_idle_zeros(text, kind, number, shown):
    scaled = Scaled.of(text, kind)
    assert scaled.units == number
    assert scaled.amount == shown


def test_more_decimals_than_the_kind_keeps_are_refused():
    with pytest.raises(TooManyDecimals):
        Scaled.of("0.00001", PERCENT)
    with pytest.raises(NotANumber):
        Scaled.of("1e3", PRICE)


def test_a_number_beyond_64_bits_is_refused():
    with pytest.raises(NumberTooLarge):
        PRICE.from_units(MAX_UNITS + 1)
    with pytest.raises(NumberTooLarge):
        Scaled.of("9223372036854.775808", PRICE)


@pytest.mark.parametrize("number", [1.0, True, "1"])
def test_only_whole_units_make_a_scaled_number(number):
    with pytest.raises(TypeError):
        Scaled(number, 6)


@given(st.integers(0, 10**10), st.integers(0, 10**9), st.integers(0, 100), st.sampled_from(["SEK", "JPY", "KWD"]))
def test_a_product_is_rounded_once_at_the_end(price, quantity, kept, currency):
    factor = Fraction(kept, 100)
    exact = PRICE.from_units(price).fraction * QUANTITY.from_units(quantity).fraction * factor
    minor = multiply_to_minor(PRICE.from_units(price), QUANTITY.from_units(quantity), currency, factor)
    assert minor == round_fraction(exact * 10 ** places(currency))


def test_a_percent_is_in_points():
    assert percent_of(Scaled.of("13", PERCENT)) == Fraction(13, 100)
    assert percent_of_money(Money.of("5697.15", "SEK"), Scaled.of("13", PERCENT)) == Money.of("740.63", "SEK")


def test_converting_rounds_once_to_the_decimals_of_the_target():
    rate = Scaled.of("11.2345678901", RATE)
    assert convert(Money.of("100.00", "EUR"), rate, "SEK") == Money.of("1123.46", "SEK")
    assert convert(Money.of("1.00", "EUR"), Scaled.of("163.55", RATE), "JPY") == Money.of("164", "JPY")
    assert convert(Money.of("10000", "JPY"), Scaled.of("0.00203", RATE), "KWD") == Money.of("20.300", "KWD")
    with pytest.raises(CurrencyMismatch):
        convert(Money.of("1.00", "SEK"), rate, "SEK")
