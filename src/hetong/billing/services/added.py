"""Filling in the fields that the house added to dues, invoices and payments.

Nothing that was agreed, issued or paid is among them, and none of them is printed: their registers have no other field
that can be written, so this is all that editing one of these records can mean.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction

from hetong.audit.services import edit_rows
from hetong.billing.events import Act, DuesEdited, InvoicesEdited, PaymentsEdited
from hetong.billing.fields import DUE, INVOICE, PAYMENT
from hetong.billing.models import Due, Invoice, Payment
from hetong.billing.policy import Can
from hetong.contracts.models import Contract
from hetong.contracts.services.checks import check_editable_by
from hetong.kernel.actors import Actor
from hetong.kernel.rows import locked

Given = Mapping[str, Any]
Versions = Mapping[UUID, int] | None
Posted = TypeVar("Posted", Due, Invoice, Payment)


@transaction.atomic
def edit_dues(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Versions = None, reason: str = ""
) -> list[Due]:
    """Fill in added fields of dues, all or none. Raises `NotFound`, `Forbidden`, `Archived`, `Stale`, `Invalid`."""
    rows = _open(actor, locked(Due.objects.visible_to(actor), ids))
    return edit_rows(
        DUE, actor, rows, given, can=Can.PLAN, code=Act.DUES_EDITED, event=DuesEdited, locale=locale, versions=versions,
        reason=reason,
    )  # fmt: skip


@transaction.atomic
def edit_invoices(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Versions = None, reason: str = ""
) -> list[Invoice]:
    """Fill in added fields of invoices and credit notes, also after their issue. Raises as `edit_dues`."""
    rows = _open(actor, locked(Invoice.objects.visible_to(actor), ids))
    return edit_rows(
        INVOICE, actor, rows, given, can=Can.INVOICE, code=Act.INVOICES_EDITED, event=InvoicesEdited, locale=locale,
        versions=versions, reason=reason,
    )  # fmt: skip


@transaction.atomic
def edit_payments(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Versions = None, reason: str = ""
) -> list[Payment]:
    """Fill in added fields of payments, whatever became of them. Raises as `edit_dues`."""
    rows = _open(actor, locked(Payment.objects.visible_to(actor), ids))
    return edit_rows(
        PAYMENT, actor, rows, given, can=Can.REPORT, code=Act.PAYMENTS_EDITED, event=PaymentsEdited, locale=locale,
        versions=versions, reason=reason,
    )  # fmt: skip


def _open(actor: Actor, rows: list[Posted]) -> list[Posted]:
    """The rows, where their contracts are open to the actor for more than reading and are not archived."""
    of = {row.contract_id for row in rows if row.contract_id}
    check_editable_by(actor, Contract.objects.visible_to(actor).filter(pk__in=of))
    return rows
