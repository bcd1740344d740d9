"""One to-do list per person: what records ask for, and tasks. S3-09, S3-10, S4-10, lessons §1 row 44."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from hetong.accounts.models import Delegation, User
from hetong.approvals.testing import approve, reject
from hetong.contracts.fields import CONTRACT
from hetong.contracts.services import add_members, edit_contracts, move_contracts, reach_milestones
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_milestone, walk_to
from hetong.discussions.testing import say
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.kernel.where import Where, narrow
from hetong.todos import queries, services
from hetong.todos.fields import TODO
from hetong.todos.models import Todo
from hetong.todos.testing import make_task

pytestmark = pytest.mark.django_db
ZONE = "Europe/Stockholm"
"""Where the company is, whose day is ahead of UTC late in the evening."""
KEY = "contracts.contract"


def titles(actor: Any, found: Any) -> list[str]:
    return [f"{row['what']}: {row['about'].title if row.get('about') else ''}" for row in TODO.show(actor, found)]


def test_an_approval_is_the_approvers_to_do_until_it_is_decided(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL, make_contract(cast.ada, title="Meters"))
    drain_outbox()
    [row] = TODO.show(cast.ben, queries.mine(cast.ben))
    assert (row["what"], row["about"].title, row["is_ask"]) == ("Approve or reject", "Meters", True)
    assert row["about"].url.startswith("/approvals/")
    assert row.verb("tick") is None
    with pytest.raises(services.DoneThere):
        services.tick(cast.ben, [row.id])
    approve(cast.ben, contract.pk)
    drain_outbox()
    assert not queries.mine(cast.ben).exists()
    assert "Approve or reject: Meters" in titles(cast.ben, queries.done(cast.ben))
    assert titles(cast.ada, queries.mine(cast.ada)) == ["Send it to be signed: Meters"]


def test_the_to_do_of_a_stage_is_that_of_whom_the_contract_waits_for(cast: Any) -> None:
    """S3-10: next action, who and since when are the same on the header and in that person's list."""
    for stage in (Stage.IN_APPROVAL, Stage.APPROVED, Stage.SIGNING, Stage.REJECTED):
        way = Stage.IN_APPROVAL if stage is Stage.REJECTED else stage
        contract = walk_to(cast.ada, cast.ben, way, make_contract(cast.ada, title=f"At {stage}"))
        if stage is Stage.REJECTED:
            reject(cast.ben, contract.pk)
        drain_outbox()
        waiting = CONTRACT.show(cast.ada, [contract.pk])[0].waiting_on
        [todo] = Todo.objects.filter(page=contract.pk, state="open")
        assert waiting is not None
        assert todo.assignee.name == waiting.who, stage
        assert todo.due_on == waiting.since.astimezone(ZoneInfo(ZONE)).date(), stage


def test_a_review_is_the_legal_members_to_do(cast: Any) -> None:
    contract = make_contract(cast.ada)
    add_members(cast.ada, [contract.pk], {"user": str(cast.lin.id), "role": "legal"})
    move_contracts(cast.ada, [contract.pk], "review")
    drain_outbox()
    assert Todo.objects.get(state="open").assignee.name == "Lin"
    assert CONTRACT.show(cast.ada, [contract.pk])[0].waiting_on.who == "Lin"  # type: ignore[union-attr]  # it waits


def test_notice_comes_near_and_goes_away_by_itself(cast: Any) -> None:
    """S4-10: the link leads to the renewal; nothing is doubled however often it is looked at."""
    contract = walk_to(cast.ada, cast.ben, Stage.ACTIVE, make_contract(
        cast.ada, title="Runs out", starts_on="2026-01-01", ends_on=(clock.today(ZONE) + dt.timedelta(days=100)).isoformat(),
        notice_count=1, notice_unit="month",
    ))  # fmt: skip
    drain_outbox()
    services.refresh_all()
    services.refresh_all()
    [row] = [one for one in TODO.show(cast.ada, queries.mine(cast.ada)) if one["about"].title == "Runs out"]
    assert row["due_on"] == contract.notice_by
    assert row["about"].url == f"/contracts/{contract.pk}/renewal/"
    with clock.set_to(clock.now() - dt.timedelta(days=200)):
        services.refresh_all()  # too far away then
    assert not Todo.objects.filter(rule="contracts.notice_by", state="open").exists()


def test_a_to_do_follows_its_record_into_other_hands(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.APPROVED, make_contract(cast.ada))
    drain_outbox()
    edit_contracts(cast.ben, [contract.pk], {"owner": str(cast.lin.id)})
    drain_outbox()
    assert Todo.objects.get(state="open", rule="contracts.send").assignee.name == "Lin"


def test_a_milestone_is_done_by_reaching_it(cast: Any) -> None:
    draft = make_contract(cast.ada, title="Site")
    milestone = make_milestone(
        cast.ada, draft, title="Installed", due_on=(clock.today(ZONE) + dt.timedelta(days=5)).isoformat()
    )
    contract = walk_to(cast.ada, cast.ben, Stage.ACTIVE, draft)
    drain_outbox()
    assert "Reach the milestone: Site" in titles(cast.ada, queries.mine(cast.ada))
    reach_milestones(cast.ada, [milestone.pk])
    drain_outbox()
    assert not Todo.objects.filter(page=contract.pk, rule="contracts.milestone", state="open").exists()


def test_an_opinion_asked_for_by_name_is_a_to_do_until_it_is_given(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Meters")
    first = say(cast.ada, KEY, contract.pk, "@Lin, is it right?")
    drain_outbox()
    assert titles(cast.lin, queries.mine(cast.lin)) == ["Answer: Meters"]
    [row] = TODO.show(cast.lin, queries.mine(cast.lin))
    client = Client()
    client.force_login(User.objects.get(name="Lin"))
    assert client.get(row["about"].url, follow=True).redirect_chain[-1][0].endswith(f"discussion/#c-{first.pk}")
    say(cast.lin, KEY, contract.pk, "Yes.", thread=first.thread_id)
    drain_outbox()
    assert not queries.mine(cast.lin).exists()


def test_tasks_have_a_person_a_day_and_end_by_being_ticked(cast: Any) -> None:
    """S3-09: each appears in the assignee's list."""
    contract = make_contract(cast.ada, title="Meters")
    task = make_task(
        cast.ada,
        "Send the drawing",
        on=(KEY, contract.pk),
        assignee=str(cast.lin.id),
        due_on=clock.today(ZONE).isoformat(),
    )
    assert titles(cast.lin, queries.mine(cast.lin)) == ["Send the drawing: Meters"]
    assert titles(cast.ada, queries.delegated(cast.ada)) == ["Send the drawing: Meters"]
    assert queries.find_of_record(cast.ben, KEY, contract.pk).get() == task
    services.tick(cast.lin, [task.pk])
    assert not queries.mine(cast.lin).exists()
    assert titles(cast.lin, queries.done(cast.lin)) == ["Send the drawing: Meters"]
    services.untick(cast.ada, [task.pk])
    assert queries.mine(cast.lin).exists()


def test_who_has_nothing_to_do_with_a_task_does_not_see_or_tick_it(cast: Any) -> None:
    task = make_task(cast.ada, "Private")
    for stranger in (cast.olle, cast.dora, cast.lin):
        assert not Todo.objects.visible_to(stranger).filter(pk=task.pk).exists()
        with pytest.raises(NotFound):
            services.tick(stranger, [task.pk])
    with pytest.raises(services.NotYourTodo):
        services.tick(cast.ben, [task.pk])  # the lead sees it, and does not do it


def test_nobody_is_given_a_task_on_what_they_cannot_see(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Invalid) as refused:
        make_task(cast.ada, on=(KEY, contract.pk), assignee=str(cast.olle.id))
    assert [one.code for one in refused.value.problems] == ["cannot_see"]
    with pytest.raises(Forbidden):
        make_task(cast.cleo, assignee=str(cast.ada.id))  # an auditor gives tasks to nobody
    with pytest.raises(Invalid):
        make_task(cast.ada, "")


def test_a_lead_sees_the_teams_to_dos_and_a_stand_in_those_of_whom_they_stand_in_for(cast: Any) -> None:
    task = make_task(cast.ada, "Call")
    assert queries.of_team(cast.ben).get() == task
    assert not queries.mine(cast.olle).exists()
    today = clock.today(ZONE)
    Delegation.objects.create(user=cast.users["ada"], to=cast.users["olle"], starts_on=today, ends_on=today)
    assert queries.mine(cast.olle).get() == task
    with clock.set_to(clock.now() + dt.timedelta(days=2)):
        assert not queries.mine(cast.olle).exists()


def test_passing_on_names_who_did_it_and_needs_eyes_on_the_record(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Meters")
    task = make_task(cast.ada, "Check", on=(KEY, contract.pk))
    with pytest.raises(Invalid):
        services.pass_on(cast.ada, [task.pk], cast.olle.id)
    services.pass_on(cast.ada, [task.pk], cast.lin.id, note="You know it better")
    [row] = TODO.show(cast.lin, queries.mine(cast.lin))
    assert (row["passed_by"], row["passed_note"]) == ("Ada", "You know it better")
    assert queries.delegated(cast.ada).get() == task


def test_what_was_asked_in_person_is_not_passed_on(cast: Any) -> None:
    walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL, make_contract(cast.ada))
    drain_outbox()
    with pytest.raises(services.AskedInPerson):
        services.pass_on(cast.ben, [queries.mine(cast.ben).get().pk], cast.lin.id)


def test_putting_off_needs_a_reason_and_never_passes_the_day(cast: Any) -> None:
    task = make_task(cast.ada, due_on=(clock.today(ZONE) + dt.timedelta(days=10)).isoformat())
    for until, reason in (
        (None, "Away"),
        (clock.today(ZONE), "Away"),
        (clock.today(ZONE) + dt.timedelta(days=11), "Away"),
        (clock.today(ZONE) + dt.timedelta(days=2), " "),
    ):
        with pytest.raises(Invalid):
            services.snooze(cast.ada, [task.pk], until, reason=reason)
    services.snooze(cast.ada, [task.pk], clock.today(ZONE) + dt.timedelta(days=2), reason="They are away")
    assert [row["when"].code for row in TODO.show(cast.ada, queries.mine(cast.ada))] == ["put_off"]
    assert not queries.count_mine(cast.ada).exists()
    services.wake(cast.ada, [task.pk])
    assert Todo.objects.get().snoozed_until is None


def test_the_number_in_the_rail_counts_what_waits_now(cast: Any) -> None:
    today = clock.today(ZONE)
    for day in (None, today, today - dt.timedelta(days=3), today + dt.timedelta(days=9)):
        make_task(cast.ada, due_on=day.isoformat() if day else None)
    assert queries.count_mine(cast.ada).count() == 3
    groups = [row["when"].code for row in TODO.show(cast.ada, queries.mine(cast.ada))]
    assert groups == ["overdue", "today", "later", "some_day"]


@pytest.mark.parametrize("code", ["overdue", "today", "later", "some_day", "put_off", "over"])
def test_the_list_filters_by_what_it_shows(cast: Any, code: str) -> None:
    today = clock.today(ZONE)
    for day in (None, today, today - dt.timedelta(days=3), today + dt.timedelta(days=9)):
        make_task(cast.ada, due_on=day.isoformat() if day else None)
    over, off = make_task(cast.ada), make_task(cast.ada)
    services.tick(cast.ada, [over.pk])
    services.snooze(cast.ada, [off.pk], today + dt.timedelta(days=1), reason="Away")
    found = narrow(TODO, cast.ada, Todo.objects.visible_to(cast.ada), Where.parse({"when": [code]}))
    assert [row["when"].code for row in TODO.show(cast.ada, found)] == [code]


def test_the_pages_show_the_list_and_do_what_they_say(cast: Any) -> None:
    contract = make_contract(cast.ada, title="Meters")
    client = Client()
    client.force_login(User.objects.get(name="Ada"))
    sent = client.post(
        f"/todos/new/?section=contracts&record={contract.pk}",
        {"title": "Send the drawing", "assignee": str(cast.ada.id)},
    )
    assert sent.status_code == 302
    task = Todo.objects.get()
    for page in ("/todos/", f"/contracts/{contract.pk}/todos/", "/todos/all/", f"/todos/{task.pk}/"):
        assert b"Send the drawing" in client.get(page).content, page
    for page in (
        "/todos/delegated/",
        "/todos/done/",
        "/todos/team/",
        "/todos/?live=1",
        f"/todos/{task.pk}/edit/",
        f"/todos/{task.pk}/pass/",
        f"/todos/{task.pk}/snooze/",
    ):
        assert client.get(page).status_code == 200, page
    assert client.post(f"/todos/{task.pk}/tick/", {"back": "https://evil.example/"}).headers["Location"] == "/todos/"
    assert Todo.objects.get().state == "done"
    assert client.post(f"/todos/{task.pk}/snooze/", {"until": "2026-01-01", "reason": "x"}).status_code == 409
