from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.accounts.models import Share
from hetong.audit.testing import entries_of, last_entry
from hetong.contracts import services
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, StageMove
from hetong.contracts.policy import NEEDS
from hetong.contracts.states import BY_OTHERS, LIFECYCLE, NEED_REASON, OFFERED, Stage
from hetong.contracts.testing import make_contract, make_status, make_type
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, IllegalMove, Invalid, NotFound, Stale
from hetong.ui.errors import wording

pytestmark = pytest.mark.django_db
REASON = "As agreed on the phone"


def stage_of(contract: Contract) -> str:
    return Contract.objects.values_list("stage", flat=True).get(pk=contract.pk)


ROLES = ("ada", "ben", "lin", "fia", "max", "cleo", "eve", "admin")


def more_for(verb: str) -> dict[str, Any]:
    """What a verb needs besides its reason."""
    signed = {"signed_on": dt.date(2026, 1, 2)}
    return {"terminate": {"on": dt.date(2026, 6, 30)}, "adopt": signed, "adopt_closed": signed}.get(verb, {})


@pytest.mark.parametrize("verb", OFFERED)
def test_no_verb_leaves_the_table_whatever_the_stage_and_the_role(cast: Any, verb: str) -> None:
    """Trust B3: all stages × all verbs × roles; what the table does not list is refused in words, and nothing changes."""
    sources, _target = LIFECYCLE.moves[verb]
    for stage in [one for one in Stage if one not in sources]:
        contract = make_contract(cast.ada, stage)
        for name in ROLES:
            actor = getattr(cast, name)
            with pytest.raises((IllegalMove, Forbidden)) as refused:
                services.move_contracts(actor, [contract.pk], verb, reason=REASON, **more_for(verb))
            may = actor.may(NEEDS[verb], contract.company_id)
            assert isinstance(refused.value, IllegalMove) is may
            said, then = wording(refused.value)
            assert all((said, then))
            assert "%(" not in said + then
        assert stage_of(contract) == stage
        assert entries_of(contract.pk) == ["contracts.added"]
    assert not StageMove.objects.exists()


SIMPLE = (
    "review",
    "return",
    "revise",
    "suspend",
    "resume",
    "begin_closing",
    "close",
    "archive",
    "unarchive",
    "discard",
    "restore",
)


@pytest.mark.parametrize("verb", [*SIMPLE, "terminate", "adopt", "adopt_closed", "submit"])
def test_a_verb_leads_where_the_table_says_for_whoever_may(cast: Any, verb: str) -> None:
    sources, target = LIFECYCLE.moves[verb]
    for stage in sources:
        contract = make_contract(cast.ada, stage)
        allowed = [name for name in ROLES if getattr(cast, name).may(NEEDS[verb], contract.company_id)]
        for name in (one for one in ROLES if one not in allowed):
            with pytest.raises(Forbidden):
                services.move_contracts(getattr(cast, name), [contract.pk], verb, reason=REASON, **more_for(verb))
        mover = next(one for one in ("ada", "ben", "lin", "admin") if one in allowed)
        services.move_contracts(getattr(cast, mover), [contract.pk], verb, reason=REASON, **more_for(verb))
        assert stage_of(contract) == target
        move = StageMove.objects.get(contract=contract)
        assert (move.verb, move.from_stage, move.to_stage, move.reason) == (verb, stage, target, REASON)


def test_a_move_leaves_status_trace_and_journal(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.review_contracts(cast.ada, [contract.pk])
    found = Contract.objects.select_related("status").get(pk=contract.pk)
    assert (found.stage, found.status.stage, found.version) == ("in_review", "in_review", 2)
    move = StageMove.objects.get(contract=contract)
    assert (move.verb, move.from_stage, move.to_stage, move.actor, move.actor_label) == (
        "review", "draft", "in_review", cast.ada.id, "Ada",
    )  # fmt: skip
    services.return_contracts(cast.lin, [contract.pk], reason="Clause 4 is missing")
    assert last_entry(contract.pk) == ("contracts.returned", "Lin", "Clause 4 is missing")


@pytest.mark.parametrize("verb", sorted(NEED_REASON & set(OFFERED)))
@pytest.mark.parametrize("reason", ["", "   "])
def test_some_verbs_ask_why(cast: Any, verb: str, reason: str) -> None:
    stage = next(iter(LIFECYCLE.moves[verb][0]))
    contract = make_contract(cast.ben, stage)
    with pytest.raises(Invalid) as refused:
        services.move_contracts(cast.admin, [contract.pk], verb, reason=reason, **more_for(verb))
    assert refused.value.problems[0].field == "reason"
    assert stage_of(contract) == stage


@pytest.mark.parametrize("name", ["fia", "max", "cleo", "eve"])
def test_who_may_not_move_is_refused(cast: Any, name: str) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Forbidden):
        services.review_contracts(getattr(cast, name), [contract.pk])


def test_a_sales_rep_does_not_void(cast: Any) -> None:
    contract = make_contract(cast.ada, Stage.IN_REVIEW)
    with pytest.raises(Forbidden):
        services.void_contracts(cast.ada, [contract.pk], reason=REASON)
    services.void_contracts(cast.ben, [contract.pk], reason=REASON)
    assert stage_of(contract) == "void"


@pytest.mark.parametrize("name", ["dora", "gus", "olle"])
def test_a_contract_out_of_sight_does_not_exist(cast: Any, name: str) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(NotFound):
        services.review_contracts(getattr(cast, name), [contract.pk])


def test_one_that_cannot_move_holds_back_all(cast: Any) -> None:
    draft, active = make_contract(cast.ada), make_contract(cast.ada, Stage.ACTIVE)
    with pytest.raises(IllegalMove):
        services.review_contracts(cast.ada, [draft.pk, active.pk])
    assert stage_of(draft) == "draft"


@pytest.mark.parametrize("verb", sorted(BY_OTHERS))
def test_decisions_signatures_and_the_calendar_are_no_buttons(cast: Any, verb: str) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(NotFound):
        services.move_contracts(cast.ada, [contract.pk], verb)


def test_an_old_page_does_not_move_a_changed_contract(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.edit_contracts(cast.ada, [contract.pk], {"title": "Newer"})
    with pytest.raises(Stale):
        services.move_contracts(cast.ada, [contract.pk], "review", versions={contract.pk: 1})


def test_what_the_type_needs_has_to_be_there_before_review(cast: Any) -> None:
    contract = make_contract(cast.ada, type=make_type(required=["starts_on", "gross"]).pk)
    with pytest.raises(Invalid) as refused:
        services.review_contracts(cast.ada, [contract.pk])
    assert {p.field for p in refused.value.problems} == {"starts_on", "gross"}


def test_a_custom_status_moves_within_its_stage_only(cast: Any) -> None:
    contract = make_contract(cast.ada)
    waiting, elsewhere = make_status(Stage.DRAFT, "Waiting for the customer"), make_status(Stage.ACTIVE, "Live")
    services.set_status(cast.ada, [contract.pk], waiting.pk)
    found = Contract.objects.get(pk=contract.pk)
    assert (found.stage, found.status_id) == ("draft", waiting.pk)
    assert last_entry(contract.pk)[0] == "contracts.status_set"
    with pytest.raises(services.stages.OtherStage):
        services.set_status(cast.ada, [contract.pk], elsewhere.pk)


PRESSES = {
    Stage.DRAFT: "submit", Stage.IN_REVIEW: "submit", Stage.APPROVED: "send_to_sign", Stage.REJECTED: "revise",
    Stage.SIGNING: "sign", Stage.SUSPENDED: "resume", Stage.TERMINATED: "begin_closing", Stage.EXPIRED: "begin_closing",
    Stage.SUPERSEDED: "close", Stage.CLOSING: "close", Stage.CLOSED: "archive",
}  # fmt: skip
NOBODY = {Stage.ACTIVE, Stage.ARCHIVED, Stage.VOID, Stage.DISCARDED}


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("owner", ["ada", "gus", "fia"])
def test_the_one_waited_on_can_press_the_next_button(cast: Any, stage: Stage, owner: str) -> None:
    """S3-10, over every stage, also where the owner has no right to the next step; the same for every reader."""
    contract = make_contract(cast.ada, stage)
    if stage is Stage.IN_APPROVAL:
        Contract.objects.filter(pk=contract.pk).update(stage=Stage.DRAFT)
        services.submit_contracts(cast.ada, [contract.pk])
    Contract.objects.filter(pk=contract.pk).update(owner=cast.users[owner].pk)
    waiting = CONTRACT.show(cast.cleo, [contract.pk])[0].waiting_on
    assert waiting is not None
    assert waiting.then
    assert CONTRACT.show(cast.ada, [contract.pk])[0].waiting_on == waiting
    if stage in NOBODY:
        assert waiting.who == ""
        return
    named = getattr(cast, waiting.who.lower())
    assert Contract.objects.visible_to(named).filter(pk=contract.pk).exists()
    assert CONTRACT.show(named, [contract.pk])[0].verb(PRESSES.get(stage, "approve")) is not None


def test_a_reviewer_is_waited_on_in_review(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.add_members(cast.ada, [contract.pk], {"user": str(cast.lin.id), "role": "legal"})
    services.review_contracts(cast.ada, [contract.pk])
    row = CONTRACT.show(cast.lin, [contract.pk])[0]
    assert row.waiting_on is not None
    assert (row.waiting_on.who, row.verb("return") is not None) == ("Lin", True)
    assert CONTRACT.show(cast.fia, [contract.pk])[0].waiting_on == row.waiting_on


@pytest.mark.parametrize("stage", Stage)
def test_the_page_offers_what_the_service_allows(cast: Any, stage: Stage) -> None:
    contract = make_contract(cast.ben, stage)
    offered = {verb.name for verb in CONTRACT.show(cast.admin, [contract.pk])[0].verbs} & set(OFFERED)
    assert offered == (set(LIFECYCLE.verbs_from(stage)) & set(OFFERED)) - {"activate"}
    read = {verb.name for verb in CONTRACT.show(cast.cleo, [contract.pk])[0].verbs}
    assert read == set()


def test_who_only_reads_is_offered_nothing(cast: Any) -> None:
    contract = make_contract(cast.ada)
    Share.objects.create(
        noun="contracts.contract", record=contract.pk, user=cast.users["olle"], level="view", at=clock.now()
    )
    assert CONTRACT.show(cast.olle, [contract.pk])[0].verbs == ()


def test_a_step_that_is_not_possible_is_refused_in_words_with_what_is_possible(cast: Any) -> None:
    contract = make_contract(cast.ada, stage=Stage.DISCARDED)
    with pytest.raises(IllegalMove) as refused:
        services.move_contracts(cast.ada, [contract.pk], "review")
    said, then = wording(refused.value)
    assert (said, then) == (
        "“Send to review” is not possible while the contract is “Discarded”.",
        "Possible now: Restore draft.",
    )
