"""What was agreed, as canonical bytes: the fields that matter and the lines; what approval and signing refer to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from hetong.contracts.fields import CONTRACT, LINE
from hetong.contracts.models import Line
from hetong.kernel.fields import Register


def content_of(ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    """The material fields and lines of each contract, in journal form; references by id only, since names change."""
    contracts = CONTRACT.snapshot(list(ids), _material(CONTRACT))
    order = Line.objects.filter(contract__in=ids).order_by("contract", "position", "pk")
    of = dict(order.values_list("pk", "contract"))
    lines = LINE.snapshot(list(of), _material(LINE))
    content: dict[UUID, dict[str, Any]] = {
        id: {"fields": _bare(values), "lines": []} for id, values in contracts.items()
    }
    for pk, values in lines.items():
        content[of[pk]]["lines"].append(_bare(values))
    return content


def content_hashes(ids: Collection[UUID]) -> dict[UUID, str]:
    """SHA-256 (hex) of each contract's content in canonical JSON: sorted keys, no spaces, UTF-8."""
    return {id: digest(content) for id, content in content_of(ids).items()}


def digest(content: Mapping[str, Any]) -> str:
    """The hash of one content."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _material(register: Register) -> list[str]:
    return [one.name for one in register if one.material]


def _bare(values: Mapping[str, Any]) -> dict[str, Any]:
    return {n: v["id"] if isinstance(v, dict) and "title" in v else v for n, v in values.items()}
