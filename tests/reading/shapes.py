"""What a file is read to, in few words: for comparing with `expected.json`, and for writing it anew.

``python -m tests.reading.shapes`` prints the shapes of all files; whoever replaces the file with it reads it first.
"""

from __future__ import annotations

import hashlib
import json
import sys
from pathlib import Path
from typing import Any

DATA = Path(__file__).resolve().parent.parent / "data" / "csv"
EXPECTED = DATA / "expected.json"
OURS = frozenset({"NOTICE.md", "expected.json"})
CUT = 60
"""Characters of a cell that are shown."""


def files() -> list[Path]:
    """Every file to be read or refused."""
    return sorted(path for path in DATA.rglob("*") if path.is_file() and path.name not in OURS)


def shape(path: Path) -> dict[str, Any]:
    """How the file is guessed to be read, and what it is read to; or what refuses it."""
    from hetong.exchange.reading import SheetRefused, guess_reading, read_table, to_json

    try:
        reading = guess_reading(path, path.name)
        table = read_table(path, path.name, reading)
        rows = list(table.rows)
    except SheetRefused as refused:
        return {"refused": refused.code, **{k: v for k, v in refused.params.items() if k != "name"}}
    told = {name: value for name, value in to_json(reading).items() if value != ""}
    return {
        "reading": told,
        "columns": list(table.columns),
        "rows": len(rows),
        "first": _shown(rows[:1]),
        "last": _shown(rows[-1:]),
        "too_long": [line for line, cells in rows if len(cells) > len(table.columns)],
        "sha256": digest([list(table.columns), *(list(cells) for _line, cells in rows)]),
    }


def digest(content: list[list[str]]) -> str:
    """Of all cells."""
    return hashlib.sha256(json.dumps(content, ensure_ascii=False).encode()).hexdigest()


def _shown(rows: list[tuple[int, tuple[str, ...]]]) -> list[Any]:
    return [[line, [cell[:CUT] for cell in cells]] for line, cells in rows]


if __name__ == "__main__":
    import os

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hetong.config.settings")
    import django

    django.setup()
    found = {str(path.relative_to(DATA)): shape(path) for path in files()}
    lines = [f"{json.dumps(name)}: {json.dumps(told, ensure_ascii=False)}" for name, told in found.items()]
    sys.stdout.write("{\n" + ",\n".join(lines) + "\n}\n")
