"""How a file is read: what is guessed, and what a person may choose instead."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from .errors import UnknownReading

Text = str | Promise

ENCODINGS: Final[Mapping[str, Text]] = {
    "utf-8": "UTF-8",
    "utf-16": _("UTF-16 with byte order mark"),
    "utf-16-le": "UTF-16 LE",
    "utf-16-be": "UTF-16 BE",
    "cp1252": _("Windows-1252 (Western European, also Latin-1)"),
    "latin-1": "ISO 8859-1 (Latin-1)",
    "cp437": _("CP437 (DOS, “PC8”)"),
    "cp850": _("CP850 (DOS, Western European)"),
    "mac-roman": "Mac Roman",
    "gb18030": _("GBK and GB18030 (simplified Chinese)"),
    "big5hkscs": _("Big5 (traditional Chinese)"),
    "cp932": _("CP932 (Shift JIS, Japanese)"),
    "euc-jp": _("EUC-JP (Japanese)"),
    "cp949": _("CP949 (Korean)"),
    "cp1250": _("Windows-1250 (Central European)"),
    "cp1251": _("Windows-1251 (Cyrillic)"),
}
DELIMITERS: Final[Mapping[str, Text]] = {
    ",": _("comma ,"),
    ";": _("semicolon ;"),
    "\t": _("tab"),
    "|": _("bar |"),
    "+|": _("+| with lines that end in &|"),
}
QUOTES: Final[Mapping[str, Text]] = {
    '"': _('double quotation marks "'),
    '\\"': _('double quotation marks, a backslash before one inside \\"'),
    "'": _("single quotation marks '"),
    "": _("none"),
}
DECIMALS: Final[Mapping[str, Text]] = {".": _("point: 1,234.50"), ",": _("comma: 1.234,50 or 1 234,50")}
DATES: Final[Mapping[str, Text]] = {
    "iso": _("year-month-day: 2026-12-31"),
    "dmy": _("day, month, year: 31.12.2026"),
    "mdy": _("month, day, year: 12/31/2026"),
    "ymd": _("year, month, day: 2026/12/31, 20261231 or 2026年12月31日"),
}
HIGHEST_HEADER: Final = 1_000


@dataclass(frozen=True)
class Reading:
    """How a file is read; every part is guessed, and every part may be corrected by a person.

    ``sheet`` of a workbook, empty for text; ``encoding``, ``delimiter`` and ``quote`` of a text file; ``header``
    is the line with the columns' names counted from 1, 0 where there is none; ``decimal`` and ``dates`` say how
    numbers and days that are text were written (a spreadsheet's own numbers and days need neither).
    """

    sheet: str = ""
    encoding: str = ""
    delimiter: str = ""
    quote: str = '"'
    header: int = 1
    decimal: str = "."
    dates: str = "iso"


def to_json(reading: Reading) -> dict[str, Any]:
    """The reading as it is stored."""
    return dataclasses.asdict(reading)


def from_json(stored: Mapping[str, Any]) -> Reading:
    """A stored or sent reading, checked. Raises `UnknownReading` for what is no choice."""
    choices: dict[str, Mapping[str, Text]] = {
        "encoding": {"": ""} | dict(ENCODINGS),
        "delimiter": {"": ""} | dict(DELIMITERS),
        "quote": QUOTES,
        "decimal": DECIMALS,
        "dates": DATES,
    }
    values: dict[str, Any] = {}
    for name, offered in choices.items():
        if name in stored:
            values[name] = _choice(stored[name], offered)
    if "sheet" in stored:
        values["sheet"] = str(stored["sheet"])[:200]
    if "header" in stored:
        values["header"] = _line(stored["header"])
    return Reading(**values)


def _choice(value: Any, offered: Mapping[str, Text]) -> str:
    if not isinstance(value, str) or value not in offered:
        raise UnknownReading(value=str(value)[:40])
    return value


def _line(value: Any) -> int:
    text = str(value).strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 6 and int(text) <= HIGHEST_HEADER):
        raise UnknownReading(value=text[:40])
    return int(text)
