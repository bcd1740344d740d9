"""Guesses from the first records: which delimiter and quotes, which line names the columns, how numbers and days are written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from pathlib import Path
from typing import Final

from .delimited import Record, records
from .errors import BrokenQuotes, SheetRefused
from .how import DELIMITERS, HIGHEST_HEADER, Reading

SAMPLE: Final = 300
"""Records that a guess looks at."""
_HINT: Final = re.compile(r'"?sep=(.)"?\s*\Z')
"""The first line by which Excel is told the delimiter."""

_NUMBER: Final = re.compile(r"[-+(]*[^\w\s]?\s?\d[\d ,.'\u00a0\u202f]*\s?[%)]?\Z")
_DAY: Final = re.compile(
    r"(\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.](\d{4}|\d{2}))日?([T\s].{0,24})?\Z"
)
_YEAR: Final = re.compile(r"(19|20)\d\d\Z")
_DAY_FIRST: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(?:\d{4}|\d{2})\b")
_YEAR_FIRST: Final = re.compile(r"\d{4}([-/.年])\s?\d{1,2}")
_TIGHT_DAY: Final = re.compile(r"(19|20)\d\d(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])\Z")
_COMMA: Final = re.compile(r"[-+(]?\d+,(\d{1,2}|\d{4,})\)?\Z|[-+(]?\d{1,3}([. '\u00a0\u202f]\d{3})+,\d+\)?\Z")
_POINT: Final = re.compile(r"[-+(]?\d*\.(\d{1,2}|\d{4,})\)?\Z|[-+(]?\d{1,3}([, '\u00a0\u202f]\d{3})+\.\d+\)?\Z")
_UNIT: Final = re.compile(r"\A[^\d\s.,+()-]{1,4}\s*(?=[-+(]?\d)|(?<=[\d)])\s*[^\d\s.,()-]{1,4}\Z")
"""A currency or unit of a few letters before or behind a number."""
_GROUPED_BY_POINTS: Final = re.compile(r"[-+(]?\d{1,3}(\.\d{3}){2,}\)?\Z")


# -- text files ------------------------------------------------------------------------------------


def guess_delimited(path: Path, name: str, encoding: str) -> tuple[Reading, list[Record]]:
    """Delimiter and quotes of a text file, with its first records read so. Raises a `SheetRefused` if it reads in no way."""
    reading = Reading(encoding=encoding, delimiter=",")
    hinted = _hinted(path, name, reading)
    if _is_plain(path, name, replace(reading, delimiter="+|", quote="")):
        return _tried(path, name, [replace(reading, delimiter="+|", quote="")])
    singles = [hinted] if hinted else [mark for mark in DELIMITERS if len(mark) == 1]
    return _tried(path, name, [replace(reading, delimiter=mark) for mark in singles])


def _tried(path: Path, name: str, readings: Sequence[Reading]) -> tuple[Reading, list[Record]]:
    """The one under which most lines have equally many cells, and many."""
    best: tuple[int, Reading, list[Record]] | None = None
    failure: SheetRefused | None = None
    for reading in readings:
        try:
            quoted, found = _sample(path, name, reading)
        except SheetRefused as refused:
            failure = failure or refused
            continue
        points = _evenness(found)
        if best is None or points > best[0]:
            best = (points, quoted, found)
    if best is None:
        raise failure or BrokenQuotes(name=name, line=1)
    return best[1], best[2]


def _sample(path: Path, name: str, reading: Reading) -> tuple[Reading, list[Record]]:
    """The first records, with the first kind of quotes that does not break on them."""
    failure: SheetRefused | None = None
    for quote in [reading.quote] if not reading.quote else ('"', '\\"', ""):
        tried = replace(reading, quote=quote)
        try:
            return tried, list(islice(records(path, name, tried), SAMPLE))
        except BrokenQuotes as refused:
            failure = failure or refused
    raise failure or BrokenQuotes(name=name, line=1)


def _evenness(found: Iterable[Record]) -> int:
    """Points for a delimiter: the share of lines with the commonest number of cells, and a little for many cells."""
    widths = Counter(len(cells) for _line, cells in found if any(cell.strip() for cell in cells))
    if not widths:
        return 0
    width, count = max(widths.items(), key=lambda one: (one[1], one[0]))
    if width < 2:
        return 0
    return 1000 * count // widths.total() + 50 * min(width, 10)


def _hinted(path: Path, name: str, reading: Reading) -> str:
    for _line, cells in islice(records(path, name, replace(reading, delimiter="\t", quote="")), 1):
        found = _HINT.match("\t".join(cells))
        if found and found[1] in DELIMITERS:
            return found[1]
    return ""


def _is_hint(cells: Sequence[str]) -> bool:
    """Whether the line only names the delimiter, which cuts it in two where it is the right one."""
    return bool(_HINT.match(cells[0])) or (cells[0].strip().strip('"') == "sep=" and _count(cells) == 1)


def _is_plain(path: Path, name: str, reading: Reading) -> bool:
    """Whether the lines end and are divided by the marks of several characters that bulk copies write."""
    try:
        found = list(islice(records(path, name, replace(reading, delimiter="\t")), 50))
    except SheetRefused:
        return False
    return sum(1 for _line, cells in found if cells and cells[-1].endswith("&|") and "+|" in "\t".join(cells)) > 0


# -- header, numbers, days -------------------------------------------------------------------------


def guess_rest(reading: Reading, found: Sequence[Record]) -> Reading:
    """The reading with header, decimal mark and order of days guessed from the first records."""
    header = _header(found)
    cells = list(_texts(found, header))
    decimal = "," if _is_comma(cells) else "."
    return replace(reading, header=header, decimal=decimal, dates=_dates(found, header, cells, decimal, reading))


def _header(found: Sequence[Record]) -> int:
    """The first line that is as wide as the table and holds names, not values; 0 where the first such line holds values."""
    filled = [(line, cells) for line, cells in found if any(cell.strip() for cell in cells)]
    if not filled:
        return 1
    width = Counter(_width(cells) for _line, cells in filled).most_common(1)[0][0]
    for position, (line, cells) in enumerate(filled):
        if line > HIGHEST_HEADER:
            break
        below = [one for _line, one in filled[position + 1 :]]
        if 2 * _count(cells) >= width and not _is_hint(cells) and not _is_above_header(cells, below):
            return 0 if _holds_values(cells, below) else line
    return filled[0][0]


def _count(cells: Sequence[str]) -> int:
    return sum(1 for cell in cells if cell.strip())


def _is_above_header(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether the names stand one line further down, below names of groups of columns: a fuller line without values."""
    if len(below) < 2 or 4 * _count(cells) > 3 * _count(below[0]):
        return False
    return not any(_class(cell) for cell in below[0]) and any(_class(cell) for cell in below[1])


def _width(cells: Sequence[str]) -> int:
    return max((place for place, cell in enumerate(cells, start=1) if cell.strip()), default=0)


def _holds_values(cells: Sequence[str], below: Sequence[Sequence[str]]) -> bool:
    """Whether a line holds a number or day in a column that holds such in the lines below as well; years may be names."""
    for place, cell in enumerate(cells):
        what = _class(cell)
        if not what or (
            what == "year" and len(below) > 0 and any(not _class(other) for other in cells if other.strip())
        ):
            continue
        under = [_class(row[place]) for row in below if place < len(row) and row[place].strip()]
        if 2 * sum(1 for one in under if one) >= len(under):
            return True
    return False


def _class(cell: str) -> str:
    text = cell.strip()
    if _YEAR.match(text):
        return "year"
    if _DAY.match(text):
        return "day"
    return "number" if _NUMBER.match(text) else ""


def _texts(found: Sequence[Record], header: int) -> Iterator[str]:
    for line, cells in found:
        if line > header:
            yield from (cell.strip() for cell in cells)


def _is_comma(cells: Sequence[str]) -> bool:
    numbers = [_UNIT.sub("", cell) for cell in cells]
    commas = sum(1 for one in numbers if _COMMA.match(one) or _GROUPED_BY_POINTS.match(one))
    return commas > sum(1 for one in numbers if _POINT.match(one))


def _dates(found: Sequence[Record], header: int, cells: Sequence[str], decimal: str, reading: Reading) -> str:
    votes: Counter[str] = Counter()
    for cell in cells:
        if _YEAR_FIRST.match(cell) and _DAY.match(cell):
            votes["iso" if "-" in cell[:5] else "ymd"] += 1
        elif match := _DAY_FIRST.match(cell):
            votes[_order(int(match[1]), match[2], int(match[3]))] += 1
    unsure = votes.pop("unsure", 0)
    likely = "mdy" if decimal == "." and reading.delimiter in (",", "") else "dmy"
    if votes["dmy"] or votes["mdy"]:
        votes["dmy" if votes["dmy"] >= votes["mdy"] else "mdy"] += unsure
    else:
        votes[likely] += unsure
    if not votes.total():
        return "ymd" if _has_tight_days(found, header) else "iso"
    return votes.most_common(1)[0][0]


def _order(first: int, mark: str, second: int) -> str:
    if first > 12 or (mark == "." and second <= 12):
        return "dmy"
    return "mdy" if second > 12 else "unsure"


def _has_tight_days(found: Sequence[Record], header: int) -> bool:
    """Whether a column holds nothing but days written as eight digits."""
    below = [cells for line, cells in found if line > header]
    for place in range(max((len(cells) for cells in below), default=0)):
        texts = [cells[place].strip() for cells in below if place < len(cells) and cells[place].strip()]
        if len(texts) > 1 and all(_TIGHT_DAY.match(text) for text in texts):
            return True
    return False
