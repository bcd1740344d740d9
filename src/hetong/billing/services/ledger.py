"""Putting money on dues and taking it back: the rows, and the sums on payment, due and invoice, together."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Sum

from hetong.accounts.models import Company
from hetong.billing.models import Allocation, Due, Invoice, InvoiceLine, Payment
from hetong.billing.services.errors import NeverSettled, OtherCurrency, OtherParty, OverAllocated
from hetong.billing.states import Direction, DueKind, DueState, InvoiceKind
from hetong.contracts.models import Contract
from hetong.contracts.states import Class
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.money import Money
from hetong.kernel.rows import insert, locked, write


@dataclass(frozen=True)
class Wanted:
    """What money is for: an invoice or a due, and how much of it (minor units); exactly one of both is named."""

    minor: int
    invoice: UUID | None = None
    due: UUID | None = None

    def stored(self) -> dict[str, object]:
        """As it is kept with a reported payment."""
        name, id = ("invoice", self.invoice) if self.invoice else ("due", self.due)
        return {name: str(id), "minor": self.minor}

    @classmethod
    def read(cls, stored: dict[str, object]) -> Wanted:
        """What `stored` wrote."""
        ids = {name: UUID(str(stored[name])) for name in ("invoice", "due") if name in stored}
        return cls(int(str(stored["minor"])), **ids)


FLOW = {Class.INCOME: Direction.IN, Class.EXPENSE: Direction.OUT}
"""Which way money moves on a contract."""


class Ledger:
    """The dues and invoices that a posting of money may touch, locked behind their contracts (law 11).

    ``contracts`` are held by the caller. Payments are locked after this. Changes are made in memory by `put` and
    `take`, and written by `save`.
    """

    def __init__(
        self, contracts: Collection[Contract], wanted: Iterable[Wanted], *, also: Collection[UUID] = ()
    ) -> None:
        """``also`` are contracts on which anything that is open may be settled."""
        self.contracts = {one.pk: one for one in contracts}
        asked = list(wanted)
        dues, invoices = self._reached(asked, also)
        self.dues = {one.pk: one for one in locked(Due.objects.all(), sorted(dues))}
        self.invoices = {one.pk: one for one in locked(Invoice.objects.all(), sorted(invoices))}
        self.zones = dict(Company.objects.values_list("pk", "zone"))
        self._open = self._parts()
        self.payments: dict[UUID, Payment] = {}
        self._rows: list[Allocation] = []
        self._touched: set[UUID] = set()
        self.new: set[UUID] = set()
        """Payments that the caller inserts itself."""

    def _reached(self, asked: Sequence[Wanted], also: Collection[UUID]) -> tuple[set[UUID], set[UUID]]:
        """The dues and invoices named, those of the contracts in ``also``, and what hangs together with them."""
        dues = {one.due for one in asked if one.due}
        invoices = {one.invoice for one in asked if one.invoice}
        if also:
            live = Due.objects.filter(contract__in=also).exclude(state__in=(DueState.REVERSED, DueState.SKIPPED))
            dues |= set(live.values_list("pk", flat=True))
        dues |= set(InvoiceLine.objects.filter(invoice__in=invoices).values_list("due", flat=True))
        on = InvoiceLine.objects.filter(due__in=dues, invoice__kind=InvoiceKind.INVOICE)
        invoices |= set(on.values_list("invoice", flat=True))
        dues |= set(InvoiceLine.objects.filter(invoice__in=invoices).values_list("due", flat=True))
        return dues, invoices

    def _parts(self) -> dict[tuple[UUID, UUID], int]:
        """What is open of each (invoice, due): billed − credited − settled."""
        found: dict[tuple[UUID, UUID], int] = {}
        ids = list(self.invoices)
        billed = InvoiceLine.objects.filter(invoice__in=ids).order_by().values_list("invoice", "due")
        credited = (
            InvoiceLine.objects.filter(invoice__corrects__in=ids).order_by().values_list("invoice__corrects", "due")
        )
        settled = Allocation.objects.filter(invoice__in=ids).order_by().values_list("invoice", "due")
        for sign, rows, column in (
            (1, billed, "gross_minor"),
            (-1, credited, "gross_minor"),
            (-1, settled, "amount_minor"),
        ):
            for invoice, due, minor in rows.annotate(Sum(column)):
                found[invoice, due] = found.get((invoice, due), 0) + sign * minor
        return found

    # -- asking ------------------------------------------------------------------------------------

    def open_of_invoice(self, invoice: Invoice) -> list[tuple[Due, int]]:
        """What is open of an invoice, due by due in their order."""
        own = [(self.dues[due], minor) for (id, due), minor in self._open.items() if id == invoice.pk and minor > 0]
        return sorted(own, key=lambda pair: (pair[0].position, pair[0].pk))

    def open_of_due(self, due: Due) -> list[tuple[Invoice | None, int]]:
        """What is open of a due: first on its invoices by their due day, then what no invoice names yet."""
        own = [(self.invoices[id], minor) for (id, of), minor in self._open.items() if of == due.pk and minor > 0]
        own.sort(key=lambda pair: (pair[0].due_on, pair[0].pk))
        rest = due.gross_minor - due.settled_minor - sum(minor for _invoice, minor in own)
        return [*own, *([(None, rest)] if rest > 0 else [])]

    # -- changing ----------------------------------------------------------------------------------

    def check(self, payment: Payment, wanted: Wanted) -> list[tuple[Due, Invoice | None, int]]:
        """Where the money may go, with what is open there. Raises what forbids it."""
        if wanted.invoice is not None:
            invoice = self.invoices.get(wanted.invoice)
            if invoice is None or invoice.kind != InvoiceKind.INVOICE:
                raise NotFound(noun="billing.invoice", id=str(wanted.invoice))
            self._fit(payment, invoice, invoice.number)
            return [(due, invoice, minor) for due, minor in self.open_of_invoice(invoice)]
        due = self.dues.get(wanted.due) if wanted.due else None
        if due is None:
            raise NotFound(noun="billing.due", id=str(wanted.due))
        self._fit(payment, due, due.title)
        if due.state in (DueState.SKIPPED, DueState.REVERSED):
            return [(due, invoice, minor) for invoice, minor in self.open_of_due(due) if invoice is not None]
        return [(due, invoice, minor) for invoice, minor in self.open_of_due(due)]

    def _fit(self, payment: Payment, row: Due | Invoice, title: str) -> None:
        contract = self.contracts[row.contract_id]
        kind = row.kind if isinstance(row, Due) else ""
        if kind == DueKind.INVOICE or (isinstance(row, Invoice) and contract.has_invoice_plan):
            raise NeverSettled(title=title)
        same = (row.company_id, row.party_id, FLOW.get(Class(contract.class_of)))
        if same != (payment.company_id, payment.party_id, payment.direction):
            raise OtherParty(title=title)
        if row.currency != payment.currency:
            raise OtherCurrency(paid=payment.currency, owed=row.currency, title=title)

    def put(self, payment: Payment, wanted: Wanted, *, at_most: bool = False) -> int:
        """Put money where it is wanted; returns how much went there.

        Raises `OverAllocated` where less is open, unless ``at_most``: then the rest stays on account.
        """
        places = self.check(payment, wanted)
        still = sum(minor for _due, _invoice, minor in places)
        if wanted.minor > still and not at_most:
            asked, is_open = (str(Money(minor, payment.currency)) for minor in (wanted.minor, still))
            raise OverAllocated(asked=asked, open=is_open, title=self.title_of(wanted))
        left: int = min(wanted.minor, still, payment.amount_minor - payment.allocated_minor)
        placed = left
        for due, invoice, minor in places:
            part = min(left, minor)
            if part > 0:
                self._add(payment, due, invoice, part)
                left -= part
        return placed - left

    def title_of(self, wanted: Wanted) -> str:
        """What the invoice or due is called."""
        return (
            self.invoices[wanted.invoice].number
            if wanted.invoice
            else self.dues[wanted.due].title
            if wanted.due
            else ""
        )

    def put_oldest(self, payment: Payment, contract: UUID) -> None:
        """Settle what is open on a contract, the oldest first: its invoices, then what no invoice names; rest on account."""
        invoices = [
            one for one in self.invoices.values() if one.contract_id == contract and one.kind == InvoiceKind.INVOICE
        ]
        for invoice in sorted(invoices, key=lambda one: (one.due_on, one.pk)):
            if not self.contracts[contract].has_invoice_plan and invoice.currency == payment.currency:
                self.put(
                    payment, Wanted(payment.amount_minor - payment.allocated_minor, invoice=invoice.pk), at_most=True
                )
        dues = [
            one for one in self.dues.values()
            if one.contract_id == contract and one.kind != DueKind.INVOICE and one.state == DueState.OPEN
        ]  # fmt: skip
        for due in sorted(dues, key=lambda one: (one.due_on or dt.date.max, one.position, one.pk)):
            if due.currency == payment.currency:
                self.put(payment, Wanted(payment.amount_minor - payment.allocated_minor, due=due.pk), at_most=True)

    def _add(
        self, payment: Payment, due: Due, invoice: Invoice | None, minor: int, reverses: Allocation | None = None
    ) -> None:
        """One row and its three sums."""
        self._rows.append(
            Allocation(
                payment=payment, due=due, invoice=invoice, company_id=payment.company_id, currency=payment.currency,
                amount_minor=minor, on=clock.today(self.zones[payment.company_id]), at=clock.now(), reverses=reverses,
            )
        )  # fmt: skip
        self.payments[payment.pk] = payment
        payment.allocated_minor += minor
        due.settled_minor += minor
        self._touched.add(due.pk)
        if invoice is not None:
            invoice.settled_minor += minor
            self._touched.add(invoice.pk)
            key = (invoice.pk, due.pk)
            self._open[key] = self._open.get(key, 0) - minor

    def take(self, allocation: Allocation, payment: Payment, minor: int | None = None) -> None:
        """Take an allocation back, whole or in part: the opposite row, and a new one for what stays."""
        due = self.dues[allocation.due_id]
        invoice = self.invoices[allocation.invoice_id] if allocation.invoice_id else None
        self._add(payment, due, invoice, -allocation.amount_minor, reverses=allocation)
        stays = allocation.amount_minor - minor if minor is not None else 0
        if stays > 0:
            self._add(payment, due, invoice, stays)

    def credit(self, invoice: Invoice, due: Due, minor: int) -> None:
        """Count a credit note on a part of an invoice: so much less is billed and open; settled money is taken by `take`."""
        due.invoiced_minor -= minor
        self._open[invoice.pk, due.pk] = self._open.get((invoice.pk, due.pk), 0) - minor

    def _claim_free(self) -> None:
        """Let open invoices claim money that lies on their due without an invoice, so that both say the same is open."""
        reopened = {due for (_invoice, due), minor in self._open.items() if minor > 0 and due in self._touched}
        gone = {row.reverses_id for row in self._rows}
        for one in standing(due__in=list(reopened), invoice=None)[::-1]:
            due = self.dues[one.due_id]
            places = [(invoice, minor) for invoice, minor in self.open_of_due(due) if invoice is not None]
            if one.pk not in gone and places:
                self._move(one, due, places)

    def _move(self, old: Allocation, due: Due, places: Sequence[tuple[Invoice, int]]) -> None:
        """Take one allocation back and make it again for the invoices; the payment's and the due's sums stay."""
        same: dict[str, Any] = {
            "payment_id": old.payment_id, "due": due, "company_id": old.company_id, "currency": old.currency, "on": old.on,
            "at": clock.now(),
        }  # fmt: skip
        self._rows.append(Allocation(amount_minor=-old.amount_minor, reverses=old, **same))
        left: int = old.amount_minor
        for invoice, minor in places:
            part = min(left, minor)
            if part > 0:
                self._rows.append(Allocation(amount_minor=part, invoice=invoice, **same))
                invoice.settled_minor += part
                self._touched.add(invoice.pk)
                self._open[invoice.pk, due.pk] -= part
                left -= part
        if left > 0:
            self._rows.append(Allocation(amount_minor=left, **same))

    def save(self, actor: Actor) -> None:
        """Write rows and sums; payments that are new are inserted by the caller before."""
        self._claim_free()
        for row in self._rows:
            row.by_label = actor.label[:200]
        write([one for one in self.dues.values() if one.pk in self._touched], ("settled_minor",), version=False)
        write([one for one in self.invoices.values() if one.pk in self._touched], ("settled_minor",), version=False)
        write([one for one in self.payments.values() if one.pk not in self.new], ("allocated_minor",), version=False)
        insert(self._rows)
        self._rows = []


def standing(**where: object) -> list[Allocation]:
    """The allocations that stand, newest first: neither taken back nor taking back."""
    return list(Allocation.objects.filter(reverses=None, reversed_by=None, **where).order_by("-pk"))
