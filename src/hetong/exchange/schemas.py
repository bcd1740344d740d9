"""What the API takes and gives of imports, as it describes itself."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from .importing.options import STAGES

NOTHING: Mapping[str, Any] = {"type": "object", "additionalProperties": False, "properties": {}}
MULTIPART = "multipart/form-data"
MOST_ROWS = 1000
TEXT: Mapping[str, Any] = {"type": "string", "maxLength": 500}
READING = {
    "type": "object", "additionalProperties": False,
    "properties": {
        **dict.fromkeys(("sheet", "encoding", "delimiter", "quote", "decimal", "dates"), TEXT),
        "header": {"type": "integer", "minimum": 0, "description": "The line with the columns' names; 0 where there is none."},
    },
}  # fmt: skip
MAPPING = {
    "type": "object", "additionalProperties": False, "required": ["mapping"],
    "properties": {
        "mapping": {"type": "object", "additionalProperties": TEXT, "description": "Column of the file → field; empty: left out."},
        "keys": {"type": "array", "items": TEXT, "description": "Fields by which a row is known again; none: its content."},
        "duplicates": {"type": "string", "enum": ["import", "skip"]},
        "profile_name": {**TEXT, "description": "Keeps all this under that name."},
    },
}  # fmt: skip
OPTIONS = {
    "type": "object", "additionalProperties": False,
    "properties": {
        "stage": {"type": "string", "enum": [one for one in STAGES if one]}, "add_parties": {"type": "boolean"},
        "prices_include_tax": {"type": "boolean"}, "kinds": {"type": "array", "items": TEXT},
        **dict.fromkeys(("reason", "type", "class", "currency", "country", "tax_rate"), TEXT),
    },
}  # fmt: skip
ROWS = {
    "type": "object", "additionalProperties": False, "required": ["rows"],
    "properties": {"rows": {"type": "array", "maxItems": MOST_ROWS, "items": {
        "type": "object", "additionalProperties": False, "required": ["line", "cells"],
        "properties": {
            "line": {"type": "integer", "minimum": 1},
            "cells": {"type": "object", "additionalProperties": {"type": "string"}, "description": "Empty: as the file says it."},
        },
    }}},
}  # fmt: skip
FILE = {
    "requestBody": {"required": True, "content": {MULTIPART: {"schema": {
        "type": "object", "required": ["file", "kind", "company"],
        "properties": {
            "file": {"type": "string", "format": "binary"},
            "kind": {"type": "string", "enum": ["parties", "contacts", "contracts", "invoices", "payments"]},
            "company": {"type": "string", "format": "uuid", "description": "Which of our companies the rows belong to."},
            "profile": {"type": "string", "description": "A shipped profile, or one of your own."},
        },
    }}}},
}  # fmt: skip
PAGE = [
    {"in": "query", "name": "cursor", "required": False, "schema": {"type": "string"}},
    {"in": "query", "name": "limit", "required": False, "schema": {"type": "integer", "minimum": 1, "maximum": 250}},
]


class Counts(BaseModel):
    """Rows of the file; after a check what would become of them, after a run what became of them."""

    rows: int = 0
    created: int | None = None
    updated: int | None = None
    unchanged: int | None = None
    duplicates: int | None = None
    errors: int | None = None


class ImportFile(BaseModel):
    """One import: how the file is read, what its columns mean, how far it is."""

    id: UUID
    kind: str
    name: str
    company: UUID
    profile: str
    state: str
    reading: dict[str, Any]
    columns: list[str]
    mapping: dict[str, str]
    missing: list[str]
    keys: list[str]
    key_choices: list[list[str]]
    duplicates: str
    options: dict[str, Any]
    counts: Counts
    is_working: bool
    task: str
    progress: int
    total: int
    error: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    undo_until: dt.datetime | None
    batch: UUID | None
    version: int


class ImportLine(BaseModel):
    """One import among others; its own address tells the rest."""

    id: UUID
    kind: str
    name: str
    company: UUID
    profile: str
    state: str
    counts: Counts
    created_at: dt.datetime
    finished_at: dt.datetime | None
    version: int


class ImportFiles(BaseModel):
    """Your own imports, newest first."""

    items: list[ImportLine]
    next: str


class RowProblem(BaseModel):
    column: str
    text: str
    then: str


class RowNotIn(BaseModel):
    """A row that is not in: its line, its cells as mended, and why."""

    line: int
    cells: dict[str, str]
    problems: list[RowProblem]
    is_mended: bool


class RowsNotIn(BaseModel):
    """Bad rows in the order of the file; ``next`` is the cursor of those that follow."""

    items: list[RowNotIn]
    next: str
