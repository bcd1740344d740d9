"""Amounts in Chinese capital numerals, by the examples of the rule that bills follow."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.capitals import capitals
from hetong.kernel.money import MAX_MINOR, Money

DIGITS = {sign: value for value, sign in enumerate("零壹贰叁肆伍陆柒捌玖")}
UNITS = {"拾": 10, "佰": 100, "仟": 1000}


def read(words: str) -> int:
    """The amount in fen that capital numerals say: the way back, for the property below."""
    body = words.removeprefix("人民币").removesuffix("整")
    yuan, has_yuan, rest = body.partition("元")
    if not has_yuan:
        yuan, rest = "", body
    jiao, has_jiao, fen = rest.partition("角")
    if not has_jiao:
        jiao, fen = "", rest
    digits = "".join(c for c in jiao if c in DIGITS and c != "零")
    last = "".join(c for c in fen if c in DIGITS and c != "零")
    return whole(yuan) * 100 + 10 * DIGITS.get(digits, 0) + DIGITS.get(last, 0)


def whole(words: str) -> int:
    for unit, size in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, _, low = words.rpartition(unit) if unit == "亿" else words.partition(unit)
            return whole(high) * size + whole(low)
    total = digit = 0
    for sign in words:
        if sign in UNITS:
            total += digit * UNITS[sign]
            digit = 0
        else:
            digit = DIGITS[sign]
    return total + digit


@pytest.mark.parametrize(
    ("minor", "words"),
    [
        (0, "零元整"),
        (5, "伍分"),
        (50, "伍角整"),
        (140950, "壹仟肆佰零玖元伍角整"),
        (600714, "陆仟零柒元壹角肆分"),
        (1640902, "壹万陆仟肆佰零玖元零贰分"),
        (32504, "叁佰贰拾伍元零肆分"),
        (10700053, "壹拾万柒仟元伍角叁分"),
        (73083739, "柒拾叁万零捌佰叁拾柒元叁角玖分"),
        (100000000, "壹佰万元整"),
        (1000000100, "壹仟万零壹元整"),
        (10_000_0000_00, "壹亿元整"),
        (100_0001_0000_00, "壹佰亿零壹万元整"),
        (10_0000_0000_0000_0, "壹万亿元整"),
    ],
)
def test_amounts_are_written_as_the_rule_writes_them(minor, words):
    assert capitals(Money(minor, "CNY"), "zh-hans") == f"人民币{words}"


def test_a_reader_of_traditional_characters_gets_them():
    assert capitals(Money(73263939, "CNY"), "zh-hant") == "人民幣柒拾參萬貳仟陸佰參拾玖元參角玖分"


@given(st.integers(0, MAX_MINOR))
def test_what_is_written_reads_back_as_the_same_amount(minor):
    assert read(capitals(Money(minor, "CNY"), "zh-hans")) == minor


@pytest.mark.parametrize("amount", [Money(1, "SEK"), Money(-1, "CNY")])
def test_other_amounts_are_a_mistake_of_the_caller(amount):
    with pytest.raises(ValueError, match="renminbi"):
        capitals(amount, "zh-hans")
