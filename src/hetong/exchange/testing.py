"""Builders for tests: a file on its way in, as its person began it."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from uuid import UUID

from hetong.accounts.models import Company
from hetong.documents.services import Upload
from hetong.exchange.queries.imports import get_import
from hetong.exchange.services import begin_import, set_mapping, set_options
from hetong.kernel.actors import Actor


def begin_file(
    actor: Actor,
    kind: str,
    file: Path | str,
    *,
    company: Company | None = None,
    profile: str = "",
    keys: Sequence[str] = (),
    duplicates: str = "import",
    mapping: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
) -> UUID:
    """An import of that file (a path, or the text of a CSV), mapped as it was guessed unless said otherwise."""
    content = file.read_bytes() if isinstance(file, Path) else file.encode()
    name = file.name if isinstance(file, Path) else "rows.csv"
    company = company or Company.objects.order_by("pk")[0]
    id = begin_import(actor, kind, company.pk, Upload(name, io.BytesIO(content)), profile=profile)
    guessed = dict(get_import(actor, id).mapping)
    set_mapping(actor, id, guessed | dict(mapping or {}), keys, duplicates)
    if options:
        set_options(actor, id, options)
    return id
