"""S0-16: stages and milestones are written while a contract is drafted, and changed in force only as a whole."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.audit.testing import entries_of
from hetong.contracts import services
from hetong.contracts.models import Contract, Instalment, Line, Milestone
from hetong.contracts.queries import plan_of
from hetong.contracts.services import replanning
from hetong.contracts.services.milestones import AlreadyReached, NotInForce, NotReached
from hetong.contracts.services.plan import StillAwaited
from hetong.contracts.services.replanning import AlreadyBilled
from hetong.contracts.states import EDITABLE, Stage, Stated, Trigger
from hetong.contracts.testing import (
    make_active,
    make_contract,
    make_instalment,
    make_line,
    make_milestone,
    make_plan,
    put_into,
)
from hetong.kernel.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db


def amounts(contract: Contract) -> list[tuple[int, int, int]]:
    rows = Instalment.objects.filter(contract=contract, is_retired=False).order_by("position")
    return [(one.net_minor, one.tax_minor, one.gross_minor) for one in rows]


def codes(refused: pytest.ExceptionInfo[Invalid]) -> set[str]:
    return {one.code for one in refused.value.problems}


def test_stages_by_percent_amount_and_rest_share_the_value(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    make_plan(cast.ada, contract, "30%", "20.00", "rest")
    assert amounts(contract) == [(3_000, 750, 3_750), (2_000, 500, 2_500), (5_000, 1_250, 6_250)]


def test_the_amounts_of_the_stages_follow_the_lines(cast: Any) -> None:
    contract = make_contract(cast.ada)
    line = make_line(cast.ada, contract)
    make_plan(cast.ada, contract, "30%", "rest")
    services.edit_lines(cast.ada, [line.pk], {"quantity": "2"})
    assert [one[0] for one in amounts(contract)] == [6_000, 14_000]
    services.edit_contracts(cast.ada, [contract.pk], {"prices_include_tax": True})
    assert sum(one[2] for one in amounts(contract)) == 20_000


def test_what_is_stated_and_awaited_follows_from_what_is_given(cast: Any) -> None:
    contract = make_contract(cast.ada)
    milestone = make_milestone(cast.ada, contract)
    stage = make_instalment(cast.ada, contract, percent="30", on="2026-03-01")
    assert (stage.stated, stage.trigger) == (Stated.PERCENT, Trigger.DATE)
    edited = services.edit_instalments(cast.ada, [stage.pk], {"amount": "12.50", "milestone": str(milestone.pk)})[0]
    assert (edited.stated, edited.percent, edited.amount_minor) == (Stated.AMOUNT, None, 1_250)
    assert (edited.trigger, edited.on, edited.milestone_id) == (Trigger.MILESTONE, None, milestone.pk)
    edited = services.edit_instalments(cast.ada, [stage.pk], {"stated": "rest", "trigger": "signing"})[0]
    assert (edited.stated, edited.amount_minor, edited.milestone_id) == (Stated.REST, None, None)


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"percent": "0"}, "percent_range"),
        ({"percent": "100.0001"}, "percent_range"),
        ({"percent": "-3"}, "percent_range"),
        ({"stated": "percent"}, "percent_range"),
        ({"amount": "0"}, "amount_range"),
        ({"amount": "-1"}, "amount_range"),
        ({"amount": "EUR 5.00"}, "other_currency"),
        ({"percent": "3", "amount": "5"}, "unused"),
        ({"percent": "3", "stated": "rest"}, "unused"),
        ({"on": "2026-01-01", "trigger": "signing"}, "unused"),
        ({"days_after": "-1"}, "days_range"),
        ({"days_after": "5000"}, "days_range"),
        ({"kind": "invoice"}, "no_invoice_plan"),
        ({"stated": "half"}, "not_offered"),
        ({"title": ""}, "required"),
    ],
)
def test_an_absurd_stage_is_refused_with_its_reason(cast: Any, given: dict[str, str], code: str) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Invalid) as refused:
        make_instalment(cast.ada, contract, **given)
    assert code in codes(refused) or code == "not_offered"
    assert not Instalment.objects.exists()


def test_a_milestone_of_another_contract_is_no_trigger(cast: Any) -> None:
    other = make_milestone(cast.ada, make_contract(cast.ada))
    with pytest.raises(Invalid) as refused:
        make_instalment(cast.ada, make_contract(cast.ada, title="Another"), milestone=str(other.pk))
    assert codes(refused) == {"other_contract"}


def test_a_milestone_that_a_stage_waits_for_stays(cast: Any) -> None:
    contract = make_contract(cast.ada)
    milestone = make_milestone(cast.ada, contract)
    stage = make_instalment(cast.ada, contract, milestone=str(milestone.pk))
    with pytest.raises(StillAwaited):
        services.remove_milestones(cast.ada, [milestone.pk])
    services.remove_instalments(cast.ada, [stage.pk])
    services.remove_milestones(cast.ada, [milestone.pk])
    assert entries_of(milestone.pk) == ["contracts.milestones_added", "contracts.milestones_removed"]
    assert entries_of(stage.pk)[-1] == "contracts.instalments_removed"


def test_stages_move_up_and_down_within_their_plan(cast: Any) -> None:
    contract = make_contract(cast.ada)
    rows = make_plan(cast.ada, contract, "30%", "50%", "rest")
    services.shift_instalment(cast.ada, rows[2].pk, -1)
    services.shift_instalment(cast.ada, rows[0].pk, -1)
    order = Instalment.objects.filter(contract=contract).order_by("position").values_list("title", flat=True)
    assert list(order) == ["Stage 1", "Stage 3", "Stage 2"]


@pytest.mark.parametrize("stage", [one for one in Stage if one not in EDITABLE])
def test_past_the_drafting_table_no_stage_is_added_edited_or_removed(cast: Any, stage: Stage) -> None:
    contract = make_contract(cast.ada)
    row = make_instalment(cast.ada, contract)
    put_into(contract, stage)
    for act in (
        lambda: make_instalment(cast.ada, contract),
        lambda: services.edit_instalments(cast.ada, [row.pk], {"title": "Other"}),
        lambda: services.remove_instalments(cast.ada, [row.pk]),
        lambda: services.shift_instalment(cast.ada, row.pk, 1),
    ):
        with pytest.raises(Conflict):
            act()
    assert entries_of(row.pk) == ["contracts.instalments_added"]


def test_who_may_not_edit_or_see_the_contract_writes_no_plan(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(NotFound):
        make_instalment(cast.dora, contract)
    with pytest.raises(Forbidden):
        make_instalment(cast.fia, contract)
    with pytest.raises(Invalid) as refused:
        make_instalment(cast.ada, contract, is_paid=True)
    assert codes(refused) == {"unknown_field"}


# -- reaching --------------------------------------------------------------------------------------


def reached(cast: Any, **given: Any) -> Milestone:
    """A milestone of a contract in force."""
    contract = make_contract(cast.ada)
    milestone = make_milestone(cast.ada, contract)
    put_into(contract, Stage.ACTIVE)
    return services.reach_milestones(cast.ada, [milestone.pk], **given)[0]


def test_reaching_a_milestone_lets_its_stages_fall_due(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    milestone = make_milestone(cast.ada, contract, due_on="2026-02-01")
    make_instalment(cast.ada, contract, milestone=str(milestone.pk), days_after="30")
    put_into(contract, Stage.ACTIVE)
    assert plan_of([contract.pk])[contract.pk][0].is_waiting
    services.reach_milestones(cast.max, [milestone.pk], reached_on=dt.date(2026, 1, 15), note="Signed off")
    share = plan_of([contract.pk])[contract.pk][0]
    assert (share.on, share.is_waiting) == (dt.date(2026, 2, 14), False)
    services.unreach_milestones(cast.max, [milestone.pk], reason="Wrong site")
    assert plan_of([contract.pk])[contract.pk][0].is_waiting
    assert entries_of(milestone.pk)[-2:] == ["contracts.milestones_reached", "contracts.milestones_unreached"]


def test_a_day_ahead_a_second_time_and_a_missing_reason_are_refused(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        reached(cast, reached_on=dt.date(2100, 1, 1))
    assert codes(refused) == {"day_ahead"}
    milestone = reached(cast)
    with pytest.raises(AlreadyReached):
        services.reach_milestones(cast.ada, [milestone.pk])
    with pytest.raises(Invalid):
        services.unreach_milestones(cast.ada, [milestone.pk], reason=" ")
    services.unreach_milestones(cast.ada, [milestone.pk], reason="Slip")
    with pytest.raises(NotReached):
        services.unreach_milestones(cast.ada, [milestone.pk], reason="Again")


def test_milestones_of_a_draft_are_not_reached_and_finance_reaches_none(cast: Any) -> None:
    contract = make_contract(cast.ada)
    milestone = make_milestone(cast.ada, contract)
    with pytest.raises(NotInForce):
        services.reach_milestones(cast.ada, [milestone.pk])
    put_into(contract, Stage.ACTIVE)
    with pytest.raises(Forbidden):
        services.reach_milestones(cast.fia, [milestone.pk])


def test_in_force_milestones_change_with_a_reason_by_who_runs_the_contract(cast: Any) -> None:
    contract = make_contract(cast.ada)
    milestone = make_milestone(cast.ada, contract)
    put_into(contract, Stage.ACTIVE)
    with pytest.raises(Forbidden):
        services.edit_milestones(cast.ada, [milestone.pk], {"due_on": "2026-05-01"}, reason="Delay")
    with pytest.raises(Invalid):
        services.edit_milestones(cast.ben, [milestone.pk], {"due_on": "2026-05-01"})
    services.edit_milestones(cast.ben, [milestone.pk], {"due_on": "2026-05-01"}, reason="Delay")
    assert Milestone.objects.get(pk=milestone.pk).due_on == dt.date(2026, 5, 1)


# -- replanning ------------------------------------------------------------------------------------


def plan(contract: Contract) -> list[tuple[str, int]]:
    return [(one.title, one.net) for one in plan_of([contract.pk])[contract.pk]]


def test_a_plan_in_force_changes_as_a_whole_and_still_adds_up(cast: Any) -> None:
    contract = make_active(cast.ada, "30%", "70%")
    first, second = Instalment.objects.filter(contract=contract).order_by("position")
    services.replan(
        cast.ben, contract.pk, reason="Agreed on the phone", remove=[second.pk], edit={first.pk: {"percent": "40"}},
        add=[{"title": "Later", "percent": "50"}, {"title": "Last", "is_retention": True}],
    )  # fmt: skip
    assert plan(contract) == [("Stage 1", 4_000), ("Later", 5_000), ("Last", 1_000)]
    assert Instalment.objects.get(pk=second.pk).is_retired
    assert entries_of(contract.pk)[-1] == "contracts.plan_changed"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"add": [{"title": "More", "percent": "0.01"}]}, "percent_sum"),
        ({"add": [{"title": "More", "amount": "0.01"}]}, "plan_sum"),
        ({"reason": ""}, "required"),
    ],
)
def test_a_change_after_which_the_plan_misses_the_value_changes_nothing(cast: Any, change: Any, code: str) -> None:
    contract = make_active(cast.ada, "30%", "70%")
    with pytest.raises(Invalid) as refused:
        services.replan(cast.ben, contract.pk, **({"reason": "Why not"} | change))
    assert codes(refused) == {code}
    assert plan(contract) == [("Stage 1", 3_000), ("Stage 2", 7_000)]


def test_what_is_billed_stays_and_only_who_runs_a_contract_in_force_replans(cast: Any, monkeypatch: Any) -> None:
    contract = make_active(cast.ada, "30%", "70%")
    first = Instalment.objects.filter(contract=contract).order_by("position")[0]
    with pytest.raises(Forbidden):
        services.replan(cast.ada, contract.pk, reason="Mine", edit={first.pk: {"title": "Other"}})
    with pytest.raises(NotInForce):
        services.replan(cast.ben, make_contract(cast.ada, title="Draft").pk, reason="Early")
    monkeypatch.setattr(replanning._floor, "billed", lambda ids: set(ids))
    with pytest.raises(AlreadyBilled):
        services.replan(cast.ben, contract.pk, reason="Late", edit={first.pk: {"title": "Other"}})


def test_lines_are_left_alone_by_a_change_of_plan(cast: Any) -> None:
    contract = make_active(cast.ada, "30%", "70%")
    before = list(Line.objects.values_list("pk", "version"))
    second = Instalment.objects.filter(contract=contract).order_by("position")[1]
    services.replan(cast.ben, contract.pk, reason="Split", edit={second.pk: {"percent": "20"}}, add=[{"title": "Rest"}])
    assert list(Line.objects.values_list("pk", "version")) == before
