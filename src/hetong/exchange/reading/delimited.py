"""Records of a text file, one by one: quotes, line ends inside quotes, every kind of line end, and limits on all of it."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final, TextIO

from .errors import BrokenQuotes, HoldsNul, LineTooLong, TooManyColumns, WrongEncoding
from .how import Reading

LONGEST_LINE: Final = 1_000_000
MOST_COLUMNS: Final = 2_000

Record = tuple[int, list[str]]
"""The line on which it begins, counted from 1, and its cells."""

_END_OF_FILE: Final = "\x1a"
"""DOS programs end a text with it."""
_ROW_ENDS: Final = {"+|": "&|"}
"""Delimiters of several characters, and what ends a row before the end of its line."""


def records(path: Path, name: str, reading: Reading) -> Iterator[Record]:
    """The records of a text file, blank ones too; memory does not grow with them. Raises a `SheetRefused`."""
    with path.open(encoding=_codec(reading.encoding), newline="") as file:
        lines = _lines(file, name)
        found = _split(lines, reading) if len(reading.delimiter) > 1 else _parsed(lines, name, reading)
        try:
            for line, cells in found:
                if len(cells) > MOST_COLUMNS:
                    raise TooManyColumns(name=name, line=line, limit=MOST_COLUMNS)
                yield line, cells
        except UnicodeDecodeError as broken:
            line = _undecodable(path, reading.encoding)
            raise WrongEncoding(name=name, line=line, encoding=reading.encoding.upper()) from broken


def _codec(encoding: str) -> str:
    return "utf-8-sig" if encoding in ("", "utf-8") else encoding


def _lines(file: TextIO, name: str) -> Iterator[str]:
    number = 0
    while line := file.readline(LONGEST_LINE):
        number += 1
        if len(line) >= LONGEST_LINE:
            raise LineTooLong(name=name, line=number, limit=LONGEST_LINE)
        if "\0" in line:
            raise HoldsNul(name=name, line=number)
        yield "" if line == _END_OF_FILE else line


def _parsed(lines: Iterator[str], name: str, reading: Reading) -> Iterator[Record]:
    reader: Any = csv.reader(lines, **_dialect(reading))
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as broken:
            if "field limit" in str(broken):
                raise LineTooLong(name=name, line=line, limit=csv.field_size_limit()) from broken
            raise BrokenQuotes(name=name, line=line) from broken
        yield line, cells
        line = reader.line_num + 1


def _dialect(reading: Reading) -> dict[str, Any]:
    delimiter = reading.delimiter or ","
    if not reading.quote:
        return {"delimiter": delimiter, "quoting": csv.QUOTE_NONE, "quotechar": None, "strict": True}
    return {
        "delimiter": delimiter,
        "quotechar": reading.quote[-1],
        "escapechar": "\\" if reading.quote.startswith("\\") else None,
        "skipinitialspace": delimiter != "\t",
        "strict": True,
    }


def _split(lines: Iterator[str], reading: Reading) -> Iterator[Record]:
    """Rows whose cells and ends are marked by several characters: nothing is quoted, and a cell may hold line ends."""
    end = _ROW_ENDS.get(reading.delimiter, "")
    held: list[str] = []
    first = size = 0
    for number, line in enumerate(lines, start=1):
        first = first if held else number
        held.append(line)
        size += len(line)
        if line.rstrip("\r\n").endswith(end) or size > LONGEST_LINE:
            yield first, "".join(held).rstrip("\r\n").removesuffix(end).split(reading.delimiter)
            held, size = [], 0
    if held:
        yield first, "".join(held).rstrip("\r\n").split(reading.delimiter)


def _undecodable(path: Path, encoding: str) -> int:
    """The line with the first bytes that mean nothing in the encoding."""
    number = 0
    with path.open(encoding=_codec(encoding), newline="", errors="replace") as file:
        while line := file.readline(LONGEST_LINE):
            number += 1
            if "\ufffd" in line:
                break
    return number
