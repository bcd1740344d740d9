"""Dues follow the plan of a contract in force, wait, open on their day, and are held or waived with a reason (S0-15)."""

from __future__ import annotations

import datetime as dt

import pytest

from hetong.accounts.testing import Cast
from hetong.billing import services
from hetong.billing.fields import words
from hetong.billing.models import Due
from hetong.billing.services.dues import DueNotNow
from hetong.billing.services.errors import CannotReplan, StillOpen, WaitsStill
from hetong.billing.testing import dues_of, make_active, today
from hetong.contracts.events import ContractsActivated, MilestonesReached, PlanChanged
from hetong.contracts.models import Contract, Instalment, Milestone
from hetong.contracts.states import Stage, Trigger
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.kernel.events import Event, Fact

SYSTEM = Actor.system()


def happened(kind: type[Event], contract: Contract, **facts: object) -> Event:
    return kind(SYSTEM, (Fact("contracts.contract", contract.pk, contract.company_id, facts),))


def test_dues_are_made_at_activation_and_add_up_to_the_contract(cast: Cast) -> None:
    contract = make_active(cast.ada, "30", "60", "10", price="999.99", lines=2)
    dues = dues_of(contract)
    assert [one.title for one in dues] == ["Stage 1", "Stage 2", "Stage 3"]
    assert sum(one.gross_minor for one in dues) == contract.gross_minor
    assert {one.state for one in dues} == {"open"}
    assert all(one.due_on == today() + dt.timedelta(days=30) for one in dues)
    assert all(sum(t["net"] for t in one.taxes) == one.net_minor for one in dues)


def test_opening_dues_twice_makes_nothing_double(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    services.open_dues(SYSTEM, happened(ContractsActivated, contract))
    assert len(dues_of(contract)) == 2


def test_a_contract_without_stages_has_one_due_for_all_of_it(cast: Cast) -> None:
    contract = make_active(cast.ada)
    [due] = dues_of(contract)
    assert due.gross_minor == contract.gross_minor == 125000
    assert due.instalment_id is None


def test_an_expense_is_to_be_paid(cast: Cast) -> None:
    assert {one.kind for one in dues_of(make_active(cast.ada, class_of="expense"))} == {"pay"}


def test_a_contract_without_money_has_no_dues(cast: Cast) -> None:
    assert dues_of(make_active(cast.ada, class_of="framework")) == []


def milestone_contract(cast: Cast) -> tuple[Contract, Milestone]:
    contract = make_active(cast.ada, "40", "60")
    Due.objects.filter(contract=contract).delete()
    milestone = Milestone.objects.create(
        contract=contract, company_id=contract.company_id, title="Installed", created_at=clock.now(),
        due_on=today() + dt.timedelta(days=20),
    )  # fmt: skip
    Instalment.objects.filter(contract=contract, position=2).update(
        trigger=Trigger.MILESTONE, on=None, milestone=milestone, days_after=10
    )
    services.open_dues(SYSTEM, happened(ContractsActivated, contract))
    return contract, milestone


def test_a_due_waits_for_its_milestone_and_runs_from_the_day_it_is_reached(cast: Cast) -> None:
    contract, milestone = milestone_contract(cast)
    waiting = dues_of(contract)[1]
    assert (waiting.state, waiting.reason, waiting.on) == ("held", words.WAITING, None)
    assert waiting.due_on == today() + dt.timedelta(days=60)  # planned: 20 + 10 + 30 to pay
    with pytest.raises(WaitsStill):
        services.release_dues(cast.fia, [waiting.pk])
    Milestone.objects.filter(pk=milestone.pk).update(reached_on=today())
    for _again in range(2):
        services.open_dues(SYSTEM, happened(MilestonesReached, contract))
    waiting.refresh_from_db()
    assert (waiting.state, waiting.on) == ("planned", today() + dt.timedelta(days=10))
    with clock.set_to(today() + dt.timedelta(days=10)):
        assert services.open_planned_dues() == "1 dues opened"
        assert services.open_planned_dues() == "0 dues opened"
    waiting.refresh_from_db()
    assert waiting.state == "open"


def test_a_planned_due_opens_in_its_companys_zone(cast: Cast) -> None:
    """A11: on the evening of the day before in UTC it is the day itself in Stockholm."""
    contract = make_active(cast.ada, "100")
    day = today() + dt.timedelta(days=40)
    Due.objects.filter(contract=contract).update(state="planned", on=day)
    before = dt.datetime(day.year, day.month, day.day, tzinfo=dt.UTC) - dt.timedelta(minutes=30)
    with clock.set_to(before - dt.timedelta(hours=2)):
        assert services.open_planned_dues() == "0 dues opened"
    with clock.set_to(before):
        assert services.open_planned_dues() == "1 dues opened"


def test_holding_and_waiving_need_a_reason_and_can_be_taken_back(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    first, second = dues_of(contract)
    with pytest.raises(Invalid):
        services.hold_dues(cast.fia, [first.pk], reason="  ")
    services.hold_dues(cast.fia, [first.pk], reason="Disputed")
    services.skip_dues(cast.fia, [second.pk], reason="Goodwill")
    assert [(d.state, d.reason) for d in dues_of(contract)] == [("held", "Disputed"), ("skipped", "Goodwill")]
    with pytest.raises(DueNotNow):
        services.hold_dues(cast.fia, [second.pk], reason="Disputed")
    services.release_dues(cast.fia, [first.pk])
    services.unskip_dues(cast.fia, [second.pk])
    assert {(d.state, d.reason) for d in dues_of(contract)} == {("open", "")}


def test_who_may_not_plan_is_refused_and_who_cannot_see_learns_nothing(cast: Cast) -> None:
    [due] = dues_of(make_active(cast.ada, "100"))
    with pytest.raises(Forbidden):
        services.hold_dues(cast.ada, [due.pk], reason="Because")
    with pytest.raises(NotFound):
        services.hold_dues(cast.dora, [due.pk], reason="Because")


def test_what_is_invoiced_and_not_settled_cannot_be_waived(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    [due] = dues_of(contract)
    services.issue_invoices(cast.fia, [services.InvoiceOrder([services.DueShare(due.pk, 1000)])])
    with pytest.raises(StillOpen):
        services.skip_dues(cast.fia, [due.pk], reason="Goodwill")


def put(contract: Contract, stage: Stage) -> None:
    Contract.objects.filter(pk=contract.pk).update(stage=stage)


def test_suspending_holds_what_can_still_be_invoiced_and_resuming_lets_it_run(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    mine = dues_of(contract)[0]
    services.hold_dues(cast.fia, [mine.pk], reason="Disputed")
    put(contract, Stage.SUSPENDED)
    services.suspend_dues(SYSTEM, happened(ContractsActivated, contract))
    assert [(d.state, d.reason) for d in dues_of(contract)] == [("held", "Disputed"), ("held", words.SUSPENDED)]
    put(contract, Stage.ACTIVE)
    services.resume_dues(SYSTEM, happened(ContractsActivated, contract))
    assert [d.state for d in dues_of(contract)] == ["held", "open"]


def test_termination_waives_what_would_fall_due_later_and_leaves_what_was_invoiced(cast: Cast) -> None:
    contract = make_active(cast.ada, "40", "30", "30")
    _first, second, third = dues_of(contract)
    services.issue_invoices(cast.fia, [services.InvoiceOrder([services.DueShare(third.pk, 1000)])])
    later = today() + dt.timedelta(days=30)
    Due.objects.filter(pk__in=[second.pk, third.pk]).update(on=later)
    put(contract, Stage.TERMINATED)
    services.end_dues(SYSTEM, happened(ContractsActivated, contract, on=today().isoformat()))
    assert [d.state for d in dues_of(contract)] == ["open", "skipped", "open"]


def test_dues_follow_a_changed_plan_but_never_below_what_is_posted(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    first, _second = dues_of(contract)
    services.issue_invoices(cast.fia, [services.InvoiceOrder([services.DueShare(first.pk)])])
    stages = Instalment.objects.filter(contract=contract)
    stages.filter(position=1).update(percent=700_000)
    stages.filter(position=2).update(percent=300_000)
    services.replan_dues(SYSTEM, happened(PlanChanged, contract))
    assert [d.gross_minor for d in dues_of(contract)] == [87500, 37500]
    stages.filter(position=1).update(percent=200_000)
    stages.filter(position=2).update(percent=800_000)
    with pytest.raises(CannotReplan):
        services.replan_dues(SYSTEM, happened(PlanChanged, contract))


def test_a_stage_that_left_the_plan_is_withdrawn(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    stages = Instalment.objects.filter(contract=contract)
    stages.filter(position=2).update(is_retired=True)
    stages.filter(position=1).update(percent=1_000_000)
    services.replan_dues(SYSTEM, happened(PlanChanged, contract))
    assert [(d.state, d.gross_minor) for d in dues_of(contract)] == [("open", 125000), ("reversed", 62500)]
