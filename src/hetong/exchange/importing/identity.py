"""How a row of a file is known again: by its key columns, else by what it says, and how often it was said before."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from typing import Any

from hetong.kernel.text import fold

SEPARATOR = "\x1f"


def content_hash(cells: Iterable[tuple[str, str]]) -> str:
    """SHA-256 of what a row says, in hex: heads and texts, whatever the order of the columns; empty cells say nothing."""
    said = sorted((head, text) for head, text in cells if text)
    return hashlib.sha256(repr(said).encode("utf-8", "surrogatepass")).hexdigest()


def values_hash(values: Any) -> str:
    """SHA-256 of canonical values, in hex."""
    return hashlib.sha256(json.dumps(values, sort_keys=True, ensure_ascii=False, default=str).encode()).hexdigest()


def source_key(origin: str, content: str, occurrence: int) -> str:
    """The key of a row that is known by its content: the n-th that says so is a record of its own."""
    return hashlib.sha256(SEPARATOR.join((origin, content, str(occurrence))).encode()).hexdigest()


def column_key(origin: str, values: Mapping[str, Any], keys: Iterable[str]) -> str:
    """The key of a row that is known by its key columns, case and width apart."""
    named = [f"{name}={fold(str(values.get(name) or ''))}" for name in keys]
    return hashlib.sha256(SEPARATOR.join((origin, *named)).encode()).hexdigest()
