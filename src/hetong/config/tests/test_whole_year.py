"""A simulated year over everything that has a day: each mark told on its day, none twice, none after it was settled.

S2-12, S2-13, trust A11. What is expected is worked out by `oracle`, which shares nothing with the engine.
"""

from __future__ import annotations

import datetime as dt
import zlib
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any
from uuid import UUID

import pytest
from django.db.models import Count, F

from hetong.accounts.models import Company, User
from hetong.accounts.queries import actor_for
from hetong.approvals.models import Task
from hetong.billing import services as billing
from hetong.billing.models import Due, Invoice, Payment
from hetong.config.demo import build as demo
from hetong.config.seed import seed
from hetong.contracts.models import AbnormalFlag, Contract, Loan, Milestone, Original, Project
from hetong.contracts.services import decide_renewals, expire_ended
from hetong.discussions.models import Mention
from hetong.discussions.testing import say
from hetong.documents.models import Document
from hetong.kernel import clock
from hetong.kernel.deadlines import deadlines
from hetong.notifications.models import Notice, Reminder
from hetong.notifications.services import remind
from hetong.reference.queries import is_working_day
from hetong.todos.models import Todo
from hetong.todos.services import add_tasks

from .oracle import MARKS, Fact, Oracle, is_worked

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 1, 2), dt.date(2026, 12, 28)
DOWN = {dt.date(2026, 3, 24), dt.date(2026, 3, 25), dt.date(2026, 3, 26)}
NIGHTS = {dt.date(2026, 3, 28), dt.date(2026, 3, 29), dt.date(2026, 10, 24), dt.date(2026, 10, 25)}
"""Around the hours that Stockholm leaves out and counts twice; Shanghai, in the same database, knows neither."""
JUMPS = (dt.timedelta(days=-2, minutes=1), dt.timedelta(days=3, minutes=2), dt.timedelta(minutes=3))
"""Once a month the clock goes wrong and comes back: behind, ahead, right again. No two runs are at one moment."""
NOT_IN_THE_DEMO = {
    "contracts.project", "billing.pay_due", "billing.collect_due", "discussions.asked:contracts.project",
    "discussions.asked:billing.invoice",
    "discussions.asked:billing.payment", "discussions.asked:documents.document", "documents.valid_until:contracts.project",
    "documents.valid_until:billing.invoice", "documents.valid_until:billing.payment",
}  # fmt: skip
"""Kinds of day that no row of it has; `test_reminders` and the oracle's table hold them."""
House = Callable[[dt.date, str], None]


def test_the_working_days_of_the_oracle_are_those_of_the_calendar() -> None:
    """Two lists that were made apart agree on every day of the year, in both countries; 调休 included."""
    apart = [
        (country, day.isoformat())
        for country in ("SE", "CN")
        for day in (dt.date(2026, 1, 1) + dt.timedelta(days=n) for n in range(365))
        if is_worked(country, day) != is_working_day(country, day)
    ]
    assert not apart


def test_every_dated_fact_is_known_to_the_oracle() -> None:
    """S2-13: a new deadline is simulated too, with marks that somebody wrote down a second time."""
    assert {one.key: tuple(sorted(one.offsets, reverse=True)) for one in deadlines()} == dict(MARKS)


# -- what happens meanwhile ------------------------------------------------------------------------


def settle_contracts(ids: Collection[UUID]) -> None:
    """Renewals are decided by their service; what waits at a stage is dropped by whoever has it."""
    for one in Contract.objects.filter(pk__in=ids, stage__in=("active", "suspended")).select_related("owner"):
        decide_renewals(actor_for(User.objects.get(email="admin@demo.example")), [one.pk], "lapse", reason="They leave")
    Contract.objects.filter(pk__in=ids).exclude(stage__in=("active", "suspended")).update(stage="archived")


SETTLE: Mapping[str, Callable[[Collection[UUID]], object]] = {
    "contracts.milestone": lambda ids: Milestone.objects.filter(pk__in=ids).update(reached_on=clock.today()),
    "contracts.loan": lambda ids: Loan.objects.filter(pk__in=ids).update(returned_on=clock.today()),
    "contracts.flag": lambda ids: AbnormalFlag.objects.filter(pk__in=ids).update(state="resolved", resolved_at=clock.now()),
    "contracts.project": lambda ids: Project.objects.filter(pk__in=ids).update(is_active=False),
    "billing.collect": lambda ids: Invoice.objects.filter(pk__in=ids).update(settled_minor=F("gross_minor") - F("credited_minor")),
    "billing.pay": lambda ids: Invoice.objects.filter(pk__in=ids).update(settled_minor=F("gross_minor") - F("credited_minor")),
    "billing.collect_due": lambda ids: Due.objects.filter(pk__in=ids).update(settled_minor=F("gross_minor")),
    "billing.pay_due": lambda ids: Due.objects.filter(pk__in=ids).update(settled_minor=F("gross_minor")),
    "billing.invoice": lambda ids: Due.objects.filter(pk__in=ids).update(invoiced_minor=F("gross_minor")),
    "billing.confirm": lambda ids: Payment.objects.filter(pk__in=ids).update(state="rejected"),
    "approvals.task": lambda ids: Task.objects.filter(pk__in=ids).update(state="approved", decided_at=clock.now()),
    "documents.valid_until": lambda ids: Document.objects.filter(pk__in=ids).update(is_retired=True),
    "todos.task": lambda ids: Todo.objects.filter(pk__in=ids).update(state="done"),
}  # fmt: skip
"""How each kind of thing is settled; what is not named here is a contract's own, or an opinion that is given."""


def settle(facts: Collection[Fact], day: dt.date) -> None:
    """Three things of five are settled on a day of their own, between forty days before their day and twenty after it."""
    by_key: dict[str, set[UUID]] = {}
    for key, row, due in facts:
        dice = zlib.crc32(f"{key} {due}".encode() + row.bytes)
        if dice % 5 < 3 and due + dt.timedelta(days=dice // 5 % 60 - 40) == day:
            by_key.setdefault(key, set()).add(row)
    for key, ids in by_key.items():
        if key.startswith("discussions."):
            Mention.objects.filter(pk__in=ids).update(settled_at=clock.now())
        else:
            SETTLE.get(key.partition(":")[0], settle_contracts)(ids)


def at(day: dt.date, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime.combine(day, dt.time(hour, minute), tzinfo=dt.UTC)


def moments(day: dt.date) -> Iterator[dt.datetime]:
    """When the job runs on a day: at noon; in the nights of the clocks also when two countries have different days."""
    if day in NIGHTS:
        yield at(day, 0, 59)
        yield at(day, 1, 1)
    yield at(day, 12)
    yield from (at(day, 12) + jump for jump in JUMPS) if day.day == 15 else ()
    if day in NIGHTS:
        yield at(day, 22, 30)
        yield at(day, 23, 30)


def run(oracle: Oracle, moment: dt.datetime) -> tuple[set[Any], set[Any]]:
    """Run the job at a moment: what it had to tell and what it told."""
    with clock.set_to(moment):
        wanted = oracle.expects(moment)
        remind()
        said = set(Reminder.objects.filter(at=moment).values_list("deadline", "subject", "occurrence", "mark"))
    return wanted, said


def live(first: dt.date, last: dt.date) -> Counter[str]:
    """A stretch of days, with what happens on them; returns how much was told of each deadline. Fails on the first difference."""
    oracle, heard = Oracle(), Counter[str]()
    day = first
    while day <= last:
        with clock.set_to(at(day, 10)):
            settle([fact for fact, _company in oracle.open_facts()], day)
            expire_ended()
            billing.open_planned_dues()
        for moment in () if day in DOWN else moments(day):
            wanted, said = run(oracle, moment)
            assert said - wanted == set(), f"{moment}: told without need, too early, twice or after it was settled"
            assert wanted - said == set(), f"{moment}: not told in time"
            heard.update(key for key, *_rest in said)
        day += dt.timedelta(days=1)
    twice = (
        Reminder.objects.values("deadline", "subject", "occurrence", "mark", "user")
        .annotate(n=Count("pk"))
        .filter(n__gt=1)
    )
    assert not twice.exists()
    assert Notice.objects.filter(kind__startswith="remind").count() == Reminder.objects.count(), (
        "each once, in the app too"
    )
    return heard


def more(day: dt.date) -> None:
    """What the demo has none of: originals that are lent, tasks, questions to colleagues, work that waits at other stages."""
    admin = actor_for(User.objects.get(email="admin@demo.example"))
    other = User.objects.get(email="sales@demo.example")
    contracts = list(Contract.objects.filter(stage="active", owner=other).order_by("pk")[:4])
    for n, one in enumerate(contracts):
        by = day + dt.timedelta(days=9 * n + 2)
        original = Original.objects.create(
            contract=one, company_id=one.company_id, copy_no=90 + n, created_at=clock.now()
        )
        Loan.objects.create(original=original, until=by, lent_on=day, borrower="Bank", lent_by_label="Admin")
        add_tasks(admin, [{"title": f"Task {n}", "assignee": str(other.pk), "due_on": by.isoformat()}])
        say(admin, "contracts.contract", one.pk, f"@{other.name} what do you think?")
        say(admin, "parties.party", one.counterparty_id, f"@{other.name} who is that?")


@pytest.fixture
def house(tmp_path: Any, settings: Any) -> House:
    settings.HETONG_HOME = tmp_path

    def made(day: dt.date, size: str) -> None:
        seed()
        demo.build(day, lambda _words: None, size)
        with clock.set_to(at(day, 9)):
            more(day)

    return made


def test_the_demo_lives_through_the_change_of_the_clocks_and_three_days_down(house: House) -> None:
    """Four weeks around the last Sunday of March over the demo's own contracts, both companies, most kinds of day."""
    house(dt.date(2026, 3, 12), "s")
    heard = live(dt.date(2026, 3, 13), dt.date(2026, 4, 8))
    assert len(heard) > 12, heard


@pytest.mark.long
@pytest.mark.parametrize(("contracts", "parties"), [(2_000, 400), (10_000, 2_000)])
def test_a_year_over_many_contracts_of_the_demo(
    house: House, monkeypatch: pytest.MonkeyPatch, contracts: int, parties: int
) -> None:
    monkeypatch.setitem(demo.CONTRACTS_OF_SIZE, "l", contracts - 85)
    monkeypatch.setitem(demo.PARTIES_OF_SIZE, "l", parties)
    house(FIRST - dt.timedelta(days=1), "l")
    assert Contract.objects.count() >= contracts
    assert Company.objects.count() == 2
    heard = live(FIRST, LAST)
    assert sum(heard.values()) > contracts, heard
    assert set(MARKS) - set(heard) <= NOT_IN_THE_DEMO
