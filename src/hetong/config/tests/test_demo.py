"""The demo: every stage has a contract, its money adds up, its invoices are numbered in the order of their days."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.billing.models import Due, Invoice, Payment
from hetong.config.demo.build import build
from hetong.config.demo.contracts import CONTRACTS
from hetong.config.demo.lives import LIVES
from hetong.config.demo.rates import SOURCE
from hetong.config.doctor import CHECKS
from hetong.config.seed import seed
from hetong.contracts.models import Contract
from hetong.jobs.models import Outbox, State
from hetong.kernel import clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def demo(tmp_path: Any, settings: Any) -> dt.date:
    settings.HETONG_HOME = tmp_path
    as_of = dt.date(2026, 6, 30)
    seed()
    build(as_of, lambda _words: None)
    return as_of


def test_the_demo_has_lived_and_its_money_adds_up(demo: dt.date) -> None:
    stages = dict(Contract.objects.values_list("title", "stage"))
    assert {title: stages[title] for title in LIVES} == {title: life.until for title, life in LIVES.items()}
    assert len(stages) == len(CONTRACTS)
    assert {"draft", "in_review", "in_approval", "approved", "signing", "active", "closed", "archived", "void"} <= set(
        stages.values()
    )
    currencies = set(Invoice.objects.values_list("currency", flat=True))
    assert {"SEK", "CNY", "EUR", "USD"} <= currencies
    assert Payment.objects.filter(state="reported").count() == 2
    assert {"open", "planned", "held", "skipped"} <= set(Due.objects.values_list("state", flat=True))
    assert Contract.objects.filter(oldest_open_due_on__lt=demo).exists()
    assert not Outbox.objects.filter(state=State.ATTENTION).exists()
    with clock.set_to(dt.datetime.combine(demo, dt.time(9), tzinfo=dt.UTC)):
        found = [finding for check in CHECKS.values() for finding in check()]
    # files of other tests may lie in the same store
    assert [finding for finding in found if finding.check != "stored_files"] == []

    check_invoices(demo)


def check_invoices(demo: dt.date) -> None:
    """Numbered as they came, none ahead of the day, and a rate that was made up says so."""
    ours = Invoice.objects.filter(direction="out", company__country="SE").order_by("issued_on", "number")
    numbers = list(ours.values_list("number", flat=True))
    assert numbers == sorted(numbers)
    assert max(ours.values_list("issued_on", flat=True)) <= demo
    assert SOURCE in Invoice.objects.filter(currency="TWD")[0].rate["source"]
