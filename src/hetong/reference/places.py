"""Names of currencies and countries in the reader's language; facts of ISO, names of CLDR."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

from django.utils.translation import get_language

from hetong.kernel.fields import Choice
from hetong.kernel.money import PLACES, is_active
from hetong.kernel.numerals import locale_of
from hetong.kernel.text import fold

_NO_COUNTRY: Final = frozenset(
    ("AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN", "XA", "XB", "XK", "ZZ")
)
"""Two-letter codes of CLDR that ISO 3166-1 has not assigned."""

COMMON: Final = ("EUR", "USD", "CNY", "SEK", "GBP", "JPY", "HKD", "NOK", "DKK", "CHF")
"""Offered first, in this order."""


@lru_cache(maxsize=32)
def _currencies(language: str) -> tuple[Choice, ...]:
    names = locale_of(language).currencies
    codes = [*COMMON, *(code for code in sorted(PLACES) if is_active(code) and code not in COMMON)]
    return tuple(Choice(code, f"{code} {names.get(code, '')}".strip()) for code in codes)


@lru_cache(maxsize=32)
def _countries(language: str) -> tuple[Choice, ...]:
    names = locale_of(language).territories
    known = ((code, name) for code, name in names.items() if len(code) == 2 and code.isalpha())
    offered = [(code, name) for code, name in known if code not in _NO_COUNTRY]
    return tuple(Choice(code, name) for code, name in sorted(offered, key=lambda one: fold(one[1])))


def currencies(language: str = "") -> tuple[Choice, ...]:
    """The currencies that new records may use, common ones first; named in ``language`` or the page's."""
    return _currencies(language or get_language() or "en")


def currency_name(code: str, language: str = "") -> str:
    """The name of a currency, withdrawn ones too; the code itself where it has none."""
    return str(locale_of(language or get_language() or "en").currencies.get(code, code))


def countries(language: str = "") -> tuple[Choice, ...]:
    """Every country of ISO 3166-1, sorted by its name in ``language`` or the page's."""
    return _countries(language or get_language() or "en")


def country_name(code: str, language: str = "") -> str:
    """The name of a country; the code itself where it is unknown."""
    return str(locale_of(language or get_language() or "en").territories.get(code, code))
