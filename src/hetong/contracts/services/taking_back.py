"""Taking back contracts that came in by a mistake and that nobody has touched: they are as if they had never been."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.contracts.events import Act, ContractsTakenBack
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract
from hetong.contracts.policy import Can
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor, require
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked


@transaction.atomic
def take_back_contracts(actor: Actor, ids: Collection[UUID], *, reason: str) -> None:
    """Delete contracts with their lines, plan and steps; the journal keeps what they said.

    For undoing what brought them in: the caller knows that nobody has touched them since. What others refer to is
    refused by the database (`ProtectedError`). Raises `NotFound`, `Forbidden`.
    """
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.ADD, contracts)
    before = CONTRACT.snapshot(contracts)
    gone = [Change(CONTRACT.noun, one.pk, one.title, one.company_id, before[one.pk]) for one in contracts]
    Contract.objects.filter(pk__in=[one.pk for one in contracts]).delete()
    record_many(actor, Act.TAKEN_BACK, gone, reason=reason)
    publish(ContractsTakenBack(actor, tuple(Fact(CONTRACT.noun, one.pk, one.company_id) for one in contracts)))
