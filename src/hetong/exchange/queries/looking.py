"""What the pages of an import show of its file beyond its rows: its sheets, the lines above the header, samples of each column."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from hetong.exchange.queries.imports import get_import
from hetong.exchange.queries.sheets import local_copy, reading_of
from hetong.exchange.reading import Reading, Row, SheetRefused, preview, sheet_names
from hetong.kernel.actors import Actor

SAMPLES = 3
"""Values of a column that stand beside what it means."""
LOOKED_AT = 40


@dataclass(frozen=True)
class Look:
    """The beginning of a file as it is read. ``refused``: why it cannot be read so; the sheets are told all the same."""

    sheets: Sequence[str] = ()
    columns: Sequence[str] = ()
    rows: Sequence[Row] = ()
    above: Sequence[Row] = ()
    refused: SheetRefused | None = None

    def samples(self) -> Mapping[str, list[str]]:
        """The first different values of each column."""
        found: dict[str, list[str]] = {column: [] for column in self.columns}
        for _line, cells in self.rows:
            for column, cell in zip(self.columns, cells, strict=False):
                if cell.strip() and cell not in found[column] and len(found[column]) < SAMPLES:
                    found[column].append(cell)
        return found


def look(actor: Actor, import_id: UUID, reading: Reading | None = None, limit: int = LOOKED_AT) -> Look:
    """The beginning of the import's file, read as it is kept or as ``reading`` says. Raises `NotFound`."""
    row = get_import(actor, import_id)
    sheets: Sequence[str] = ()
    with local_copy(row.blob, row.name) as path:
        try:
            sheets = sheet_names(path, row.name)
            shown = preview(path, row.name, reading or reading_of(row), limit)
        except SheetRefused as refused:
            return Look(sheets, refused=refused)
    return Look(sheets, shown.columns, shown.rows, shown.above)
