"""Dues of contracts that are taken back: gone with them, as long as nothing was posted on them."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.billing.events import Act
from hetong.billing.fields import DUE
from hetong.billing.models import Due
from hetong.contracts.models import Contract
from hetong.kernel.actors import Actor
from hetong.kernel.rows import locked


@transaction.atomic
def take_back_dues(actor: Actor, contracts: Collection[UUID], *, reason: str) -> None:
    """Delete the dues of these contracts on which nothing is invoiced, settled or filled in; those that carry something stay.

    A step of taking the contracts back, whose right the caller asks for. Raises `NotFound`.
    """
    held = locked(Contract.objects.visible_to(actor), contracts)
    untouched = Due.objects.filter(contract__in=[one.pk for one in held], invoiced_minor=0, settled_minor=0, custom={})
    rows = locked(untouched, list(untouched.filter(invoice_lines=None, allocations=None).values_list("pk", flat=True)))
    before = DUE.snapshot(rows)
    gone = [Change(DUE.noun, row.pk, row.title, row.company_id, before[row.pk]) for row in rows]
    Due.objects.filter(pk__in=[row.pk for row in rows]).delete()
    record_many(actor, Act.DUES_TAKEN_BACK, gone, reason=reason)
