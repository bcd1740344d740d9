"""What was agreed, as canonical bytes: material fields, lines, plan and text; what approval and signing refer to."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from hetong.contracts.fields import CONTRACT, INSTALMENT, LINE, MILESTONE
from hetong.contracts.models import Instalment, Line, Milestone
from hetong.contracts.queries.texts import current_texts
from hetong.kernel.fields import Register

Content = dict[str, Any]


def content_of(ids: Collection[UUID]) -> dict[UUID, Content]:
    """The material fields, lines, milestones, stages and text of each contract, in journal form.

    References are by id only, since names change; a stage names its milestone by its place in the list. What hangs
    on a contract stands in the contract's own order, so that neither ids nor the order of reading matter. ``text`` is
    the SHA-256 of the current contract text, null where there is none.
    """
    contracts = CONTRACT.snapshot(list(ids), _material(CONTRACT))
    content: dict[UUID, Content] = {
        id: {"fields": _bare(CONTRACT, values), "lines": [], "milestones": [], "instalments": [], "text": None}
        for id, values in contracts.items()
    }
    lines = Line.objects.filter(contract__in=ids).order_by("contract", "position", "pk")
    for contract, _pk, values in _parts(LINE, lines):
        content[contract]["lines"].append(values)
    places: dict[str, int] = {}
    for contract, pk, values in _parts(
        MILESTONE, Milestone.objects.filter(contract__in=ids).order_by("position", "pk")
    ):
        content[contract]["milestones"].append(values)
        places[str(pk)] = len(content[contract]["milestones"])
    stages = Instalment.objects.filter(contract__in=ids, is_retired=False).order_by("kind", "position", "pk")
    for contract, _pk, values in _parts(INSTALMENT, stages):
        content[contract]["instalments"].append(values | {"milestone": places.get(values["milestone"])})
    for id, text in current_texts(ids).items():
        content[id]["text"] = text.sha256
    return content


def content_hashes(ids: Collection[UUID]) -> dict[UUID, str]:
    """SHA-256 (hex) of each contract's content in canonical JSON: sorted keys, no spaces, UTF-8."""
    return {id: digest(content) for id, content in content_of(ids).items()}


def digest(content: Mapping[str, Any]) -> str:
    """The hash of one content."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _parts(register: Register, rows: Any) -> list[tuple[UUID, UUID, dict[str, Any]]]:
    """Rows that hang on contracts, in the order given: (contract, id, material values)."""
    of = dict(rows.values_list("pk", "contract"))
    return [
        (of[pk], pk, _bare(register, values)) for pk, values in register.snapshot(list(of), _material(register)).items()
    ]


def _material(register: Register) -> list[str]:
    return [one.name for one in register if one.material]


def _bare(register: Register, values: Mapping[str, Any]) -> dict[str, Any]:
    """References by id; without the added fields that hold nothing, so that a new one leaves what is agreed as it is."""
    fields = register.all()
    held = {n: v for n, v in values.items() if not fields[n].kept or v not in (None, "", False)}
    return {n: v["id"] if isinstance(v, dict) and "title" in v else v for n, v in held.items()}
