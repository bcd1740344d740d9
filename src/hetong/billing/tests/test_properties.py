"""A9, A7: any sequence of postings keeps every sum equal to its rows, undoing gives back what was, and nothing is ever over."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import transaction
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from hetong.accounts.testing import Cast
from hetong.billing import services
from hetong.billing.models import Allocation, Due, Invoice, Payment
from hetong.billing.queries import money_checks, number_checks
from hetong.billing.services import Credit, DueShare, InvoiceOrder, PaymentReport, Wanted
from hetong.billing.services.errors import NotThatMuch, OverAllocated, OverCredited, OverInvoiced
from hetong.billing.testing import dues_of, make_active, today
from hetong.contracts.models import Contract
from hetong.kernel.errors import Conflict

PHASES = (Phase.explicit, Phase.reuse, Phase.generate)
"""Without shrinking: a step takes too long for the thousands that would need."""
AMOUNTS = st.one_of(st.integers(1, 60_000), st.integers(1, 20), st.sampled_from([37_500, 62_500, 125_000, 10**9]))
PICK = st.integers(0, 5)


class Money(RuleBasedStateMachine):
    """One contract with three stages at two tax rates, and everything that can happen to its money."""

    cast: Cast

    def __init__(self) -> None:
        super().__init__()
        self.block = transaction.atomic()
        self.block.__enter__()
        self.contract: Contract = make_active(self.cast.ada, "33.3", "33.3", "33.4", lines=3, price="777.77")
        self.confirmed = self.issued = self.credited = 0

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.block.__exit__(None, None, None)

    # -- what is there -----------------------------------------------------------------------------

    def picture(self) -> Any:
        """Every sum, for comparing before and after."""
        self.contract.refresh_from_db()
        return (
            [(d.invoiced_minor, d.settled_minor) for d in dues_of(self.contract)],
            [(i.credited_minor, i.settled_minor) for i in Invoice.objects.order_by("pk")],
            (self.contract.invoiced_minor, self.contract.received_minor, self.contract.open_minor),
        )

    def pick(self, rows: Any, n: int) -> Any:
        found = list(rows.order_by("pk"))
        return found[n % len(found)] if found else None

    def invoices(self) -> Any:
        return Invoice.objects.filter(kind="invoice")

    def payments(self) -> Any:
        return Payment.objects.filter(state="confirmed")

    def paid(self, minor: int, *wanted: Wanted) -> PaymentReport:
        return PaymentReport("in", minor, "SEK", today(), contract=self.contract.pk, wanted=wanted)

    def refused(self, error: type[Conflict], act: Any) -> None:
        before = self.picture()
        with pytest.raises(error), transaction.atomic():
            act()
        assert self.picture() == before

    # -- what happens ------------------------------------------------------------------------------

    @rule(n=PICK, minor=AMOUNTS)
    def issue(self, n: int, minor: int) -> None:
        due = self.pick(Due.objects.filter(contract=self.contract), n)
        order = [InvoiceOrder([DueShare(due.pk, minor)])]
        if minor > due.gross_minor - due.invoiced_minor:
            self.refused(OverInvoiced, lambda: services.issue_invoices(self.cast.fia, order))
            return
        services.issue_invoices(self.cast.fia, order)
        self.issued += minor

    @rule()
    def issue_all(self) -> None:
        left = [DueShare(d.pk) for d in dues_of(self.contract) if d.gross_minor > d.invoiced_minor]
        if left:
            [invoice] = services.issue_invoices(self.cast.fia, [InvoiceOrder(left)])
            self.issued += invoice.gross_minor

    @precondition(lambda self: self.issued)
    @rule(n=PICK, minor=AMOUNTS)
    def credit(self, n: int, minor: int) -> None:
        invoice = self.pick(self.invoices(), n)
        given = [Credit(invoice.pk, minor, "Because")]
        if minor > invoice.gross_minor - invoice.credited_minor:
            self.refused(OverCredited, lambda: services.credit_invoices(self.cast.fia, given))
            return
        services.credit_invoices(self.cast.fia, given)
        self.credited += minor

    @rule(minor=AMOUNTS)
    def pay_the_oldest(self, minor: int) -> None:
        services.record_payments(self.cast.fia, [self.paid(minor)])
        self.confirmed += minor

    @precondition(lambda self: self.issued)
    @rule(n=PICK, minor=AMOUNTS)
    def pay_an_invoice(self, n: int, minor: int) -> None:
        invoice = self.pick(self.invoices(), n)
        given = [self.paid(minor, Wanted(minor, invoice=invoice.pk))]
        if minor > invoice.gross_minor - invoice.credited_minor - invoice.settled_minor:
            self.refused(OverAllocated, lambda: services.record_payments(self.cast.fia, given))
            return
        [payment] = services.report_payments(self.cast.ada, given)
        services.confirm_payments(self.cast.fia, [payment.pk])
        self.confirmed += minor

    @rule(minor=AMOUNTS)
    def doing_and_undoing_leaves_what_was(self, minor: int) -> None:
        before = self.picture()
        [payment] = services.record_payments(self.cast.fia, [self.paid(minor)])
        services.reverse_payments(self.cast.fia, [payment.pk], reason="Undo")
        assert self.picture() == before

    @precondition(lambda self: self.confirmed)
    @rule(n=PICK, m=PICK, minor=AMOUNTS)
    def allocate(self, n: int, m: int, minor: int) -> None:
        payment, due = self.pick(self.payments(), n), self.pick(Due.objects.filter(contract=self.contract), m)
        if payment is None:
            return
        act = [Wanted(minor, due=due.pk)]
        if minor > payment.amount_minor - payment.allocated_minor:
            self.refused(NotThatMuch, lambda: services.allocate_payment(self.cast.fia, payment.pk, act))
        elif minor > due.gross_minor - due.settled_minor:
            self.refused(OverAllocated, lambda: services.allocate_payment(self.cast.fia, payment.pk, act))
        else:
            services.allocate_payment(self.cast.fia, payment.pk, act)

    @rule(n=PICK)
    def put_back(self, n: int) -> None:
        one = self.pick(Allocation.objects.filter(reverses=None, reversed_by=None), n)
        if one is not None:
            services.unallocate(self.cast.fia, [one.pk], reason="Wrong")

    @rule(n=PICK)
    def reverse(self, n: int) -> None:
        payment = self.pick(self.payments(), n)
        if payment is not None:
            services.reverse_payments(self.cast.fia, [payment.pk], reason="Bounced")
            self.confirmed -= payment.amount_minor

    # -- what always holds -------------------------------------------------------------------------

    @invariant()
    def every_sum_equals_its_rows(self) -> None:
        assert [*money_checks(), *number_checks()] == []

    @invariant()
    def money_is_conserved(self) -> None:
        self.contract.refresh_from_db()
        assert self.contract.invoiced_minor == self.issued - self.credited
        payments = list(self.payments())
        assert sum(p.amount_minor for p in payments) == self.confirmed
        assert self.contract.received_minor == sum(p.allocated_minor for p in payments)

    @invariant()
    def what_is_open_is_what_is_left_of_the_invoices(self) -> None:
        left = sum(i.gross_minor - i.credited_minor - i.settled_minor for i in self.invoices())
        assert self.contract.open_minor == left


@pytest.mark.parametrize(
    ("examples", "steps"),
    [pytest.param(6, 16, id="sample"), pytest.param(500, 50, id="campaign", marks=pytest.mark.long)],
)
def test_any_sequence_of_postings_keeps_money_whole(cast: Cast, examples: int, steps: int) -> None:
    machine = type("Machine", (Money,), {"cast": cast})
    figures = settings(deadline=None, phases=PHASES, max_examples=examples, stateful_step_count=steps)
    run_state_machine_as_test(machine, settings=figures)  # type: ignore[no-untyped-call]
