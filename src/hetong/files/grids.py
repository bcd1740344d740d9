"""Spreadsheets as plain text cells, for the limited child process: XLSX, XLS and ODS; it imports nothing of the product.

Every cell becomes text that means the same everywhere: days and times in ISO 8601, numbers without exponents and
with the fifteen digits that a spreadsheet keeps, ``true`` and ``false``. Formulas give what they had been computed to.
"""

from __future__ import annotations

import datetime as dt
import io
import json
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

LARGEST_GRID: Final = 60 * 1024 * 1024
MOST_COLUMNS: Final = 2_000


class TooLargeGrid(Exception):
    """The sheet has more cells than are read out of a spreadsheet."""


def sheets_of(content: bytes) -> list[str]:
    """The names of the sheets that hold cells: those that are seen, or all when none is."""
    from python_calamine import SheetTypeEnum, SheetVisibleEnum

    told = [one for one in _workbook(content).sheets_metadata if one.typ is SheetTypeEnum.WorkSheet]
    return [one.name for one in told if one.visible is SheetVisibleEnum.Visible] or [one.name for one in told]


def grid_of(content: bytes, position: int, most: int) -> bytes:
    """The first ``most`` rows of a sheet (0: all), one JSON list a line; a line for every row from the sheet's first."""
    from python_calamine import CalamineWorkbook

    book: CalamineWorkbook = _workbook(content)
    sheet = book.get_sheet_by_name(sheets_of(content)[position])
    if sheet.total_width > MOST_COLUMNS:
        raise TooLargeGrid
    out = io.BytesIO()
    for number, cells in enumerate(_rows(sheet), start=1):
        out.write(json.dumps(cells, ensure_ascii=False).encode() + b"\n")
        if out.tell() > LARGEST_GRID:
            raise TooLargeGrid
        if number == most:
            break
    return out.getvalue()


def _workbook(content: bytes) -> Any:
    from python_calamine import CalamineWorkbook

    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def _rows(sheet: Any) -> Iterator[list[str]]:
    for cells in sheet.iter_rows():
        texts = [cell_text(cell) for cell in cells]
        while texts and not texts[-1]:
            texts.pop()
        yield texts


def cell_text(cell: Any) -> str:
    """A typed cell as text."""
    for kind, written in _WRITTEN:
        if isinstance(cell, kind):
            return written(cell)
    return ""


def _number(value: float) -> str:
    if not math.isfinite(value):
        return ""
    text = format(Decimal(format(value, ".15g")), "f")
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


def _instant(value: dt.datetime) -> str:
    whole = (value + dt.timedelta(microseconds=500_000)).replace(microsecond=0)
    return whole.date().isoformat() if whole.time() == dt.time() else whole.isoformat()


def _duration(value: dt.timedelta) -> str:
    seconds = round(value.total_seconds())
    return f"{'-' if seconds < 0 else ''}{abs(seconds) // 3600}:{abs(seconds) % 3600 // 60:02}:{abs(seconds) % 60:02}"


# In this order: a flag is a whole number to Python, and an instant a day.
_WRITTEN: Final[tuple[tuple[type, Callable[[Any], str]], ...]] = (
    (str, str),
    (bool, lambda flag: "true" if flag else "false"),
    (int, str),
    (float, _number),
    (dt.datetime, _instant),
    (dt.date, dt.date.isoformat),
    (dt.time, lambda time: time.isoformat(timespec="seconds")),
    (dt.timedelta, _duration),
)
