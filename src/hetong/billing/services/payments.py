"""Payments: reported by whoever heard of them, confirmed by finance, allocated, taken back. Nothing is ever edited."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company
from hetong.audit.services import fill_in, keeps_refusals
from hetong.audit.services.editing import check_versions
from hetong.billing.events import (
    AllocationsMade,
    AllocationsUndone,
    BillingChanged,
    PaymentsConfirmed,
    PaymentsRecorded,
    PaymentsRejected,
    PaymentsReported,
    PaymentsReversed,
)
from hetong.billing.fields import PAYMENT, words
from hetong.billing.models import Allocation, Due, Invoice, Payment
from hetong.billing.policy import Can
from hetong.billing.services.drafts import Conversions
from hetong.billing.services.duties import check_accounts, check_reports
from hetong.billing.services.errors import (
    AlreadyConfirmed,
    NotConfirmed,
    NotReported,
    NotThatMuch,
    OverAllocated,
)
from hetong.billing.services.ledger import Ledger, Wanted, standing
from hetong.billing.services.reporting import PaymentReport, drafted_payments, wanted_problems
from hetong.billing.services.totals import hold_contracts, refresh_money, tell
from hetong.billing.states import PaymentState
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.collisions import once_more
from hetong.kernel.errors import N_, Invalid, NotFound, Problem, refuse
from hetong.kernel.joined import index
from hetong.kernel.money import Money
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_text

Versions = Mapping[UUID, int]


@once_more
@transaction.atomic
def report_payments(actor: Actor, givens: Sequence[PaymentReport], *, locale: str = "") -> list[Payment]:
    """Tell finance of payments; they count once they are confirmed.

    Raises `NotFound`, `Forbidden`, `Invalid`, `OverAllocated` where more is named than is open.
    """
    rows, ledger = drafted_payments(actor, givens, Can.REPORT)
    names = fill_in(PAYMENT, actor, rows, [one.added for one in givens], locale=locale)
    for row in rows:
        for one in map(Wanted.read, row.wanted):
            _check_open(ledger, row, one)
    insert(rows)
    index(PAYMENT, rows, names)
    tell(actor, PaymentsReported, rows)
    return rows


@keeps_refusals
@once_more
@transaction.atomic
def record_payments(actor: Actor, givens: Sequence[PaymentReport], *, locale: str = "") -> list[Payment]:
    """Enter payments that count at once: report and confirmation in one act of somebody who may do both.

    Raises what `report_payments` raises, `OwnAccount` and `NoRate`.
    """
    rows, ledger = drafted_payments(actor, givens, Can.CONFIRM)
    require(actor, Can.REPORT, rows)
    names = fill_in(PAYMENT, actor, rows, [one.added for one in givens], locale=locale)
    check_accounts(actor, rows)
    ledger.new = {row.pk for row in rows}
    _confirm(actor, rows, ledger, exactly=True)
    insert(rows)
    index(PAYMENT, rows, names)
    _keep(actor, ledger, PaymentsRecorded, rows, {})
    return rows


@keeps_refusals
@once_more
@transaction.atomic
def confirm_payments(actor: Actor, ids: Collection[UUID], *, versions: Versions | None = None) -> list[Payment]:
    """Confirm reported payments: they count from now on, and settle what was named for them.

    What is no longer open by now stays on account. Raises `AlreadyConfirmed`, `NotReported`, `OwnReport`,
    `OwnAccount`, `NoRate`.
    """
    rows, ledger = _held(actor, ids)
    require(actor, Can.CONFIRM, rows)
    for row in rows:
        if row.state == PaymentState.CONFIRMED:
            at = clock.day_of(row.decided_at, actor.zone).isoformat() if row.decided_at else ""
            raise AlreadyConfirmed(by=row.decided_by_label, at=at)
        _must_be_reported(row)
    check_reports(actor, rows)
    check_accounts(actor, rows)
    check_versions(rows, versions)
    before = PAYMENT.snapshot(rows)
    _confirm(actor, rows, ledger, exactly=False)
    write(rows, ("state", "decided_by", "decided_by_label", "decided_at", "rate"))
    _keep(actor, ledger, PaymentsConfirmed, rows, before)
    return rows


@once_more
@transaction.atomic
def reject_payments(
    actor: Actor, ids: Collection[UUID], *, reason: str, versions: Versions | None = None
) -> list[Payment]:
    """Say that reported payments did not come. Raises `NotReported`, `Invalid` without a reason."""
    rows, _ledger = _held(actor, ids)
    require(actor, Can.CONFIRM, rows)
    for row in rows:
        _must_be_reported(row)
    check_versions(rows, versions)
    before, why = PAYMENT.snapshot(rows), _needed(reason)
    for row in rows:
        row.state, row.reason = PaymentState.REJECTED, why
        _decided(actor, row)
    write(rows, ("state", "reason", "decided_by", "decided_by_label", "decided_at"))
    tell(actor, PaymentsRejected, rows, before, reason=why)
    return rows


@once_more
@transaction.atomic
def reverse_payments(
    actor: Actor, ids: Collection[UUID], *, reason: str, versions: Versions | None = None
) -> list[Payment]:
    """Take confirmed payments back whole (a bounced transfer, a slip): their allocations are undone by opposite rows.

    Raises `NotConfirmed`, `Invalid` without a reason.
    """
    rows, ledger = _held(actor, ids)
    require(actor, Can.CONFIRM, rows)
    for row in rows:
        _must_be_confirmed(row)
    check_versions(rows, versions)
    before, why = PAYMENT.snapshot(rows), _needed(reason)
    own = {row.pk: row for row in rows}
    for one in standing(payment__in=list(own)):
        ledger.take(one, own[one.payment_id])
    ledger.save(actor)
    for row in rows:
        row.state, row.reason = PaymentState.REVERSED, why
        row.reversed_at, row.reversed_by_label = clock.now(), actor.label[:200]
    write(rows, ("state", "reason", "reversed_at", "reversed_by_label"))
    refresh_money(actor, list(ledger.contracts))
    tell(actor, PaymentsReversed, rows, before, reason=why)
    return rows


@once_more
@transaction.atomic
def allocate_payment(actor: Actor, payment_id: UUID, wanted: Sequence[Wanted]) -> list[Payment]:
    """Put money that is on account where it belongs. Raises `NotConfirmed`, `NotThatMuch`, `OverAllocated`."""
    refuse(wanted_problems(wanted))
    [row], ledger = _held(actor, [payment_id], wanted)
    require(actor, Can.CONFIRM, [row])
    _must_be_confirmed(row)
    asked, left = sum(one.minor for one in wanted), row.amount_minor - row.allocated_minor
    if asked > left:
        raise NotThatMuch(asked=str(Money(asked, row.currency)), left=str(Money(left, row.currency)))
    before = PAYMENT.snapshot([row])
    for one in wanted:
        ledger.put(row, one)
    _keep(actor, ledger, AllocationsMade, [row], before)
    return [row]


@once_more
@transaction.atomic
def unallocate(actor: Actor, allocation_ids: Collection[UUID], *, reason: str) -> list[Payment]:
    """Put allocated money back on account. Raises `NotFound`, also for an allocation that was taken back already."""
    found = list(Allocation.objects.visible_to(actor).filter(pk__in=allocation_ids, reverses=None, reversed_by=None))
    if len(found) != len(set(allocation_ids)) or not found:
        raise NotFound(noun="billing.allocation")
    rows, ledger = _held(actor, {one.payment_id for one in found})
    require(actor, Can.CONFIRM, rows)
    before, why = PAYMENT.snapshot(rows), _needed(reason)
    own = {row.pk: row for row in rows}
    for one in standing(pk__in=list(allocation_ids)):  # asked again behind the locks
        ledger.take(one, own[one.payment_id])
    _keep(actor, ledger, AllocationsUndone, rows, before, why)
    return rows


def _check_open(ledger: Ledger, row: Payment, wanted: Wanted) -> None:
    still = sum(minor for _due, _invoice, minor in ledger.check(row, wanted))
    if wanted.minor > still:
        title = ledger.title_of(wanted)
        raise OverAllocated(
            asked=str(Money(wanted.minor, row.currency)), open=str(Money(still, row.currency)), title=title
        )


# -- deciding ----------------------------------------------------------------------------------------


def _held(actor: Actor, ids: Collection[UUID], wanted: Sequence[Wanted] = ()) -> tuple[list[Payment], Ledger]:
    """Payments with everything they may touch, locked in order: contracts, dues, invoices, payments."""
    known = list(Payment.objects.visible_to(actor).filter(pk__in=ids))
    if len(known) != len(set(ids)) or not known:
        raise NotFound(noun="billing.payment")
    named = [Wanted.read(one) for row in known for one in row.wanted]
    stand = standing(payment__in=list(ids))
    dues = {one.due_id for one in stand} | {one.due for one in (*named, *wanted) if one.due}
    invoices = {one.invoice for one in (*named, *wanted) if one.invoice}
    contracts = {row.contract_id for row in known if row.contract_id}
    contracts |= set(Due.objects.filter(pk__in=dues).values_list("contract", flat=True))
    contracts |= set(Invoice.objects.filter(pk__in=invoices).values_list("contract", flat=True))
    held = hold_contracts(actor, contracts)
    touched = [*named, *wanted, *(Wanted(1, due=one.due_id) for one in stand)]
    ledger = Ledger(
        list(held.values()), touched, also=[row.contract_id for row in known if row.contract_id and not row.wanted]
    )
    rows = locked(Payment.objects.visible_to(actor), ids)
    return rows, ledger


def _confirm(actor: Actor, rows: Sequence[Payment], ledger: Ledger, *, exactly: bool) -> None:
    """Let payments count, in memory, and allocate them as named, else to the oldest that is open on their contract."""
    companies = {one.pk: one for one in Company.objects.filter(pk__in={row.company_id for row in rows})}
    conversions = Conversions()
    for row in rows:
        row.rate = conversions.of(row.currency, companies[row.company_id], row.on)
        row.state = PaymentState.CONFIRMED
        _decided(actor, row)
        for one in map(Wanted.read, row.wanted):
            ledger.put(row, one, at_most=not exactly)
        if not row.wanted and row.contract_id:
            ledger.put_oldest(row, row.contract_id)


def _decided(actor: Actor, row: Payment) -> None:
    row.decided_by, row.decided_by_label, row.decided_at = actor.id, actor.label[:200], clock.now()


def _keep(
    actor: Actor, ledger: Ledger, event: type[BillingChanged], rows: Sequence[Payment], before: Any, reason: str = ""
) -> None:
    ledger.save(actor)
    refresh_money(actor, list(ledger.contracts))
    tell(actor, event, rows, before, reason=reason)


def _must_be_reported(row: Payment) -> None:
    if row.state != PaymentState.REPORTED:
        raise NotReported(state_label=words.label_of_payment(row.state))


def _must_be_confirmed(row: Payment) -> None:
    if row.state != PaymentState.CONFIRMED:
        raise NotConfirmed(state_label=words.label_of_payment(row.state))


def _needed(reason: str) -> str:
    kept = clean_text(reason, max_length=500)
    if not kept:
        raise Invalid(problems=[Problem("required", N_("Say why, so that others can follow."), field="reason")])
    return kept
