"""The columns and rows of a file, whatever it is: what the import asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice, takewhile
from pathlib import Path
from typing import Final

from hetong.ui.lists.sheets import plain_text

from .delimited import Record, records
from .encodings import guess_encoding
from .errors import EmptySheet, NoSuchLine
from .grids import grid, sheets
from .guessing import SAMPLE, guess_delimited, guess_rest
from .how import Reading
from .kinds import Kind, kind_of

MOST_SHEETS_TRIED: Final = 8
_PEEKED: Final = 200

Row = tuple[int, tuple[str, ...]]
"""The line in the file, counted from 1, and a cell for each column; more where the line is too long."""


@dataclass(frozen=True)
class Table:
    """The names of the columns, each once, and the rows with content. ``rows`` may raise a `SheetRefused` on the way."""

    columns: tuple[str, ...]
    rows: Iterator[Row]


@dataclass(frozen=True)
class Preview:
    """The first rows as they are read, and the lines before them that are left out."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    above: tuple[Row, ...]


def sheet_names(path: Path, name: str) -> tuple[str, ...]:
    """The sheets of a workbook; none for a text file. Raises a `SheetRefused`."""
    kind = kind_of(path, name)
    return () if kind is Kind.TEXT else sheets(path, name, kind)


def guess_reading(path: Path, name: str) -> Reading:
    """How the file is most likely read. Raises a `SheetRefused` where it holds nothing or cannot be read at all."""
    kind = kind_of(path, name)
    if kind is Kind.TEXT:
        reading, found = guess_delimited(path, name, guess_encoding(path))
    else:
        reading, found = _first_filled(path, name, kind)
    if not any(_is_filled(cells) for _line, cells in found):
        raise EmptySheet(name=name)
    return guess_rest(reading, found)


def _first_filled(path: Path, name: str, kind: Kind) -> tuple[Reading, list[Record]]:
    for sheet in sheets(path, name, kind)[:MOST_SHEETS_TRIED]:
        found = list(grid(path, name, kind, sheet, SAMPLE))
        if any(_is_filled(cells) for _line, cells in found):
            return Reading(sheet=sheet), found
    raise EmptySheet(name=name)


def read_table(path: Path, name: str, reading: Reading) -> Table:
    """Columns and rows of the file, read as said. Text files are streamed; a sheet is parsed in the limited child process."""
    kind = kind_of(path, name)
    return _table(_records(path, name, kind, reading, 0), name, reading, kind)


def preview(path: Path, name: str, reading: Reading, limit: int = 12) -> Preview:
    """The first rows, and up to so many lines before them. Raises a `SheetRefused`."""
    kind = kind_of(path, name)
    if kind is Kind.TEXT:
        above = _above(_records(path, name, kind, reading, 0), reading.header, limit)
        table = _table(_records(path, name, kind, reading, 0), name, reading, kind)
    else:
        held = list(grid(path, name, kind, reading.sheet, reading.header + 2 * limit + _PEEKED))
        above = _above(iter(held), reading.header, limit)
        table = _table(iter(held), name, reading, kind)
    return Preview(table.columns, tuple(islice(table.rows, limit)), above)


def _above(found: Iterator[Record], header: int, limit: int) -> tuple[Row, ...]:
    """The lines before the header, as they are cut now."""
    before = takewhile(lambda record: record[0] < header, found)
    return tuple((line, tuple(cells)) for line, cells in islice(before, limit))


def _records(path: Path, name: str, kind: Kind, reading: Reading, most: int) -> Iterator[Record]:
    if kind is Kind.TEXT:
        known = reading if reading.encoding else replace(reading, encoding=guess_encoding(path))
        return _unguarded(records(path, name, known))
    return grid(path, name, kind, reading.sheet, most)


def _unguarded(found: Iterator[Record]) -> Iterator[Record]:
    """Cells without the apostrophe that an export put before what a spreadsheet would take for a formula."""
    for line, cells in found:
        yield line, [plain_text(cell) if cell[:1] == "'" else cell for cell in cells]


def _table(found: Iterator[Record], name: str, reading: Reading, kind: Kind) -> Table:
    heads: Sequence[str] = ()
    if reading.header:
        heads = _heads(found, name, reading.header)
    filled = ((line, cells) for line, cells in found if _is_filled(cells))
    peeked = list(islice(filled, _PEEKED))
    if not reading.header and not peeked:
        raise EmptySheet(name=name)
    # Programs write sheets, people write text files: a wide line in a sheet is a column without a name, in a text file a fault.
    wide = peeked if not reading.header or kind is not Kind.TEXT else []
    width = max([len(heads), *(_last(cells) for _line, cells in wide)])
    columns = name_columns([*heads, *[""] * (width - len(heads))])
    return Table(columns, (_row(line, cells, len(columns)) for line, cells in chain(peeked, filled)))


def _heads(found: Iterator[Record], name: str, header: int) -> Sequence[str]:
    """The names in the header's line; the lines before it are left out."""
    for line, cells in found:
        if line >= header:
            if line > header or not _is_filled(cells):
                break
            return cells
    raise NoSuchLine(name=name, line=header)


def _row(line: int, cells: Sequence[str], width: int) -> Row:
    kept = max(width, _last(cells))
    return line, (*cells[:kept], *[""] * (width - len(cells)))


def _last(cells: Sequence[str]) -> int:
    """The place of the last cell with content."""
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _is_filled(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def name_columns(heads: Sequence[str]) -> tuple[str, ...]:
    """A name for every column, each once: a blank one is called by its place (``#3``), a repeated one counted."""
    named: list[str] = []
    taken: set[str] = set()
    for place, head in enumerate(heads, start=1):
        plain = " ".join(head.split()) or f"#{place}"
        name, count = plain, 1
        while name in taken:
            count += 1
            name = f"{plain} ({count})"
        taken.add(name)
        named.append(name)
    return tuple(named)
