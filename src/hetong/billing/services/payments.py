"""Payments: reported by whoever heard of them, confirmed by finance, allocated, taken back. Nothing is ever edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company
from hetong.audit.services import keeps_refusals
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
from hetong.billing.services.drafts import conversion
from hetong.billing.services.duties import check_accounts, check_reports
from hetong.billing.services.errors import (
    AlreadyConfirmed,
    NotConfirmed,
    NotReported,
    NotThatMuch,
    OverAllocated,
    WrongDirection,
)
from hetong.billing.services.ledger import FLOW, Ledger, Wanted, standing
from hetong.billing.services.totals import hold_contracts, refresh_money, tell
from hetong.billing.states import Direction, PaymentState
from hetong.contracts.models import Contract
from hetong.contracts.states import Class
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.collisions import once_more
from hetong.kernel.errors import N_, Invalid, NotFound, Problem, refuse
from hetong.kernel.money import MAX_MINOR, Money, is_active
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_line, clean_text
from hetong.parties.models import Party

Versions = Mapping[UUID, int]
EARLIEST = dt.date(1970, 1, 1)


@dataclass(frozen=True)
class PaymentReport:
    """Money that moved: on a contract, or with a party of one of our companies.

    ``amount`` in minor units of ``currency``. ``wanted`` says what it is for; without it, a payment on a contract
    settles what is open there, the oldest first, and what is left over stays on account.
    """

    direction: str
    amount: int
    currency: str
    on: dt.date
    contract: UUID | None = None
    party: UUID | None = None
    company: UUID | None = None
    method: str = ""
    reference: str = ""
    note: str = ""
    wanted: Sequence[Wanted] = field(default_factory=tuple)


@once_more
@transaction.atomic
def report_payments(actor: Actor, givens: Sequence[PaymentReport]) -> list[Payment]:
    """Tell finance of payments; they count once they are confirmed.

    Raises `NotFound`, `Forbidden`, `Invalid`, `OverAllocated` where more is named than is open.
    """
    rows, ledger = _made(actor, givens, Can.REPORT)
    for row in rows:
        for one in map(Wanted.read, row.wanted):
            _check_open(ledger, row, one)
    insert(rows)
    tell(actor, PaymentsReported, rows)
    return rows


@keeps_refusals
@once_more
@transaction.atomic
def record_payments(actor: Actor, givens: Sequence[PaymentReport]) -> list[Payment]:
    """Enter payments that count at once: report and confirmation in one act of somebody who may do both.

    Raises what `report_payments` raises, `OwnAccount` and `NoRate`.
    """
    rows, ledger = _made(actor, givens, Can.CONFIRM)
    require(actor, Can.REPORT, rows)
    check_accounts(actor, rows)
    ledger.new = {row.pk for row in rows}
    _confirm(actor, rows, ledger, exactly=True)
    insert(rows)
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
            at = row.decided_at.date().isoformat() if row.decided_at else ""
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
    refuse(_wanted_problems(wanted))
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


# -- making ------------------------------------------------------------------------------------------


def _made(actor: Actor, givens: Sequence[PaymentReport], can: Can) -> tuple[list[Payment], Ledger]:
    """The payments in memory, checked, with the ledger of what they name held."""
    ids = _contracts_named(actor, givens)
    contracts = hold_contracts(actor, ids)
    problems = []
    rows = []
    for position, given in enumerate(givens, start=1):
        row, found = _payment(actor, given, contracts.get(given.contract) if given.contract else None)
        problems += found if len(givens) == 1 else [_of_row(one, position) for one in found]
        rows.append(row)
    refuse(problems)
    require(actor, can, rows)
    ledger = Ledger(
        list(contracts.values()), (one for given in givens for one in given.wanted),
        also=[given.contract for given in givens if given.contract and not given.wanted],
    )  # fmt: skip
    return rows, ledger


def _of_row(problem: Problem, position: int) -> Problem:
    return Problem(problem.code, problem.text, problem.params, problem.field, str(position))


def _contracts_named(actor: Actor, givens: Sequence[PaymentReport]) -> set[UUID]:
    """The contracts that the payments are on, and those of what they are for. Raises `NotFound`."""
    ids = {given.contract for given in givens if given.contract}
    wanted = [one for given in givens for one in given.wanted]
    dues = {one.due for one in wanted if one.due}
    invoices = {one.invoice for one in wanted if one.invoice}
    of_dues = dict(Due.objects.visible_to(actor).filter(pk__in=dues).values_list("pk", "contract")) if dues else {}
    of_invoices = (
        dict(Invoice.objects.visible_to(actor).filter(pk__in=invoices).values_list("pk", "contract"))
        if invoices
        else {}
    )
    if len(of_dues) != len(dues) or len(of_invoices) != len(invoices):
        raise NotFound(noun="billing.due")
    return ids | set(of_dues.values()) | set(of_invoices.values())


def _payment(actor: Actor, given: PaymentReport, contract: Contract | None) -> tuple[Payment, list[Problem]]:
    company_id = contract.company_id if contract else given.company
    party_id = contract.counterparty_id if contract else given.party
    company = Company.objects.visible_to(actor).filter(pk=company_id).first() if company_id else None
    problems = list(_problems(given, company))
    if not contract and not (party_id and Party.objects.visible_to(actor).filter(pk=party_id).exists()):
        problems.append(Problem("required", N_("Name the contract, or the party and the company."), field="party"))
    if contract is not None and FLOW.get(Class(contract.class_of)) != given.direction:
        raise WrongDirection(title=contract.title)
    whose: dict[str, Any] = {"company_id": company_id, "party_id": party_id}
    row = Payment(
        **whose, contract_id=given.contract, direction=given.direction, on=given.on,
        currency=given.currency, amount_minor=given.amount, method=given.method,
        reference=clean_line(given.reference, max_length=120), note=clean_line(given.note, max_length=500),
        wanted=[one.stored() for one in given.wanted], reported_by=actor.id, reported_by_label=actor.label[:200],
        reported_at=clock.now(),
    )  # fmt: skip
    return row, problems


def _problems(given: PaymentReport, company: Company | None) -> Iterator[Problem]:
    if given.direction not in list(Direction):
        yield Problem("not_offered", N_("Say whether money came in or went out."), field="direction")
    if not is_active(given.currency):
        yield Problem(
            "unknown_currency",
            N_("“%(currency)s” is not a currency code."),
            {"currency": given.currency[:3]},
            "currency",
        )
    if not 0 < given.amount <= MAX_MINOR:
        yield Problem("not_positive", N_("An amount must be more than 0."), field="amount")
    if given.method not in ("", *words.METHODS):
        yield Problem(
            "not_offered", N_("“%(given)s” is not one of the choices."), {"given": given.method[:40]}, "method"
        )
    yield from _day_problems(given, company)
    yield from _wanted_problems(given.wanted, needed=False)
    if sum(one.minor for one in given.wanted) > given.amount:
        yield Problem("more_than_paid", N_("More is allocated than was paid."), field="wanted")


def _day_problems(given: PaymentReport, company: Company | None) -> Iterator[Problem]:
    if company is None:
        yield Problem("required", N_("Name one of our companies."), field="company")
    elif given.on > (today := clock.today(company.zone)):
        why = N_("A payment cannot be dated after today, %(today)s.")
        yield Problem("future", why, {"today": today.isoformat()}, "on")
    if given.on < EARLIEST:
        yield Problem("too_early", N_("This day is surely a slip."), field="on")


def _wanted_problems(wanted: Sequence[Wanted], *, needed: bool = True) -> Iterator[Problem]:
    if needed and not wanted:
        yield Problem("required", N_("Say what the money is for."), field="wanted")
    for one in wanted:
        if one.minor <= 0:
            yield Problem("not_positive", N_("An amount must be more than 0."), field="wanted")
        if (one.invoice is None) == (one.due is None):
            yield Problem("required", N_("Name either an invoice or a stage."), field="wanted")


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
    for row in rows:
        row.rate = conversion(row.currency, companies[row.company_id], row.on)
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
