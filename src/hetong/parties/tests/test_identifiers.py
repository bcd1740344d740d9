from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.text import RefusedCharacters
from hetong.parties.identifiers import (
    ACCOUNTS,
    SCHEMES,
    BadNumber,
    check,
    check_account,
    check_bic,
    compact,
    scheme_of_country,
)

VALID = [
    ("se_orgnr", "556016-0680", "556016-0680", "5560160680"),
    ("se_orgnr", "5560160680", "556016-0680", "5560160680"),
    ("se_orgnr", "16556016-0680", "556016-0680", "5560160680"),
    ("se_orgnr", "５５６０１６－０６８０", "556016-0680", "5560160680"),
    ("se_orgnr", "556703–7485", "556703-7485", "5567037485"),
    ("cn_uscc", "91350211m000100y46", "91350211M000100Y46", "91350211M000100Y46"),
    ("cn_uscc", "９１１１００００６０００３７３４１Ｌ", "91110000600037341L", "91110000600037341L"),
    ("jp_corporate", "7000012050002", "7-0000-1205-0002", "7000012050002"),
    ("jp_corporate", "1-1803-0101-8771", "1-1803-0101-8771", "1180301018771"),
    ("eu_vat", "SE 5560 1606 8001", "SE556016068001", "SE556016068001"),
    ("eu_vat", "GR094259216", "EL094259216", "EL094259216"),
    ("eu_vat", "DE136695976", "DE136695976", "DE136695976"),
    ("eu_vat", "NL004495445B01", "NL004495445B01", "NL004495445B01"),
    ("eu_vat", "DK13585628", "DK13585628", "DK13585628"),
    ("eu_vat", "FI20774740", "FI20774740", "FI20774740"),
    ("eu_vat", "FR40303265045", "FR40303265045", "FR40303265045"),
    ("eu_vat", "PL8567346215", "PL8567346215", "PL8567346215"),
    ("eu_vat", "IT00743110157", "IT00743110157", "IT00743110157"),
    ("eu_vat", "ATU13585627", "ATU13585627", "ATU13585627"),
    ("eu_vat", "BE0428759497", "BE0428759497", "BE0428759497"),
    ("gln", "735 0053850 01 9", "7350053850019", "7350053850019"),
    ("duns", "123456789", "12-345-6789", "123456789"),
    ("other", "HRB 12345", "HRB 12345", "HRB12345"),
    ("other", "京ICP备12345678号", "京ICP备12345678号", "京ICP备12345678号"),
]


@pytest.mark.parametrize(("scheme", "typed", "value", "normalised"), VALID)
def test_a_right_number_is_kept_as_people_write_it_and_compared_without_separators(scheme, typed, value, normalised):
    checked = check(scheme, typed)
    assert (checked.value, checked.normalised) == (value, normalised)


@pytest.mark.parametrize(
    ("scheme", "typed", "code"),
    [
        ("se_orgnr", "556016-0681", "wrong_check_digit"),
        ("se_orgnr", "55601-0680", "wrong_form"),
        ("se_orgnr", "17556016-0680", "wrong_form"),
        ("se_orgnr", "abcdef-ghij", "wrong_form"),
        ("cn_uscc", "91350211M000100Y47", "wrong_check_digit"),
        ("cn_uscc", "91350211M000100I46", "wrong_form"),
        ("jp_corporate", "7000012050003", "wrong_check_digit"),
        ("jp_corporate", "700001205000", "wrong_form"),
        ("eu_vat", "SE556016068101", "wrong_check_digit"),
        ("eu_vat", "US12345678", "wrong_form"),
        ("eu_vat", "136695976", "wrong_form"),
        ("eu_vat", "DE136695977", "wrong_check_digit"),
        ("gln", "7350053850018", "wrong_check_digit"),
        ("gln", "73500538", "wrong_form"),
        ("duns", "12345678", "wrong_form"),
        ("other", "", "wrong_form"),
        ("other", "<script>", "wrong_form"),
        ("nonsense", "1", "unknown_scheme"),
        ("other", "1" * 61, "too_long"),
    ],
)
def test_a_wrong_number_is_refused_and_told_what_was_expected(scheme, typed, code):
    with pytest.raises(BadNumber) as refused:
        check(scheme, typed)
    assert refused.value.code == code
    if scheme in SCHEMES and code.startswith("wrong"):
        assert SCHEMES[scheme].example in refused.value.wording % refused.value.params


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("iban", "se4550000000058398257466", "SE45 5000 0000 0583 9825 7466"),
        ("iban", "GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32"),
        ("iban", "DE89370400440532013000", "DE89 3704 0044 0532 0130 00"),
        ("bankgiro", "58056201", "5805-6201"),
        ("bankgiro", "991-2346", "991-2346"),
        ("plusgiro", "41541", "4154-1"),
        ("account", "6222 0212 3456 7890", "6222 0212 3456 7890"),
    ],
)
def test_a_right_account_is_kept_as_banks_write_it(kind, typed, value):
    assert check_account(kind, typed).value == value


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("iban", "SE4550000000058398257467"),
        ("iban", "SE45"),
        ("bankgiro", "5805-6202"),
        ("bankgiro", "5805"),
        ("plusgiro", "4154-4"),
        ("account", ""),
    ],
)
def test_a_wrong_account_is_refused(kind, typed):
    with pytest.raises(BadNumber):
        check_account(kind, typed)


def test_every_example_of_a_form_is_itself_right():
    for key, scheme in SCHEMES.items():
        assert check(key, scheme.example).normalised
    for key, scheme in ACCOUNTS.items():
        assert check_account(key, scheme.example).normalised


def test_a_bic_is_eight_or_eleven_characters():
    assert check_bic("esse se ss") == "ESSESESS"
    assert check_bic("DEUTDEFF500") == "DEUTDEFF500"
    for wrong in ("ESSE", "ESSESESS1", "12345678"):
        with pytest.raises(BadNumber):
            check_bic(wrong)


def test_the_number_of_a_sole_trader_is_marked_as_personal():
    assert check("se_orgnr", "19121212-1212").is_personal
    assert check("se_orgnr", "121212-1212").value == "121212-1212"
    assert not check("se_orgnr", "556016-0680").is_personal
    with pytest.raises(BadNumber):
        check("se_orgnr", "121312-1210")


def test_a_vat_number_without_its_letters_gets_those_of_the_country():
    assert check("eu_vat", "556016068001", country="SE").normalised == "SE556016068001"
    assert check("eu_vat", "094259216", country="GR").normalised == "EL094259216"


def test_the_country_says_which_registration_number_it_has():
    assert [scheme_of_country(c) for c in ("SE", "CN", "JP", "DE", "")] == [
        "se_orgnr",
        "cn_uscc",
        "jp_corporate",
        "other",
        "other",
    ]


def test_control_codes_are_refused_before_anything_else():
    with pytest.raises(Exception, match="refused_characters"):
        check("other", "12\x0034")


@given(st.text(max_size=80))
def test_any_text_is_either_a_number_or_refused_in_words(text):
    for scheme in SCHEMES:
        with suppress(BadNumber, RefusedCharacters):
            checked = check(scheme, text)
            assert check(scheme, checked.value).normalised == checked.normalised


@given(st.integers(2_000_000, 9_999_999), st.integers(0, 9), st.integers(0, 8))
def test_one_mistyped_digit_of_an_organisation_number_is_always_found(middle, wrong, at):
    number = f"55{middle:07d}"
    right = next(f"{number}{d}" for d in range(10) if _is_right(f"{number}{d}"))
    if str(wrong) != right[at]:
        with pytest.raises(BadNumber):
            check("se_orgnr", right[:at] + str(wrong) + right[at + 1 :])


def _is_right(number: str) -> bool:
    try:
        return bool(check("se_orgnr", number))
    except BadNumber:
        return False


@given(st.text(alphabet="0123456789-– ．/", max_size=30))
def test_making_compact_twice_changes_nothing(text):
    assert compact(compact(text)) == compact(text)
