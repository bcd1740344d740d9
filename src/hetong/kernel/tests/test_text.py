"""Text as kept, as matched, and names as compared (DESIGN §4)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.text import (
    RefusedCharacters,
    TooLong,
    clean_line,
    clean_text,
    fold,
    name_key,
    refuse_controls,
)

anything = st.text(max_size=60)
latin = st.text(alphabet=st.characters(codec="latin-1"), max_size=40)


@given(st.one_of(anything, latin))
def test_folding_a_key_again_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(st.one_of(anything, latin))
def test_case_width_and_spacing_do_not_count(text):
    assert fold(f"  {text}\t\n") == fold(text)
    assert fold(unicodedata.normalize("NFD", text)) == fold(unicodedata.normalize("NFC", text))


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("  Acme\u00a0 AB ", "acme ab"),
        ("ＡＣＭＥ１２", "acme12"),
        ("STRASSE", "strasse"),
        ("Straße", "strasse"),
        ("ﾄﾖﾀ", "トヨタ"),
        ("a\u200bb\u00adc\ufeff", "abc"),
        ("ÅÄÖ", "åäö"),
        ("", ""),
    ],
)
def test_text_is_folded(text, key):
    assert fold(text) == key


@given(anything)
def test_what_is_kept_is_clean_and_stays_as_it_is(text):
    for clean in (clean_line, clean_text):
        try:
            kept = clean(text)
        except RefusedCharacters:
            continue
        assert clean(kept) == kept
        assert kept == kept.strip()
        assert unicodedata.is_normalized("NFC", kept)
        assert refuse_controls(kept) == kept


@pytest.mark.parametrize(
    "character", ["\0", "\x07", "\x1b", "\x7f", "\x85", "\ud800", "\ufffe", "\U0001ffff", "\ufdd0"]
)
def test_what_is_not_text_is_refused(character):
    for clean in (clean_line, clean_text, refuse_controls):
        with pytest.raises(RefusedCharacters) as refused:
            clean(f"a{character}b")
        assert refused.value.params == {"character": f"U+{ord(character):04X}"}


def test_a_line_is_one_line():
    assert clean_line("  a\t b\r\nc\u3000d ") == "a b c d"
    assert clean_line("e\u0301") == "é"


def test_direction_overrides_are_taken_out_and_joiners_stay():
    assert clean_line("invoice\u202efdp.exe") == "invoicefdp.exe"
    assert clean_line("क्\u200dष") == "क्\u200dष"
    assert clean_text("\ufeffa\u2066b") == "ab"


def test_several_lines_keep_their_lines():
    assert clean_text("\n a  \r\n\r\n  b\rc \n") == "a\n\n  b\nc"


def test_what_is_too_long_is_refused():
    assert clean_line("x" * 5, max_length=5) == "xxxxx"
    assert clean_line(" xxxxx ", max_length=5) == "xxxxx"
    with pytest.raises(TooLong) as refused:
        clean_line("x" * 6, max_length=5)
    assert refused.value.params == {"length": 6, "limit": 5}
    with pytest.raises(TooLong):
        clean_text("x" * 6, max_length=5)


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("Acme Co., Ltd.", "ACME"),
        ("AB Volvo", "Volvo AB (publ)"),
        ("华为技术有限公司", "华为 技术"),
        ("华为技术有限公司", "华为技术股份有限公司"),
        ("株式会社トヨタ", "㈱トヨタ"),
        ("トヨタ株式会社", "トヨタ"),
        ("삼성전자 주식회사", "(주)삼성전자"),
        ("Müller GmbH & Co. KG", "MÜLLER"),
        ("Nowak Sp. z o.o.", "Nowak sp z oo"),
        ("Total S.A.", "TOTAL SA"),
        ("O'Brien Ltd", "O\u2019Brien Limited"),
        ("ООО «Ромашка»", "Ромашка"),
        ("Smith-Jones Inc", "Smith Jones, Incorporated"),
    ],
)
def test_spellings_of_one_name_are_alike(one, two):
    assert name_key(one) == name_key(two) != ""


@pytest.mark.parametrize(
    ("one", "two"),
    [("Acme Sweden AB", "Acme Norway AS"), ("华为技术有限公司", "华为软件有限公司"), ("Co Co", "Coco")],
)
def test_different_names_stay_different(one, two):
    assert name_key(one) != name_key(two)


@pytest.mark.parametrize(
    ("name", "key"), [("AB", "ab"), ("S.A.", "sa"), ("有限公司", "有限公司"), ("", ""), ("...", "")]
)
def test_a_name_that_is_only_a_legal_form_keeps_it(name, key):
    assert name_key(name) == key


@given(anything)
def test_a_name_key_is_a_folded_text(name):
    key = name_key(name)
    assert key == key.strip()
    assert name_key(name.upper().lower()) == name_key(name.lower()) or not name.isascii()
