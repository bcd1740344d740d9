"""Credit notes: what an invoice said is taken back by a new paper, whole or in part; nothing is deleted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company
from hetong.audit.services import fill_in
from hetong.billing.events import InvoicesCredited
from hetong.billing.fields import INVOICE
from hetong.billing.models import BillType, Due, Invoice, InvoiceLine, Payment
from hetong.billing.policy import Can
from hetong.billing.services.amounts import Billed, part_back, per_rate
from hetong.billing.services.errors import NotAnInvoice, OverCredited
from hetong.billing.services.invoices import registered
from hetong.billing.services.ledger import Ledger, Wanted, standing
from hetong.billing.services.numbering import number_invoices
from hetong.billing.services.totals import hold_contracts, refresh_money, tell
from hetong.billing.states import Direction, InvoiceKind
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.collisions import once_more
from hetong.kernel.errors import N_, NotFound, Problem, refuse
from hetong.kernel.joined import index
from hetong.kernel.money import Money
from hetong.kernel.rounding import allocate
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_line, clean_text, fold


@dataclass(frozen=True)
class Credit:
    """How much of an invoice is taken back, in minor units with tax (None: all that is left), and why.

    ``number`` is the supplier's own, for a credit note that we received; ``added`` as of an `InvoiceOrder`.
    """

    invoice: UUID
    gross_minor: int | None = None
    reason: str = ""
    issued_on: dt.date | None = None
    number: str = ""
    added: Mapping[str, Any] | None = None


@dataclass
class _Note:
    """A credit note in memory, with the lines of its invoice that it takes back."""

    note: Invoice
    of: Invoice
    lines: list[InvoiceLine]


@once_more
@transaction.atomic
def credit_invoices(actor: Actor, credits: Sequence[Credit], *, locale: str = "") -> list[Invoice]:
    """Credit invoices, whole or in part; what they billed may be invoiced again.

    What is still open is credited first; beyond that, settled money goes back on account. Raises `NotFound`,
    `NotAnInvoice`, `OverCredited`, `Invalid` without a reason, `IssuedBeforeLast`.
    """
    refuse(_problems(credits))
    ids = [one.invoice for one in credits]
    of = dict(Invoice.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "contract"))
    if len(of) != len(set(ids)):
        raise NotFound(noun="billing.invoice")
    contracts = hold_contracts(actor, set(of.values()))
    require(actor, Can.INVOICE, list(contracts.values()))
    ledger = Ledger(list(contracts.values()), [Wanted(1, invoice=id) for id in ids])
    companies = {one.pk: one for one in Company.objects.filter(pk__in={c.company_id for c in contracts.values()})}
    payments = {one.pk: one for one in locked(Payment.objects.all(), sorted(_paying(ids)))}
    notes = [_note(actor, one, ledger, companies) for one in credits]
    for one in notes:
        _take_back(one, ledger, payments)
    invoices = [one.note for one in notes]
    names = fill_in(INVOICE, actor, invoices, [one.added for one in credits], locale=locale)
    _write(actor, notes, ledger)
    out = [one for one in invoices if one.direction == Direction.OUT]
    types = {one.pk: one for one in BillType.objects.filter(pk__in={i.bill_type_id for i in invoices})}
    number_invoices(out, types, companies)
    insert(invoices)
    index(INVOICE, invoices, names)
    insert([line for one in notes for line in one.lines])
    refresh_money(actor, list(contracts))
    tell(actor, InvoicesCredited, invoices, reason=credits[0].reason[:500])
    return invoices


def _problems(credits: Sequence[Credit]) -> list[Problem]:
    problems = []
    for one in credits:
        if not clean_text(one.reason, max_length=500):
            problems.append(Problem("required", N_("Say why, so that others can follow."), field="reason"))
        if one.gross_minor is not None and one.gross_minor <= 0:
            problems.append(Problem("not_positive", N_("An amount must be more than 0."), field="amount"))
    if len({one.invoice for one in credits}) != len(credits) or not credits:
        problems.append(Problem("twice", N_("Name each invoice once."), field="invoice"))
    return problems


def _paying(ids: Sequence[UUID]) -> set[UUID]:
    return {one.payment_id for one in standing(invoice__in=list(ids))}


def _note(actor: Actor, given: Credit, ledger: Ledger, companies: dict[UUID, Company]) -> _Note:
    """The credit note in memory, at the invoice's own rate, language and names."""
    of = ledger.invoices[given.invoice]
    if of.kind != InvoiceKind.INVOICE:
        raise NotAnInvoice(number=of.number)
    left = of.gross_minor - of.credited_minor
    gross = left if given.gross_minor is None else given.gross_minor
    if gross > left or gross <= 0:
        raise OverCredited(asked=str(Money(gross, of.currency)), left=str(Money(left, of.currency)), number=of.number)
    issued_on = _day(given, of, clock.today(companies[of.company_id].zone))
    number = clean_line(given.number, max_length=60)
    if of.direction == Direction.IN:
        refuse(_number_problems(of, number))
    note = Invoice(
        contract_id=of.contract_id, company_id=of.company_id, party_id=of.party_id, direction=of.direction,
        kind=InvoiceKind.CREDIT_NOTE, bill_type_id=of.bill_type_id, number=number, issued_on=issued_on, due_on=issued_on,
        currency=of.currency, rate=of.rate, party_facts=of.party_facts, company_facts=of.company_facts, language=of.language,
        their_reference=of.their_reference, our_reference=of.our_reference, order_no=of.order_no,
        reason=clean_text(given.reason, max_length=500), corrects=of, created_by=actor.id, created_by_label=actor.label[:200],
        created_at=clock.now(),
    )  # fmt: skip
    return _Note(note, of, _lines(note, of, gross, ledger))


def _number_problems(of: Invoice, number: str) -> list[Problem]:
    """What is wrong with the number of a credit note that a supplier sent."""
    if not number:
        return [Problem("required", N_("Enter the number that stands on the supplier’s credit note."), field="number")]
    same = {"company": of.company_id, "party": of.party_id, "direction": Direction.IN, "number_key": fold(number)}
    return [registered(number)] if Invoice.objects.filter(**same).exists() else []


def _day(given: Credit, of: Invoice, today: dt.date) -> dt.date:
    day = given.issued_on or today
    problems = []
    if day > today:
        why = N_("An invoice cannot be dated after today, %(today)s.")
        problems.append(Problem("future", why, {"today": today.isoformat()}, "issued_on"))
    if day < of.issued_on:
        why = N_("A credit note is not older than its invoice of %(issued)s.")
        problems.append(Problem("before_invoice", why, {"issued": of.issued_on.isoformat()}, "issued_on"))
    refuse(problems)
    return day


def _lines(note: Invoice, of: Invoice, gross: int, ledger: Ledger) -> list[InvoiceLine]:
    """The lines taken back: over the dues by what is open of them first, then over the lines of each due."""
    billed = list(InvoiceLine.objects.filter(invoice=of.pk).order_by("position"))
    left = _left(of, billed)
    made: list[InvoiceLine] = []
    for due, part in _over_dues(of, gross, left, billed, ledger):
        own = [line for line in billed if line.due_id == due]
        for line, back in zip(own, part_back(part, [left[line.pk] for line in own]), strict=True):
            if back.net or back.tax:
                made.append(_mirror(note, line, back, len(made) + 1))
    note.taxes = per_rate([Billed(None, (one.tax_percent, one.tax_code), one.net_minor, one.tax_minor) for one in made])
    note.net_minor = sum(one.net_minor for one in made)
    note.tax_minor = sum(one.tax_minor for one in made)
    note.gross_minor = note.net_minor + note.tax_minor
    return made


def _left(of: Invoice, billed: Sequence[InvoiceLine]) -> dict[UUID, Billed]:
    """What earlier credit notes have left of each line of the invoice."""
    gone: dict[tuple[UUID, UUID | None], list[int]] = {}
    for line in InvoiceLine.objects.filter(invoice__corrects=of.pk):
        of_line = gone.setdefault((line.due_id, line.line_id), [0, 0])
        of_line[0], of_line[1] = of_line[0] + line.net_minor, of_line[1] + line.tax_minor
    found = {}
    for line in billed:
        net, tax = gone.get((line.due_id, line.line_id), (0, 0))
        found[line.pk] = Billed(
            line.line_id, (line.tax_percent, line.tax_code), line.net_minor - net, line.tax_minor - tax
        )
    return found


def _over_dues(
    of: Invoice, gross: int, left: dict[UUID, Billed], billed: Sequence[InvoiceLine], ledger: Ledger
) -> list[tuple[UUID, int]]:
    """How much of each due is credited: what is open of it first, so that settled money stays where it is if it can."""
    whole: dict[UUID, int] = {}
    for line in billed:
        whole[line.due_id] = whole.get(line.due_id, 0) + left[line.pk].gross
    still = dict.fromkeys(whole, 0) | {due.pk: minor for due, minor in ledger.open_of_invoice(of)}
    from_open = min(gross, sum(still.values()))
    parts = (
        dict(zip(still, allocate(from_open, list(still.values())), strict=True))
        if from_open
        else dict.fromkeys(still, 0)
    )
    rest = {due: whole[due] - still[due] for due in whole}
    if gross > from_open:
        for due, more in zip(rest, allocate(gross - from_open, list(rest.values())), strict=True):
            parts[due] += more
    return [(due, part) for due, part in parts.items() if part]


def _mirror(note: Invoice, line: InvoiceLine, back: Billed, position: int) -> InvoiceLine:
    """A line of the credit note; quantity and price only where the whole line comes back."""
    is_whole = (back.net, back.tax) == (line.net_minor, line.tax_minor)
    return InvoiceLine(
        invoice=note, company_id=line.company_id, due_id=line.due_id, line_id=line.line_id, position=position,
        title=line.title, detail=line.detail, service_from=line.service_from, service_to=line.service_to,
        quantity=line.quantity if is_whole else None, unit=line.unit if is_whole else "",
        price=line.price if is_whole else None, share=line.share if is_whole else "", tax_percent=line.tax_percent,
        tax_code=line.tax_code, currency=line.currency, net_minor=back.net, tax_minor=back.tax, gross_minor=back.gross,
    )  # fmt: skip


def _take_back(one: _Note, ledger: Ledger, payments: dict[UUID, Payment]) -> None:
    """Let the dues be invoiced again; put settled money on account where more is settled than the invoice still says."""
    per_due: dict[UUID, int] = {}
    for line in one.lines:
        per_due[line.due_id] = per_due.get(line.due_id, 0) + line.gross_minor
    still = {due.pk: minor for due, minor in ledger.open_of_invoice(one.of)}
    allocations = standing(invoice=one.of.pk)
    for due, credited in per_due.items():
        ledger.credit(one.of, ledger.dues[due], credited)
        excess = credited - still.get(due, 0)
        for allocation in (a for a in allocations if a.due_id == due):
            part = min(excess, allocation.amount_minor)
            if part > 0:
                ledger.take(allocation, payments[allocation.payment_id], part)
                excess -= part
    one.of.credited_minor += one.note.gross_minor


def _write(actor: Actor, notes: Sequence[_Note], ledger: Ledger) -> None:
    dues: dict[UUID, Due] = {line.due_id: ledger.dues[line.due_id] for one in notes for line in one.lines}
    ledger.save(actor)
    write(dues.values(), ("invoiced_minor",), version=False)
    write([one.of for one in notes], ("credited_minor",), version=False)
