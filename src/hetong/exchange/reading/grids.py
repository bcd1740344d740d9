"""Records of a spreadsheet, parsed by the limited child process and handed over as text."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hetong.files.reading import Answer, ask

from .delimited import Record
from .errors import BrokenSheet, EmptySheet, NoSuchSheet, ProtectedSheet, SheetRefused, TooLargeSheet
from .kinds import Kind

_REFUSALS: Final[dict[str, type[SheetRefused]]] = {"protected": ProtectedSheet, "too_large": TooLargeSheet}


def sheets(path: Path, name: str, kind: Kind) -> tuple[str, ...]:
    """The names of the workbook's sheets. Raises a `SheetRefused`."""
    with path.open("rb") as file:
        answer = _checked(ask(file, "sheets", kind.value), name)
    found = tuple(str(one) for one in answer.facts["sheets"])
    if not found:
        raise EmptySheet(name=name)
    return found


def grid(path: Path, name: str, kind: Kind, sheet: str, most: int = 0) -> Iterator[Record]:
    """The records of one sheet (the first when none is named), at most so many; 0 means all. Raises a `SheetRefused`."""
    names = sheets(path, name, kind)
    if sheet and sheet not in names:
        raise NoSuchSheet(name=name, sheet=sheet)
    with path.open("rb") as file:
        answer = _checked(ask(file, "grid", kind.value, names.index(sheet) if sheet else 0, most), name)
    lines = answer.pieces[0].split(b"\n") if answer.pieces else []
    return ((number, [_text(cell) for cell in json.loads(line)]) for number, line in enumerate(lines, 1) if line)


def _text(cell: str) -> str:
    return cell.replace("\0", "")


def _checked(answer: Answer, name: str) -> Answer:
    if answer.state != "done":
        raise _REFUSALS.get(answer.state, BrokenSheet)(name=name)
    return answer
