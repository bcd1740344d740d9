"""A2, A3, A6, A14: many writers at once, on a file of SQLite and on PostgreSQL: exact balances, no gap, one effect each."""

from __future__ import annotations

import datetime as dt
import random
import threading
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction
from django.test import Client

from hetong.accounts.models import Series, User
from hetong.accounts.services import make_token, seed_roles
from hetong.accounts.testing import Cast, forget_access, make_cast
from hetong.billing import services
from hetong.billing.models import Invoice, Payment
from hetong.billing.queries import money_checks, number_checks
from hetong.billing.services import DueShare, InvoiceOrder, PaymentReport, Wanted
from hetong.billing.services.errors import OverAllocated
from hetong.billing.testing import dues_of, make_active, today
from hetong.config.roles import ROLES
from hetong.contracts.models import Contract
from hetong.contracts.services import seed_setup
from hetong.jobs.testing import together
from hetong.kernel import clock

pytestmark = pytest.mark.usefixtures("on_disk")


class Boom(Exception):
    """A failure after the number was taken."""


def sometimes_fail(chance: random.Random) -> None:
    """Fail three times in ten."""
    if chance.random() < 0.3:
        raise Boom


def people() -> Cast:
    """The cast, committed, so that every thread sees it."""
    seed_roles(ROLES)
    seed_setup()
    forget_access()
    return make_cast()


def issued(cast: Cast, contract: Contract, minor: int | None = None) -> Invoice:
    [invoice] = services.issue_invoices(cast.fia, [InvoiceOrder([DueShare(dues_of(contract)[0].pk, minor)])])
    return invoice


def paid(contract: Contract, minor: int, *wanted: Wanted) -> PaymentReport:
    return PaymentReport("in", minor, "SEK", today(), contract=contract.pk, wanted=wanted)


@pytest.mark.parametrize(
    ("each", "balance"),
    [pytest.param(12, 72, id="sample"), pytest.param(500, 3000, id="campaign", marks=pytest.mark.long)],
)
def test_eight_writers_never_settle_more_than_the_balance(each: int, balance: int) -> None:
    """A2: every payment of one unit is posted until nothing is open; all others are refused with the figure."""
    cast = people()
    contract = make_active(cast.ada, "100")
    invoice, fia = issued(cast, contract, balance), cast.fia
    told: Counter[str] = Counter()
    lock = threading.Lock()

    def work() -> None:
        for _turn in range(each):
            try:
                services.record_payments(fia, [paid(contract, 1, Wanted(1, invoice=invoice.pk))])
                outcome = "posted"
            except OverAllocated:
                outcome = "refused"
            with lock:
                told[outcome] += 1

    together([work] * 8)
    assert told == {"posted": balance, "refused": 8 * each - balance}
    invoice.refresh_from_db(), contract.refresh_from_db()
    assert (invoice.settled_minor, contract.received_minor, contract.open_minor) == (balance, balance, 0)
    assert Payment.objects.count() == balance
    assert [*money_checks(), *number_checks()] == []


@pytest.mark.parametrize(
    "each", [pytest.param(5, id="sample"), pytest.param(90, id="campaign", marks=pytest.mark.long)]
)
def test_sixteen_writers_leave_no_gap_in_a_series(each: int) -> None:
    """A6: 30 % fail after their number was taken, and the year changes in between."""
    cast = people()
    contracts = [make_active(cast.ada, "100") for _n in range(16)]
    fia = cast.fia
    made: list[tuple[int, str]] = []
    lock = threading.Lock()

    def writer(n: int, contract: Contract) -> Callable[[], None]:
        chance, due = random.Random(n), dues_of(contract)[0]  # noqa: S311 - a seeded sample

        def work() -> None:
            for turn in range(each):
                day = dt.date(2027, 12, 31) if turn < each // 2 else dt.date(2028, 1, 1)
                with clock.set_to(day):
                    try:
                        with transaction.atomic():
                            [invoice] = services.issue_invoices(fia, [InvoiceOrder([DueShare(due.pk, 1)])])
                            sometimes_fail(chance)
                    except Boom:
                        continue
                with lock:
                    made.append((day.year, invoice.number))

        return work

    together([writer(n, contract) for n, contract in enumerate(contracts)])
    for year in (2027, 2028):
        own = sorted(number for of, number in made if of == year)
        assert own == [f"{year}-{n:04d}" for n in range(1, len(own) + 1)]
        assert Series.objects.get(kind="invoice", year=year).next_number == len(own) + 1
    assert Invoice.objects.count() == len(made) > 0
    assert [*money_checks(), *number_checks()] == []


def test_payments_over_two_contracts_in_opposite_order_do_not_lock_each_other_out() -> None:
    cast = people()
    first = make_active(cast.ada, "100")
    second = make_active(cast.ada, "100", counterparty=first.counterparty_id)
    fia = cast.fia
    one, other = issued(cast, first), issued(cast, second)

    def work(*order: Invoice) -> Callable[[], None]:
        def pay() -> None:
            for _turn in range(6):
                services.record_payments(fia, [paid(first, 2, *(Wanted(1, invoice=i.pk) for i in order))])

        return pay

    together([work(one, other), work(other, one)] * 2)
    for invoice in (one, other):
        invoice.refresh_from_db()
        assert invoice.settled_minor == 24
    assert [*money_checks()] == []


def test_a_payment_confirmed_by_many_at_once_counts_once() -> None:
    """A3, A13: one is answered that it is confirmed, the others that it already was; a twin with the same key gets the same answer."""
    cast = people()
    contract = make_active(cast.ada, "100")
    issued(cast, contract)
    [payment] = services.report_payments(cast.ada, [paid(contract, 500)])
    _, secret = make_token(cast.fia, User.objects.get(name="Fia"), label="twins")
    told: list[tuple[str, Any]] = []
    lock = threading.Lock()

    def confirm(key: str) -> Callable[[], None]:
        def work() -> None:
            client = Client(headers={"Authorization": f"Bearer {secret}"})
            answer = client.post(
                f"/api/v1/payments/{payment.pk}/confirm",
                {},
                content_type="application/json",
                headers={"Idempotency-Key": key},
            )
            with lock:
                told.append((key, (answer.status_code, answer.json().get("code"), answer.json().get("version"))))

        return work

    together([confirm(f"k{n // 2}") for n in range(8)])
    outcomes = {key: {answer for of, answer in told if of == key} for key, _answer in told}
    confirmed = [key for key, answers in outcomes.items() if any(status == 200 for status, _c, _v in answers)]
    assert len(confirmed) == 1
    assert all(len(answers) == 1 for answers in outcomes.values())
    others = {answer[:2] for key, answers in outcomes.items() if key not in confirmed for answer in answers}
    assert others == {(409, "already_confirmed")}
    contract.refresh_from_db()
    assert contract.received_minor == 500
    assert [*money_checks()] == []
