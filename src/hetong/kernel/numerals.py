"""Numbers, money and dates as people write and read them.

Reading is generous about separators and strict about meaning: 1 234,50 and 1,234.50 and 1234.5 are
all taken, in half and full width. A lone mark before exactly three digits could be either; it
separates thousands where the reader's language separates thousands with it, and is the decimal
mark everywhere else: "1,234" is 1234 in English and Chinese and 1.234 in Swedish. What is read is
plain text ("1234.50") for `Money.of` and `Scaled.of`, so nothing passes through a float.

Numeric dates follow the language (English 1/31/2026, month first; en-gb day first); day.month.year
with dots and ISO dates are taken everywhere. Two-digit years are 1970 to 2069.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final, Literal

from babel import Locale, UnknownLocaleError
from babel.dates import format_date as babel_format_date
from babel.dates import format_skeleton
from babel.numbers import NumberPattern, parse_pattern
from babel.units import format_unit

from hetong.kernel.dates import Period, Span, Unit
from hetong.kernel.errors import N_, Invalid
from hetong.kernel.labels import language_tag
from hetong.kernel.money import (
    PLACES,
    CurrencyMismatch,
    Money,
    NotANumber,
    UnknownCurrency,
    places,
)
from hetong.kernel.scaled import Scaled

MINUS: Final = "\u2212"
LONGEST_INPUT: Final = 60
DateStyle = Literal["iso", "short", "medium", "long", "full"]


class NotADate(Invalid):
    """The text is no date, or none that exists."""

    code = "not_a_date"
    text = N_("“%(text)s” is not a date.")
    then = N_("Write it as 2026-01-31.")


class NoCurrency(Invalid):
    """An amount came without a currency where none is understood."""

    code = "no_currency"
    text = N_("“%(text)s” names no currency.")
    then = N_("Put the currency's letters in front, such as SEK 1234.50.")


# -- the language --------------------------------------------------------------------------------


@lru_cache(maxsize=64)
def locale_of(language: str) -> Locale:
    """Babel's locale for a language tag ("zh-hant", "sv", "en-gb"); English when it has none."""
    base, _, rest = language_tag(language).partition("-")
    subtag = rest.title() if len(rest) == 4 else rest.upper()
    for identifier in (f"{base}_{subtag}" if rest else base, base):
        try:
            return Locale.parse(identifier)
        except (UnknownLocaleError, ValueError):
            continue
    return Locale.parse("en")


def _symbols(locale: Locale) -> Mapping[str, str]:
    symbols: Mapping[str, Any] = locale.number_symbols
    latin: Mapping[str, str] = symbols.get("latn", symbols)
    return latin


# -- reading numbers -----------------------------------------------------------------------------

_SIGNS: Final = str.maketrans(dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\u2014\ufe63", "-"))
_GROUP_SPACE: Final = re.compile(r"(?<=[0-9])[ '\u2019](?=[0-9])")
_SHAPE: Final = re.compile(r"([+-]?) ?([0-9.,]*[0-9])")
_GROUPED: Final = re.compile(r"[0-9]{1,3}(?:[ ][0-9]{3})+")


def parse_number(text: str, language: str) -> str:
    """A number as a person writes it, as plain text: "1 234,50" → "1234.50".

    NotANumber when it is none, or when its groups are not of three digits.
    """
    matched = _SHAPE.fullmatch(_unspaced(text))
    if matched is None:
        raise NotANumber(text=text[:40])
    sign, body = matched.groups()
    whole, fraction = _split(body, text, _symbols(locale_of(language)))
    digits = f"{whole or '0'}.{fraction}" if fraction else whole or "0"
    return f"-{digits}" if sign == "-" else digits


def _unspaced(text: str) -> str:
    """Half width, one kind of minus, no spaces or apostrophes that separate groups of three."""
    if len(text) > LONGEST_INPUT:
        raise NotANumber(text=text[:40])
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())
    spaced = _GROUP_SPACE.sub(" ", plain)
    before_mark = re.split(r"[.,]", spaced, maxsplit=1)[0].lstrip("+- ")
    if " " in before_mark and not _GROUPED.fullmatch(before_mark):
        raise NotANumber(text=text[:40])
    return re.sub(r"(?<=[0-9]) (?=[0-9])", "", spaced) if " " in before_mark else spaced


def _split(body: str, text: str, symbols: Mapping[str, str]) -> tuple[str, str]:
    """The digits before and after the decimal mark, group marks gone."""
    mark = _decimal_mark(body, symbols)
    whole, _, fraction = body.partition(mark) if mark else (body, "", "")
    group = "," if mark == "." else "."
    if mark == "":
        group = "," if "," in whole else "."
    if not fraction.isdigit() and fraction:
        raise NotANumber(text=text[:40])
    if group in whole:
        first, *rest = whole.split(group)
        if not 1 <= len(first) <= 3 or any(len(part) != 3 or not part.isdigit() for part in rest):
            raise NotANumber(text=text[:40])
        whole = first + "".join(rest)
    return whole, fraction


def _decimal_mark(body: str, symbols: Mapping[str, str]) -> str:
    """Which mark in the number is the decimal mark; empty when it has none."""
    marks = [character for character in body if character in ".,"]
    if not marks:
        return ""
    if len(set(marks)) == 2:
        return marks[-1]
    if len(marks) > 1:
        return ""
    whole, _, fraction = body.partition(marks[0])
    could_group = len(fraction) == 3 and 1 <= len(whole) <= 3 and not whole.startswith("0")
    return "" if could_group and symbols["group"] == marks[0] else marks[0]


# -- writing numbers -----------------------------------------------------------------------------


@lru_cache(maxsize=256)
def _pattern(language: str, decimals: int) -> tuple[NumberPattern, Locale]:
    """The language's grouping with that many decimals.

    Parsed anew from its text: Babel shares its own pattern objects, which must not be changed.
    """
    locale = locale_of(language)
    pattern = parse_pattern(locale.decimal_formats[None].pattern)
    pattern.frac_prec = (decimals, decimals)
    return pattern, locale


def format_number(value: int | str | Scaled, language: str, *, decimals: int = 0) -> str:
    """An exact number in the reader's language, with at least `decimals` decimals.

    `value` may be plain text ("1234.50"), whose decimals are all kept. The minus is U+2212.
    """
    exact = Decimal(str(value))
    exponent = exact.as_tuple().exponent
    places = max(decimals, -exponent if isinstance(exponent, int) else 0)
    marks = _marks(language)
    if marks is not None:
        return f"{exact:,.{places}f}".translate(marks)
    pattern, locale = _pattern(language, places)
    shown: str = pattern.apply(exact, locale, decimal_quantization=False)
    return shown.replace("-", MINUS)


@lru_cache(maxsize=64)
def _marks(language: str) -> dict[int, str] | None:
    """What the marks of a number written in the English way become in the language; None where groups are not of three.

    Twenty times faster than Babel's pattern, which decides where this cannot.
    """
    locale = locale_of(language)
    if locale.decimal_formats[None].grouping != (3, 3):
        return None
    symbols = _symbols(locale)
    return {ord(","): symbols["group"], ord("."): symbols["decimal"], ord("-"): MINUS}


# -- money ---------------------------------------------------------------------------------------

_SIGNED_CURRENCIES: Final = {
    "€": "EUR", "£": "GBP", "₹": "INR", "₩": "KRW", "₫": "VND", "₺": "TRY", "₪": "ILS", "₴": "UAH",
    "US$": "USD", "NT$": "TWD", "HK$": "HKD", "S$": "SGD", "A$": "AUD", "C$": "CAD",
    "CN¥": "CNY", "JP¥": "JPY", "RMB": "CNY",
}  # fmt: skip
"""Signs that mean one currency in every language. $, ¥ and kr alone do not."""

_LOCAL_CURRENCIES: Final = {
    "sv": {"KR": "SEK"},
    "zh-hans": {"¥": "CNY", "元": "CNY"},
    "zh-hant": {"元": "TWD"},
}
_SIGN_BEFORE: Final = re.compile(r"([+-]?) ?([^0-9+\-., ']{1,3}) ?([+-]?.*)")
_SIGN_BEHIND: Final = re.compile(r"(.*?[0-9]) ?([^0-9+\-., ']{1,3})\.?")


def parse_money(text: str, language: str, currency: str = "") -> Money:
    """An amount with its currency before or behind it; `currency` is understood when none is named.

    NoCurrency when there is none, CurrencyMismatch when another than `currency` is named, and the
    refusals of `Money.of` (too many decimals, too large).
    """
    number, sign = _apart(text)
    named = currency_of(sign, language) if sign else ""
    if not named and not currency:
        raise NoCurrency(text=text[:40])
    if named and currency and named != currency:
        raise CurrencyMismatch(left=currency, right=named)
    return Money.of(parse_number(number, language), named or currency)


def currency_of(sign: str, language: str) -> str:
    """The currency that a code or sign means to a reader of the language; UnknownCurrency if none."""
    upper = unicodedata.normalize("NFKC", sign).upper()
    if upper in PLACES:
        return upper
    local = _LOCAL_CURRENCIES.get(language_tag(language), {})
    found = _SIGNED_CURRENCIES.get(upper) or local.get(upper)
    if found is None:
        raise UnknownCurrency(currency=sign[:8])
    return found


def _apart(text: str) -> tuple[str, str]:
    """The number and the currency sign of an amount; the minus may stand before either."""
    if len(text) > LONGEST_INPUT:
        raise NotANumber(text=text[:40])
    plain = " ".join(unicodedata.normalize("NFKC", text).translate(_SIGNS).split())
    if before := _SIGN_BEFORE.fullmatch(plain):
        return before[1] + before[3], before[2]
    if behind := _SIGN_BEHIND.fullmatch(plain):
        return behind[1], behind[2]
    return plain, ""


def format_money(amount: Money, language: str, *, with_currency: bool = True) -> str:
    """The amount with all decimals of its currency: "SEK 1 234,50"; the code may be left out."""
    number = format_number(amount.amount, language, decimals=places(amount.currency))
    return f"{amount.currency}\u00a0{number}" if with_currency else number


# -- dates ---------------------------------------------------------------------------------------

_UNIT_WORDS: Final[Mapping[str, Mapping[Unit, tuple[str, str]]]] = {
    "sv": {Unit.DAY: (" dag", " dagar")},
    "zh_Hans": {Unit.DAY: ("天", "天"), Unit.WEEK: ("周", "周"), Unit.MONTH: ("个月", "个月"), Unit.YEAR: ("年", "年")},
    "zh_Hant": {Unit.DAY: ("天", "天"), Unit.WEEK: ("週", "週"), Unit.MONTH: ("個月", "個月"), Unit.YEAR: ("年", "年")},
}
"""Where Babel has no word (Chinese), or a technical one: contracts count "dagar", CLDR says "dygn"."""

_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_NUMERIC: Final = re.compile(r"([0-9]{1,4})([-/.])([0-9]{1,2})\2([0-9]{1,4})\.?")
_CHINESE: Final = re.compile(r"([0-9]{4}) ?年 ?([0-9]{1,2}) ?月 ?([0-9]{1,2}) ?日?(?: ?星期.)?")
_WORDS: Final = re.compile(r"[^\W\d_]+")
_NUMBERS: Final = re.compile(r"[0-9]+")


def format_date(day: date, language: str, style: DateStyle = "medium") -> str:
    """The date in the reader's language; the short style always has four digits for the year."""
    if style == "iso":
        return day.isoformat()
    locale = locale_of(language)
    if style == "short":
        return format_skeleton("yMd", day, locale=locale)
    return babel_format_date(day, style, locale=locale)


def format_period(period: Period, language: str, style: DateStyle = "medium") -> str:
    """Both ends of the period in the reader's language; an open one ends in the dash."""
    ends = "" if period.ends is None else format_date(period.ends, language, style)
    return f"{format_date(period.starts, language, style)} \u2013 {ends}".rstrip()


def format_span(span: Span, language: str) -> str:
    """The length of time in words: "3 months", "90 dagar", "1年"."""
    locale = locale_of(language)
    own = _UNIT_WORDS.get(str(locale), {}).get(span.unit)
    if own is None:
        words: str = format_unit(span.count, f"duration-{span.unit}", "long", locale=locale)
        return words.replace("-", MINUS)
    return format_number(span.count, language) + own[0 if abs(span.count) == 1 else 1]


def parse_date(text: str, language: str) -> date:
    """A date as a person writes it: ISO, 20260131, 31.1.2026, the language's own forms.

    NotADate when it is none, or when the calendar has no such day.
    """
    plain = " ".join(unicodedata.normalize("NFKC", text[: LONGEST_INPUT + 1]).split())
    if len(plain) > LONGEST_INPUT:
        raise NotADate(text=text[:40])
    numbers = _year_month_day(plain, locale_of(language))
    try:
        return date(*numbers)
    except ValueError:
        raise NotADate(text=text[:40]) from None


def _year_month_day(plain: str, locale: Locale) -> tuple[int, int, int]:
    """The three numbers of the date, not yet known to exist; year 0 when the text is no date."""
    if found := _COMPACT.fullmatch(plain) or _CHINESE.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    if found := _NUMERIC.fullmatch(plain):
        return _numeric(found[1], found[2], found[3], found[4], locale)
    return _worded(plain, locale)


def _numeric(first: str, mark: str, second: str, third: str, locale: Locale) -> tuple[int, int, int]:
    """Numbers between marks, in the order that the year's place, the mark or the language says."""
    if len(first) == 4 and len(third) <= 2:
        return int(first), int(second), int(third)
    order = "dMy" if mark == "." else _order(locale)
    numbers = dict(zip(order, (first, second, third), strict=True))
    if len(numbers["M"]) > 2 or len(numbers["d"]) > 2:
        return 0, 0, 0
    return _full_year(numbers["y"]), int(numbers["M"]), int(numbers["d"])


def _order(locale: Locale) -> str:
    """Where the language puts year, month and day: "Mdy", "dMy", "yMd"."""
    pattern = locale.date_formats["short"].pattern
    return "".join(sorted("yMd", key=pattern.index))


def _full_year(digits: str) -> int:
    """The year meant by four digits, or by two of 1970 to 2069."""
    year = int(digits)
    if len(digits) == 4:
        return year
    if len(digits) != 2:
        return 0
    return year + (2000 if year < 70 else 1900)


def _worded(plain: str, locale: Locale) -> tuple[int, int, int]:
    """A date with the month's name, the day before the year: Jan 31, 2026 and 31 januari 2026."""
    months = _month_names(locale.language)
    named = [months[word] for word in _WORDS.findall(plain.casefold()) if word in months]
    numbers = _NUMBERS.findall(plain)
    if len(named) != 1 or len(numbers) != 2 or len(numbers[1]) != 4 or len(numbers[0]) > 2:
        return 0, 0, 0
    return int(numbers[1]), named[0], int(numbers[0])


@lru_cache(maxsize=16)
def _month_names(language: str) -> Mapping[str, int]:
    """The full and short names of the months in the language and in English, folded."""
    return {
        name.casefold().rstrip("."): number
        for months in (Locale.parse("en").months, Locale.parse(language).months)
        for context in ("format", "stand-alone")
        for width in ("abbreviated", "wide")
        for number, name in months[context][width].items()
    }
