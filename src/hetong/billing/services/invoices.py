"""Issuing our invoices, and registering those that suppliers sent: whole or part of one or several dues."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from hetong.accounts.models import User
from hetong.audit.services import fill_in
from hetong.billing.events import BillingChanged, InvoicesIssued, InvoicesRegistered
from hetong.billing.fields import INVOICE, words
from hetong.billing.models import BillType, Due, Invoice
from hetong.billing.policy import Can
from hetong.billing.services.amounts import retaxed
from hetong.billing.services.books import Books
from hetong.billing.services.drafts import Draft, Parties, draft, set_amounts, write_lines
from hetong.billing.services.errors import (
    DueNotOpen,
    InvoicingStopped,
    NeverInvoiced,
    OverInvoiced,
    WrongInvoice,
)
from hetong.billing.services.numbering import number_invoices
from hetong.billing.services.prepaid import Prepaid
from hetong.billing.services.totals import hold_contracts, refresh_money, tell
from hetong.billing.states import Direction, DueKind, DueState
from hetong.contracts.models import Contract
from hetong.contracts.states import Class
from hetong.documents.models import DocumentKind
from hetong.documents.services import Upload, add_documents
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.collisions import once_more
from hetong.kernel.errors import N_, Invalid, NotFound, Problem
from hetong.kernel.joined import index
from hetong.kernel.money import Money
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.scaled import PERCENT, Scaled
from hetong.kernel.text import clean_line, clean_text, fold

USUAL_DAYS = 30


@dataclass(frozen=True)
class DueShare:
    """How much of a due is invoiced, in minor units with tax; None is all that is left."""

    due: UUID
    gross_minor: int | None = None


@dataclass(frozen=True)
class InvoiceOrder:
    """An invoice that is to be issued on one contract; what is left open has its usual value.

    ``issued_on`` is the company's today; ``due_on`` the contract's days to pay later. ``ahead`` allows dues
    whose day has not come.
    """

    dues: Sequence[DueShare]
    bill_type: UUID | None = None
    issued_on: dt.date | None = None
    due_on: dt.date | None = None
    their_reference: str = ""
    our_reference: str = ""
    order_no: str = ""
    note: str = ""
    ahead: bool = False
    added: Mapping[str, Any] | None = None
    """What was typed in the fields that the house added to invoices; None where nobody was asked."""


@dataclass(frozen=True)
class ReceivedInvoice:
    """An invoice that a supplier sent, on one contract, with its own number; ``upload`` is its file."""

    dues: Sequence[DueShare]
    number: str
    issued_on: dt.date
    due_on: dt.date | None = None
    bill_type: UUID | None = None
    payment_reference: str = ""
    note: str = ""
    ahead: bool = False
    upload: Upload | None = None
    added: Mapping[str, Any] | None = None


@once_more
def issue_invoices(actor: Actor, orders: Sequence[InvoiceOrder], *, locale: str = "") -> list[Invoice]:
    """Issue invoices, each with the next number of its gapless series, all or none.

    Raises `NotFound`, `Forbidden`, `Invalid` (odd amounts, a due day before the issue, a future day, an added field that
    is needed), `UnknownField`,
    `InvoicingStopped`, `DueNotOpen`, `OverInvoiced`, `NoRate`, `IssuedBeforeLast`.
    """
    with transaction.atomic():
        posting, drafts = _drafted(actor, orders)
        return posting.post(drafts, InvoicesIssued, [order.added for order in orders], locale=locale)


@dataclass(frozen=True)
class PreviewLine:
    """One line of an invoice as it would be."""

    title: str
    detail: str
    share: str
    tax_rate: Scaled
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True)
class PreviewRate:
    """The sums of one tax rate."""

    rate: Scaled
    net: Money
    tax: Money


@dataclass(frozen=True)
class Preview:
    """An invoice as it would be issued; nothing was written and no number was taken."""

    issued_on: dt.date
    due_on: dt.date
    net: Money
    tax: Money
    gross: Money
    lines: Sequence[PreviewLine]
    taxes: Sequence[PreviewRate]
    language: str


def preview_invoices(actor: Actor, orders: Sequence[InvoiceOrder]) -> list[Preview]:
    """The invoices as they would be issued now. Raises what `issue_invoices` raises, but for what the numbers say."""
    with transaction.atomic():
        return [_preview(one) for one in _drafted(actor, orders)[1]]


def _preview(made: Draft) -> Preview:
    invoice = made.invoice

    def money(minor: int) -> Money:
        return Money(minor, invoice.currency)

    lines = [
        PreviewLine(
            one.title, one.detail, one.share, Scaled(one.tax_percent, PERCENT.exponent), money(one.net_minor),
            money(one.tax_minor), money(one.gross_minor),
        )
        for one in made.lines
    ]  # fmt: skip
    taxes = [
        PreviewRate(Scaled(one["rate"], PERCENT.exponent), money(one["net"]), money(one["tax"]))
        for one in invoice.taxes
    ]
    return Preview(
        invoice.issued_on, invoice.due_on, money(invoice.net_minor), money(invoice.tax_minor), money(invoice.gross_minor),
        lines, taxes, invoice.language,
    )  # fmt: skip


def _drafted(actor: Actor, orders: Sequence[InvoiceOrder]) -> tuple[Posting, list[Draft]]:
    posting = Posting(actor, [_shares(one.dues) for one in orders], Class.INCOME)
    for contract in posting.contracts.values():
        if contract.stops_invoicing:
            raise InvoicingStopped(title=contract.title, reason=contract.abnormal_reason)
    return posting, [posting.draft_out(order) for order in orders]


@once_more
def register_invoices(actor: Actor, orders: Sequence[ReceivedInvoice], *, locale: str = "") -> list[Invoice]:
    """Enter invoices of suppliers against what is to be paid, all or none. A number counts once per supplier.

    Raises what `issue_invoices` raises, and `Invalid` for a number that is registered already.
    """
    try:
        with transaction.atomic():
            posting = Posting(actor, [_shares(one.dues) for one in orders], Class.EXPENSE)
            drafts = [posting.draft_in(order) for order in orders]
            made = posting.post(drafts, InvoicesRegistered, [order.added for order in orders], locale=locale)
            for order, invoice in zip(orders, made, strict=True):
                if order.upload is not None:
                    _attach(actor, invoice, order.upload)
            return made
    except IntegrityError as twice:  # the same number twice in one batch, or on two contracts at the same moment
        if "invoice_received_once" not in str(twice) and "number_key" not in str(twice):
            raise
        raise Invalid(problems=[registered(", ".join(order.number for order in orders)[:200])]) from twice


def _attach(actor: Actor, invoice: Invoice, upload: Upload) -> None:
    kind = DocumentKind.objects.values_list("pk", flat=True).get(key="invoice")
    [document] = add_documents(
        actor, "contracts.contract", invoice.contract_id, [upload], kind=str(kind), title=invoice.number
    )
    invoice.document = document
    write([invoice], ("document",), version=False)


def _shares(dues: Sequence[DueShare]) -> Sequence[DueShare]:
    """The shares of one invoice, each due once. Raises `Invalid`."""
    problems = []
    if not dues:
        problems.append(Problem("required", N_("Choose at least one stage."), field="dues"))
    if len({one.due for one in dues}) != len(dues):
        problems.append(Problem("twice", N_("A stage can stand on an invoice once only."), field="dues"))
    problems += [
        Problem("not_positive", N_("An amount must be more than 0."), field="dues")
        for one in dues
        if one.gross_minor is not None and one.gross_minor <= 0
    ]
    if problems:
        raise Invalid(problems=problems)
    return dues


class Posting:
    """One posting of invoices: what it holds, and what it makes of it. The order of its steps is the lock order."""

    def __init__(self, actor: Actor, wanted: Sequence[Sequence[DueShare]], class_of: Class) -> None:
        self.actor = actor
        ids = [share.due for shares in wanted for share in shares]
        of = dict(Due.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "contract"))
        if len(of) != len(set(ids)):
            raise NotFound(noun="billing.due")
        self.contracts = hold_contracts(actor, set(of.values()))
        require(actor, Can.INVOICE, list(self.contracts.values()))
        for one in self.contracts.values():
            if one.class_of != class_of:
                raise WrongInvoice(title=one.title)
        self.dues = {due.pk: due for due in locked(Due.objects.visible_to(actor), ids)}
        self.parties = Parties.of(list(self.contracts.values()))
        self.books = Books(list(self.contracts))
        self.types = {one.pk: one for one in BillType.objects.filter(is_active=True)}
        self.owners = dict(
            User.objects.filter(pk__in={c.owner_id for c in self.contracts.values()}).values_list("pk", "name")
        )
        self.prepaid = Prepaid(list(self.dues.values()))

    def contract_of(self, shares: Sequence[DueShare]) -> Contract:
        """The one contract of an invoice's dues. Raises `Invalid` where there are several."""
        found = {self.dues[one.due].contract_id for one in shares}
        if len(found) != 1:
            raise Invalid(problems=[Problem("one_contract", N_("An invoice is on one contract only."), field="dues")])
        return self.contracts[found.pop()]

    def draft_out(self, order: InvoiceOrder) -> Draft:
        """One of our invoices, in memory."""
        contract = self.contract_of(order.dues)
        bill_type = self.bill_type(order.bill_type, contract)
        issued_on, due_on = self.days(contract, order.issued_on, order.due_on)
        made = draft(
            self.actor, contract, self.parties, issued_on, due_on, direction=Direction.OUT, bill_type=bill_type,
            their_reference=clean_line(order.their_reference, max_length=120),
            our_reference=clean_line(order.our_reference, max_length=120) or self.owners[contract.owner_id],
            order_no=clean_line(order.order_no, max_length=80) or contract.reference,
            note=clean_text(order.note, max_length=2000),
        )  # fmt: skip
        self.take(made, order.dues, contract, ahead=order.ahead, tax_percent=bill_type.tax_percent)
        return made

    def draft_in(self, order: ReceivedInvoice) -> Draft:
        """A supplier's invoice, in memory."""
        contract = self.contract_of(order.dues)
        number = clean_line(order.number, max_length=60)
        issued_on, due_on = self.days(contract, order.issued_on, order.due_on)
        problems = list(_number_problems(contract, number))
        if problems:
            raise Invalid(problems=problems)
        made = draft(
            self.actor, contract, self.parties, issued_on, due_on, direction=Direction.IN, number=number,
            bill_type=self.bill_type(order.bill_type, contract), note=clean_text(order.note, max_length=2000),
            payment_reference=clean_line(order.payment_reference, max_length=60),
        )  # fmt: skip
        self.take(made, order.dues, contract, ahead=order.ahead, tax_percent=None)
        return made

    def bill_type(self, wanted: UUID | None, contract: Contract) -> BillType:
        """The type asked for, or the default of the company's country. Raises `Invalid`."""
        country = self.parties.companies[contract.company_id].country
        fitting = [one for one in self.types.values() if one.country in ("", country)]
        if wanted is not None:
            found = next((one for one in fitting if one.pk == wanted), None)
        else:
            defaults = sorted((one for one in fitting if one.is_default), key=lambda one: one.country, reverse=True)
            found = next(iter(defaults), None)
        if found is None:
            why = N_(
                "This bill type is not offered here; an administrator sets them up in the settings under Bill types."
            )
            raise Invalid(problems=[Problem("bill_type", why, field="bill_type")])
        return found

    def days(self, contract: Contract, issued_on: dt.date | None, due_on: dt.date | None) -> tuple[dt.date, dt.date]:
        """The days of issue and of payment. Raises `Invalid` for a future issue or a due day before it."""
        today = clock.today(self.parties.companies[contract.company_id].zone)
        issued = issued_on or today
        wait = USUAL_DAYS if contract.payment_days is None else contract.payment_days
        due = due_on or issued + dt.timedelta(days=wait)
        problems = []
        if issued > today:
            why = N_("An invoice cannot be dated after today, %(today)s.")
            problems.append(Problem("future", why, {"today": today.isoformat()}, "issued_on"))
        if due < issued:
            why = N_("The due day lies before the day of issue, %(issued)s.")
            problems.append(Problem("due_before_issue", why, {"issued": issued.isoformat()}, "due_on"))
        if problems:
            raise Invalid(problems=problems)
        return issued, due

    def take(
        self, made: Draft, shares: Sequence[DueShare], contract: Contract, *, ahead: bool, tax_percent: int | None
    ) -> None:
        """Put the shares on the draft and count them as invoiced, in memory."""
        for share in shares:
            due = self.dues[share.due]
            gross = _checked(contract, due, share.gross_minor, ahead=ahead)
            made.parts += [(due, one) for one in self.books.bill(due, gross)]
            due.invoiced_minor += gross
        if tax_percent is not None:
            lines = retaxed([one for _due, one in made.parts], tax_percent)
            made.parts = [(due, one) for (due, _was), one in zip(made.parts, lines, strict=True)]
        set_amounts(made)
        write_lines(made, self.books)

    def post(
        self,
        drafts: Sequence[Draft],
        event: type[BillingChanged],
        added: Sequence[Mapping[str, Any] | None] = (),
        *,
        locale: str = "",
    ) -> list[Invoice]:
        """Write it all, with what was typed in added fields of each; numbers are taken last."""
        invoices = [one.invoice for one in drafts]
        names = fill_in(INVOICE, self.actor, invoices, added or [None] * len(invoices), locale=locale)
        write(self.dues.values(), ("invoiced_minor",), version=False)
        moved = [self.prepaid.claim(one) for one in drafts]
        if event is InvoicesIssued:
            number_invoices(invoices, self.types, dict(self.parties.companies))
        insert(invoices)
        index(INVOICE, invoices, names)
        insert([line for one in drafts for line in one.lines])
        self.prepaid.keep(self.actor, [move for moves in moved for move in moves])
        refresh_money(self.actor, list(self.contracts))
        tell(self.actor, event, invoices)
        return invoices


def _checked(contract: Contract, due: Due, asked: int | None, *, ahead: bool) -> int:
    """How much of a due is invoiced now. Raises what forbids it."""
    if contract.has_invoice_plan and due.kind != DueKind.INVOICE:
        raise NeverInvoiced(title=due.title)
    if due.state != DueState.OPEN and not (ahead and due.state == DueState.PLANNED):
        raise DueNotOpen(title=due.title, state_label=words.label_of_due(due.state))
    left = due.gross_minor - due.invoiced_minor
    gross = left if asked is None else asked
    if gross <= 0 or gross > left:
        say = {"due": due.gross_minor, "invoiced": due.invoiced_minor, "left": left, "asked": gross}
        raise OverInvoiced(title=due.title, **{name: str(Money(minor, due.currency)) for name, minor in say.items()})
    return gross


def _number_problems(contract: Contract, number: str) -> Iterator[Problem]:
    if not number:
        yield Problem("required", N_("Enter the number that stands on the supplier’s invoice."), field="number")
    elif Invoice.objects.filter(
        company=contract.company_id, party=contract.counterparty_id, direction=Direction.IN, number_key=fold(number)
    ).exists():
        yield registered(number)


def registered(number: str) -> Problem:
    """That a supplier's number is taken."""
    why = N_("Invoice %(number)s of this supplier is registered already.")
    return Problem("registered_already", why, {"number": number}, "number")
