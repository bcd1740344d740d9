from __future__ import annotations

import pytest

from hetong.reference.queries import countries, country_name, currencies, currency_name


@pytest.mark.parametrize(
    ("language", "currency", "country"),
    [
        ("en", "Swedish Krona", "Sweden"),
        ("sv", "svensk krona", "Sverige"),
        ("zh-hans", "瑞典克朗", "瑞典"),
        ("zh-hant", "瑞典克朗", "瑞典"),
    ],
)
def test_names_are_in_the_readers_language(language: str, currency: str, country: str):
    assert currency_name("SEK", language) == currency
    assert country_name("SE", language) == country


def test_every_assigned_country_is_offered_once():
    codes = [one.code for one in countries("en")]
    assert len(codes) == len(set(codes)) == 249


def test_withdrawn_currencies_are_named_but_not_offered():
    codes = [one.code for one in currencies("en")]
    assert codes[:2] == ["EUR", "USD"]
    assert "HRK" not in codes
    assert currency_name("HRK", "en") == "Croatian Kuna"
