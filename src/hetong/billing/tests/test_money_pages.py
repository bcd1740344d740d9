"""The Money tab and its forms, through HTTP: S0-15, S0-17, S2-08, S1-03, trust A13."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.testing import forget_access
from hetong.billing import services
from hetong.billing.models import Allocation, Due, Invoice, Payment
from hetong.billing.testing import dues_of, make_active
from hetong.contracts.models import Contract
from hetong.kernel.ids import new_id

pytestmark = pytest.mark.django_db


def signed_in(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def page(client: Client, url: str, status: int = 200) -> str:
    answer = client.get(url)
    assert answer.status_code == status, (url, answer.status_code, answer.content.decode()[-1500:])
    return str(answer.content.decode())


def issue(client: Client, due: Due, **more: str) -> Any:
    """Issue an invoice for a due through its page, as the preview shows it."""
    url = f"/billing/dues/{due.pk}/invoice/"
    data = {f"pick_due_{due.pk.hex}": "on", **more}
    seen = re.search(r'name="seen" value="(\d+)"', page_of(client.post(url, data | {"step": "show"})))
    return client.post(url, {"seen": seen.group(1) if seen else "", "step": "issue", "once_key": str(new_id()), **data})


def page_of(answer: Any) -> str:
    return str(answer.content.decode())


def hide_value(cast: Any, role: str) -> None:
    FieldRule.objects.create(role=Role.objects.get(key=role), noun="contracts.contract", field="gross", level=0)
    forget_access()


@pytest.fixture
def contract(cast: Any) -> Contract:
    """A contract of Ada's worth 1,250.00 with tax in stages of 40 and 60 %."""
    return make_active(cast.ada, "40", "60")


def test_the_tab_shows_each_stage_with_what_is_planned_invoiced_received_and_open(
    cast: Any, contract: Contract
) -> None:
    """S0-15: per stage planned amount, day, invoiced, received, difference and state."""
    tab = page(signed_in(cast, "fia"), f"/contracts/{contract.pk}/money/?amounts=gross")
    for word in (
        "Agreed",
        "Invoiced",
        "Received",
        "Open",
        "Stage 1",
        "500.00",
        "750.00",
        "1,250.00",
        "sum matches the contract",
    ):
        assert word in tab
    assert "400.00" in page(signed_in(cast, "fia"), f"/contracts/{contract.pk}/money/")


@pytest.mark.parametrize("name", ["ada", "ben", "fia", "lin", "cleo", "eve", "admin"])
def test_who_sees_the_contract_sees_its_money(cast: Any, contract: Contract, name: str) -> None:
    assert "Stage 1" in page(signed_in(cast, name), f"/contracts/{contract.pk}/money/")


@pytest.mark.parametrize("name", ["dora", "gus", "olle"])
def test_others_get_nothing_from_any_page_of_money(cast: Any, contract: Contract, name: str) -> None:
    """C2: an agent and a colleague of another team do not learn that it exists."""
    client, due = signed_in(cast, name), dues_of(contract)[0]
    for url in (f"/contracts/{contract.pk}/money/", f"/billing/dues/{due.pk}/", f"/billing/dues/{due.pk}/pay/"):
        page(client, url, 404)
    for url in ("/billing/", "/billing/dues/", "/billing/invoices/", "/billing/payments/", "/billing/ledger/"):
        assert contract.title not in page(client, f"{url}?view=all")


def test_an_unchanged_tab_answers_nothing_and_a_changed_one_itself(cast: Any, contract: Contract) -> None:
    client = signed_in(cast, "ada")
    tab = page(client, f"/contracts/{contract.pk}/money/")
    found = re.search(r'data-live="([^"]+)" data-mark="([^"]+)"', tab)
    assert found is not None
    url, mark = found.group(1).replace("&amp;", "&"), found.group(2)
    assert client.get(url, headers={"X-Live-Mark": mark}).status_code == 204
    issue(signed_in(cast, "fia"), dues_of(contract)[0])
    answer = client.get(url, headers={"X-Live-Mark": mark})
    assert answer.status_code == 200
    assert Invoice.objects.get().number in answer.content.decode()
    assert client.get(url, headers={"X-Live-Mark": answer.headers["X-Live-Mark"]}).status_code == 204


def test_an_invoice_is_shown_before_it_is_issued(cast: Any, contract: Contract) -> None:
    """S1-03: lines, tax per rate and totals exactly as they will be; nothing is written by looking."""
    shown = page(signed_in(cast, "fia"), f"/billing/dues/{dues_of(contract)[0].pk}/invoice/")
    for figure in ("400.00", "100.00", "500.00", "Meter 1"):
        assert figure in shown
    assert not Invoice.objects.exists()


def test_one_click_issues_what_was_shown(cast: Any, contract: Contract) -> None:
    client = signed_in(cast, "fia")
    answer = issue(client, dues_of(contract)[0])
    invoice = Invoice.objects.get()
    assert answer.status_code == 302
    assert answer.headers["Location"] == f"/billing/invoices/{invoice.pk}/"
    assert invoice.gross_minor == 50000
    assert invoice.number in page(client, f"/contracts/{contract.pk}/money/")
    card = page(client, f"/billing/invoices/{invoice.pk}/")
    for words in (invoice.number, "500.00", "Meter 1", "To pay"):
        assert words in card


def test_an_amount_that_was_not_shown_is_not_issued(cast: Any, contract: Contract) -> None:
    client, due = signed_in(cast, "fia"), dues_of(contract)[0]
    answer = client.post(
        f"/billing/dues/{due.pk}/invoice/",
        {f"pick_due_{due.pk.hex}": "on", f"amount_due_{due.pk.hex}": "200", "step": "issue", "seen": "50000"},
    )
    assert answer.status_code == 422
    assert "Look at them again" in answer.content.decode()
    assert not Invoice.objects.exists()


def test_too_much_is_refused_beside_the_form_and_what_was_typed_stays(cast: Any, contract: Contract) -> None:
    """S0-17: over-invoicing is refused."""
    answer = issue(
        signed_in(cast, "fia"), dues_of(contract)[0], **{f"amount_due_{dues_of(contract)[0].pk.hex}": "500.01"}
    )
    assert answer.status_code == 409
    text = answer.content.decode()
    assert "500.01" in text
    assert "left" in text
    assert not Invoice.objects.exists()


def test_everything_unreadable_is_named_at_once(cast: Any, contract: Contract) -> None:
    due = dues_of(contract)[0]
    answer = signed_in(cast, "fia").post(
        f"/billing/dues/{due.pk}/invoice/",
        {f"amount_due_{due.pk.hex}": "12x", "issued_on": "soon", "due_on": "2026-02-31", "step": "issue"},
    )
    assert answer.status_code == 422
    assert answer.content.decode().count("field-error") >= 3


def test_an_invoice_sent_twice_is_one(cast: Any, contract: Contract) -> None:
    """A13: a form sent twice acts once."""
    client, due = signed_in(cast, "fia"), dues_of(contract)[0]
    data = {f"pick_due_{due.pk.hex}": "on", "step": "issue", "seen": "50000", "once_key": str(new_id())}
    answers = [client.post(f"/billing/dues/{due.pk}/invoice/", data) for _ in range(2)]
    assert [a.status_code for a in answers] == [302, 302]
    assert Invoice.objects.count() == 1


def test_sales_reports_and_finance_confirms(cast: Any, contract: Contract) -> None:
    issue(signed_in(cast, "fia"), dues_of(contract)[0])
    invoice = Invoice.objects.get()
    sales, key = signed_in(cast, "ada"), str(new_id())
    data = {"amount": "300", "on": str(invoice.issued_on), "reference": "OCR 1", "once_key": key, "step": "report",
            f"pick_invoice_{invoice.pk.hex}": "on"}  # fmt: skip
    for _ in range(2):
        assert sales.post(f"/billing/invoices/{invoice.pk}/pay/", data).status_code == 302
    payment = Payment.objects.get()
    assert payment.state == "reported"
    assert "waits for finance" in page(sales, f"/contracts/{contract.pk}/money/")
    assert sales.post(f"/billing/payments/{payment.pk}/confirm/").status_code == 403
    finance = signed_in(cast, "fia")
    assert "OCR 1" in page(finance, "/billing/payments/?view=reported&columns=on,reference,amount")
    for _ in range(2):
        answer = finance.post(f"/billing/payments/{payment.pk}/confirm/", {"once_key": key, "back": "/billing/"})
        assert answer.status_code == 302
        assert answer.headers["Location"] == "/billing/"
    assert Allocation.objects.get().amount_minor == 30000
    tab = page(sales, f"/contracts/{contract.pk}/money/?amounts=gross")
    assert "part paid" in tab
    assert "200.00" in tab


def test_finance_records_in_one_step_and_the_rest_stays_on_account(cast: Any, contract: Contract) -> None:
    finance = signed_in(cast, "fia")
    issue(finance, dues_of(contract)[0])
    invoice = Invoice.objects.get()
    data = {"amount": "600", "on": str(invoice.issued_on), "step": "record", f"pick_invoice_{invoice.pk.hex}": "on"}
    assert finance.post(f"/billing/invoices/{invoice.pk}/pay/", data).status_code == 302
    payment = Payment.objects.get()
    assert (payment.state, payment.allocated_minor) == ("confirmed", 50000)
    tab = page(finance, f"/contracts/{contract.pk}/money/")
    assert "On account" in tab
    assert "100.00" in tab
    second = dues_of(contract)[1]
    answer = finance.post(f"/billing/payments/{payment.pk}/allocate/", {f"pick_due_{second.pk.hex}": "on"})
    assert answer.status_code == 302
    payment.refresh_from_db()
    assert payment.allocated_minor == 60000


def test_rejecting_and_reversing_ask_why(cast: Any, contract: Contract) -> None:
    finance = signed_in(cast, "fia")
    services.report_payments(
        cast.ada, [services.PaymentReport("in", 10000, contract.currency, contract.signed_on, contract=contract.pk)]
    )
    payment = Payment.objects.get()
    url = f"/billing/payments/{payment.pk}/reject/"
    assert "Reject payment" in page(finance, url)
    assert finance.post(url, {"reason": " "}).status_code == 422
    assert finance.post(url, {"reason": "Never came"}).status_code == 302
    assert "Never came" in page(finance, f"/billing/payments/{payment.pk}/")


def test_a_credit_note_says_what_it_does_and_lowers_what_is_invoiced(cast: Any, contract: Contract) -> None:
    """S2-05: a credit lowers what is invoiced."""
    finance = signed_in(cast, "fia")
    issue(finance, dues_of(contract)[0])
    invoice = Invoice.objects.get()
    url = f"/billing/invoices/{invoice.pk}/credit/"
    assert "Can be credited" in page(finance, url)
    assert finance.post(url, {"amount": "100"}).status_code == 422
    assert finance.post(url, {"amount": "600", "reason": "Wrong"}).status_code == 409
    assert finance.post(url, {"amount": "100", "reason": "Wrong"}).status_code == 302
    contract.refresh_from_db()
    assert contract.invoiced_minor == 40000
    assert "credits" in page(finance, f"/contracts/{contract.pk}/money/")


def test_a_stage_is_held_released_waived_and_taken_up_again(cast: Any, contract: Contract) -> None:
    finance, due = signed_in(cast, "fia"), dues_of(contract)[1]
    base, tab = f"/billing/dues/{due.pk}", f"/contracts/{contract.pk}/money/"
    assert finance.post(f"{base}/hold/", {"reason": ""}).status_code == 422
    assert finance.post(f"{base}/hold/", {"reason": "Two skids drift"}).status_code == 302
    assert "Two skids drift" in page(finance, tab)
    assert finance.post(f"{base}/release/").status_code == 302
    assert finance.post(f"{base}/skip/", {"reason": "Agreed by mail"}).status_code == 302
    assert "waived" in page(finance, tab)
    assert finance.post(f"{base}/unskip/").status_code == 302
    assert finance.post(f"{base}/release/").status_code == 409


def test_a_supplier_contract_mirrors_invoice_and_payment(cast: Any) -> None:
    """S2-08: the supplier's invoice is registered, the payment goes out, the balances mirror."""
    contract = make_active(cast.ada, "100", class_of="expense")
    finance, due = signed_in(cast, "fia"), dues_of(contract)[0]
    assert "Register supplier" in page(finance, f"/contracts/{contract.pk}/money/")
    url, day = f"/billing/dues/{due.pk}/receive/", str(contract.signed_on)
    assert finance.post(url, {f"pick_due_{due.pk.hex}": "on"}).status_code == 422
    data = {f"pick_due_{due.pk.hex}": "on", "number": "LF-77", "issued_on": day, "due_on": day}
    assert finance.post(url, data).status_code == 302
    invoice = Invoice.objects.get()
    assert (invoice.direction, invoice.number) == ("in", "LF-77")
    paid = {"amount": "1250", "on": day, "step": "record", f"pick_invoice_{invoice.pk.hex}": "on"}
    assert finance.post(f"/billing/invoices/{invoice.pk}/pay/", paid).status_code == 302
    assert Payment.objects.get().direction == "out"
    tab = page(finance, f"/contracts/{contract.pk}/money/")
    for word in ("Invoiced to us", "Paid", "LF-77", "settled"):
        assert word in tab


def test_who_may_not_read_the_value_reads_no_amount_on_any_page(cast: Any, contract: Contract) -> None:
    """C3: tab, lists, cards, party and home."""
    finance = signed_in(cast, "fia")
    issue(finance, dues_of(contract)[0])
    invoice = Invoice.objects.get()
    services.report_payments(
        cast.ada, [services.PaymentReport("in", 31700, contract.currency, invoice.issued_on, contract=contract.pk)]
    )
    hide_value(cast, "executive")
    reader = signed_in(cast, "eve")
    payment = Payment.objects.get()
    urls = [
        f"/contracts/{contract.pk}/money/", f"/contracts/{contract.pk}/money/?amounts=gross", "/billing/", "/billing/invoices/?view=all",
        "/billing/payments/?view=all", "/billing/dues/?view=all", "/billing/ledger/?view=all", f"/billing/invoices/{invoice.pk}/",
        f"/billing/payments/{payment.pk}/", f"/parties/{contract.counterparty_id}/money/", "/", f"/contracts/{contract.pk}/",
    ]  # fmt: skip
    for url in urls:
        shown = page(reader, url)
        for figure in ("400.00", "500.00", "750.00", "600.00", "1,000.00", "1,250.00", "317.00"):
            assert figure not in shown, (url, figure)


def test_pages_of_money_ask_few_questions(cast: Any, contract: Contract, django_assert_max_num_queries: Any) -> None:
    finance = signed_in(cast, "fia")
    issue(finance, dues_of(contract)[0])
    invoice = Invoice.objects.get()
    for url, most in (
        (f"/contracts/{contract.pk}/money/", 25), (f"/billing/invoices/{invoice.pk}/", 25), ("/billing/", 25),
        ("/billing/invoices/?view=all", 15), ("/billing/dues/?view=all", 15), ("/billing/payments/?view=all", 15),
    ):  # fmt: skip
        finance.get(url)
        with django_assert_max_num_queries(most):
            finance.get(url)
