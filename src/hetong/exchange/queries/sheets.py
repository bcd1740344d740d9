"""The rows of an import's file, as it is read now and with what was mended."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from hetong.exchange.models import Import, Mend
from hetong.exchange.reading import Reading, from_json, read_table
from hetong.files.gateways import storage
from hetong.files.models import Blob


@contextmanager
def local_copy(blob: Blob, name: str) -> Iterator[Path]:
    """The file under a path of its own, for as long as it is read: the storage need not be a folder."""
    with tempfile.TemporaryDirectory(prefix="hetong-import-") as folder:
        path = Path(folder) / f"sheet{Path(name).suffix.lower()[:10]}"
        with storage().open(blob.sha256) as kept, path.open("wb") as copy:
            shutil.copyfileobj(kept, copy)
        yield path


def reading_of(row: Import) -> Reading:
    """How the import's file is read."""
    return from_json(row.reading)


def heads_of(row: Import, reading: Reading) -> tuple[tuple[str, ...], int]:
    """The heads of the file's columns, and how many rows it has. Raises `SheetRefused`."""
    with local_copy(row.blob, row.name) as path:
        table = read_table(path, row.name, reading)
        return table.columns, sum(1 for _row in table.rows)


@contextmanager
def rows_of(row: Import) -> Iterator[Iterator[tuple[int, dict[str, str]]]]:
    """Every row: (line in the file, text by head), with the cells that were mended. Raises `SheetRefused`."""
    mends = dict(Mend.objects.filter(of=row.pk).values_list("line", "cells"))
    with local_copy(row.blob, row.name) as path:
        table = read_table(path, row.name, reading_of(row))
        yield _named(table.columns, table.rows, mends)


def _named(
    columns: tuple[str, ...], rows: Iterator[tuple[int, tuple[str, ...]]], mends: Mapping[int, Mapping[str, str]]
) -> Iterator[tuple[int, dict[str, str]]]:
    for line, cells in rows:
        found = dict(zip(columns, cells, strict=False))
        if line in mends:
            found |= mends[line]
        yield line, found
