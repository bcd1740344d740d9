"""Prorated and co-terminated amounts with their explanations (S1-14; trust A8)."""

from datetime import date

import pytest

from hetong.kernel.dates import Period, Span, Unit
from hetong.kernel.daycount import Convention
from hetong.kernel.explain import Explained, label_of, registered_codes
from hetong.kernel.money import Money
from hetong.kernel.proration import coterminate, prorate
from hetong.kernel.rounding import Ratio
from hetong.kernel.scaled import PERCENT, Scaled

MONTH, YEAR = Span(1, Unit.MONTH), Span(1, Unit.YEAR)
OLD_TERM = Period(date(2004, 9, 1), date(2005, 2, 28))
NEW_TERM = Period(date(2005, 3, 1), date(2005, 12, 31))


@pytest.mark.parametrize(
    ("convention", "amount"),
    [
        (Convention.ACTUAL_365, "4964.38"),
        (Convention.WHOLE_MONTHS, "5032.26"),
        (Convention.THIRTY_360, "5033.33"),
    ],
)
def test_an_add_on_of_twelve_thousand_a_year_from_31_january_to_30_june(convention, amount):
    part = Period(date(2026, 1, 31), date(2026, 6, 30))
    assert prorate(Money.of("12000", "SEK"), part, YEAR, convention).value == Money.of(amount, "SEK")


@pytest.mark.parametrize(
    ("convention", "anchor", "amount"),
    [
        (Convention.WHOLE_MONTHS, date(2026, 2, 1), "0.96"),
        (Convention.ACTUAL_ACTUAL, date(2026, 2, 1), "0.96"),
        (Convention.THIRTY_360, date(2026, 2, 1), "0.90"),
        (Convention.ACTUAL_ACTUAL, date(2027, 1, 26), "0.96"),
    ],
)
def test_three_days_of_february_at_nine_a_month(convention, anchor, amount):
    part = Period(date(2026, 2, 26), date(2026, 2, 28))
    assert prorate(Money.of("9", "SEK"), part, MONTH, convention, anchor=anchor).value == Money.of(amount, "SEK")


def test_three_days_of_a_month_of_31_days_cost_less():
    part = Period(date(2026, 3, 26), date(2026, 3, 28))
    explained = prorate(Money.of("9", "SEK"), part, MONTH, Convention.WHOLE_MONTHS, anchor=date(2026, 3, 1))
    assert explained.value == Money.of("0.87", "SEK")


def test_a_prorated_amount_explains_itself():
    part = Period(date(2026, 1, 31), date(2026, 6, 30))
    explained = prorate(Money.of("12000", "SEK"), part, YEAR, Convention.ACTUAL_365, price_field="unit_price")
    (step,) = explained.steps
    assert step.operands[0].value == Money.of("12000", "SEK")
    assert step.operands[1].value == Ratio(151, 365)
    assert step.convention == "convention.actual_365"
    assert step.result == explained.value
    assert step.steps[0].operands[1].value == Period(date(2026, 1, 31), date(2027, 1, 30))
    assert explained.fields() == {"unit_price"}
    assert Explained.from_json(explained.to_json()) == explained


def test_co_terminating_charges_the_new_days_at_the_old_rate_and_the_uplift():
    """6,000 for 181 days to 306 days at +10 % gives 11,158.01."""
    explained = coterminate(Money.of("6000", "EUR"), OLD_TERM, NEW_TERM, uplift=Scaled.of("10", PERCENT))
    assert explained.value == Money.of("11158.01", "EUR")
    assert [operand.value for operand in explained.steps[0].operands[2:5:2]] == [181, 306]
    assert Explained.from_json(explained.to_json()) == explained


@pytest.mark.parametrize(
    ("convention", "amount"),
    [(Convention.THIRTY_360, "11123.60"), (Convention.WHOLE_MONTHS, "11000.00")],
)
def test_the_rule_for_co_terminating_can_be_chosen(convention, amount):
    uplift = Scaled.of("10", PERCENT)
    explained = coterminate(Money.of("6000", "EUR"), OLD_TERM, NEW_TERM, uplift=uplift, convention=convention)
    assert explained.value == Money.of(amount, "EUR")


def test_every_code_has_words():
    explained = coterminate(Money.of("6000", "EUR"), OLD_TERM, NEW_TERM, uplift=Scaled.of("10", PERCENT))
    (step,) = explained.steps
    codes = {step.code, step.convention, step.rounding, *(operand.code for operand in step.operands)}
    assert codes <= registered_codes()
    assert {f"convention.{convention}" for convention in Convention} <= registered_codes()
    assert str(label_of(step.code)) != step.code
