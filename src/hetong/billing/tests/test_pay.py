"""Payments: reported, confirmed once, allocated, taken back; what is too much is refused or stays on account (S0-15, A9)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.accounts.testing import Cast
from hetong.billing import services
from hetong.billing.models import Allocation, Due, Invoice, Payment
from hetong.billing.queries import money_checks, number_checks
from hetong.billing.services import Credit, DueShare, InvoiceOrder, PaymentReport, Wanted
from hetong.billing.services.errors import (
    AlreadyConfirmed,
    NotConfirmed,
    NotReported,
    NotThatMuch,
    OtherCurrency,
    OtherParty,
    OverAllocated,
    OverCredited,
    OwnReport,
    WrongDirection,
)
from hetong.billing.testing import days, dues_of, make_active, today
from hetong.contracts.models import Contract
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.reference.queries import NoRate


def issue(cast: Cast, contract: Contract, *amounts: int | None, **more: Any) -> Invoice:
    shares = [DueShare(due.pk, minor) for due, minor in zip(dues_of(contract), amounts or [None], strict=False)]
    return services.issue_invoices(cast.fia, [InvoiceOrder(shares, **more)])[0]


def paid(contract: Contract, minor: int, *wanted: Wanted, **more: Any) -> PaymentReport:
    given = {
        "direction": "in",
        "amount": minor,
        "currency": contract.currency,
        "on": today(),
        "contract": contract.pk,
    }
    return PaymentReport(**(given | {"wanted": wanted} | more))


def totals(contract: Contract) -> tuple[int, int, int]:
    contract.refresh_from_db()
    return contract.invoiced_minor, contract.received_minor, contract.open_minor


def assert_sound() -> None:
    """A7: every sum equals its rows, no number is missing."""
    assert [*money_checks(), *number_checks()] == []


def test_sales_reports_finance_confirms_and_only_then_it_counts(cast: Cast) -> None:
    contract = make_active(cast.ada, "30", "70")
    invoice = issue(cast, contract)
    [payment] = services.report_payments(cast.ada, [paid(contract, 20000, Wanted(20000, invoice=invoice.pk))])
    assert payment.state == "reported"
    assert totals(contract) == (37500, 0, 37500)
    services.confirm_payments(cast.fia, [payment.pk])
    assert totals(contract) == (37500, 20000, 17500)
    invoice.refresh_from_db()
    assert invoice.settled_minor == 20000
    assert_sound()


def test_confirming_twice_says_so_and_counts_once(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    issue(cast, contract)
    [payment] = services.report_payments(cast.ada, [paid(contract, 1000)])
    services.confirm_payments(cast.fia, [payment.pk])
    with pytest.raises(AlreadyConfirmed) as refused:
        services.confirm_payments(cast.fia, [payment.pk])
    assert refused.value.params["by"] == "Fia"
    assert totals(contract)[1] == 1000


def test_who_reported_does_not_confirm_but_finance_may_record_in_one_step(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    [payment] = services.report_payments(cast.fia, [paid(contract, 1000)])
    with pytest.raises(OwnReport):
        services.confirm_payments(cast.fia, [payment.pk])
    with pytest.raises(Forbidden):
        services.record_payments(cast.ada, [paid(contract, 1000)])
    [recorded] = services.record_payments(cast.fia, [paid(contract, 1000)])
    assert (recorded.state, recorded.decided_by_label) == ("confirmed", "Fia")


def test_more_than_is_open_is_refused_with_figures_when_it_is_named(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    invoice = issue(cast, contract, 50000)
    for act in (services.report_payments, services.record_payments):
        with pytest.raises(OverAllocated) as refused:
            act(cast.fia, [paid(contract, 60000, Wanted(50001, invoice=invoice.pk))])
        assert (refused.value.params["asked"], refused.value.params["open"]) == ("500.01 SEK", "500.00 SEK")
    assert not Payment.objects.exists()


def test_a_surplus_stays_on_account_and_is_allocated_later(cast: Cast) -> None:
    contract = make_active(cast.ada, "40", "60")
    invoice = issue(cast, contract)
    [payment] = services.record_payments(cast.fia, [paid(contract, 60000, Wanted(50000, invoice=invoice.pk))])
    assert payment.allocated_minor == 50000
    second = dues_of(contract)[1]
    with pytest.raises(NotThatMuch):
        services.allocate_payment(cast.fia, payment.pk, [Wanted(10001, due=second.pk)])
    services.allocate_payment(cast.fia, payment.pk, [Wanted(10000, due=second.pk)])
    assert [d.settled_minor for d in dues_of(contract)] == [50000, 10000]
    assert_sound()


def test_a_payment_that_names_only_the_contract_settles_the_oldest_first(cast: Cast) -> None:
    contract = make_active(cast.ada, "40", "60")
    late = issue(cast, contract, 10000, due_on=days(5))
    early = issue(cast, contract, 10000, due_on=days(1))
    services.record_payments(cast.fia, [paid(contract, 12000)])
    late.refresh_from_db(), early.refresh_from_db()
    assert (early.settled_minor, late.settled_minor) == (10000, 2000)
    assert_sound()


def test_what_was_settled_by_others_meanwhile_stays_on_account(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    invoice = issue(cast, contract, 50000)
    [first] = services.report_payments(cast.ada, [paid(contract, 50000, Wanted(50000, invoice=invoice.pk))])
    services.record_payments(cast.fia, [paid(contract, 30000, Wanted(30000, invoice=invoice.pk))])
    [confirmed] = services.confirm_payments(cast.fia, [first.pk])
    assert confirmed.allocated_minor == 20000
    assert_sound()


def test_money_before_the_invoice_settles_the_invoice_that_follows(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    [due] = dues_of(contract)
    services.record_payments(cast.fia, [paid(contract, 30000, Wanted(30000, due=due.pk))])
    first, second = issue(cast, contract, 20000), issue(cast, contract, 50000)
    assert (first.settled_minor, second.settled_minor) == (20000, 10000)
    assert totals(contract) == (70000, 30000, 40000)
    assert_sound()


def test_reversing_opens_everything_again_and_rows_are_only_added(cast: Cast) -> None:
    contract = make_active(cast.ada, "40", "60")
    issue(cast, contract, None, None)
    before = totals(contract)
    [payment] = services.record_payments(cast.fia, [paid(contract, 99999)])
    count = Allocation.objects.count()
    with pytest.raises(Invalid):
        services.reverse_payments(cast.fia, [payment.pk], reason="")
    services.reverse_payments(cast.fia, [payment.pk], reason="Bounced")
    assert totals(contract) == before
    assert Allocation.objects.count() == 2 * count
    payment.refresh_from_db()
    assert (payment.state, payment.allocated_minor) == ("reversed", 0)
    with pytest.raises(NotConfirmed):
        services.reverse_payments(cast.fia, [payment.pk], reason="Again")
    assert_sound()


def test_an_allocation_is_taken_back_once(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    issue(cast, contract)
    services.record_payments(cast.fia, [paid(contract, 1000)])
    one = Allocation.objects.get()
    services.unallocate(cast.fia, [one.pk], reason="Wrong invoice")
    assert totals(contract)[1] == 0
    with pytest.raises(NotFound):
        services.unallocate(cast.fia, [one.pk], reason="Wrong invoice")
    assert_sound()


def test_rejecting_needs_a_reason_and_ends_it(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    [payment] = services.report_payments(cast.ada, [paid(contract, 1000)])
    with pytest.raises(Invalid):
        services.reject_payments(cast.fia, [payment.pk], reason=" ")
    services.reject_payments(cast.fia, [payment.pk], reason="Never came")
    with pytest.raises(NotReported):
        services.confirm_payments(cast.fia, [payment.pk])


def test_an_expense_is_paid_out_and_mirrors(cast: Cast) -> None:
    """S2-08."""
    contract = make_active(cast.ada, "100", class_of="expense")
    [due] = dues_of(contract)
    order = services.ReceivedInvoice([DueShare(due.pk)], number="F-1", issued_on=today())
    [invoice] = services.register_invoices(cast.fia, [order])
    with pytest.raises(WrongDirection):
        services.record_payments(cast.fia, [paid(contract, 1000)])
    services.record_payments(cast.fia, [paid(contract, 125000, Wanted(125000, invoice=invoice.pk), direction="out")])
    assert totals(contract) == (125000, 125000, 0)
    contract.refresh_from_db()
    assert contract.oldest_open_due_on is None
    for number in ("", "f-1"):
        with pytest.raises(Invalid):
            services.credit_invoices(cast.fia, [Credit(invoice.pk, 1000, "Returned", number=number)])
    [note] = services.credit_invoices(cast.fia, [Credit(invoice.pk, 1000, "Returned", number="K-1")])
    assert (note.direction, note.number) == ("in", "K-1")
    assert totals(contract) == (124000, 124000, 0)
    assert_sound()


def test_money_of_another_party_or_currency_settles_nothing(cast: Cast) -> None:
    contract, other = make_active(cast.ada, "100"), make_active(cast.ada, "100")
    invoice = issue(cast, other)
    with pytest.raises(OtherParty):
        services.record_payments(cast.fia, [paid(contract, 1000, Wanted(1000, invoice=invoice.pk))])
    own = issue(cast, contract)
    with pytest.raises(NoRate):
        services.record_payments(cast.fia, [paid(contract, 1000, currency="EUR")])
    with pytest.raises(OtherCurrency):
        services.report_payments(cast.fia, [paid(contract, 1000, Wanted(1000, invoice=own.pk), currency="EUR")])


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"amount": 0}, "amount"),
        ({"amount": -5}, "amount"),
        ({"amount": 10**15 + 1}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"on": days(1)}, "on"),
        ({"on": dt.date(1850, 1, 1)}, "on"),
        ({"method": "barter"}, "method"),
        ({"direction": "sideways"}, "direction"),
    ],
)
def test_odd_payments_are_named_field_by_field(cast: Cast, more: dict[str, Any], field: str) -> None:
    contract = make_active(cast.ada, "100")
    if field == "direction":
        with pytest.raises(WrongDirection):
            services.report_payments(cast.ada, [paid(contract, 1000, **more)])
        return
    with pytest.raises(Invalid) as refused:
        services.report_payments(cast.ada, [paid(contract, more.pop("amount", 1000), **more)])
    assert field in {p.field for p in refused.value.problems}


def test_money_of_a_party_without_a_contract_stays_on_account_until_it_is_allocated(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    invoice = issue(cast, contract)
    given = PaymentReport("in", 5000, "SEK", today(), party=contract.counterparty_id, company=cast.north.pk)
    [payment] = services.record_payments(cast.fia, [given])
    assert payment.allocated_minor == 0
    services.allocate_payment(cast.fia, payment.pk, [Wanted(5000, invoice=invoice.pk)])
    assert totals(contract)[1] == 5000
    services.reverse_payments(cast.fia, [payment.pk], reason="Slip")
    assert totals(contract)[1] == 0
    assert_sound()


# -- credit notes ------------------------------------------------------------------------------------


def test_a_credit_note_has_its_own_series_and_lets_the_due_be_invoiced_again(cast: Cast) -> None:
    contract = make_active(cast.ada, "100", lines=3, price="33.33")
    invoice = issue(cast, contract)
    [note] = services.credit_invoices(cast.fia, [Credit(invoice.pk, reason="Wrong address")])
    assert (note.number, note.kind, note.corrects_id) == (f"CR-{today().year}-0001", "credit_note", invoice.pk)
    assert (note.net_minor, note.tax_minor) == (invoice.net_minor, invoice.tax_minor)
    assert totals(contract) == (0, 0, 0)
    again = issue(cast, contract)
    assert (again.number, again.gross_minor) == (f"{today().year}-0002", invoice.gross_minor)
    assert_sound()


def test_a_part_is_credited_from_what_is_open_first_and_then_from_what_was_settled(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    invoice = issue(cast, contract, None, None)
    [payment] = services.record_payments(cast.fia, [paid(contract, 100000)])
    services.credit_invoices(cast.fia, [Credit(invoice.pk, 20000, "Discount")])
    assert totals(contract) == (105000, 100000, 5000)
    services.credit_invoices(cast.fia, [Credit(invoice.pk, 15000, "Discount")])
    payment.refresh_from_db()
    assert payment.allocated_minor == 90000
    assert totals(contract) == (90000, 90000, 0)
    with pytest.raises(OverCredited) as refused:
        services.credit_invoices(cast.fia, [Credit(invoice.pk, 90001, "Too much")])
    assert refused.value.params["left"] == "900.00 SEK"
    services.credit_invoices(cast.fia, [Credit(invoice.pk, reason="The rest")])
    assert totals(contract) == (0, 0, 0)
    assert {d.invoiced_minor for d in dues_of(contract)} == {0}
    assert_sound()


def test_a_credit_note_needs_a_reason_and_is_not_credited_itself(cast: Cast) -> None:
    from hetong.billing.services.errors import NotAnInvoice

    invoice = issue(cast, make_active(cast.ada, "100"))
    with pytest.raises(Invalid):
        services.credit_invoices(cast.fia, [Credit(invoice.pk)])
    [note] = services.credit_invoices(cast.fia, [Credit(invoice.pk, reason="Slip")])
    with pytest.raises(NotAnInvoice):
        services.credit_invoices(cast.fia, [Credit(note.pk, reason="Slip")])


# -- plans apart -------------------------------------------------------------------------------------


def test_an_invoice_plan_of_its_own_is_invoiced_and_the_other_is_collected(cast: Cast) -> None:
    """S0-17: neither follows the other; what is open is the difference."""
    from hetong.billing.services.errors import NeverInvoiced, NeverSettled
    from hetong.billing.testing import activate, make_stages

    contract = make_active(cast.ada, "100")
    Due.objects.filter(contract=contract).delete()
    Contract.objects.filter(pk=contract.pk).update(has_invoice_plan=True)
    contract.refresh_from_db()
    make_stages(contract, "50", "50", kind="invoice")
    activate(contract)
    collect, first, _second = dues_of(contract)
    assert [d.kind for d in dues_of(contract)] == ["collect", "invoice", "invoice"]
    with pytest.raises(NeverInvoiced):
        services.issue_invoices(cast.fia, [InvoiceOrder([DueShare(collect.pk)])])
    [invoice] = services.issue_invoices(cast.fia, [InvoiceOrder([DueShare(first.pk)])])
    with pytest.raises(NeverSettled):
        services.record_payments(cast.fia, [paid(contract, 1000, Wanted(1000, invoice=invoice.pk))])
    services.record_payments(cast.fia, [paid(contract, 20000)])
    assert totals(contract) == (62500, 20000, 42500)
    assert_sound()


# -- who ---------------------------------------------------------------------------------------------


def test_who_cannot_see_the_contract_can_neither_report_nor_confirm(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    [payment] = services.report_payments(cast.ada, [paid(contract, 1000)])
    for act in (
        lambda: services.report_payments(cast.dora, [paid(contract, 1000)]),
        lambda: services.report_payments(cast.olle, [paid(contract, 1000)]),
        lambda: services.reverse_payments(cast.dora, [payment.pk], reason="x"),
    ):
        with pytest.raises(NotFound):
            act()
    with pytest.raises(Forbidden):
        services.confirm_payments(cast.ben, [payment.pk])
