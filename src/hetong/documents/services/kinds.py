"""Kinds of document: shipped ones, and those that administrators add."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.text import slugify

from hetong.accounts.policy import Can as Accounts
from hetong.audit.services import add_rows, edit_rows
from hetong.documents.events import Act, KindsChanged
from hetong.documents.fields import KIND
from hetong.documents.models import DocumentKind
from hetong.kernel.actors import Actor
from hetong.kernel.ids import new_id
from hetong.kernel.labels import Labels
from hetong.kernel.rows import insert, locked

Given = Mapping[str, Any]

SHIPPED: Final[tuple[tuple[str, dict[str, bool], tuple[str, str, str, str]], ...]] = (
    ("contract_text", {"is_contract_text": True, "states_value": True}, ("Contract text", "合同文本", "合約文本", "Avtalstext")),
    ("signed_copy", {"states_value": True}, ("Signed copy", "签署件", "簽署件", "Undertecknat exemplar")),
    ("annex", {}, ("Annex", "附件", "附件", "Bilaga")),
    ("correspondence", {}, ("Correspondence", "往来函件", "往來函件", "Korrespondens")),
    ("certificate", {"is_qualification": True}, ("Licence or certificate", "资质证照", "資格證照", "Tillstånd eller intyg")),
    ("invoice", {"states_value": True}, ("Invoice", "发票", "發票", "Faktura")),
    ("archive_package", {"states_value": True, "is_confidential": True}, ("Archive package", "归档包", "歸檔套件", "Arkivpaket")),
    ("confidential", {"is_confidential": True}, ("Confidential", "保密文件", "保密文件", "Konfidentiellt")),
    ("other", {}, ("Other", "其他", "其他", "Övrigt")),
)  # fmt: skip


@transaction.atomic
def seed_kinds() -> int:
    """Add the shipped kinds that are missing; returns how many. What an administrator changed stays."""
    known = set(DocumentKind.objects.values_list("key", flat=True))
    rows = []
    for position, (key, facts, names) in enumerate(SHIPPED):
        labels = dict(zip(("en", "zh-hans", "zh-hant", "sv"), names, strict=True))
        if key not in known:
            rows.append(DocumentKind(key=key, labels=labels, position=(position + 1) * 10, **facts))
    insert(rows)
    return len(rows)


def _make(values: Given) -> DocumentKind:
    """A kind called after its English name; two of one name are told apart."""
    key = slugify(Labels(values["labels"]).text("en"))[:30].replace("-", "_")
    if not key or DocumentKind.objects.filter(key=key).exists():
        key = f"{key or 'kind'}_{str(new_id())[-6:]}"
    return DocumentKind(key=key)


@transaction.atomic
def add_kinds(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[DocumentKind]:
    """Add kinds of document."""
    return add_rows(
        KIND,
        actor,
        givens,
        can=Accounts.MANAGE_ROLES,
        code=Act.KIND_ADDED,
        event=KindsChanged,
        make=_make,
        locale=locale,
    )


@transaction.atomic
def edit_kinds(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[DocumentKind]:
    """Change kinds of document; who reads them changes with the next request."""
    rows = locked(DocumentKind.objects.visible_to(actor), ids)
    return edit_rows(
        KIND,
        actor,
        rows,
        given,
        can=Accounts.MANAGE_ROLES,
        code=Act.KIND_EDITED,
        event=KindsChanged,
        locale=locale,
        versions=versions,
        reason=reason,
    )
