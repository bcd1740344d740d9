"""A setting that nobody can find might as well not exist."""

from __future__ import annotations

import re
from pathlib import Path

CONFIG = Path(__file__).resolve().parent.parent
SHEET = CONFIG.parent.parent.parent / "deploy/settings.md"
# Set by the command line for its own process, not by people.
OURS = {"HETONG_PROCESS"}


def test_every_variable_that_is_read_is_on_the_sheet_and_no_other() -> None:
    read = set()
    for path in CONFIG.glob("*.py"):
        if path.name != "testing.py":
            read |= set(re.findall(r"\"(HETONG_[A-Z_]+)\"", path.read_text(encoding="utf-8")))
    read.add("HETONG_SECRET_KEY_FALLBACKS")
    shown = set(re.findall(r"`(HETONG_[A-Z_]+)`", SHEET.read_text(encoding="utf-8")))
    assert shown == read - OURS
