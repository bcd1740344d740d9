"""Net, tax and gross (S0-20; DESIGN law 5; trust A10 in part: the sums of EN 16931)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.explain import Explained, Source, Step, registered_codes
from hetong.kernel.money import Money
from hetong.kernel.rounding import round_fraction
from hetong.kernel.scaled import PERCENT, PRICE, QUANTITY, Scaled, percent_of
from hetong.kernel.tax import (
    PercentOutOfRange,
    SameKeyTwice,
    TaxableLine,
    compute_tax,
    split_tax,
    tax_extended,
)


def line(key, quantity, price, rate, discount="0", **over):
    return TaxableLine(
        key,
        Scaled.of(quantity, QUANTITY),
        Scaled.of(price, PRICE),
        Scaled.of(rate, PERCENT),
        Scaled.of(discount, PERCENT),
        **over,
    )


def amounts(taxed):
    return taxed.net.amount, taxed.tax.amount, taxed.gross.amount


drawn_lines = st.lists(
    st.builds(
        lambda quantity, price, rate, discount, category: (quantity, price, rate, discount, category),
        st.integers(-(10**8), 10**8).map(QUANTITY.from_units),
        st.integers(0, 10**10).map(PRICE.from_units),
        st.sampled_from(["0", "6", "12", "13", "25", "7.7", "100"]).map(lambda rate: Scaled.of(rate, PERCENT)),
        st.integers(0, 10**6).map(PERCENT.from_units),
        st.sampled_from(["", "exempt"]),
    ),
    max_size=10,
).map(
    lambda drawn: [
        TaxableLine(str(number), quantity, price, rate, discount, category)
        for number, (quantity, price, rate, discount, category) in enumerate(drawn)
    ]
)
currencies = st.sampled_from(["SEK", "JPY", "KWD"])
modes = st.booleans()


def test_three_at_1999_less_5_percent_at_13_percent():
    taxed = compute_tax([line("a", "3", "1999.00", "13", "5")], "CNY", prices_include_tax=False)
    assert amounts(taxed) == ("5697.15", "740.63", "6437.78")


def test_the_same_total_when_the_price_is_entered_with_tax():
    taxed = compute_tax([line("a", "3", "2258.87", "13", "5")], "CNY", prices_include_tax=True)
    assert amounts(taxed) == ("5697.15", "740.63", "6437.78")


@pytest.mark.parametrize(
    ("prices_include_tax", "expected"),
    [(False, ("150.00", "31.00", "181.00")), (True, ("124.64", "25.36", "150.00"))],
)
def test_two_rates_in_one_contract(prices_include_tax, expected):
    lines = [line("a", "1", "100", "25"), line("b", "1", "50", "12")]
    taxed = compute_tax(lines, "SEK", prices_include_tax=prices_include_tax)
    assert amounts(taxed) == expected
    assert [subtotal.rate.amount for subtotal in taxed.subtotals] == ["12", "25"]


@pytest.mark.parametrize(
    ("currency", "expected"),
    [("JPY", ("333", "33", "366")), ("KWD", ("333.300", "33.330", "366.630"))],
)
def test_currencies_without_and_with_three_decimals(currency, expected):
    taxed = compute_tax([line("a", "3", "111.1", "10")], currency, prices_include_tax=False)
    assert amounts(taxed) == expected


def test_the_total_typed_with_tax_is_the_total_billed_although_no_net_line_fits():
    lines = [line(str(number), "1", "0.99", "25") for number in range(3)]
    taxed = compute_tax(lines, "SEK", prices_include_tax=True)
    assert amounts(taxed) == ("2.38", "0.59", "2.97")
    assert [one.net.amount for one in taxed.lines] == ["0.80", "0.79", "0.79"]


def test_tax_is_taken_of_the_sum_and_not_of_each_line():
    lines = [line(str(number), "1", "0.02", "25") for number in range(3)]
    taxed = compute_tax(lines, "SEK", prices_include_tax=False)
    assert amounts(taxed) == ("0.06", "0.02", "0.08")
    assert sorted(one.tax.minor for one in taxed.lines) == [0, 1, 1]


def test_the_same_rate_for_another_reason_is_a_subtotal_of_its_own():
    lines = [line("a", "1", "10", "0", category="exempt"), line("b", "1", "20", "0", category="reverse charge")]
    taxed = compute_tax(lines, "EUR", prices_include_tax=False)
    assert [(one.category, one.net.amount) for one in taxed.subtotals] == [
        ("exempt", "10.00"),
        ("reverse charge", "20.00"),
    ]


def test_no_lines_cost_nothing():
    assert amounts(compute_tax([], "SEK", prices_include_tax=True)) == ("0.00", "0.00", "0.00")


@given(drawn_lines, currencies, modes)
def test_every_sum_is_exact(lines, currency, prices_include_tax):
    """A10: line sums equal their totals exactly, tax is within one unit of base × rate."""
    taxed = compute_tax(lines, currency, prices_include_tax=prices_include_tax)
    for name in ("net", "tax", "gross"):
        of_lines = sum(getattr(one, name).minor for one in taxed.lines)
        of_rates = sum(getattr(one, name).minor for one in taxed.subtotals)
        assert getattr(taxed, name).minor == of_lines == of_rates
    assert taxed.net + taxed.tax == taxed.gross
    for subtotal in taxed.subtotals:
        assert subtotal.net + subtotal.tax == subtotal.gross
        exact = subtotal.net.minor * percent_of(subtotal.rate)
        assert abs(subtotal.tax.minor - exact) <= (1 if prices_include_tax else Fraction(1, 2))


@given(drawn_lines, currencies, modes)
def test_each_line_keeps_the_amount_that_was_typed(lines, currency, prices_include_tax):
    taxed = compute_tax(lines, currency, prices_include_tax=prices_include_tax)
    for stated, one in zip(lines, taxed.lines, strict=True):
        typed = one.gross if prices_include_tax else one.net
        assert (one.key, typed.minor) == (stated.key, stated.extended_minor(currency))
        share = typed.minor * percent_of(stated.tax_rate)
        exact = share / (1 + percent_of(stated.tax_rate)) if prices_include_tax else share
        assert abs(one.tax.minor - exact) <= 1


@given(drawn_lines, currencies, modes)
def test_the_split_alone_says_the_same_of_each_line(lines, currency, prices_include_tax):
    extended = [(one, one.extended_minor(currency)) for one in lines]
    taxed = tax_extended(extended, currency, prices_include_tax=prices_include_tax)
    assert split_tax(extended, prices_include_tax=prices_include_tax) == {
        one.key: (one.net.minor, one.tax.minor) for one in taxed.lines
    }


@given(drawn_lines, currencies, modes, st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(lines, currency, prices_include_tax, random):
    shuffled = random.sample(lines, len(lines))
    before = compute_tax(lines, currency, prices_include_tax=prices_include_tax)
    after = compute_tax(shuffled, currency, prices_include_tax=prices_include_tax)
    assert after.subtotals == before.subtotals
    assert {one.key: one for one in after.lines} == {one.key: one for one in before.lines}
    assert (after.net, after.tax, after.gross) == (before.net, before.tax, before.gross)


@given(drawn_lines, currencies, modes)
def test_a_credit_is_the_mirror_of_what_it_credits(lines, currency, prices_include_tax):
    charge = compute_tax(lines, currency, prices_include_tax=prices_include_tax)
    credit = tax_extended(
        [(one, -one.extended_minor(currency)) for one in lines], currency, prices_include_tax=prices_include_tax
    )
    assert (credit.net, credit.tax, credit.gross) == (-charge.net, -charge.tax, -charge.gross)


@given(st.integers(0, 10**9), st.sampled_from(["6", "13", "25", "7.7"]))
def test_a_price_with_tax_means_the_net_it_was_made_from(net, rate):
    """Entering net × (1 + rate) with tax gives back the net, when the gross has no broken unit."""
    gross = net * (1 + percent_of(Scaled.of(rate, PERCENT)))
    typed = line("a", "1", "0", rate)
    taxed = tax_extended([(typed, round_fraction(gross))], "SEK", prices_include_tax=True)
    assert taxed.net.minor == net


@pytest.mark.parametrize(("discount", "rate"), [("100.0001", "25"), ("-1", "25"), ("0", "-1")])
def test_percents_out_of_range_are_refused(discount, rate):
    with pytest.raises(PercentOutOfRange):
        line("a", "1", "1", rate, discount)


def test_lines_are_told_apart_by_key():
    with pytest.raises(SameKeyTwice):
        compute_tax([line("a", "1", "1", "0"), line("a", "2", "2", "25")], "SEK", prices_include_tax=False)


def codes_of(step: Step):
    yield from (step.code, step.convention, step.rounding, *(operand.code for operand in step.operands))
    for nested in step.steps:
        yield from codes_of(nested)


@given(drawn_lines, currencies, modes)
def test_the_total_explains_itself(lines, currency, prices_include_tax):
    taxed = compute_tax(lines, currency, prices_include_tax=prices_include_tax)
    explained = taxed.explained()
    assert explained.value == taxed.gross
    assert Explained.from_json(explained.to_json()) == explained
    (total,) = explained.steps
    assert sum(len(rate.steps) for rate in total.steps) == len(lines)
    assert set(codes_of(total)) <= registered_codes()


def test_a_line_s_step_names_its_record():
    source = Source("contracts.line", "0190")
    explained = compute_tax([line("a", "1", "1", "0", source=source)], "SEK", prices_include_tax=False).explained()
    assert explained.steps[0].steps[0].steps[0].source == source
    assert explained.fields() == {"net", "tax", "tax_rate", "quantity", "unit_price", "discount"}


def test_totals_beyond_any_amount_are_refused():
    with pytest.raises(Exception, match="amount_too_large"):
        compute_tax([line("a", "9000000000", "9000000000", "0")], "SEK", prices_include_tax=False)
    assert Money.zero("SEK") == compute_tax([], "SEK", prices_include_tax=False).gross
