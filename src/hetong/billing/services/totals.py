"""What every posting needs: the contracts it holds, their sums made true again, and the facts it tells."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Case, F, Min, Q, Sum, Value, When

from hetong.accounts.models import Company
from hetong.audit.services import changes, record_many
from hetong.billing.events import BillingChanged
from hetong.billing.fields import DUE, INVOICE, PAYMENT
from hetong.billing.models import Due, Invoice, InvoiceLine, Payment
from hetong.billing.services.errors import NotBillable
from hetong.billing.states import DueKind, DueState, InvoiceKind
from hetong.contracts.fields import words as contract_words
from hetong.contracts.models import Contract
from hetong.contracts.services import MoneyTotals, set_money_totals
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.states import Stage
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.events import Event, Fact
from hetong.kernel.money import Money
from hetong.kernel.rows import locked, write

REGISTERS = {Due: DUE, Invoice: INVOICE, Payment: PAYMENT}
IN_FORCE = frozenset({
    Stage.ACTIVE, Stage.SUSPENDED, Stage.TERMINATED, Stage.EXPIRED, Stage.SUPERSEDED, Stage.CLOSING, Stage.CLOSED,
})  # fmt: skip
"""The stages in which something may be posted on a contract."""


def hold_contracts(actor: Actor, ids: Collection[UUID]) -> dict[UUID, Contract]:
    """The contracts of a posting, locked, by id: the first lock of every posting (law 11).

    Raises `NotFound`, `OnlyShared` where one is open to the actor for reading only, `NotBillable`.
    """
    contracts = locked(Contract.objects.visible_to(actor), ids)
    check_editable_by(actor, contracts)
    for one in contracts:
        if one.stage not in IN_FORCE:
            raise NotBillable(title=one.title, stage_label=contract_words.STAGES[one.stage])
    return {one.pk: one for one in contracts}


def today_of(company_id: UUID) -> dt.date:
    """The company's day of now."""
    return clock.today(Company.objects.values_list("zone", flat=True).get(pk=company_id))


def refresh_money(actor: Actor, ids: Collection[UUID]) -> None:  # allow: journal — a cache; postings are recorded
    """Make the sums of the locked contracts true again, from their dues; last before the numbers (law 11)."""
    alone = dict(Contract.objects.filter(pk__in=ids).values_list("pk", "has_invoice_plan"))
    sums: dict[UUID, list[int]] = {id: [0, 0, 0] for id in alone}
    for contract, kind, invoiced, settled, still in _sums(alone):
        of = sums[contract]
        counts_invoices = (kind == DueKind.INVOICE) == alone[contract]
        of[0] += invoiced if counts_invoices else 0
        of[1] += settled
        of[2] += still
    _expect([id for id, is_alone in alone.items() if not is_alone])
    oldest = _oldest(alone)
    set_money_totals(
        actor,
        {
            id: MoneyTotals(invoiced, settled, max(invoiced - settled, 0) if alone[id] else still, oldest.get(id))
            for id, (invoiced, settled, still) in sums.items()
        },
    )


def _expect(ids: Collection[UUID]) -> None:
    """Let dues with something open be expected on the due day of their oldest open invoice."""
    rows = Due.objects.filter(contract__in=list(ids), invoiced_minor__gt=F("settled_minor")).only("due_on")
    owing = {one.pk: one for one in rows}
    open_ones = InvoiceLine.objects.filter(
        due__in=list(owing), invoice__kind=InvoiceKind.INVOICE,
        invoice__gross_minor__gt=F("invoice__credited_minor") + F("invoice__settled_minor"),
    )  # fmt: skip
    oldest = open_ones.order_by().values_list("due").annotate(Min("invoice__due_on")) if owing else ()
    moved = [(owing[due], day) for due, day in oldest if owing[due].due_on != day]
    for due, day in moved:
        due.due_on = day
    write([due for due, _day in moved], ("due_on",), version=False)


def _sums(ids: Collection[UUID]) -> Iterable[Any]:
    """Per contract and kind of due: invoiced, settled, and what is invoiced and not settled."""
    still = Case(
        When(invoiced_minor__gt=F("settled_minor"), then=F("invoiced_minor") - F("settled_minor")), default=Value(0)
    )
    rows = Due.objects.filter(contract__in=list(ids)).exclude(state=DueState.REVERSED).order_by()
    return rows.values_list("contract", "kind").annotate(Sum("invoiced_minor"), Sum("settled_minor"), still=Sum(still))


def _oldest(alone: dict[UUID, bool]) -> dict[UUID, dt.date]:
    """The earliest day on which something that is still open was to be paid."""
    linked = [id for id, is_alone in alone.items() if not is_alone]
    apart = [id for id, is_alone in alone.items() if is_alone]
    found: dict[UUID, dt.date] = {}
    if linked:
        still = Q(kind=InvoiceKind.INVOICE, gross_minor__gt=F("credited_minor") + F("settled_minor"))
        rows = Invoice.objects.filter(still, contract__in=linked).order_by()
        found |= dict(rows.values_list("contract").annotate(Min("due_on")))
    if apart:
        owed = Q(state=DueState.OPEN, settled_minor__lt=F("gross_minor")) & ~Q(kind=DueKind.INVOICE)
        dues = Due.objects.filter(owed, contract__in=apart, due_on__isnull=False).order_by()
        found |= dict(dues.values_list("contract").annotate(Min("due_on")))
    return found


def tell(
    actor: Actor,
    event: type[BillingChanged],
    rows: Sequence[Any],
    before: Any = None,
    *,
    reason: str = "",
    code: str = "",
) -> None:
    """Record what was done to dues, invoices or payments of one kind, and publish it with amounts as facts."""
    if not rows:
        return
    register = REGISTERS[type(rows[0])]
    companies = {row.pk: row.company_id for row in rows}
    what = changes(register, before or {}, register.held(rows), companies)
    record_many(actor, code or event.code, what, reason=reason)
    happened: Event = event(actor, tuple(_fact(register.noun, row) for row in rows))
    publish(happened)


def _fact(noun: str, row: Any) -> Fact:
    minor = row.amount_minor if isinstance(row, Payment) else row.gross_minor
    return Fact(
        noun, row.pk, row.company_id,
        {"contract": str(row.contract_id) if row.contract_id else None, "amount": Money(minor, row.currency).amount,
         "currency": row.currency},
    )  # fmt: skip
