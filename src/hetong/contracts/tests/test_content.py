"""The content hash: whatever was agreed is in it, and nothing that merely happened to be stored so."""

from __future__ import annotations

from typing import Any

import pytest

from hetong.contracts import services
from hetong.contracts.models import Contract, Instalment, Milestone
from hetong.contracts.queries import content_hashes
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_instalment, make_line, make_milestone, put_into
from hetong.documents.testing import make_document
from hetong.kernel.ids import new_id

pytestmark = pytest.mark.django_db


@pytest.fixture
def contract(cast: Any) -> Contract:
    found = make_contract(cast.ada)
    make_line(cast.ada, found)
    milestone = make_milestone(cast.ada, found, due_on="2026-05-01")
    make_milestone(cast.ada, found, title="Delivered")
    make_instalment(cast.ada, found, title="First", percent="30", on="2026-03-01")
    make_instalment(cast.ada, found, title="Last", milestone=str(milestone.pk), days_after="30")
    return found


def hash_of(contract: Contract) -> str:
    return content_hashes([contract.pk])[contract.pk]


@pytest.mark.parametrize(
    "change",
    [
        {"title": "Other"},
        {"percent": "31"},
        {"amount": "30"},
        {"on": "2026-03-02"},
        {"trigger": "signing"},
        {"days_after": "1"},
        {"is_retention": True},
    ],
)
def test_changing_a_stage_changes_the_hash(cast: Any, contract: Contract, change: dict[str, Any]) -> None:
    before = hash_of(contract)
    services.edit_instalments(cast.ada, [Instalment.objects.get(title="First").pk], change)
    assert hash_of(contract) != before


def test_milestones_their_order_and_which_a_stage_waits_for_are_in_the_hash(cast: Any, contract: Contract) -> None:
    seen = [hash_of(contract)]
    other = Milestone.objects.get(title="Delivered")
    services.edit_instalments(cast.ada, [Instalment.objects.get(title="Last").pk], {"milestone": str(other.pk)})
    seen.append(hash_of(contract))
    services.edit_milestones(cast.ada, [other.pk], {"due_on": "2026-04-01"})
    seen.append(hash_of(contract))
    services.shift_instalment(cast.ada, Instalment.objects.get(title="Last").pk, -1)
    seen.append(hash_of(contract))
    services.edit_contracts(cast.ada, [contract.pk], {"plan_basis": "gross"})
    seen.append(hash_of(contract))
    assert len(set(seen)) == len(seen)


def test_reaching_a_milestone_and_taking_a_note_leave_the_hash_alone(cast: Any, contract: Contract) -> None:
    before = hash_of(contract)
    services.edit_milestones(cast.ada, [Milestone.objects.get(title="Delivered").pk], {"note": "By truck"})
    put_into(contract, Stage.ACTIVE)
    services.reach_milestones(cast.ada, [Milestone.objects.get(title="Delivered").pk])
    assert hash_of(contract) == before


def test_other_ids_for_the_same_rows_make_no_other_hash(contract: Contract) -> None:
    before = hash_of(contract)
    for stage in Instalment.objects.select_related("milestone"):
        milestone, stage.pk = stage.milestone, new_id()
        Instalment.objects.filter(contract=contract, title=stage.title).delete()
        if milestone is not None:
            Milestone.objects.filter(pk=milestone.pk).delete()
            milestone.pk = new_id()
            milestone.save(force_insert=True)
            stage.milestone = milestone
        stage.save(force_insert=True)
    assert hash_of(contract) == before


def test_the_current_text_is_in_the_hash_and_other_documents_are_not(cast: Any, contract: Contract) -> None:
    seen = [hash_of(contract)]
    make_document(cast.ada, "contracts.contract", contract.pk, kind="annex")
    assert hash_of(contract) == seen[0]
    make_document(cast.ada, "contracts.contract", contract.pk, kind="contract_text")
    seen.append(hash_of(contract))
    assert len(set(seen)) == 2
