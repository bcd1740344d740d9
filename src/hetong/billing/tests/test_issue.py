"""Invoices: whole or part of dues, exact taxes, gapless numbers, days that rise with them (S0-17, S1-03, A7)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.accounts.models import Company
from hetong.accounts.testing import Cast
from hetong.billing import services
from hetong.billing.models import BillType, Due, Invoice, InvoiceLine
from hetong.billing.services import DueShare, InvoiceOrder
from hetong.billing.services.errors import DueNotOpen, InvoicingStopped, IssuedBeforeLast, OverInvoiced, WrongInvoice
from hetong.billing.services.numbering import luhn
from hetong.billing.testing import days, dues_of, make_active, today
from hetong.contracts.models import Contract
from hetong.contracts.services import flag_contracts
from hetong.contracts.testing import make_line
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.parties.models import Party
from hetong.reference.models import Rate
from hetong.reference.queries import NoRate


def issue(cast: Cast, contract: Contract, *amounts: int | None, **more: Any) -> Invoice:
    """Issue the first dues of a contract, each with its amount (None: all that is left)."""
    dues = dues_of(contract)
    shares = [DueShare(due.pk, minor) for due, minor in zip(dues, amounts or [None], strict=False)]
    return services.issue_invoices(cast.fia, [InvoiceOrder(shares, **more)])[0]


def test_a_due_is_invoiced_in_one_call_with_number_lines_and_both_parties(cast: Cast) -> None:
    contract = make_active(cast.ada, "30", "70", lines=2)
    Party.objects.filter(pk=contract.counterparty_id).update(language="zh-hans")
    invoice = issue(cast, contract)
    year = today().year
    assert invoice.number == f"{year}-0001"
    assert invoice.payment_reference == f"{year}0001" + luhn(f"{year}0001")
    assert (invoice.net_minor, invoice.tax_minor, invoice.gross_minor) == (60000, 15000, 75000)
    assert invoice.taxes == [{"rate": 250_000, "code": "", "net": 60000, "tax": 15000}]
    assert invoice.due_on == today() + dt.timedelta(days=30)
    assert invoice.party_facts["name"] == "Västerhamnens Energi AB"
    assert invoice.company_facts["name"] == "North AB"
    assert invoice.language == "zh-hans"
    assert invoice.our_reference == "Ada"
    lines = list(invoice.lines.all())
    assert [(one.title, one.share, one.quantity, one.gross_minor) for one in lines] == [
        ("Meter 1", "30 %", None, 37500), ("Meter 2", "30 %", None, 37500),
    ]  # fmt: skip
    contract.refresh_from_db()
    assert (contract.invoiced_minor, contract.open_minor) == (75000, 75000)
    assert contract.oldest_open_due_on == invoice.due_on


def test_a_whole_line_is_billed_by_quantity_and_price(cast: Cast) -> None:
    contract = make_active(cast.ada)
    [line] = issue(cast, contract).lines.all()
    assert (line.quantity, line.price, line.share) == (1_000_000, 1_000_000_000, "")


def test_several_dues_of_one_contract_stand_on_one_invoice_and_of_two_do_not(cast: Cast) -> None:
    contract, other = make_active(cast.ada, "30", "70"), make_active(cast.ada, "100")
    invoice = issue(cast, contract, None, None)
    assert invoice.gross_minor == contract.gross_minor
    shares = [DueShare(dues_of(other)[0].pk), DueShare(dues_of(contract)[0].pk)]
    with pytest.raises(Invalid) as refused:
        services.issue_invoices(cast.fia, [InvoiceOrder(shares)])
    assert refused.value.problems[0].code == "one_contract"


def test_partial_amounts_add_up_to_the_due_exactly_at_two_tax_rates(cast: Cast) -> None:
    contract = make_active(cast.ada)
    Due.objects.filter(contract=contract).delete()
    Contract.objects.filter(pk=contract.pk).update(stage="draft")
    make_line(cast.ada, contract, unit_price="33.33", tax_rate="12")
    make_line(cast.ada, contract, unit_price="0.07", tax_rate="6", quantity="3")
    Contract.objects.filter(pk=contract.pk).update(stage="active")
    from hetong.contracts.events import ContractsActivated
    from hetong.kernel.actors import Actor
    from hetong.kernel.events import Fact

    services.open_dues(
        Actor.system(),
        ContractsActivated(Actor.system(), (Fact("contracts.contract", contract.pk, contract.company_id),)),
    )
    [due] = dues_of(contract)
    for minor in (1, 7, 33333, 1000, 2, None):
        issue(cast, contract, minor)
    lines = InvoiceLine.objects.filter(due=due)
    assert sum(one.gross_minor for one in lines) == due.gross_minor
    for rate in due.taxes:
        own = [one for one in lines if one.tax_percent == rate["rate"]]
        assert (sum(one.net_minor for one in own), sum(one.tax_minor for one in own)) == (rate["net"], rate["tax"])
    for line in contract.lines.all():
        assert sum(one.gross_minor for one in lines if one.line_id == line.pk) == line.gross_minor
    due.refresh_from_db()
    assert due.invoiced_minor == due.gross_minor


def test_more_than_is_left_is_refused_with_the_figures(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    issue(cast, contract, 100000)
    with pytest.raises(OverInvoiced) as refused:
        issue(cast, contract, 25001)
    assert refused.value.params["left"] == "250.00 SEK"
    assert refused.value.params["asked"] == "250.01 SEK"
    issue(cast, contract, 25000)
    with pytest.raises(OverInvoiced):
        issue(cast, contract, None)
    assert Invoice.objects.count() == 2


@pytest.mark.parametrize("minor", [0, -1])
def test_amounts_that_are_none_are_refused(cast: Cast, minor: int) -> None:
    with pytest.raises(Invalid):
        issue(cast, make_active(cast.ada, "100"), minor)


def test_a_due_day_before_the_issue_and_a_day_ahead_are_refused(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    with pytest.raises(Invalid) as refused:
        issue(cast, contract, issued_on=days(1), due_on=days(0))
    assert {(p.code, p.field) for p in refused.value.problems} == {
        ("future", "issued_on"),
        ("due_before_issue", "due_on"),
    }


def test_the_day_never_falls_behind_the_series_even_when_the_clock_does(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    with clock.set_to(dt.date(2027, 3, 10)):
        issue(cast, contract, 1000)
    with clock.set_to(dt.date(2027, 3, 9)), pytest.raises(IssuedBeforeLast) as refused:
        issue(cast, contract, 1000)
    assert refused.value.params["last"] == "2027-03-10"
    with clock.set_to(dt.date(2027, 3, 11)):
        assert issue(cast, contract, 1000, issued_on=dt.date(2027, 3, 10)).number == "2027-0002"
        with pytest.raises(IssuedBeforeLast):
            issue(cast, contract, 1000, issued_on=dt.date(2027, 3, 9))
        assert issue(cast, contract, 1000).number == "2027-0003"


def test_each_year_begins_its_series_and_the_old_one_stays_open_to_its_own_days(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    with clock.set_to(dt.date(2027, 12, 30)):
        issue(cast, contract, 1000)
    with clock.set_to(dt.date(2028, 1, 2)):
        assert issue(cast, contract, 1000).number == "2028-0001"
        assert issue(cast, contract, 1000, issued_on=dt.date(2027, 12, 31)).number == "2027-0002"


def test_a_planned_due_is_invoiced_ahead_only_on_purpose(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    Due.objects.filter(contract=contract).update(state="planned", on=days(5))
    with pytest.raises(DueNotOpen):
        issue(cast, contract)
    assert issue(cast, contract, ahead=True).gross_minor == contract.gross_minor


def test_a_flag_stops_invoicing(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    flag_contracts(cast.ada, [contract.pk], {"reason": "Disputed delivery", "stops_invoicing": True})
    with pytest.raises(InvoicingStopped) as refused:
        issue(cast, contract)
    assert refused.value.params["reason"] == "Disputed delivery"


def test_a_foreign_currency_needs_a_rate_and_keeps_it(cast: Cast) -> None:
    contract = make_active(cast.ada, "100", currency="EUR")
    with pytest.raises(NoRate):
        issue(cast, contract)
    assert not Invoice.objects.exists()
    Rate.objects.create(currency="SEK", day=today() - dt.timedelta(days=10), rate=115_000_000_000, source="ECB")
    invoice = issue(cast, contract)
    assert invoice.rate == {
        "rate": "11.5", "base": "SEK", "source": "ECB", "day": (today() - dt.timedelta(days=10)).isoformat()
    }  # fmt: skip


def test_a_rate_of_eleven_days_ago_is_too_old(cast: Cast) -> None:
    contract = make_active(cast.ada, "100", currency="EUR")
    Rate.objects.create(currency="SEK", day=today() - dt.timedelta(days=11), rate=115_000_000_000, source="ECB")
    with pytest.raises(NoRate):
        issue(cast, contract)


def test_a_bill_type_may_replace_the_tax_and_have_numbers_of_its_own(cast: Cast) -> None:
    contract = make_active(cast.ada, "60", "40")
    kind = BillType.objects.create(key="small", labels={"en": "Small"}, tax_percent=30_000, prefix="S")
    invoice = issue(cast, contract, bill_type=kind.pk)
    assert invoice.number == f"S-{today().year}-0001"
    assert (invoice.gross_minor, invoice.net_minor) == (75000, 72816)  # 750.00 / 1.03
    assert invoice.taxes == [{"rate": 30_000, "code": "", "net": 72816, "tax": 2184}]
    [rest] = services.issue_invoices(cast.fia, [InvoiceOrder([DueShare(dues_of(contract)[1].pk)])])
    assert (rest.number, rest.net_minor, rest.tax_minor) == (f"{today().year}-0001", 40000, 10000)
    assert rest.payment_reference != invoice.payment_reference


def test_a_company_elsewhere_has_its_prefix_and_its_countrys_default_type(cast: Cast) -> None:
    Company.objects.filter(pk=cast.north.pk).update(country="CN")
    invoice = issue(cast, make_active(cast.ada, "100"))
    assert invoice.number == f"INV-{today().year}-0001"
    assert invoice.payment_reference == invoice.number
    assert invoice.bill_type.key == "cn_notice"


def test_who_may_not_invoice_is_refused_and_who_cannot_see_learns_nothing(cast: Cast) -> None:
    [due] = dues_of(make_active(cast.ada, "100"))
    with pytest.raises(Forbidden):
        services.issue_invoices(cast.ada, [InvoiceOrder([DueShare(due.pk)])])
    with pytest.raises(NotFound):
        services.issue_invoices(cast.dora, [InvoiceOrder([DueShare(due.pk)])])


def test_a_refused_batch_leaves_no_number_behind(cast: Cast) -> None:
    first, second = make_active(cast.ada, "100"), make_active(cast.ada, "100")
    orders = [InvoiceOrder([DueShare(dues_of(first)[0].pk)]), InvoiceOrder([DueShare(dues_of(second)[0].pk, 10**9)])]
    with pytest.raises(OverInvoiced):
        services.issue_invoices(cast.fia, orders)
    assert issue(cast, first).number == f"{today().year}-0001"


def test_an_expense_contract_takes_suppliers_invoices_only(cast: Cast) -> None:
    """S2-08: the mirror of our own."""
    contract = make_active(cast.ada, "100", class_of="expense")
    with pytest.raises(WrongInvoice):
        issue(cast, contract)
    [due] = dues_of(contract)
    order = services.ReceivedInvoice([DueShare(due.pk, 50000)], number="F-17", issued_on=today())
    [invoice] = services.register_invoices(cast.fia, [order])
    assert (invoice.direction, invoice.number, invoice.gross_minor) == ("in", "F-17", 50000)
    contract.refresh_from_db()
    assert (contract.invoiced_minor, contract.open_minor) == (50000, 50000)
    with pytest.raises(Invalid) as refused:
        services.register_invoices(cast.fia, [order])
    assert refused.value.problems[0].code == "registered_already"
    twins = [services.ReceivedInvoice([DueShare(due.pk, 1000)], number="F-18", issued_on=today())] * 2
    with pytest.raises(Invalid) as refused:
        services.register_invoices(cast.fia, twins)
    assert refused.value.problems[0].code == "registered_already"
    assert Invoice.objects.count() == 1


def test_a_preview_says_what_would_be_and_takes_no_number(cast: Cast) -> None:
    contract = make_active(cast.ada, "30", "70")
    [seen] = services.preview_invoices(cast.fia, [InvoiceOrder([DueShare(dues_of(contract)[0].pk)])])
    assert str(seen.gross) == "375.00 SEK"
    assert not Invoice.objects.exists()
    assert issue(cast, contract).number == f"{today().year}-0001"


@pytest.mark.parametrize(("digits", "check"), [("7992739871", "3"), ("20260001", luhn("20260001")), ("0", "0")])
def test_the_check_digit_is_luhns(digits: str, check: str) -> None:
    assert luhn(digits) == check
