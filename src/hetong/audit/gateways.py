"""Where the heads of the chain are kept outside the database: one line per sealing, appended and synced."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Literal, Protocol

from django.conf import settings


@dataclass(frozen=True)
class Head:
    """The end of the chain at one moment. ``intent`` is written before the links commit, ``sealed`` after."""

    kind: Literal["intent", "sealed"]
    seq: int
    hash: str
    at: str


TAIL = 4096
"""Bytes of a file in which its last whole line surely lies."""


class HeadStore(Protocol):
    def append(self, head: Head) -> None: ...
    def read(self) -> Iterator[Head]: ...


class FileHeads:
    """Heads in ``<home>/heads/<year>.jsonl``."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder or Path(settings.HETONG_HOME) / "heads"

    def append(self, head: Head) -> None:
        """Append one head and wait until it is on the disk."""
        self.folder.mkdir(parents=True, exist_ok=True)
        with (self.folder / f"{head.at[:4]}.jsonl").open("a", encoding="utf-8") as file:
            file.write(json.dumps(asdict(head)) + "\n")
            file.flush()
            os.fsync(file.fileno())

    def read(self) -> Iterator[Head]:
        """All heads, oldest first; a torn last line (a crash while writing) is passed over."""
        for path in sorted(self.folder.glob("*.jsonl")):
            for line in path.read_text(encoding="utf-8").splitlines():
                try:
                    yield Head(**json.loads(line))
                except (ValueError, TypeError):
                    continue

    def last(self) -> Head | None:
        """The newest head, read from the end of the newest file."""
        for path in sorted(self.folder.glob("*.jsonl"), reverse=True):
            with path.open("rb") as file:
                file.seek(max(0, path.stat().st_size - TAIL))
                lines = file.read().decode("utf-8", "replace").splitlines()
            for line in reversed(lines):
                try:
                    return Head(**json.loads(line))
                except (ValueError, TypeError):
                    continue
        return None


def last_head() -> Head | None:
    """The newest head of this installation's chain."""
    return FileHeads().last()


def place_of_heads() -> str:
    """The folder of the server in which the heads lie."""
    return str(FileHeads().folder)


def daily_heads() -> list[dict[str, Any]]:
    """The last sealed head of every day, oldest first."""
    found = {head.at[:10]: asdict(head) for head in heads().read() if head.kind == "sealed"}
    return [{"day": day, "seq": head["seq"], "hash": head["hash"], "at": head["at"]} for day, head in found.items()]


def heads() -> HeadStore:
    """The store of this installation."""
    return FileHeads()
