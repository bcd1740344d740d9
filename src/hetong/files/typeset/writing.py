"""How papers write numbers, days and names in their own language, and the frame that every paper has."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext as _

from hetong.kernel.labels import fallbacks
from hetong.kernel.money import Money, places
from hetong.kernel.numerals import format_date, format_number
from hetong.kernel.scaled import PERCENT, Scaled

_NARROW = "\N{NARROW NO-BREAK SPACE}"
_SOLID = "\N{NO-BREAK SPACE}"


def paper_language(wanted: str) -> str:
    """The language that a paper is made in: the one wanted where the product speaks it, else English."""
    known = {code for code, _name in settings.LANGUAGES}
    return next((tag for tag in fallbacks(wanted) if tag in known), "en")


@dataclass(frozen=True)
class Pen:
    """Writes in one language; its words must be made current by the caller (``translation.override``)."""

    language: str

    @property
    def is_chinese(self) -> bool:
        return self.language.startswith("zh")

    def number(self, value: int | str | Scaled, *, decimals: int = 0) -> str:
        """An exact number, its groups held together so that it never wraps."""
        return format_number(value, self.language, decimals=decimals).replace(_NARROW, _SOLID)

    def amount(self, minor: int, currency: str) -> str:
        """An amount in minor units, with all decimals of its currency and without its code."""
        return self.number(Money(minor, currency).amount, decimals=places(currency))

    def money(self, amount: Money) -> str:
        """An amount with its code."""
        return f"{amount.currency}{_SOLID}{self.amount(amount.minor, amount.currency)}"

    def percent(self, units: int) -> str:
        """A rate in 10^-4 %: Swedish sets it off by a space."""
        sign = f"{_SOLID}%" if self.language == "sv" else "%"
        return self.number(Scaled(units, PERCENT.exponent)) + sign

    def day(self, day: dt.date) -> str:
        """A day that stands in a column: ISO in Swedish and Chinese, day, month and year in words in English."""
        if self.language != "en":
            return day.isoformat()
        return format_date(day, "en-gb").replace(" ", _SOLID)

    def instant(self, moment: dt.datetime, zone: str) -> str:
        """A moment in a zone that the paper names elsewhere, to the minute."""
        return f"{moment.astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M}"

    def words(self, value: Any, zone: str = "UTC") -> str:
        """Any value of a register as text; nothing is empty text."""
        match value:
            case None | "" | () | []:
                return ""
            case bool():
                return str(_("yes")) if value else str(_("no"))
            case Money():
                return self.money(value)
            case Scaled() | int():
                return self.number(value)
            case dt.datetime():
                return self.instant(value, zone)
            case dt.date():
                return self.day(value)
            case list() | tuple():
                return self.listed(self.words(one, zone) for one in value)
            case _:
                return str(value)

    def listed(self, parts: Iterable[str]) -> str:
        """What is not empty, one after the other with commas."""
        return ("，" if self.is_chinese else ", ").join(part for part in parts if part)

    def name(self, own: str, local: str) -> tuple[str, str]:
        """The name to print first, and the other one: a Chinese paper begins with the one in Chinese characters."""
        if local and is_chinese(local) == self.is_chinese and is_chinese(own) != self.is_chinese:
            return local, own
        return own, local


def is_chinese(text: str) -> bool:
    """Whether a name is written in Chinese characters."""
    return any("\u4e00" <= character <= "\u9fff" for character in text)


def entry(label: str, value: str, *, strong: bool = False) -> dict[str, Any]:
    """A label with its value, as templates take it."""
    return {"label": label, "value": value, "strong": strong}


def frame(
    pen: Pen, *, title: str, author: str, day: dt.date, foot: Sequence[Sequence[str]], bold: bool = True
) -> Mapping[str, Any]:
    """What every paper has: language, title, the day it is of (its bytes depend on no clock), foot, page number.

    ``foot`` are columns of lines; the first line of the first column is the company's name.
    """
    page = _("Page %(page)s of %(pages)s") % {"page": "\0", "pages": "\0"}
    columns = [[{"text": line, "strong": False} for line in column if line] for column in foot]
    if bold and columns and columns[0]:
        columns[0][0]["strong"] = True
    return {
        "lang": pen.language,
        "title": title,
        "author": author,
        "date": [day.year, day.month, day.day],
        "foot": [column for column in columns if column],
        "page": page.split("\0"),
    }
