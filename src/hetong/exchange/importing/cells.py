"""A cell of a file as canonical input: ISO days, point decimals, codes of choices; what the registers read without a language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import date
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final, Protocol

from django.utils import translation

from hetong.kernel import numerals
from hetong.kernel.errors import N_, DomainError
from hetong.kernel.fields import Choice, Field, Kind
from hetong.kernel.text import fold
from hetong.kernel.values import Unreadable
from hetong.reference.places import currencies

LANGUAGES: Final = ("en", "sv", "zh-hans", "zh-hant")
_YES: Final = frozenset({"yes", "y", "true", "t", "1", "x", "on", "ja", "j", "sant", "是", "有", "真", "✓", "☑", "√"})
_NO: Final = frozenset({"no", "n", "false", "f", "0", "off", "nej", "falskt", "否", "无", "無", "没有", "假", "-", "☐"})
_SEPARATED: Final = re.compile(r"\s*[;；,，、|/]\s*")
_ISO: Final = re.compile(r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})(?:[T ][0-9:.,]+ ?(?:Z|[+-][0-9:]+)?)?")
_COMPACT: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_THREE: Final = re.compile(r"([0-9]{1,4})[-/. ]([0-9]{1,2})[-/. ]([0-9]{1,4})\.?(?:[T ][0-9:.,]+)?")
NEAR: Final = 0.75
"""From which likeness (0 to 1) on a choice is named as the one that was perhaps meant."""
_CODE: Final = re.compile(r"[A-Z]{3}")
_AMOUNT: Final = re.compile(
    r"\s*([^0-9+\-.,'()]*?)\s*(\(?[+-]?[0-9.,'  \s]*[0-9][0-9.,' \s]*\)?)\s*([^0-9+\-.,'()]*?)\s*"
)


class Formats(Protocol):
    """How the file writes numbers and days; part of how it is read."""

    @property
    def decimal(self) -> str: ...
    @property
    def dates(self) -> str: ...


def read_cell(one: Field, text: str, formats: Formats) -> Any:
    """The cell as input for the field; None where it is empty. Raises `Unreadable`.

    A reference is left as the words it is named by.
    """
    text = text.strip()
    if not text:
        return None
    reader = _READERS.get(one.kind)
    return text if reader is None else reader(one, text, formats)


def plain_number(text: str, decimal: str) -> str:
    """A number with a point and without separators of thousands. Raises `Unreadable` for what is none."""
    plain = unicodedata.normalize("NFKC", text).replace("\u2212", "-").strip()
    if plain.startswith("(") and plain.endswith(")"):
        plain = f"-{plain[1:-1]}"
    if plain.endswith("-"):
        plain = f"-{plain[:-1]}"
    bare = plain.replace(" ", "").replace("'", "").replace("\u2019", "")
    thousands = "." if decimal == "," else ","
    if thousands in bare:
        _check_thousands(bare, thousands, decimal, text)
        bare = bare.replace(thousands, "")
    bare = bare.replace(decimal, ".")
    if not re.fullmatch(r"[+-]?(?:[0-9]+(?:\.[0-9]*)?|\.[0-9]+)", bare):
        raise Unreadable(
            "unreadable", N_("“%(given)s” is not a number that fits here. Example: 1,234.5"), given=text[:80]
        )
    return bare.removeprefix("+").rstrip(".") if "." in bare else bare.removeprefix("+")


def _check_thousands(bare: str, thousands: str, decimal: str, text: str) -> None:
    """Separators of thousands stand before three digits (or four, as in Chinese); elsewhere the decimal mark is misread."""
    whole = bare.partition(decimal)[0]
    groups = whole.lstrip("+-").split(thousands)
    is_after = thousands in bare.partition(decimal)[2]
    if is_after or any(len(group) not in (3, 4) for group in groups[1:]) or not groups[0]:
        raise Unreadable(
            "decimal_mark",
            N_("“%(given)s” does not fit “%(mark)s” as the decimal mark."),
            given=text[:80], mark=decimal,
        )  # fmt: skip


def _number(one: Field, text: str, formats: Formats) -> str:
    return plain_number(text, formats.decimal)


def _percent(one: Field, text: str, formats: Formats) -> str:
    return plain_number(text.replace("%", "").replace("％", ""), formats.decimal)


def _money(one: Field, text: str, formats: Formats) -> str:
    """An amount, with its currency's code before it where one is named."""
    found = _AMOUNT.fullmatch(text)
    if found is None:
        raise Unreadable(
            "unreadable", N_("“%(given)s” is not an amount that fits here. Example: SEK 1,234.50"), given=text[:80]
        )
    named = found[1] or found[3]
    number = plain_number(found[2], formats.decimal)
    return f"{_currency(named)} {number}" if named else number


def _currency(named: str) -> str:
    upper = unicodedata.normalize("NFKC", named).strip().upper()
    if code := _codes_of(currencies).get(fold(named)):
        return code
    if _CODE.fullmatch(upper):
        return upper
    for language in LANGUAGES:
        try:
            return numerals.currency_of(named, language)
        except DomainError:
            continue
    raise Unreadable("unknown_currency", N_("“%(currency)s” is not a currency code."), currency=named[:8])


def _date(one: Field, text: str, formats: Formats) -> str:
    """The day as it is written there: an instant's own day, whatever its zone is."""
    plain = unicodedata.normalize("NFKC", text)
    parts = _year_month_day(plain, formats.dates)
    if parts is not None:
        try:
            return date(*parts).isoformat()
        except ValueError:
            raise _no_date(text) from None
    for language in LANGUAGES:
        try:
            return numerals.parse_date(plain, language).isoformat()
        except DomainError:
            continue
    raise _no_date(text)


def _no_date(text: str) -> Unreadable:
    return Unreadable("unreadable", N_("“%(given)s” is not a date. Example: 2026-03-31"), given=text[:80])


def _year_month_day(plain: str, order: str) -> tuple[int, int, int] | None:
    if found := _ISO.fullmatch(plain) or _COMPACT.fullmatch(plain):
        return int(found[1]), int(found[2]), int(found[3])
    found = _THREE.fullmatch(plain)
    if found is None:
        return None
    first, second, third = found[1], found[2], found[3]
    if len(first) == 4:
        return int(first), int(second), int(third)
    if order == "ymd":
        return _year(first), int(second), int(third)
    if order == "mdy":
        return _year(third), int(first), int(second)
    if order == "dmy" or "." in plain:
        return _year(third), int(second), int(first)
    return None if len(third) != 4 or int(first) == int(second) else _by_size(int(first), int(second), int(third))


def _by_size(first: int, second: int, year: int) -> tuple[int, int, int] | None:
    """Where no order was said, one that leaves no doubt: a number above 12 is the day."""
    if first > 12:
        return year, second, first
    if second > 12:
        return year, first, second
    raise Unreadable("which_order", N_("Say whether the day or the month comes first: “%(given)s” can be read both ways."),
                     given=f"{first}/{second}/{year}")  # fmt: skip


def _year(digits: str) -> int:
    """Two digits mean 1970 to 2069."""
    year = int(digits)
    if len(digits) > 2:
        return year
    return year + (2000 if year < 70 else 1900)


def _flag(one: Field, text: str, formats: Formats) -> bool:
    word = fold(text)
    if word in _YES or word in _NO:
        return word in _YES
    raise Unreadable("not_a_flag", N_("This must be yes or no."), given=text[:80])


def _choice(one: Field, text: str, formats: Formats) -> str:
    code = _codes(one).get(fold(text))
    if code is None:
        raise _not_offered(one, text[:80])
    return code


def _not_offered(one: Field, text: str) -> Unreadable:
    """What is said of a word that no choice has: with the choice that it is nearest to, where one is near."""
    if one.choices is not None:
        near = _nearest(one.choices, tuple(choice.code for choice in one.choices()), fold(text))
        nearest = next((str(choice) for choice in one.choices() if choice.code == near), "")
        if nearest:
            return Unreadable(
                "not_offered", N_("“%(given)s” is not one of the choices; the nearest is “%(nearest)s”."),
                given=text, nearest=nearest,
            )  # fmt: skip
    return Unreadable("not_offered", N_("“%(given)s” is not one of the choices."), given=text)


@lru_cache(maxsize=1024)
def _nearest(choices: Callable[[], tuple[Choice, ...]], stamp: tuple[str, ...], word: str) -> str:
    """The code whose words are nearest to a word; empty where none is near. A file has the same slip in many rows."""
    known = _labels(choices, stamp)
    found = get_close_matches(word, known, n=1, cutoff=NEAR)
    return known[found[0]] if found else ""


def code_in(one: Field, text: str) -> str:
    """The code that a text means, where it says what one of our own lists would; empty for other words."""
    return _codes(one).get(fold(text), "")


def _list(one: Field, text: str, formats: Formats) -> list[str]:
    if one.choices is None:
        return [text]
    whole = _codes(one).get(fold(text))
    return [whole] if whole else [_choice(one, part, formats) for part in _SEPARATED.split(text) if part]


def _codes(one: Field) -> Mapping[str, str]:
    """Code by code, by label and by the other words for it in every language, folded; codes win, then labels."""
    return _codes_of(one.choices) if one.choices is not None else {}


@lru_cache(maxsize=64)
def _labels(choices: Callable[[], tuple[Choice, ...]], stamp: tuple[str, ...]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    also: dict[str, str] = {}
    for language in LANGUAGES:
        with translation.override(language):
            found = {fold(str(one.label)): one.code for one in choices()} | found
            also |= {fold(word): one.code for one in choices() for word in one.also}
    return also | found | {fold(code): code for code in stamp}


def _codes_of(choices: Callable[[], Any]) -> Mapping[str, str]:
    return _labels(choices, tuple(one.code for one in choices()))


_READERS: Final[Mapping[Kind, Callable[[Field, str, Formats], Any]]] = {
    Kind.NUMBER: _number, Kind.PERCENT: _percent, Kind.MONEY: _money, Kind.DATE: _date, Kind.FLAG: _flag, Kind.CHOICE: _choice,
    Kind.LIST: _list,
}  # fmt: skip
