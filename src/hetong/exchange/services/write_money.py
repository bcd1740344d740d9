"""Opening items out of a file: invoices that were issued or received before, and payments. What was posted is never edited."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from hetong.billing.fields import INVOICE, PAYMENT
from hetong.billing.models import Due, Invoice, Payment
from hetong.billing.services import (
    DueShare,
    OpeningInvoice,
    PaymentReport,
    ReceivedInvoice,
    Wanted,
    record_payments,
    register_invoices,
    take_over_invoices,
)
from hetong.billing.states import Direction, DueKind, DueState, InvoiceKind, PaymentState
from hetong.contracts.models import Contract
from hetong.contracts.states import Class
from hetong.exchange.importing import Kind
from hetong.exchange.importing.cells import code_in
from hetong.exchange.models import Import, ImportRow
from hetong.exchange.services.resolving import contracts_called, only
from hetong.exchange.services.taking import Taken
from hetong.exchange.services.writers import Made, Written
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, DomainError, Invalid, Problem
from hetong.kernel.fields import Register
from hetong.kernel.money import Money
from hetong.kernel.text import fold

NOT_COUNTED = (PaymentState.REPORTED, PaymentState.REJECTED, PaymentState.REVERSED)
LOOKS_POSTED = N_(
    "The contract has a payment of this amount on this day already. If this is another one, give the row a reference."
)
NOT_COUNTED_THERE = N_(
    "This payment does not count where it comes from: it is not confirmed, or it was rejected or reversed."
)
INVOICE_NOUN, PAYMENT_NOUN = "billing.invoice", "billing.payment"
BILLABLE = (DueState.OPEN, DueState.PLANNED)


class Posted(Conflict):
    """The row says something else than what was posted for it."""

    code = "posted_already"
    text = N_("What this row is about is posted already and says something else; what was posted is never edited.")
    then = N_("Credit the invoice or reverse the payment, then import the row again.")


class _OnContracts(Written):
    """What rows that name a contract share."""

    register: Register
    """That of what is posted; of its fields only those that the house added are said by a file as they are."""

    def __init__(self, actor: Actor, of: Import, kind: Kind, *, is_dry: bool) -> None:
        super().__init__(actor, of, kind, is_dry=is_dry)
        self.columns = kind.by_name()
        self.same: set[UUID] = set()
        """What is there already and is exactly what a row says."""

    def prepare(self, batch: Sequence[Taken]) -> None:
        """Find the contract of each row."""
        found = contracts_called(
            self.actor, self.company, {str(row.values["contract"]) for row in batch if row.values.get("contract")}
        )
        ids = {pk for pks in found.values() for pk in pks}
        self.contracts = {one.pk: one for one in Contract.objects.visible_to(self.actor).filter(pk__in=ids)}
        for row in batch:
            row.given = {}
            name = str(row.values.get("contract") or "")
            if not name:
                continue
            meant = only(found.get(name, ()), name, "contract")
            if isinstance(meant, Problem):
                row.problems.append(meant)
            else:
                row.given["contract"] = meant
        self.resolve_references(batch, self.register)

    def added(self, row: Taken) -> dict[str, Any]:
        """What the row says in the fields that the house added; those that are needed are asked for by the posting."""
        own = [one.name for one in self.register.all().values() if one.kept and row.values.get(one.name) is not None]
        return {name: row.given.get(name, row.values[name]) for name in own}

    def edit(self, one: Taken, id: UUID) -> tuple[Mapping[str, Any], int] | None:
        """Nothing where the row says what was posted. Raises `Posted` where it says something else."""
        if id in self.same:
            return None
        raise Posted()

    def said(self, row: Taken, name: str) -> str:
        """The code that the row's words mean, where a list of ours would write them; empty for other words."""
        one = self.columns[name].one if name in self.columns else None
        return code_in(one, str(row.values.get(name) or "")) if one else ""

    def amount(self, row: Taken, name: str, currency: str) -> Money | None:
        """The amount of the row in the contract's currency; None, with the problem on the row, where it is in another."""
        named, _space, number = str(row.values.get(name) or "").rpartition(" ")
        money = Money.of(number, named or currency)
        if money.currency != currency:
            why = N_("The amount is in %(named)s, the contract in %(currency)s.")
            raise Invalid(problems=[Problem("currency", why, {"named": named, "currency": currency}, name)])
        return money


class Invoices(_OnContracts):
    """Invoices with the numbers they have: ours on contracts that earn, suppliers' on contracts that cost."""

    register = INVOICE

    def prepare(self, batch: Sequence[Taken]) -> None:
        """As for every row on a contract; each needs its number, day and amount."""
        super().prepare(batch)
        for row in batch:
            row.problems += _missing(row, ("contract", "number", "gross", "issued_on"))
            if self.said(row, "kind") == InvoiceKind.CREDIT_NOTE:
                why = N_("Credit notes are not imported. Credit the invoice here, for the same amount.")
                row.problems.append(Problem("credit_note", why, field="kind"))

    def find(self, batch: Sequence[Taken]) -> Mapping[int, UUID]:
        """Invoices that have the number already: ours by their number alone, suppliers' on that contract."""
        keys = {fold(str(row.values["number"])) for row in batch if row.values.get("number")}
        rows = Invoice.objects.visible_to(self.actor).filter(company=self.company, number_key__in=keys)
        held = {(one.contract_id, one.number_key): one for one in rows.filter(kind=InvoiceKind.INVOICE)}
        found: dict[int, UUID] = {}
        for place, row in enumerate(batch):
            one = held.get((row.given["contract"], fold(str(row.values["number"])))) if not row.problems else None
            if one is not None:
                found[place] = one.pk
                self.same |= {one.pk} if self._says(row, one) else set()
        return found

    def _says(self, row: Taken, one: Invoice) -> bool:
        """Whether the row says what was posted, as far as it says anything."""
        due_on = _day(row, "due_on") or one.due_on
        with suppress(DomainError):  # an amount that cannot be read is not the one that was posted
            gross = self.amount(row, "gross", one.currency)
            said = (gross, _day(row, "issued_on"), due_on)
            return said == (Money(one.gross_minor, one.currency), one.issued_on, one.due_on)
        return False

    def add(self, batch: Sequence[Taken]) -> list[Made]:
        """Post them one by one in the order of the file: each takes what is still to be billed, the oldest first."""
        made = []
        for place, row in enumerate(batch):
            try:
                invoice = self._post(row)
            except Invalid as refused:
                raise _at(refused, place) from refused
            made.append(Made(INVOICE_NOUN, invoice.pk, invoice.version, place))
        return made

    def _post(self, row: Taken) -> Invoice:
        contract = self.contracts[row.given["contract"]]
        money = self.amount(row, "gross", contract.currency)
        shares = self._shares(contract, money.minor if money else 0)
        facts: dict[str, Any] = {
            "dues": shares, "number": str(row.values["number"]), "issued_on": _day(row, "issued_on"), "due_on": _day(row, "due_on"),
            "payment_reference": str(row.values.get("payment_reference") or ""), "note": str(row.values.get("note") or ""),
            "added": self.added(row),
        }  # fmt: skip
        if contract.class_of == Class.EXPENSE:
            return register_invoices(self.actor, [ReceivedInvoice(**facts, ahead=True)])[0]
        return take_over_invoices(self.actor, [OpeningInvoice(**facts)])[0]

    def _shares(self, contract: Contract, gross: int) -> list[DueShare]:
        """So much of the contract's dues, the oldest first. Raises `Invalid` where there is less to bill."""
        kinds = (DueKind.INVOICE,) if contract.has_invoice_plan else (DueKind.COLLECT, DueKind.PAY)
        dues = Due.objects.visible_to(self.actor).filter(contract=contract.pk, kind__in=kinds, state__in=BILLABLE)
        shares, left = [], gross
        for due in dues.order_by("on", "position", "pk"):
            part = min(left, due.gross_minor - due.invoiced_minor)
            if part > 0:
                shares.append(DueShare(due.pk, part))
                left -= part
        if gross <= 0 or left > 0:
            why = N_("Only %(open)s of this contract is still to be invoiced, less than %(asked)s.")
            say = {"open": str(Money(gross - left, contract.currency)), "asked": str(Money(gross, contract.currency))}
            raise Invalid(problems=[Problem("nothing_to_bill", why, say, "gross")])
        return shares


class Payments(_OnContracts):
    """Payments that count at once; with an invoice's number they settle it, else what is open on the contract."""

    register = PAYMENT

    def prepare(self, batch: Sequence[Taken]) -> None:
        """Find the invoice or the contract of each row."""
        super().prepare(batch)
        numbers = {fold(str(row.values["invoice"])) for row in batch if row.values.get("invoice")}
        invoices = Invoice.objects.visible_to(self.actor).filter(company=self.company, number_key__in=numbers)
        self.invoices: dict[str, list[Invoice]] = {}
        for one in invoices.select_related("contract"):
            self.invoices.setdefault(one.number_key, []).append(one)
            self.contracts.setdefault(one.contract_id, one.contract)
        for row in batch:
            row.problems += _missing(row, ("amount", "on"))
            self._set_invoice(row)

    def find(self, batch: Sequence[Taken]) -> Mapping[int, UUID]:
        """Payments that are there already: the same money on the same day with the same reference, each for one row.

        Of a row without a reference nobody can say whether it means that payment or another one like it: it is refused.
        """
        fresh = [(place, row) for place, row in enumerate(batch) if not row.problems]
        held = self._held({row.given["contract"] for _place, row in fresh})
        found: dict[int, UUID] = {}
        for place, row in fresh:
            reference = fold(str(row.values.get("reference") or ""))
            alike = held.get(self._named(row), [])
            same = next((one for one in alike if one.reference_key == reference or not reference), None)
            if same is not None:
                alike.remove(same)
            if same is not None and reference:
                found[place] = same.pk
                self.same.add(same.pk)
            elif same is not None:
                row.problems.append(Problem("looks_posted", LOOKS_POSTED, field="amount"))
            elif self.said(row, "state") in NOT_COUNTED:
                row.problems.append(Problem("not_counted", NOT_COUNTED_THERE, field="state"))
        return found

    def _held(self, contracts: Collection[UUID]) -> dict[Any, list[Payment]]:
        """The payments on these contracts that this import has not made itself, by what they say."""
        mine = ImportRow.objects.filter(import_id=self.of.pk, noun=PAYMENT_NOUN).values("record")
        rows = Payment.objects.visible_to(self.actor).filter(contract__in=contracts).exclude(pk__in=mine)
        held: dict[Any, list[Payment]] = {}
        for one in rows.order_by("reference_key", "pk"):
            key = (one.contract_id, one.direction, one.on, Money(one.amount_minor, one.currency))
            held.setdefault(key, []).append(one)
        return held

    def _named(self, row: Taken) -> Any:
        """What the row says of its payment; None where its amount is refused when it is posted."""
        with suppress(DomainError):
            report = self._report(row)
            return (report.contract, report.direction, report.on, Money(report.amount, report.currency))
        return None

    def _set_invoice(self, row: Taken) -> None:
        name = str(row.values.get("invoice") or "")
        if not name:
            if not row.values.get("contract"):
                row.problems.append(Problem("required", N_("This is needed."), field="contract"))
            return
        found = [
            one for one in self.invoices.get(fold(name), []) if row.given.get("contract") in (None, one.contract_id)
        ]
        meant = only([one.pk for one in found], name, "invoice")
        if isinstance(meant, Problem):
            row.problems.append(meant)
        else:
            row.given["invoice"], row.given["contract"] = meant, found[0].contract_id

    def add(self, batch: Sequence[Taken]) -> list[Made]:
        """Record them one by one, in the order of the file."""
        made = []
        for place, row in enumerate(batch):
            try:
                [payment] = record_payments(self.actor, [self._report(row)])
            except Invalid as refused:
                raise _at(refused, place) from refused
            made.append(Made(PAYMENT_NOUN, payment.pk, payment.version, place))
        return made

    def _report(self, row: Taken) -> PaymentReport:
        contract = self.contracts[row.given["contract"]]
        money = self.amount(row, "amount", contract.currency)
        minor = money.minor if money else 0
        flow = Direction.OUT if contract.class_of == Class.EXPENSE else Direction.IN
        wanted = [Wanted(minor, invoice=row.given["invoice"])] if row.given.get("invoice") else []
        return PaymentReport(
            direction=str(row.values.get("direction") or flow), amount=minor, currency=contract.currency, on=_day(row, "on") or dt.date.min,
            contract=contract.pk, reference=str(row.values.get("reference") or ""), note=str(row.values.get("note") or ""), wanted=wanted,
            added=self.added(row),
        )  # fmt: skip


def _missing(row: Taken, names: Sequence[str]) -> list[Problem]:
    told = {problem.field for problem in row.problems}
    return [
        Problem("required", N_("This is needed."), field=n) for n in names if not row.values.get(n) and n not in told
    ]


def _day(row: Taken, name: str) -> dt.date | None:
    text = row.values.get(name)
    return dt.date.fromisoformat(str(text)) if text else None


def _at(refused: Invalid, place: int) -> Invalid:
    """The same refusal, naming the row by position."""
    problems = [Problem(p.code, p.text, p.params, p.field, str(place + 1)) for p in refused.problems]
    return Invalid(refused.code, problems=problems)
