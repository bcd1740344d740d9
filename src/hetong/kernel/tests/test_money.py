"""Money: exact, bounded, and never two currencies in one sum (DESIGN law 5; trust A8, A10 in part)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.money import (
    MAX_MINOR,
    PLACES,
    WITHDRAWN,
    AmountTooLarge,
    CurrencyMismatch,
    Money,
    NotANumber,
    TooManyDecimals,
    UnknownCurrency,
    is_active,
    places,
    sum_money,
    total,
)

currencies = st.sampled_from(sorted(PLACES))
minors = st.integers(-MAX_MINOR, MAX_MINOR)
small = st.integers(-(10**12), 10**12)


@given(minors, currencies)
def test_an_amount_written_and_read_is_the_same(minor, currency):
    money = Money(minor, currency)
    assert Money.of(money.amount, currency) == money


@given(small, small, small, currencies)
def test_adding_is_exact_in_any_order(a, b, c, currency):
    one, two, three = (Money(minor, currency) for minor in (a, b, c))
    assert (one + two) + three == one + (two + three) == three + two + one
    assert one + two - two == one
    assert one - one == Money.zero(currency)
    assert Money.zero(currency) - (-one) == one
    assert abs(one) >= Money.zero(currency)
    assert one * 3 == one + one + one == 3 * one


@given(small, small, currencies)
def test_amounts_of_one_currency_compare_as_numbers(a, b, currency):
    one, two = Money(a, currency), Money(b, currency)
    assert (one < two, one <= two, one > two, one >= two) == (a < b, a <= b, a > b, a >= b)
    assert bool(one) == (a != 0)


@given(st.lists(st.tuples(small, st.sampled_from(["SEK", "JPY", "KWD"])), max_size=20))
def test_sums_are_kept_apart_by_currency(pairs):
    sums = sum_money(Money(minor, currency) for minor, currency in pairs)
    assert list(sums) == sorted({currency for _, currency in pairs})
    for currency, amount in sums.items():
        assert amount == total((Money(m, c) for m, c in pairs if c == currency), currency)


def test_the_total_of_nothing_is_zero():
    assert total([], "SEK") == Money.zero("SEK")
    assert sum_money([]) == {}


@pytest.mark.parametrize(
    "operation",
    [
        lambda a, b: a + b,
        lambda a, b: a - b,
        lambda a, b: a < b,
        lambda a, b: a <= b,
        lambda a, b: a > b,
        lambda a, b: a >= b,
        lambda a, b: total([b], a.currency),
    ],
)
def test_two_currencies_never_mix(operation):
    with pytest.raises(CurrencyMismatch) as refused:
        operation(Money(1, "SEK"), Money(1, "EUR"))
    assert refused.value.params == {"left": "SEK", "right": "EUR"}
    assert refused.value.status == 422


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1234.50", "SEK", 123450),
        ("1234.5", "SEK", 123450),
        ("-0.01", "SEK", -1),
        ("1234", "JPY", 1234),
        ("1234.00", "JPY", 1234),
        ("1.234", "KWD", 1234),
        ("1.2345", "CLF", 12345),
        ("1.500", "EUR", 150),
        ("007", "EUR", 700),
        ("-0", "EUR", 0),
    ],
)
def test_plain_amounts_are_read(text, currency, minor):
    assert Money.of(text, currency) == Money(minor, currency)


@pytest.mark.parametrize(
    "text", ["", " 1", "1 ", "+1", "1.", ".5", "1e3", "NaN", "inf", "1,5", "1_0", "１", "--1", "0x1", "1.2.3", "9" * 21]
)
def test_what_is_no_plain_amount_is_refused(text):
    with pytest.raises(NotANumber):
        Money.of(text, "SEK")


@pytest.mark.parametrize(("text", "currency"), [("1.234", "SEK"), ("1.5", "JPY"), ("0.0001", "KWD")])
def test_more_decimals_than_the_currency_has_are_refused(text, currency):
    with pytest.raises(TooManyDecimals):
        Money.of(text, currency)


@pytest.mark.parametrize("minor", [MAX_MINOR + 1, -MAX_MINOR - 1])
def test_an_amount_beyond_the_bound_is_refused(minor):
    with pytest.raises(AmountTooLarge) as refused:
        Money(minor, "SEK")
    assert refused.value.params["limit"] == "10000000000000.00"


def test_a_sum_beyond_the_bound_is_refused():
    with pytest.raises(AmountTooLarge):
        Money(MAX_MINOR, "SEK") + Money(1, "SEK")


@pytest.mark.parametrize("minor", [1.0, True, "1", None])
def test_only_whole_numbers_make_money(minor):
    with pytest.raises(TypeError):
        Money(minor, "SEK")


@pytest.mark.parametrize("times", [1.5, True, "2"])
def test_money_is_multiplied_by_whole_numbers_only(times):
    with pytest.raises(TypeError):
        Money(1, "SEK") * times


@pytest.mark.parametrize("currency", ["", "sek", "XXX", "XAU", "SEKK", "BTC"])
def test_a_code_that_is_no_currency_is_refused(currency):
    with pytest.raises(UnknownCurrency):
        places(currency)
    with pytest.raises(UnknownCurrency):
        Money(0, currency)


def test_the_places_are_those_of_iso_4217():
    counted = {decimals: sum(1 for its in PLACES.values() if its == decimals) for decimals in (0, 2, 3, 4)}
    assert sum(counted.values()) == len(PLACES)
    assert counted[0] == 17
    assert counted[3] == 7
    assert counted[4] == 2
    assert {places("JPY"), places("SEK"), places("KWD"), places("CLF")} == {0, 2, 3, 4}


def test_a_withdrawn_currency_can_be_read_but_not_chosen():
    assert Money.of("1.50", "HRK").amount == "1.50"
    assert not any(is_active(currency) for currency in WITHDRAWN)
    assert is_active("SEK")
    assert not is_active("XXX")


def test_money_prints_with_its_currency():
    assert str(Money(-123405, "SEK")) == "-1234.05 SEK"
    assert str(Money(5, "JPY")) == "5 JPY"
