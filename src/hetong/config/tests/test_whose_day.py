"""A day is the company's or the reader's own, also in the hours in which it is another one in UTC (trust A11)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hetong.accounts.models import Company, Delegation, User
from hetong.accounts.queries import actor_for
from hetong.accounts.services import share_records
from hetong.accounts.sharing import shares_now
from hetong.approvals.deadlines import DEADLINES
from hetong.approvals.models import Task
from hetong.approvals.testing import make_round, task_of
from hetong.config import my_work
from hetong.config.listening import people_of
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, put_into
from hetong.jobs.services import start_job
from hetong.jobs.testing import drain_outbox
from hetong.jobs.wiring import WIRED
from hetong.jobs.worker import Worker
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.notifications import services
from hetong.notifications.models import Notice, Reminder
from hetong.todos.models import Todo
from hetong.todos.services import refresh_all

pytestmark = pytest.mark.django_db
KEY, ASK = "contracts.contract", DEADLINES[0].key
SHANGHAI, NEW_YORK, TONGA = "Asia/Shanghai", "America/New_York", "Pacific/Tongatapu"
DAY = dt.date(2026, 6, 10)
MORNING = dt.datetime(2026, 6, 9, 23, 30, tzinfo=dt.UTC)
"""Half past seven of `DAY` in Shanghai, half past one in Stockholm, the evening before in New York and in UTC."""


def living_in(cast: Any, zone: str, *names: str) -> list[Actor]:
    User.objects.filter(pk__in=[cast.users[name].pk for name in names]).update(zone=zone)
    return [actor_for(User.objects.get(pk=cast.users[name].pk), via="page") for name in names]


def asked(actor: Actor) -> Any:
    contract = make_contract(actor)
    make_round(actor, KEY, contract.pk, company=contract.company_id, team=contract.team_id, title=contract.title)
    return contract


@pytest.mark.parametrize("what", ["", "approvals"])
@pytest.mark.parametrize(("zone", "is_told"), [(SHANGHAI, True), ("Europe/Stockholm", True), (NEW_YORK, False)])
def test_a_stand_in_is_told_of_an_approval_from_their_own_first_day_on(
    cast: Any, zone: str, what: str, is_told: bool
) -> None:
    """Who may decide in Ben's place is who is told, whether everything was handed over or approvals alone."""
    living_in(cast, zone, "olle")
    Delegation.objects.create(user=cast.users["ben"], to=cast.users["olle"], starts_on=DAY, ends_on=DAY, what=what)
    with clock.set_to(MORNING):
        asked(cast.ada)
        drain_outbox()
    told = Notice.objects.filter(kind="approval_asked").values_list("user__name", "why")
    assert dict(told) == {"Ben": "asked"} | ({"Olle": "stand_in"} if is_told else {})
    [task] = Task.objects.all()
    assert set(told.values_list("path", flat=True)) == {f"/approvals/{task.pk}/"}, "both to the decision itself"


def test_who_stands_in_for_approvals_alone_is_reminded_of_those_alone(cast: Any) -> None:
    Delegation.objects.create(
        user=cast.users["ben"], to=cast.users["olle"], what="approvals", starts_on=DAY, ends_on=DAY + dt.timedelta(days=9)
    )  # fmt: skip
    with clock.set_to(DAY):
        asked(cast.ada)
    own = put_into(make_contract(cast.ben), Stage.ACTIVE)
    Contract.objects.filter(pk=own.pk).update(notice_by=dt.date(2026, 6, 12))
    with clock.set_to(DAY + dt.timedelta(days=1)):
        services.remind()
    told = Reminder.objects.values_list("user__name", "deadline")
    assert set(told) == {("Ben", ASK), ("Olle", ASK), ("Ben", "contracts.notice_by")}


def test_an_ask_has_the_day_of_its_company(cast: Any) -> None:
    """Asked this morning is asked today: nobody is reminded of it before tomorrow, and it is not late."""
    Company.objects.filter(pk=cast.north.pk).update(zone=SHANGHAI)
    with clock.set_to(MORNING):
        contract = asked(cast.ada)
        refresh_all()
        services.remind()
        assert Todo.objects.get(rule=ASK, page=contract.pk).due_on == DAY
        assert not Reminder.objects.filter(deadline=ASK).exists()
    with clock.set_to(MORNING + dt.timedelta(days=1)):
        services.remind()
        services.remind()
    assert list(Reminder.objects.filter(deadline=ASK).values_list("occurrence", "mark")) == [(DAY, -1)]


def test_the_first_page_counts_days_of_waiting_as_the_reader_lives_them(cast: Any) -> None:
    [ben] = living_in(cast, SHANGHAI, "ben")
    with clock.set_to(MORNING):
        contract = asked(cast.ada)
    for hours, words in ((10, "Today"), (20, "1 day")):
        with clock.set_to(MORNING + dt.timedelta(hours=hours)):
            items = {one.url: one.when for one in my_work.waiting_for_me(ben, [])}
            assert items[f"/approvals/{task_of(contract.pk).pk}/"] == words


@pytest.mark.parametrize(("zone", "hears"), [(SHANGHAI, False), (NEW_YORK, True)])
def test_an_invitation_ends_with_the_day_of_who_was_invited(cast: Any, zone: str, hears: bool) -> None:
    """Whoever still sees the record still hears of it; who sees it no more does not."""
    contract = make_contract(cast.ada)
    [max_] = living_in(cast, zone, "max")
    before = DAY - dt.timedelta(days=1)
    with clock.set_to(before):
        share_records(cast.ada, KEY, [contract.pk], user=cast.users["max"], level="comment", ends_on=before)
    with clock.set_to(MORNING):
        assert (max_.id in people_of(KEY, [contract.pk])[contract.pk]) is hears
        assert [one.user_id for one in shares_now(KEY, contract.pk)] == [max_.id], "listed while it holds anywhere"
    with clock.set_to(MORNING + dt.timedelta(days=1)):
        assert not shares_now(KEY, contract.pk)


@pytest.mark.parametrize("path", ["/contracts/?format=csv", "/settings/journal/export/", "/settings/journal/heads/"])
def test_a_file_is_named_by_the_day_of_who_fetches_it(cast: Any, path: str) -> None:
    living_in(cast, SHANGHAI, "admin", "cleo")
    client = Client()
    client.force_login(cast.users["cleo" if "journal" in path else "admin"])
    with clock.set_to(MORNING):
        assert DAY.isoformat() in client.get(path)["Content-Disposition"]


def test_what_runs_later_lives_in_the_zone_of_who_asked_for_it(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that is made in the background has the times that its reader would see on the page."""
    [ben] = living_in(cast, SHANGHAI, "ben")
    monkeypatch.setitem(WIRED.tasks, "tests.zone", lambda actor, handle: {"zone": timezone.get_current_timezone_name()})
    job = start_job(ben, "tests.zone", "Zone", {})
    with timezone.override(TONGA):
        assert Worker().once()
        assert timezone.get_current_timezone_name() == TONGA, "nothing of it stays for who comes next"
    job.refresh_from_db()
    assert job.result == {"zone": SHANGHAI}
