"""Who is asked, who decides, and what a decision is: on any record, through the services alone."""

from __future__ import annotations

from typing import Any

import pytest

from hetong.accounts.models import Role
from hetong.accounts.testing import forget_access
from hetong.approvals import queries, services
from hetong.approvals.events import RoundsDecided
from hetong.approvals.models import Round, Task
from hetong.approvals.services import AlreadyDecided, NoApprover, NotAsked, NoTeam, OwnRound, RoundOpen, RoundOver
from hetong.approvals.services.rounds import DecidedMeanwhile
from hetong.approvals.testing import approve, make_round, reject, task_of
from hetong.audit.testing import entries_of, last_entry
from hetong.contracts.models import Contract
from hetong.contracts.testing import make_contract
from hetong.jobs.models import Outbox
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"


def asked(cast: Any, actor: Actor, **over: Any) -> tuple[Contract, Round]:
    contract = make_contract(actor)
    facts = {"company": contract.company_id, "team": contract.team_id, "title": contract.title} | over
    return contract, make_round(actor, KEY, contract.pk, **facts)


def test_the_lead_of_the_submitters_team_is_asked(cast: Any) -> None:
    contract, found = asked(cast, cast.ada, note="Please hurry")
    task = task_of(contract.pk)
    assert (task.assignee, found.number, found.note, found.opened_by) == (
        cast.users["ben"],
        1,
        "Please hurry",
        cast.ada.id,
    )
    assert list(queries.open_tasks(cast.ben)) == [task]
    assert queries.open_tasks(cast.ben).count() == 1
    assert queries.my_open_task(cast.ben, KEY, contract.pk) == task
    assert list(queries.my_rounds(cast.ada)) == [task]
    assert not queries.open_tasks(Actor.system()).exists()


def test_for_the_lead_the_next_lead_above_is_asked(cast: Any) -> None:
    cast.sales.parent, cast.sales2.lead = cast.sales2, cast.users["max"]
    cast.sales.save()
    cast.sales2.save()
    contract, _found = asked(cast, cast.ben)
    assert task_of(contract.pk).assignee == cast.users["max"]


@pytest.mark.parametrize("how", ["nobody above", "no lead", "inactive lead", "lead without the right"])
def test_without_a_lead_who_can_decide_the_setting_is_named(cast: Any, how: str) -> None:
    actor = cast.ben if how == "nobody above" else cast.ada
    if how == "no lead":
        cast.sales.lead = None
        cast.sales.save()
    elif how == "inactive lead":
        type(cast.users["ben"]).objects.filter(pk=cast.users["ben"].pk).update(is_active=False)
    elif how == "lead without the right":
        cast.sales.lead = cast.users["cleo"]
        cast.sales.save()
    contract = make_contract(actor)
    with pytest.raises(NoApprover) as refused:
        make_round(actor, KEY, contract.pk, company=contract.company_id, team=contract.team_id)
    assert "Settings → Teams → Lead" in refused.value.then
    assert not Round.objects.exists()


def test_who_works_from_no_team_is_decided_on_by_the_records_team(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_round(cast.lin, KEY, contract.pk, company=cast.north.pk, team=cast.sales.pk)
    assert task_of(contract.pk).assignee == cast.users["ben"]
    with pytest.raises(NoTeam):
        make_round(cast.lin, KEY, make_contract(cast.ada).pk, company=cast.north.pk, team=None)


def test_one_round_at_a_time(cast: Any) -> None:
    contract, _found = asked(cast, cast.ada)
    with pytest.raises(RoundOpen):
        make_round(cast.ada, KEY, contract.pk, company=cast.north.pk, team=cast.sales.pk)


def test_approving_ends_the_round_and_tells_of_it(cast: Any) -> None:
    contract, found = asked(cast, cast.ada, content_hash="a" * 64)
    approve(cast.ben, contract.pk, "Fine")
    found.refresh_from_db()
    task = task_of(contract.pk)
    assert (found.state, task.state, task.comment, task.decided_by_label) == ("approved", "approved", "Fine", "Ben")
    assert found.closed_at is not None
    assert queries.approved_round(KEY, contract.pk) == found
    assert last_entry(contract.pk) == ("approvals.approved", "Ben", "Fine")
    assert entries_of(found.pk) == ["approvals.opened", "approvals.decided"]
    told = Outbox.objects.get(code=RoundsDecided.code, listener__endswith="apply_decisions")
    assert told.rows[0]["facts"] == {"round": str(found.pk), "state": "approved", "content_hash": "a" * 64}


def test_a_rejection_says_why(cast: Any) -> None:
    contract, found = asked(cast, cast.ada)
    with pytest.raises(Invalid) as refused:
        reject(cast.ben, contract.pk, " ")
    assert refused.value.problems[0].field == "comment"
    reject(cast.ben, contract.pk)
    found.refresh_from_db()
    assert found.state == "rejected"
    assert queries.approved_round(KEY, contract.pk) is None


def test_nobody_decides_on_their_own_request_nor_for_others(cast: Any) -> None:
    """Trust B2."""
    contract, _found = asked(cast, cast.ada)
    task = task_of(contract.pk)
    with pytest.raises(OwnRound):
        services.decide(cast.ada, [task.pk], "approve")
    Task.objects.filter(pk=task.pk).update(assignee=cast.users["ada"])
    with pytest.raises(OwnRound):
        services.decide(cast.ada, [task.pk], "approve")
    for name in ("lin", "fia", "admin"):
        with pytest.raises(NotAsked):
            services.decide(getattr(cast, name), [task.pk], "approve")
    with pytest.raises(NotAsked):
        services.decide(Actor.system(), [task.pk], "approve")
    with pytest.raises(NotFound):
        services.decide(cast.dora, [task.pk], "approve")


def test_a_right_that_was_taken_away_meanwhile_decides_nothing(cast: Any) -> None:
    contract, _found = asked(cast, cast.ada)
    role = Role.objects.get(key="sales_manager")
    role.permissions = [one for one in role.permissions if one != "approvals.decide"]
    role.save()
    forget_access()
    with pytest.raises(Forbidden):
        approve(cast.ben, contract.pk)


def test_an_answer_is_taken_once(cast: Any) -> None:
    contract, _found = asked(cast, cast.ada)
    task = approve(cast.ben, contract.pk)
    for decision in ("approve", "reject"):
        with pytest.raises(AlreadyDecided):
            services.decide(cast.ben, [task.pk], decision, comment="Again")
    assert task_of(contract.pk).comment == ""


def test_a_batch_is_all_or_nothing(cast: Any) -> None:
    """Trust C6: one foreign id, and none is decided."""
    mine, _first = asked(cast, cast.ada)
    other, _second = asked(cast, cast.ada)
    foreign = task_of(other.pk)
    Task.objects.filter(pk=foreign.pk).update(assignee=cast.users["max"])
    with pytest.raises(NotAsked):
        services.decide(cast.ben, [task_of(mine.pk).pk, foreign.pk], "approve")
    assert set(Task.objects.values_list("state", flat=True)) == {"waiting"}


def test_a_round_of_two_needs_both_and_one_rejection_is_enough(cast: Any) -> None:
    _first, found = asked(cast, cast.ada)
    second = Task.objects.create(round=found, assignee=cast.users["lin"], position=2, asked_at=found.opened_at)
    services.decide(cast.ben, [task_of_person(found, cast.users["ben"]).pk], "approve")
    found.refresh_from_db()
    assert found.state == "open"
    services.decide(cast.lin, [second.pk], "reject", comment="Clause 4")
    found.refresh_from_db()
    assert found.state == "rejected"

    _contract, again = asked(cast, cast.ada)
    other = Task.objects.create(round=again, assignee=cast.users["lin"], position=2, asked_at=again.opened_at)
    services.decide(cast.lin, [other.pk], "reject", comment="Clause 4")
    left = task_of_person(again, cast.users["ben"])
    assert left.state == "closed"
    with pytest.raises(RoundOver):
        services.decide(cast.ben, [left.pk], "approve")


def task_of_person(found: Round, user: Any) -> Task:
    return Task.objects.get(round=found, assignee=user)


def test_withdrawn_rounds_ask_nobody_any_more(cast: Any) -> None:
    contract, found = asked(cast, cast.ada)
    services.withdraw_rounds(cast.ada, KEY, [contract.pk], reason="A slip")
    found.refresh_from_db()
    assert (found.state, task_of(contract.pk).state) == ("withdrawn", "closed")
    assert not queries.open_tasks(cast.ben).exists()
    with pytest.raises(RoundOver):
        services.decide(cast.ben, [task_of(contract.pk).pk], "approve")
    with pytest.raises(DecidedMeanwhile):
        services.withdraw_rounds(cast.ada, KEY, [contract.pk])


def test_a_voided_approval_no_longer_counts(cast: Any) -> None:
    contract, found = asked(cast, cast.ada)
    approve(cast.ben, contract.pk)
    services.void_rounds(cast.ada, KEY, [contract.pk], reason="Revised")
    found.refresh_from_db()
    assert found.state == "void"
    assert queries.approved_round(KEY, contract.pk) is None


def test_rounds_are_seen_with_their_record(cast: Any) -> None:
    contract, found = asked(cast, cast.ada)
    assert list(queries.find_rounds(cast.ada, KEY, contract.pk)) == [found]
    assert not queries.find_rounds(cast.dora, KEY, contract.pk).exists()
    with pytest.raises(NotFound):
        queries.get_task(cast.dora, task_of(contract.pk).pk)
    assert queries.open_round(KEY, contract.pk) == found
