"""How far an import has come, and what is done with rows that stand twice in a file."""

from __future__ import annotations

from enum import StrEnum


class ImportState(StrEnum):
    UPLOADED = "uploaded"
    """The file is kept; how it is to be read could not be guessed."""
    READ = "read"
    MAPPED = "mapped"
    CHECKED = "checked"
    RUNNING = "running"
    DONE = "done"
    CANCELLED = "cancelled"
    UNDONE = "undone"
    FAILED = "failed"


class Duplicates(StrEnum):
    """What is done with a row that says exactly what an earlier one of its file says."""

    IMPORT = "import"
    SKIP = "skip"


OPEN = frozenset({
    ImportState.UPLOADED, ImportState.READ, ImportState.MAPPED, ImportState.CHECKED, ImportState.UNDONE,
})  # fmt: skip
"""States in which nothing is in, so that everything may still be set otherwise."""
RAN = frozenset({ImportState.DONE, ImportState.CANCELLED, ImportState.FAILED, ImportState.RUNNING})
"""States in which rows may be in: they can be completed, or undone."""
