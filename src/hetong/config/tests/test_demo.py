"""The demo: every stage has a contract, its money adds up, its invoices are numbered in the order of their days."""

from __future__ import annotations

import datetime as dt
import hashlib
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db.migrations.executor import MigrationExecutor

from hetong.accounts.models import Company, User
from hetong.audit.models import Entry
from hetong.audit.services import record
from hetong.billing.models import Due, Invoice, Payment
from hetong.config.demo.build import build, completed
from hetong.config.demo.contracts import CONTRACTS
from hetong.config.demo.crowd import FATES, crowd_deals, crowd_parties
from hetong.config.demo.lives import LIVES
from hetong.config.demo.rates import SOURCE
from hetong.config.demo.real import CUAD_SOURCE, real_contracts, span_of
from hetong.config.demo.remove import RealWork, done_by_others, remove
from hetong.config.demo.talking import READ, TASKS
from hetong.config.doctor import CHECKS
from hetong.config.seed import seed
from hetong.contracts.models import Contract
from hetong.discussions.models import Thread
from hetong.discussions.states import Channel
from hetong.documents.models import Version
from hetong.files.models import Blob
from hetong.jobs.models import Outbox, State
from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.dates import Span, Unit, notice_by
from hetong.kernel.ids import new_id
from hetong.notifications.models import Notice
from hetong.parties.models import Party
from hetong.todos.models import Todo
from hetong.todos.states import TASK, TodoState

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
    assert Contract.objects.count() == len(CONTRACTS) + 20 + 40
    assert {one.title for one in CONTRACTS} <= set(stages)
    assert {"draft", "in_review", "in_approval", "approved", "signing", "active", "closed", "archived", "void"} <= set(
        stages.values()
    )
    currencies = set(Invoice.objects.values_list("currency", flat=True))
    assert {"SEK", "CNY", "EUR", "USD"} <= currencies
    assert Payment.objects.filter(state="reported").count() == 2
    assert {"open", "planned", "held", "skipped"} <= set(Due.objects.values_list("state", flat=True))
    assert Contract.objects.filter(oldest_open_due_on__lt=demo).exists()
    assert not Outbox.objects.filter(state=State.ATTENTION).exists()
    assert not Contract.objects.filter(next_on__lt=demo).exists()
    with clock.set_to(dt.datetime.combine(demo, dt.time(9), tzinfo=dt.UTC)):
        found = [finding for check in CHECKS.values() for finding in check()]
    # files of other tests may lie in the same store
    assert [finding for finding in found if finding.check != "stored_files"] == []

    assert Thread.objects.filter(channel=Channel.SHARED).count() == 1
    assert Todo.objects.filter(rule=TASK, state=TodoState.OPEN).count() == len(TASKS)
    assert not Notice.objects.filter(read_at=None, created_at__date__lt=demo + dt.timedelta(days=READ)).exists()

    check_invoices(demo)

    check_real_contracts()
    check_removal()


def check_real_contracts() -> None:
    """Issue 5: the 20 labelled contracts are drafts with their files, and our notice days are those of the set."""
    drafts = Contract.objects.filter(source=CUAD_SOURCE)
    assert set(drafts.values_list("stage", flat=True)) == {"draft"}
    versions = Version.objects.filter(document__subject__in=drafts.values("pk")).select_related("document")
    kept = {one.sha256: drafts.get(pk=one.document.subject).notice_by for one in versions}
    labelled = {hashlib.sha256(one.file.read_bytes()).hexdigest(): one.last_notice_on for one in real_contracts()}
    assert {key: day.isoformat() if day else "" for key, day in kept.items()} == labelled
    assert len(labelled) == 20
    assert len([day for day in labelled.values() if day]) == 10


def check_removal() -> None:
    """A contract of a real company with a party of the demo stops its removal; without it the demo goes, and the journal stays whole."""
    rita = User.objects.create(email="real@work.test", name="Rita Real", created_at=clock.now())
    company = Company.objects.create(name="Real AB", country="SE", currency="SEK")
    template = Contract.objects.order_by("pk")[0]
    real = Contract.objects.create(
        title="A real contract", company=company, counterparty_id=template.counterparty_id, owner=rita, type_id=template.type_id,
        status_id=template.status_id, class_of=template.class_of, term="fixed", notice_unit="month", currency="SEK",
        stage_since=clock.now(), created_at=clock.now(),
    )  # fmt: skip
    before = Contract.objects.count()
    with pytest.raises(RealWork, match="A real contract"):
        remove()
    assert Contract.objects.count() == before
    real.delete()
    entries = Entry.objects.count()
    assert remove() > 1000
    assert list(User.objects.all()) == [rita]
    assert list(Company.objects.all()) == [company]
    gone = (Contract, Party, Due, Invoice, Payment, Version, Blob)
    assert {model.__name__: model._base_manager.count() for model in gone} == dict.fromkeys(
        (m.__name__ for m in gone), 0
    )
    assert Entry.objects.count() == entries + 1
    assert [one for check in CHECKS.values() for one in check() if one.check != "stored_files"] == []


def test_what_others_did_in_the_companies_of_the_demo_is_told() -> None:
    company = Company.objects.create(name="Demo AB", country="SE", currency="SEK")
    mine, other = (Actor(ActorKind.USER, new_id(), name) for name in ("Demo Person", "Rita Real"))
    for actor in (mine, other, other, Actor.system()):
        record(actor, "contracts.edited", "contracts.contract", company=company.pk)
    assert done_by_others([company.pk], [mine.id]) == ["2 × Rita Real"]


def test_a_second_demo_says_what_is_there_and_changes_nothing() -> None:
    User.objects.create(email="admin@demo.example", name="Alva Lindvall", created_at=clock.now())
    told = StringIO()
    call_command("demo", stdout=told)
    assert "there already (size s)" in told.getvalue()
    with pytest.raises(CommandError, match="take it out first"):
        call_command("demo", size="m")
    assert User.objects.count() == 1


def test_what_is_not_there_is_not_removed() -> None:
    told = StringIO()
    call_command("demo", remove=True, stdout=told)
    assert "no demo here" in told.getvalue()


def test_an_unprepared_database_is_named_without_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(MigrationExecutor, "migration_plan", lambda *_args: ["one"])
    with pytest.raises(CommandError, match="hetong migrate"):
        call_command("demo")


def test_names_and_numbers_of_the_many_are_right() -> None:
    parties = crowd_parties(1000)
    assert len({one.name for one in parties}) == len(parties) == 1000
    assert {one.country for one in parties} == {"SE", "CN", "US", "JP", "TW"}
    numbers = [completed(one.scheme, one.stem) for one in parties if one.scheme]
    assert all(numbers)
    assert len(set(numbers)) == len(numbers)
    deals = list(crowd_deals(2000, parties))
    assert deals == list(crowd_deals(2000, parties))
    assert {one.fate for one in deals} == set(FATES)


def test_dates_of_the_labelled_contracts_give_their_notice_days() -> None:
    """Issue 5: the deadlines computed by Hetong equal ``last_notice_day_iso`` for all 10 rows that have one."""
    filled = [one for one in real_contracts() if one.last_notice_on]
    assert len(filled) == 10
    for one in filled:
        count, unit = span_of(one.notice) or (0, "day")
        assert notice_by(dt.date.fromisoformat(one.ends_on), Span(count, Unit(unit))).isoformat() == one.last_notice_on


def check_invoices(demo: dt.date) -> None:
    """Numbered as they came, none ahead of the day, and a rate that was made up says so."""
    ours = Invoice.objects.filter(direction="out", company__country="SE").order_by("issued_on", "number")
    numbers = list(ours.values_list("number", flat=True))
    assert numbers == sorted(numbers)
    assert max(ours.values_list("issued_on", flat=True)) <= demo
    assert SOURCE in Invoice.objects.filter(currency="TWD")[0].rate["source"]
