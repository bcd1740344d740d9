"""The settings of billing, and the cards around it: S0-22, number series."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import Series
from hetong.billing import services
from hetong.billing.models import BillType, Invoice, Payment
from hetong.billing.testing import dues_of, make_active
from hetong.contracts.models import Contract
from hetong.kernel import clock

pytestmark = pytest.mark.django_db
TYPES, SERIES = "/settings/bill-types/", "/settings/series/"


def signed_in(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def issued(cast: Any) -> tuple[Contract, Invoice]:
    contract = make_active(cast.ada, "100")
    order = services.InvoiceOrder([services.DueShare(dues_of(contract)[0].pk)])
    return contract, services.issue_invoices(cast.fia, [order])[0]


def test_a_bill_type_that_finance_adds_is_offered_on_the_invoice_form(cast: Any) -> None:
    """S0-22: named in four languages, with a tax rate and numbers of its own."""
    contract, finance = make_active(cast.ada, "100"), signed_in(cast, "fia")
    assert finance.get(TYPES).status_code == 200
    assert finance.get(f"{TYPES}new/").status_code == 200
    data = {
        "labels_en": "VAT special",
        "labels_zh_hans": "增值税专用发票",
        "country": "SE",
        "tax_rate": "13",
        "prefix": "SP",
        "is_active": "on",
    }
    assert finance.post(f"{TYPES}new/", data).status_code == 302
    made = BillType.objects.get(prefix="SP")
    assert finance.get(f"{TYPES}{made.pk}/").status_code == 200
    form = finance.get(f"/billing/dues/{dues_of(contract)[0].pk}/invoice/").content.decode()
    assert "VAT special" in form


def test_a_bill_type_that_is_not_one_of_the_choices_is_refused_beside_it(cast: Any) -> None:
    due = dues_of(make_active(cast.ada, "100"))[0]
    data = {f"pick_due_{due.pk.hex}": "on", "bill_type": "nonsense", "step": "issue", "seen": "125000"}
    answer = signed_in(cast, "fia").post(f"/billing/dues/{due.pk}/invoice/", data)
    assert answer.status_code == 422
    assert "not one of the choices" in answer.content.decode()
    assert not Invoice.objects.exists()


def test_a_series_is_set_up_before_its_first_number_and_not_after(cast: Any) -> None:
    finance, year = signed_in(cast, "fia"), clock.today("Europe/Stockholm").year
    url = f"{SERIES}{cast.north.pk}/invoice/{year}/"
    assert "begins with the first one issued" in finance.get(SERIES).content.decode()
    assert finance.post(url, {"prefix": "F1", "digits": "x", "first_number": "7"}).status_code == 422
    assert finance.post(url, {"prefix": "F1", "digits": "5", "first_number": "7"}).status_code == 302
    _contract, invoice = issued(cast)
    assert invoice.number == f"F1-{year}-00007"
    assert finance.post(url, {"prefix": "F2", "digits": "5", "first_number": "9"}).status_code == 409


def test_a_series_in_use_cannot_be_deleted(cast: Any) -> None:
    _contract, _invoice = issued(cast)
    held = Series.objects.get(company=cast.north, kind="invoice")
    assert signed_in(cast, "fia").post(f"{SERIES}{held.pk}/remove/").status_code == 409
    assert Series.objects.filter(pk=held.pk).exists()


@pytest.mark.parametrize("url", [TYPES, f"{TYPES}new/", SERIES])
def test_who_may_not_manage_billing_sees_no_settings_of_it(cast: Any, url: str) -> None:
    assert signed_in(cast, "ada").get(url).status_code == 403


def test_the_party_shows_what_is_open_with_it_per_currency(cast: Any) -> None:
    contract, invoice = issued(cast)
    page = signed_in(cast, "ada").get(f"/parties/{contract.counterparty_id}/money/").content.decode()
    for words in ("Open, SEK", "1,250.00", invoice.number):
        assert words in page


def test_a_due_leads_to_its_place_on_the_contract(cast: Any) -> None:
    contract = make_active(cast.ada, "100")
    due = dues_of(contract)[0]
    answer = signed_in(cast, "ada").get(f"/billing/dues/{due.pk}/")
    assert answer.headers["Location"] == f"/contracts/{contract.pk}/money/#due-{due.pk}"


@pytest.mark.parametrize("language", ["sv", "zh-hans", "zh-hant"])
def test_every_page_speaks_every_language(cast: Any, language: str) -> None:
    contract, invoice = issued(cast)
    cast.users["fia"].language = language
    cast.users["fia"].save()
    client = signed_in(cast, "fia")
    for url in (
        f"/contracts/{contract.pk}/money/", "/billing/", "/billing/invoices/", "/billing/ledger/", f"/billing/invoices/{invoice.pk}/",
        f"/billing/invoices/{invoice.pk}/pay/", f"/billing/invoices/{invoice.pk}/credit/", SERIES, TYPES, "/",
    ):  # fmt: skip
        page = client.get(url).content.decode()
        assert f'lang="{language}"' in page.lower(), url
        for english in ("Open as a list", "Plan, invoices", "why this number", "Report payment", "Left to pay"):
            assert english not in page, (url, english)


def test_money_without_a_contract_stays_on_account_until_it_is_allocated(cast: Any) -> None:
    contract, invoice = issued(cast)
    finance, url = signed_in(cast, "fia"), "/billing/payments/new/"
    assert finance.get(url).status_code == 200
    data = {
        "direction": "in", "party": "nobody at all", "company": str(cast.north.pk), "currency_code": "SEK", "amount": "1 000,50",
        "on": str(invoice.issued_on), "step": "record",
    }  # fmt: skip
    refused = finance.post(url, data)
    assert refused.status_code == 422
    assert "nobody at all" in refused.content.decode()
    assert finance.post(url, data | {"party": str(contract.counterparty_id), "company": "x"}).status_code == 422
    assert finance.post(url, data | {"party": str(contract.counterparty_id)}).status_code == 302
    payment = Payment.objects.get()
    assert (payment.amount_minor, payment.allocated_minor, payment.contract) == (100050, 0, None)
    assert "1,000.50" in finance.get(f"/contracts/{contract.pk}/money/").content.decode()
    due = dues_of(contract)[0]
    assert (
        finance.post(f"/billing/payments/{payment.pk}/allocate/", {f"pick_due_{due.pk.hex}": "on"}).status_code == 302
    )
    payment.refresh_from_db()
    assert payment.allocated_minor == 100050
