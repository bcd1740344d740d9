"""Payments as somebody reports them: what is said of them, read and checked, in memory."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hetong.accounts.models import Company
from hetong.billing.fields import words
from hetong.billing.models import Due, Invoice, Payment
from hetong.billing.policy import Can
from hetong.billing.services.errors import WrongDirection
from hetong.billing.services.ledger import FLOW, Ledger, Wanted
from hetong.billing.services.totals import hold_contracts
from hetong.billing.states import Direction
from hetong.contracts.models import Contract
from hetong.contracts.states import Class
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, NotFound, Problem, refuse
from hetong.kernel.money import MAX_MINOR, is_active
from hetong.kernel.text import clean_line
from hetong.parties.models import Party

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
    added: Mapping[str, Any] | None = None
    """What was typed in the fields that the house added to payments; None where nobody was asked."""


def drafted_payments(actor: Actor, givens: Sequence[PaymentReport], can: Can) -> tuple[list[Payment], Ledger]:
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
    yield from wanted_problems(given.wanted, needed=False)
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


def wanted_problems(wanted: Sequence[Wanted], *, needed: bool = True) -> Iterator[Problem]:
    """What is wrong with what money is said to be for."""
    if needed and not wanted:
        yield Problem("required", N_("Say what the money is for."), field="wanted")
    for one in wanted:
        if one.minor <= 0:
            yield Problem("not_positive", N_("An amount must be more than 0."), field="wanted")
        if (one.invoice is None) == (one.due is None):
            yield Problem("required", N_("Name either an invoice or a stage."), field="wanted")
