"""The money of the first page, by role: each figure is what its rows add up to."""

from __future__ import annotations

import datetime as dt
import re
from html import unescape
from typing import Any

import pytest
from django.test import Client

from hetong.billing import services
from hetong.billing.models import Invoice
from hetong.billing.testing import dues_of, make_active
from hetong.config import my_money
from hetong.kernel import clock

pytestmark = pytest.mark.django_db


def signed_in(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def make_work(cast: Any) -> Invoice:
    """A contract of Ada's with one overdue invoice, one reported payment and one stage to invoice."""
    contract = make_active(cast.ada, "40", "60")
    first = dues_of(contract)[0]
    invoice = services.issue_invoices(cast.fia, [services.InvoiceOrder([services.DueShare(first.pk)])])[0]
    late = clock.today("Europe/Stockholm") - dt.timedelta(days=40)
    Invoice.objects.filter(pk=invoice.pk).update(due_on=late, issued_on=late - dt.timedelta(days=30))
    services.report_payments(
        cast.ada, [services.PaymentReport("in", 10000, contract.currency, clock.today(), contract=contract.pk)]
    )
    return invoice


def test_finance_confirms_invoices_and_chases_first(cast: Any) -> None:
    invoice = make_work(cast)
    page = signed_in(cast, "fia").get("/").content.decode()
    verbs = re.findall(r'<span class="verb">([^<]+)</span>', page)
    assert verbs[:3] == ["Confirm", "Invoice", "Chase"]
    assert invoice.number in page
    assert "40 days late" in page


def test_sales_chases_what_is_overdue_and_confirms_nothing(cast: Any) -> None:
    make_work(cast)
    verbs = re.findall(r'<span class="verb">([^<]+)</span>', signed_in(cast, "ada").get("/").content.decode())
    assert "Chase" in verbs
    assert "Confirm" not in verbs


def test_each_figure_leads_to_the_rows_that_add_up_to_it(cast: Any) -> None:
    make_work(cast)
    contract = make_active(cast.ada, "100", title="Another")
    services.record_payments(
        cast.fia, [services.PaymentReport("in", 33300, "SEK", clock.today(), contract=contract.pk)]
    )
    client = signed_in(cast, "fia")
    page = client.get("/").content.decode()
    found = re.findall(r'<td class="num"><a href="([^"]+)">(?:<b>)?([\d,.]+)', page)
    assert len(found) == 3, found
    for url, figure in found:
        path, _mark, query = unescape(url).partition("?")
        totals = client.get(f"{path}?{query}&fragment=totals").content.decode()
        assert figure in totals, (url, figure)


def test_what_is_overdue_is_told_by_age(cast: Any) -> None:
    make_work(cast)
    card = my_money.money_card(cast.fia)
    assert card is not None
    assert [(age.currency, age.pieces) for age in card.ages] == [("SEK", (("f", 10000),))]
    assert card.ages[0].oldest.minor == 50000


def test_the_halves_are_asked_again_and_unchanged_answer_nothing(cast: Any) -> None:
    client = signed_in(cast, "fia")
    page = client.get("/").content.decode()
    mark = re.search(r'data-live="/\?live=1" data-mark="(\w+)"', page)
    assert mark is not None
    assert client.get("/?live=1", headers={"X-Live-Mark": mark.group(1)}).status_code == 204
    make_work(cast)
    assert "Confirm" in client.get("/?live=1", headers={"X-Live-Mark": mark.group(1)}).content.decode()


@pytest.mark.parametrize("name", ["ada", "ben", "fia", "eve", "admin"])
def test_the_first_page_asks_few_questions(cast: Any, name: str, django_assert_max_num_queries: Any) -> None:
    make_work(cast)
    client = signed_in(cast, name)
    client.get("/")
    with django_assert_max_num_queries(33):
        client.get("/")
