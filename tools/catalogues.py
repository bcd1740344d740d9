"""Compiles the translated texts (`*.po`) into the form that Django reads (`*.mo`).

Babel does it, so that GNU gettext need not be installed.
"""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

from tools import steps

WHEN = datetime(2026, 1, 1, tzinfo=UTC)
LOCALE = steps.ROOT / "src/hetong/locale"


def build() -> None:
    """Compile every catalogue that is newer than its compiled form."""
    stale = [path for path in sorted(LOCALE.glob("*/LC_MESSAGES/*.po")) if is_stale(path)]
    if not stale:
        return
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with steps.step(f"Compiling the texts of {len(stale)} catalogues"):
        for path in stale:
            with path.open("rb") as source:
                catalogue = read_po(source, locale=path.parent.parent.name, abort_invalid=True)
            # Babel would note the present moment; the same texts shall give the same wheel.
            catalogue.creation_date = catalogue.revision_date = WHEN
            # Renamed when whole: a page being served, or a test beside this one, may read it now.
            part = path.with_suffix(f".{os.getpid()}.part")
            with part.open("wb") as target:
                write_mo(target, catalogue)
            part.replace(path.with_suffix(".mo"))


def is_stale(path: Path) -> bool:
    """Whether the compiled form is missing or not newer than its source."""
    compiled = path.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns <= path.stat().st_mtime_ns


def main() -> int:
    """Compile what is out of date."""
    build()
    return 0


if __name__ == "__main__":
    steps.finish(main)
