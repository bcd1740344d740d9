"""Rows as CSV and XLSX: typed cells, ISO dates, the currency in a column of its own, nothing that a spreadsheet would run.

A text that begins with one of ``= + - @``, a tab or a line end is a formula to a spreadsheet (CWE-1236). In
CSV it gets an apostrophe before it, which spreadsheets hide and our import takes away again; in XLSX the
cell is of type text and says so.
"""

from __future__ import annotations

import csv
import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from hetong.kernel.fields import Choice, Field, Kind, Ref, Row
from hetong.kernel.money import PLACES, Money
from hetong.kernel.scaled import Scaled

FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
EXACT_DIGITS = 15
"""A spreadsheet keeps that many digits of a number; a longer one goes as text."""


def safe_text(text: str) -> str:
    """Text that no spreadsheet takes for a formula; `plain_text` undoes it."""
    return f"'{text}" if is_dangerous(text) else text


def plain_text(cell: str) -> str:
    """What `safe_text` was given."""
    return cell[1:] if cell.startswith("'") and is_dangerous(cell[1:]) else cell


def is_dangerous(text: str) -> bool:
    """Whether a spreadsheet may take the text for a formula; one that hides behind spaces or quotes counts."""
    return text.lstrip(" '\u00a0\ufeff").startswith(FORMULA_STARTS) or text.startswith(FORMULA_STARTS)


def heads(fields: Sequence[Field]) -> list[str]:
    """The heads of the columns: labels; an amount has its currency's column before it."""
    found = []
    for one in fields:
        if one.kind is Kind.MONEY:
            found.append(f"{one.label} ¤")
        found.append(str(one.label))
    return found


def cells(row: Row, fields: Sequence[Field]) -> list[Any]:
    """One row as plain values: text, `Scaled`, ISO days, flags; None where empty or hidden."""
    found: list[Any] = []
    for one in fields:
        value = row.get(one.name)
        if one.kind is Kind.MONEY:
            found += [
                getattr(value, "currency", None),
                Scaled(value.minor, PLACES[value.currency]) if isinstance(value, Money) else None,
            ]
        else:
            found.append(_cell(value))
    return found


def _cell(value: Any) -> Any:
    match value:
        case None | bool() | int() | Scaled() | dt.datetime() | dt.date():
            return value
        case Ref():
            return value.title
        case Choice():
            return str(value.label)
        case list() | tuple():
            return "; ".join(str(_cell(item)) for item in value)
        case _:
            return str(value)


# -- CSV -----------------------------------------------------------------------------------------


class _Echo:
    """A file that hands back what is written to it."""

    def write(self, text: str) -> str:
        return text


def csv_lines(
    fields: Sequence[Field], rows: Iterable[Row], *, delimiter: str = ",", mark: bool = False
) -> Iterator[bytes]:
    """The CSV in pieces; ``mark`` begins with the byte order mark by which spreadsheets know UTF-8."""
    writer = csv.writer(_Echo(), delimiter=delimiter, lineterminator="\r\n")
    if mark:
        yield "\ufeff".encode()
    yield _encoded(writer, heads(fields))
    for row in rows:
        yield _encoded(writer, cells(row, fields))


def _encoded(writer: Any, values: Sequence[Any]) -> bytes:
    return str(writer.writerow([_written(v) for v in values])).encode()


def _written(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case dt.datetime():
            return value.isoformat(timespec="seconds")
        case dt.date():
            return value.isoformat()
        case int() | Scaled():
            return str(value)
        case _:
            return safe_text(value)


# -- XLSX ----------------------------------------------------------------------------------------


def write_xlsx(target: Path | IO[bytes], title: str, fields: Sequence[Field], rows: Iterable[Row]) -> int:
    """Write the sheet; returns how many rows. Memory does not grow with them."""
    import xlsxwriter  # takes a while to load

    options = {
        "constant_memory": True,
        "strings_to_formulas": False,
        "strings_to_numbers": False,
        "strings_to_urls": False,
        "remove_timezone": True,
        "default_date_format": "yyyy-mm-dd",
    }
    count = 0
    with xlsxwriter.Workbook(str(target) if isinstance(target, Path) else target, options) as book:
        sheet = book.add_worksheet(_sheet_name(title))
        styles = {
            "head": book.add_format({"bold": True}),
            "quoted": book.add_format({"quote_prefix": True}),
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "instant": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
        }
        numbers: dict[int, Any] = {}
        for column, text in enumerate(heads(fields)):
            sheet.write_string(0, column, text, styles["quoted"] if is_dangerous(text) else styles["head"])
        sheet.freeze_panes(1, 0)
        for count, row in enumerate(rows, start=1):
            for column, value in enumerate(cells(row, fields)):
                _write_cell(book, sheet, (count, column), value, styles, numbers)
    return count


def _write_cell(
    book: Any, sheet: Any, at: tuple[int, int], value: Any, styles: dict[str, Any], numbers: dict[int, Any]
) -> None:
    match value:
        case None:
            return
        case bool():
            sheet.write_boolean(*at, value)
        case dt.datetime():
            sheet.write_datetime(*at, value.astimezone(dt.UTC), styles["instant"])
        case dt.date():
            sheet.write_datetime(*at, value, styles["date"])
        case int() | Scaled():
            _write_number(book, sheet, at, value, numbers)
        case _:
            sheet.write_string(*at, value[:32_767], styles["quoted"] if is_dangerous(value) else None)


def _write_number(book: Any, sheet: Any, at: tuple[int, int], value: int | Scaled, numbers: dict[int, Any]) -> None:
    text = str(value)
    if len(text.replace("-", "").replace(".", "").lstrip("0")) > EXACT_DIGITS:
        sheet.write_string(*at, text, styles_text(book, numbers))
        return
    decimals = len(text.partition(".")[2])
    if decimals not in numbers:
        numbers[decimals] = book.add_format({"num_format": "0" + ("." + "0" * decimals if decimals else "")})
    sheet.write_number(*at, Decimal(text), numbers[decimals])


def styles_text(book: Any, numbers: dict[int, Any]) -> Any:
    """The format of a number that goes as text, made once a book."""
    if -1 not in numbers:
        numbers[-1] = book.add_format({"align": "right"})
    return numbers[-1]


def _sheet_name(title: str) -> str:
    kept = "".join(c for c in title if c not in "[]:*?/\\").strip("' ")
    return kept[:31] or "Sheet"
