"""What money needs by a day: invoices to send, money to chase and to pay, reported payments to confirm."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from uuid import UUID

from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from hetong.accounts.people import holders
from hetong.billing.models import Due, Invoice, Payment
from hetong.billing.policy import Can
from hetong.billing.states import Direction, DueKind, DueState, InvoiceKind, PaymentState
from hetong.kernel.deadlines import Deadline, People

CHASING = (7, 0, -7, -14, -30)
"""S0-18: a week before, on the day, and three times after it."""
OF_CONTRACT = ("contracts.contract", "contract_id")
UNPAID = Q(kind=InvoiceKind.INVOICE, gross_minor__gt=F("credited_minor") + F("settled_minor"))
ALONE = Q(contract__has_invoice_plan=True, state=DueState.OPEN, settled_minor__lt=F("gross_minor"))
"""Dues that no invoice speaks for: the money has a plan of its own."""
BILLABLE = Q(state=DueState.OPEN, invoiced_minor__lt=F("gross_minor"), contract__stops_invoicing=False)
BILLS = Q(contract__has_invoice_plan=False, kind=DueKind.COLLECT) | Q(kind=DueKind.INVOICE)

Owned = Iterable[tuple[UUID, UUID, UUID | None]]
"""Row, company, owner of its contract."""


def _owner_first(rows: Owned, can: str) -> People:
    """The owner does it; those who hold the permission are told."""
    found = list(rows)
    finance = holders(can, {company for _id, company, _owner in found})
    return {id: tuple(dict.fromkeys(u for u in (owner, *finance[company]) if u)) for id, company, owner in found}


def _finance_first(rows: Owned, can: str) -> People:
    """Those who hold the permission do it; where there are none the owner."""
    found = list(rows)
    finance = holders(can, {company for _id, company, _owner in found})
    return {id: finance[company] or ((owner,) if owner else ()) for id, company, owner in found}


def chasers(ids: Collection[UUID]) -> People:
    # allow: visibility — whom to ask, not what is read
    return _owner_first(Invoice.objects.filter(pk__in=ids).values_list("pk", "company", "contract__owner"), Can.CONFIRM)


def payers(ids: Collection[UUID]) -> People:
    # allow: visibility — whom to ask
    return _finance_first(
        Invoice.objects.filter(pk__in=ids).values_list("pk", "company", "contract__owner"), Can.CONFIRM
    )


def chasers_of_dues(ids: Collection[UUID]) -> People:
    # allow: visibility — whom to ask
    return _owner_first(Due.objects.filter(pk__in=ids).values_list("pk", "company", "contract__owner"), Can.CONFIRM)


def payers_of_dues(ids: Collection[UUID]) -> People:
    # allow: visibility — whom to ask
    return _finance_first(Due.objects.filter(pk__in=ids).values_list("pk", "company", "contract__owner"), Can.CONFIRM)


def invoicers(ids: Collection[UUID]) -> People:
    # allow: visibility — whom to ask
    return _finance_first(Due.objects.filter(pk__in=ids).values_list("pk", "company", "contract__owner"), Can.INVOICE)


def confirmers(ids: Collection[UUID]) -> People:
    # allow: visibility — whom to ask
    return _finance_first(
        Payment.objects.filter(pk__in=ids).values_list("pk", "company", "contract__owner"), Can.CONFIRM
    )


DEADLINES: tuple[Deadline, ...] = (
    Deadline(
        "billing.collect", "billing.invoice", _("Due"), _("See that the invoice is paid"), "due_on",
        UNPAID & Q(direction=Direction.OUT), chasers, offsets=CHASING, settled_by=_("full payment or a credit note"),
        fields=("party", "contract", "left"), escalates=-14, icon="file-invoice",
    ),
    Deadline(
        "billing.collect_due", "billing.due", _("Due"), _("See that the money comes in"), "due_on",
        ALONE & Q(kind=DueKind.COLLECT), chasers_of_dues, anchor="money/#due-{id}", offsets=CHASING, settled_by=_("full payment"),
        page=OF_CONTRACT, fields=("party", "contract", "unsettled"), escalates=-14, icon="calendar-dollar",
    ),
    Deadline(
        "billing.pay", "billing.invoice", _("Due"), _("Pay the invoice"), "due_on",
        UNPAID & Q(direction=Direction.IN), payers, offsets=(7, 0, -7), settled_by=_("full payment or a credit note"),
        fields=("party", "contract", "left"), escalates=-7, icon="cash",
    ),
    Deadline(
        "billing.pay_due", "billing.due", _("Due"), _("Pay what is due"), "due_on",
        ALONE & Q(kind=DueKind.PAY), payers_of_dues, anchor="money/#due-{id}", offsets=(7, 0, -7), settled_by=_("full payment"),
        page=OF_CONTRACT, fields=("party", "contract", "unsettled"), escalates=-7, icon="cash",
    ),
    Deadline(
        "billing.invoice", "billing.due", _("Bill on"), _("Issue the invoice"), "on",
        BILLABLE & BILLS, invoicers, anchor="money/#due-{id}", offsets=(0, -7), settled_by=_("the invoice"),
        page=OF_CONTRACT, fields=("party", "contract", "uninvoiced"), escalates=-7, icon="receipt",
    ),
    Deadline(
        "billing.confirm", "billing.payment", _("Reported on"), _("Confirm the payment"), "reported_at__date",
        Q(state=PaymentState.REPORTED), confirmers, offsets=(-1, -3, -7), settled_by=_("the payment being confirmed or rejected"),
        fields=("party", "contract", "amount"), is_ask=True, icon="cash",
    ),
)  # fmt: skip
