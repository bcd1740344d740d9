from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.audit.services.editing import add_rows, edit_rows
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem
from hetong.kernel.ids import new_id
from hetong.kernel.labels import Labels
from hetong.kernel.rows import locked
from hetong.parties.events import Act, KindsChanged
from hetong.parties.fields import KIND
from hetong.parties.models import PartyKind
from hetong.parties.policy import Can

Given = Mapping[str, Any]


def _key_of(row: PartyKind) -> str:
    """A key out of the kind's English words; a made-up one where these are in another script."""
    made = re.sub(r"[^a-z0-9]+", "-", Labels(row.labels).text("en").lower()).strip("-")[:32]
    return made or f"kind-{new_id().hex[-8:]}"


def _place(row: PartyKind, values: Mapping[str, Any]) -> None:
    """A kind whose position was left empty comes last."""
    if "position" in values and values["position"] is None:
        row.position = 100


@transaction.atomic
def add_kinds(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[PartyKind]:
    """Add kinds of party."""

    def prepare(row: PartyKind, values: Mapping[str, Any]) -> list[Problem]:
        row.key = row.key or _key_of(row)
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", row.key):
            return [Problem("bad_key", N_("A key is made of small letters, digits and hyphens."), field="key")]
        if PartyKind.objects.filter(key=row.key).exists():
            return [Problem("key_taken", N_("There is already a kind with the key %(key)s."), {"key": row.key}, "key")]
        _place(row, values)
        return []

    return add_rows(
        KIND, actor, givens, can=Can.MANAGE_KINDS, code=Act.KIND_ADDED, event=KindsChanged, make=lambda values: PartyKind(),
        locale=locale, prepare=prepare,
    )  # fmt: skip


@transaction.atomic
def edit_kinds(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[PartyKind]:
    """Change kinds of party: words, position, whether they are offered. The key stays."""
    rows = locked(PartyKind.objects.visible_to(actor), ids)
    keys = {row.pk: row.key for row in rows}

    def prepare(row: PartyKind, values: Mapping[str, Any]) -> list[Problem]:
        if row.key != keys[row.pk]:
            return [Problem("key_stays", N_("A key never changes. Retire this kind and add another."), field="key")]
        _place(row, values)
        return []

    return edit_rows(
        KIND, actor, rows, given, can=Can.MANAGE_KINDS, code=Act.KIND_EDITED, event=KindsChanged, locale=locale, versions=versions,
        reason=reason, prepare=prepare,
    )  # fmt: skip
