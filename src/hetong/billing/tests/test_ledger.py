"""The contract ledger: S4-01."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.testing import forget_access
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line
from hetong.kernel import clock

pytestmark = pytest.mark.django_db
LEDGER = "/billing/ledger/"


def signed_in(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def make_running(
    cast: Any, title: str, *, currency: str = "SEK", invoiced: int = 0, received: int = 0, **over: Any
) -> Contract:
    """An active contract of Ada's worth 125.00, so much of it invoiced and received."""
    contract = make_contract(cast.ada, title=title, currency=currency)
    make_line(cast.ada, contract)
    facts = {
        "invoiced_minor": invoiced,
        "received_minor": received,
        "open_minor": invoiced - received,
        "stage": Stage.ACTIVE,
    }
    Contract.objects.filter(pk=contract.pk).update(**facts | over)
    return contract


def totals_of(client: Client, query: str = "view=all") -> str:
    return client.get(f"{LEDGER}?{query}&fragment=totals").content.decode()


def test_the_ledger_adds_up_value_invoiced_received_and_open_per_currency(cast: Any) -> None:
    """S4-01, S2-01: one sum per column and currency, never across currencies."""
    make_running(cast, "One", invoiced=10000, received=4000)
    make_running(cast, "Two", invoiced=2500, received=2500)
    make_running(cast, "Three", currency="EUR", invoiced=12500)
    totals = totals_of(signed_in(cast, "fia"))
    for figure in ("250.00", "125.00", "65.00", "60.00"):
        assert figure in totals
    assert totals.count("EUR · 1") == 1
    assert totals.count("SEK · 2") == 1


def test_the_ledger_tells_how_late_the_oldest_open_amount_is(cast: Any) -> None:
    make_running(
        cast, "Late", invoiced=12500, oldest_open_due_on=clock.today("Europe/Stockholm") - dt.timedelta(days=25)
    )
    make_running(
        cast, "In time", invoiced=12500, oldest_open_due_on=clock.today("Europe/Stockholm") + dt.timedelta(days=5)
    )
    page = signed_in(cast, "fia").get(f"{LEDGER}?view=overdue").content.decode()
    assert "Late" in page
    assert ">25<" in page
    assert "In time" not in page


def test_the_ledger_leaves_as_a_file_with_every_column(cast: Any) -> None:
    make_running(cast, "One", invoiced=10000, received=4000)
    answer = signed_in(cast, "fia").get(f"{LEDGER}?view=all&format=csv")
    lines = b"".join(answer.streaming_content).decode().splitlines()  # type: ignore[attr-defined]
    assert "Days overdue" in lines[0]
    assert "SEK,125,SEK,100,SEK,40,SEK,60," in lines[1]


def test_nobody_sees_the_contracts_or_the_sums_of_others(cast: Any) -> None:
    make_running(cast, "Of Ada", invoiced=12500)
    client = signed_in(cast, "dora")
    assert "Of Ada" not in client.get(f"{LEDGER}?view=all").content.decode()
    assert "125.00" not in totals_of(client)


def test_a_reader_without_the_value_gets_no_amount(cast: Any) -> None:
    """C3: hiding the value hides what is derived from it, in rows, sums and files."""
    make_running(cast, "One", invoiced=10000, received=4000)
    FieldRule.objects.create(role=Role.objects.get(key="executive"), noun="contracts.contract", field="gross", level=0)
    forget_access()
    client = signed_in(cast, "eve")
    page = client.get(f"{LEDGER}?view=all").content.decode() + totals_of(client)
    for figure in ("125.00", "100.00", "40.00", "60.00"):
        assert figure not in page


def test_the_ledger_asks_few_questions(cast: Any, django_assert_max_num_queries: Any) -> None:
    for n in range(5):
        make_running(cast, f"Contract {n}", invoiced=1000 * n)
    client = signed_in(cast, "fia")
    client.get(LEDGER)
    with django_assert_max_num_queries(15):
        client.get(f"{LEDGER}?view=all")
