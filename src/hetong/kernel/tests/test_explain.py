"""Explanations: stored as codes, shown in the reader's language, silent about hidden fields (DESIGN §5)."""

import json
from datetime import date
from fractions import Fraction

import pytest
from django.utils import translation

from hetong.kernel import explain
from hetong.kernel.dates import Period, Span, Unit
from hetong.kernel.explain import (
    HALF_UP,
    Explained,
    Operand,
    Source,
    Step,
    label_of,
    register_labels,
    registered_codes,
    words_of,
)
from hetong.kernel.money import Money
from hetong.kernel.rounding import Ratio
from hetong.kernel.scaled import PRICE, Scaled

AMOUNT = Money.of("10.00", "SEK")
INNER = Step(
    "tax.line",
    operands=(Operand("cost", "tax.net", Money.of("7.00", "SEK")), Operand("", "proration.share", Ratio(151, 365))),
    result=AMOUNT,
    rounding=HALF_UP,
    source=Source("contracts.line", "0190"),
)
OUTER = Step("tax.total", operands=(Operand("net", "tax.net", AMOUNT),), result=AMOUNT, steps=(INNER,))
SIBLING = Step("tax.line", operands=(Operand("quantity", "tax.quantity", 3),), result=3)
EXPLAINED = Explained(AMOUNT, (OUTER, SIBLING))

VALUES = [
    None,
    "text",
    0,
    7,
    AMOUNT,
    Scaled.of("19.99", PRICE),
    Ratio(156, 372),
    Fraction(1, 3),
    Span(3, Unit.MONTH),
    Period(date(2026, 1, 1), date(2026, 1, 31)),
    Period(date(2026, 1, 1)),
    date(2026, 1, 31),
]


@pytest.mark.parametrize("value", VALUES, ids=str)
def test_every_kind_of_value_is_stored_and_read_back(value):
    step = Step(
        "tax.line", operands=(Operand("net", "tax.net", value),), result=value, convention="convention.thirty_360"
    )
    explained = Explained(value, (step,))
    assert Explained.from_json(json.loads(json.dumps(explained.to_json()))) == explained


@pytest.mark.parametrize(
    ("value", "english", "swedish"),
    [
        (None, "", ""),
        ("text", "text", "text"),
        (1234, "1,234", "1\u00a0234"),
        (AMOUNT, "SEK\u00a010.00", "SEK\u00a010,00"),
        (Scaled.of("19.99", PRICE), "19.99", "19,99"),
        (Ratio(1560, 372), "1,560/372", "1\u00a0560/372"),
        (Fraction(181), "181", "181"),
        (Span(3, Unit.MONTH), "3 months", "3 månader"),
        (date(2026, 1, 31), "Jan 31, 2026", "31 jan. 2026"),
        (
            Period(date(2026, 1, 1), date(2026, 1, 31)),
            "Jan 1, 2026 \u2013 Jan 31, 2026",
            "1 jan. 2026 \u2013 31 jan. 2026",
        ),
    ],
    ids=str,
)
def test_values_are_worded_in_the_reader_s_language(value, english, swedish):
    assert (words_of(value, "en"), words_of(value, "sv")) == (english, swedish)


def test_a_tree_is_stored_and_read_back():
    assert Explained.from_json(json.loads(json.dumps(EXPLAINED.to_json()))) == EXPLAINED


def test_what_is_empty_is_not_stored():
    assert Explained(None, (Step("tax.line"),)).to_json() == {"value": None, "steps": [{"code": "tax.line"}]}


def test_an_explanation_knows_the_fields_it_uses():
    assert EXPLAINED.fields() == {"cost", "net", "quantity"}
    assert Explained(AMOUNT).fields() == frozenset()


def test_who_may_read_all_fields_sees_everything():
    assert EXPLAINED.visible_for(lambda field: True) == EXPLAINED


def test_a_hidden_operand_leaves_only_the_label_of_its_step_and_of_what_rests_on_it():
    shown = EXPLAINED.visible_for(lambda field: field != "cost")
    outer, sibling = shown.steps
    assert sibling == SIBLING
    assert outer == Step("tax.total", steps=(Step("tax.line", is_masked=True),), is_masked=True)
    text = json.dumps(shown.to_json())
    assert "700" not in text
    assert "0190" not in text
    assert str(outer.label) == str(OUTER.label)


def test_a_step_below_a_masked_one_keeps_what_its_own_fields_allow():
    outer = EXPLAINED.visible_for(lambda field: field != "net").steps[0]
    assert outer.is_masked
    assert outer.steps == (INNER,)


def test_what_was_masked_stays_masked():
    shown = EXPLAINED.visible_for(lambda field: field != "cost")
    assert Explained.from_json(shown.to_json()).visible_for(lambda field: True) == shown


def test_labels_are_worded_when_they_are_shown():
    with translation.override("en"):
        assert str(INNER.label) == "Quantity × unit price − discount"
        assert str(INNER.operands[0].label) == "Net"
        assert str(INNER.rounding_label) == "Rounded half up to the currency"
        assert INNER.convention_label == ""
        assert str(label_of("convention.thirty_360")) == "Thirty-day months over 360"


def test_a_retired_code_stands_for_itself():
    assert label_of("tax.retired") == "tax.retired"


def test_a_code_has_one_owner(monkeypatch):
    monkeypatch.setattr(explain, "_LABELS", dict(explain._LABELS))  # what a test registers goes when it ends
    register_labels({"test.explained": "Once"})
    register_labels({"test.explained": "Once"})
    assert "test.explained" in registered_codes()
    with pytest.raises(ValueError, match=r"test\.explained"):
        register_labels({"test.explained": "Twice"})
