"""Numbers, money and dates in four languages: parse(format(x)) == x (ux 30; trust J2 in part)."""

import re
from contextlib import suppress
from copy import copy
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.dates import Period, Span, Unit
from hetong.kernel.errors import Invalid
from hetong.kernel.money import (
    MAX_MINOR,
    PLACES,
    CurrencyMismatch,
    Money,
    NotANumber,
    TooManyDecimals,
    UnknownCurrency,
)
from hetong.kernel.numerals import (
    MINUS,
    NoCurrency,
    NotADate,
    currency_of,
    format_date,
    format_money,
    format_number,
    format_period,
    format_span,
    locale_of,
    parse_date,
    parse_money,
    parse_number,
)
from hetong.kernel.scaled import MAX_UNITS, Scaled, ScaledKind

LANGUAGES = ["en", "sv", "zh-hans", "zh-hant"]
STYLES = ["iso", "short", "medium", "long", "full"]
languages = st.sampled_from(LANGUAGES)


@given(st.integers(-MAX_UNITS, MAX_UNITS), st.sampled_from(list(ScaledKind)), languages)
def test_a_number_shown_and_typed_again_is_the_same(units, kind, language):
    number = kind.from_units(units)
    assert Scaled.of(parse_number(format_number(number, language), language), kind) == number


@given(st.integers(-(10**18), 10**18), languages)
def test_a_whole_number_shown_and_typed_again_is_the_same(number, language):
    assert parse_number(format_number(number, language), language) == str(number)


@given(st.decimals(-(10**15), 10**15, places=4), st.integers(0, 6), st.sampled_from([*LANGUAGES, "de-ch", "fr", "hi"]))
def test_marks_put_by_us_are_those_of_babel(number, decimals, language):
    pattern = copy(locale_of(language).decimal_formats[None])
    pattern.frac_prec = (max(decimals, 4),) * 2
    by_babel = pattern.apply(number, locale_of(language), decimal_quantization=False)
    assert format_number(str(number), language, decimals=decimals) == by_babel.replace("-", MINUS)


@given(st.integers(-MAX_MINOR, MAX_MINOR), st.sampled_from(sorted(PLACES)), languages)
def test_an_amount_shown_and_typed_again_is_the_same(minor, currency, language):
    amount = Money(minor, currency)
    assert parse_money(format_money(amount, language), language) == amount
    assert parse_money(format_money(amount, language, with_currency=False), language, currency) == amount


@given(st.dates(date(1000, 1, 1), date(9999, 12, 31)), languages, st.sampled_from(STYLES))
def test_a_date_shown_and_typed_again_is_the_same(day, language, style):
    assert parse_date(format_date(day, language, style), language) == day


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("1 234,50", "1234.50"),
        ("1,234.50", "1234.50"),
        ("1.234,50", "1234.50"),
        ("1234.5", "1234.5"),
        ("1234,5", "1234.5"),
        ("1\u00a0234\u202f567,89", "1234567.89"),
        ("1'234.50", "1234.50"),
        ("1’234’567", "1234567"),
        ("１，２３４．５０", "1234.50"),
        ("1.234.567", "1234567"),
        ("1,234,567", "1234567"),
        ("-12,5", "-12.5"),
        ("\u221212,5", "-12.5"),
        ("- 12", "-12"),
        ("+7", "7"),
        (".5", "0.5"),
        (",25", "0.25"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("  42 ", "42"),
        ("007", "007"),
    ],
)
def test_numbers_are_read_as_people_write_them(text, plain, language):
    assert parse_number(text, language) == plain


@pytest.mark.parametrize(
    ("text", "language", "plain"),
    [
        ("1,234", "en", "1234"),
        ("1,234", "zh-hans", "1234"),
        ("1,234", "zh-hant", "1234"),
        ("1,234", "sv", "1.234"),
        ("1.234", "en", "1.234"),
        ("1.234", "sv", "1.234"),
        ("1.234", "de", "1234"),
        ("12 345,678", "sv", "12345.678"),
    ],
)
def test_what_could_be_either_follows_the_language(text, language, plain):
    assert parse_number(text, language) == plain


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "-", ".", ",", "5.", "1.2.3", "12,34,567", "1,2345,678", "1 23", "1 2345", "1234 567", "12 34.5",
        ",234,567", "1,234.567,8", "1.234,567.8", "1e3", "NaN", "0x10", "12a", "--1", "1-", "1..2", "1,,2", "½",
        "9" * 61,
    ],
)  # fmt: skip
@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_no_number_is_refused(text, language):
    with pytest.raises(NotANumber):
        parse_number(text, language)


def test_the_minus_is_a_minus():
    assert format_number(-1234, "en") == f"{MINUS}1,234"
    assert format_money(Money.of("-1234567.50", "SEK"), "sv") == f"SEK\u00a0{MINUS}1\u00a0234\u00a0567,50"


def test_numbers_are_shown_with_the_decimals_they_have_or_more():
    assert format_number("1234.50", "en") == "1,234.50"
    assert format_number("0.5", "sv", decimals=2) == "0,50"
    assert format_number(7, "zh-hans", decimals=1) == "7.0"
    assert format_money(Money.of("1234", "JPY"), "zh-hant") == "JPY\u00a01,234"
    assert format_money(Money.of("1.5", "KWD"), "sv", with_currency=False) == "1,500"


@pytest.mark.parametrize(
    ("text", "language", "amount"),
    [
        ("SEK 1 234,50", "sv", Money.of("1234.50", "SEK")),
        ("1,234.50 sek", "en", Money.of("1234.50", "SEK")),
        ("EUR-5", "en", Money.of("-5", "EUR")),
        ("-€5.20", "en", Money.of("-5.20", "EUR")),
        ("€ -5.20", "en", Money.of("-5.20", "EUR")),
        ("12 kr", "sv", Money.of("12", "SEK")),
        ("12 kr.", "sv", Money.of("12", "SEK")),
        ("￥５", "zh-hans", Money.of("5", "CNY")),
        ("5元", "zh-hant", Money.of("5", "TWD")),
        ("US$5", "zh-hans", Money.of("5", "USD")),
    ],
)
def test_amounts_are_read_with_their_currency(text, language, amount):
    assert parse_money(text, language) == amount


@pytest.mark.parametrize(
    ("text", "currency", "error"),
    [
        ("12", "", NoCurrency),
        ("", "", NoCurrency),
        ("", "SEK", NotANumber),
        ("EUR 12", "SEK", CurrencyMismatch),
        ("kr 12", "", UnknownCurrency),
        ("$12", "", UnknownCurrency),
        ("1.234", "SEK", TooManyDecimals),
        ("SEK", "", NotANumber),
        ("SEK " + "9" * 70, "", NotANumber),
    ],
)
def test_amounts_that_are_not_clear_are_refused(text, currency, error):
    with pytest.raises(error):
        parse_money(text, "en", currency)


def test_an_amount_may_repeat_the_currency_that_is_understood():
    assert parse_money("SEK 12", "en", "SEK") == parse_money("12", "en", "SEK") == Money.of("12", "SEK")
    assert currency_of("eur", "en") == "EUR"


@pytest.mark.parametrize(
    ("text", "language", "day"),
    [
        ("2026-01-31", "en", date(2026, 1, 31)),
        ("2026/1/31", "sv", date(2026, 1, 31)),
        ("２０２６－０１－３１", "zh-hans", date(2026, 1, 31)),
        ("20260131", "zh-hant", date(2026, 1, 31)),
        ("2026.01.31", "en", date(2026, 1, 31)),
        ("31.1.2026", "en", date(2026, 1, 31)),
        ("31.01.26", "sv", date(2026, 1, 31)),
        ("1/2/2026", "en", date(2026, 1, 2)),
        ("1/2/2026", "en-gb", date(2026, 2, 1)),
        ("1/31/26", "en", date(2026, 1, 31)),
        ("1/31/70", "en", date(1970, 1, 31)),
        ("26-01-31", "sv", date(2026, 1, 31)),
        ("2026年1月31日", "zh-hans", date(2026, 1, 31)),
        ("2026年1月31", "zh-hans", date(2026, 1, 31)),
        ("31 jan. 2026", "sv", date(2026, 1, 31)),
        ("31 maj 2026", "sv", date(2026, 5, 31)),
        ("May 5, 2026", "sv", date(2026, 5, 5)),
        ("den 31 januari 2026", "sv", date(2026, 1, 31)),
    ],
)
def test_dates_are_read_as_people_write_them(text, language, day):
    assert parse_date(text, language) == day


@pytest.mark.parametrize(
    "text",
    [
        "", "tomorrow", "2026-02-29", "2026-13-01", "13/31/2026", "31/12/2026", "1/2/026", "100.1.2026", "1.100.2026",
        "2026-01", "0000-01-01", "2026-1-31-1", "Jan 2026", "Jan 31", "Jan Feb 31 2026", "Jan 100 2026", "9" * 70,
        "2026-01/31", "260131",
    ],
)  # fmt: skip
def test_what_is_no_date_is_refused(text):
    with pytest.raises(NotADate):
        parse_date(text, "en")


def test_lengths_of_time_are_worded():
    spans = [Span(1, Unit.YEAR), Span(3, Unit.MONTH), Span(2, Unit.WEEK), Span(-90, Unit.DAY)]
    assert [format_span(span, "en") for span in spans] == ["1 year", "3 months", "2 weeks", f"{MINUS}90 days"]
    assert [format_span(span, "sv") for span in spans] == ["1 år", "3 månader", "2 veckor", f"{MINUS}90 dagar"]
    assert format_span(spans[1], "zh-hans") == "3个月"
    assert format_span(spans[1], "zh-hant") == "3個月"


def test_periods_show_both_ends():
    assert format_period(Period(date(2026, 1, 1), date(2026, 1, 31)), "sv", "iso") == "2026-01-01 \u2013 2026-01-31"
    assert format_period(Period(date(2026, 1, 1)), "zh-hans") == "2026年1月1日 \u2013"


@given(st.text(max_size=70), languages)
def test_reading_nonsense_is_a_refusal_and_never_a_crash(text, language):
    """J2: parsers answer everything, quickly."""
    for parse in (parse_number, parse_money, parse_date):
        with suppress(Invalid):
            parse(text, language)


@given(st.text(alphabet="0123456789.,-+ '\u2212", max_size=20), languages)
def test_whatever_number_is_read_is_plain(text, language):
    try:
        plain = parse_number(text, language)
    except NotANumber:
        return
    assert re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", plain)


@pytest.mark.parametrize(
    ("language", "identifier"),
    [
        ("zh-hant", "zh_Hant"),
        ("zh_CN", "zh_Hans"),
        ("sv", "sv"),
        ("en-gb", "en_GB"),
        ("sv-xx", "sv"),
        ("qq", "en"),
        ("", "en"),
    ],
)
def test_each_language_has_its_locale(language, identifier):
    assert str(locale_of(language)) == identifier
