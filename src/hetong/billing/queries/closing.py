"""What of a contract's money stands in the way of closing it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db.models import F, Q, QuerySet

from hetong.billing.models import Due, Payment
from hetong.billing.states import DueKind, DueState, PaymentState
from hetong.contracts.models import Contract
from hetong.contracts.services.closing import CloseItem
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_

LIVE = Q(state__in=[DueState.PLANNED, DueState.HELD, DueState.OPEN])
BILLS = Q(contract__has_invoice_plan=False) | Q(kind=DueKind.INVOICE)
SETTLES = ~Q(kind=DueKind.INVOICE)


def close_problems(actor: Actor, contracts: Collection[Contract]) -> Sequence[CloseItem]:
    """Whether everything is invoiced, settled and decided; a waived due counts up to what was invoiced of it.

    Three statements, whatever the number of contracts. Names stages, never amounts: those have their own readers.
    """
    ids = [one.pk for one in contracts]
    # allow: visibility — the contracts are narrowed already
    dues = Due.objects.filter(contract__in=ids)
    unbilled = _titles(dues.filter(LIVE & BILLS, gross_minor__gt=F("invoiced_minor")))
    waived = Q(state=DueState.SKIPPED, invoiced_minor__gt=F("settled_minor"), contract__has_invoice_plan=False)
    unsettled = _titles(dues.filter((LIVE & Q(gross_minor__gt=F("settled_minor"))) | waived, SETTLES))
    # allow: visibility — the contracts are narrowed already
    reported = Payment.objects.filter(contract__in=ids, state=PaymentState.REPORTED).values_list("contract", flat=True)
    undecided = dict.fromkeys(reported, "")
    told = (
        ("invoiced", N_("Every stage is invoiced or waived"), unbilled),
        ("settled", N_("Everything is settled"), unsettled),
        ("reported", N_("Every reported payment is confirmed or rejected"), undecided),
    )
    return [
        CloseItem(one.pk, code, label, one.pk not in found, found.get(one.pk, ""), f"/contracts/{one.pk}/money/")
        for one in contracts
        for code, label, found in told
    ]


def _titles(dues: QuerySet[Due]) -> Mapping[UUID, str]:
    found: dict[UUID, list[str]] = {}
    for contract, title in dues.order_by("contract", "kind", "position", "pk").values_list("contract", "title"):
        found.setdefault(contract, []).append(title)
    return {contract: ", ".join(titles) for contract, titles in found.items()}
