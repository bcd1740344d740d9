from __future__ import annotations

from typing import Any

import pytest

from hetong.audit.testing import entries_of, last_entry
from hetong.contracts import services
from hetong.contracts.models import Contract, StageMove
from hetong.contracts.states import LIFECYCLE, NEED_REASON, OFFERED, Stage
from hetong.contracts.testing import make_contract, make_status, make_type
from hetong.kernel.errors import Forbidden, IllegalMove, Invalid, NotFound, Stale
from hetong.ui.errors import wording

pytestmark = pytest.mark.django_db
REASON = "As agreed on the phone"


def stage_of(contract: Contract) -> str:
    return Contract.objects.values_list("stage", flat=True).get(pk=contract.pk)


@pytest.mark.parametrize("verb", OFFERED)
@pytest.mark.parametrize("stage", Stage)
def test_every_verb_follows_the_table(cast: Any, stage: Stage, verb: str) -> None:
    contract = make_contract(cast.ben, stage)
    sources, target = LIFECYCLE.moves[verb]
    if stage in sources:
        services.move_contracts(cast.ben, [contract.pk], verb, reason=REASON)
        assert stage_of(contract) == target
        assert StageMove.objects.get().reason == REASON
        return
    with pytest.raises(IllegalMove) as refused:
        services.move_contracts(cast.ben, [contract.pk], verb, reason=REASON)
    assert refused.value.params["allowed"] == LIFECYCLE.verbs_from(stage)
    assert stage_of(contract) == stage
    assert not StageMove.objects.exists()
    assert entries_of(contract.pk) == ["contracts.added"]


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
    contract = make_contract(cast.ben, Stage.IN_REVIEW)
    with pytest.raises(Invalid) as refused:
        services.move_contracts(cast.ben, [contract.pk], verb, reason=reason)
    assert refused.value.problems[0].field == "reason"
    assert stage_of(contract) == "in_review"


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


def test_verbs_of_later_parts_are_not_offered(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(NotFound):
        services.move_contracts(cast.ada, [contract.pk], "submit")


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


def test_the_one_waited_on_can_press_the_next_button(cast: Any) -> None:
    from hetong.contracts.fields import CONTRACT

    contract = make_contract(cast.ada)
    row = CONTRACT.show(cast.ada, [contract.pk])[0]
    assert row.waiting_on is not None
    assert row.waiting_on.who == "Ada"
    assert row.verb("review") is not None
    services.add_members(cast.ada, [contract.pk], {"user": str(cast.lin.id), "role": "legal"})
    services.review_contracts(cast.ada, [contract.pk])
    row = CONTRACT.show(cast.lin, [contract.pk])[0]
    assert row.waiting_on is not None
    assert (row.waiting_on.who, row.verb("return") is not None) == ("Lin", True)
    assert CONTRACT.show(cast.fia, [contract.pk])[0].waiting_on == row.waiting_on


@pytest.mark.parametrize("stage", Stage)
def test_the_page_offers_what_the_service_allows(cast: Any, stage: Stage) -> None:
    from hetong.contracts.fields import CONTRACT

    contract = make_contract(cast.ben, stage)
    offered = {verb.name for verb in CONTRACT.show(cast.ben, [contract.pk])[0].verbs} & set(OFFERED)
    assert offered == set(LIFECYCLE.verbs_from(stage)) & set(OFFERED)
    read = {verb.name for verb in CONTRACT.show(cast.cleo, [contract.pk])[0].verbs}
    assert read == set()


def test_a_step_that_is_not_possible_is_refused_in_words_with_what_is_possible(cast: Any) -> None:
    contract = make_contract(cast.ada, stage=Stage.DISCARDED)
    with pytest.raises(IllegalMove) as refused:
        services.move_contracts(cast.ada, [contract.pk], "review")
    said, then = wording(refused.value)
    assert (said, then) == (
        "“Send to review” is not possible while the contract is “Discarded”.",
        "Possible now: Restore draft.",
    )
