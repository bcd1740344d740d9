"""Contracts that run already are added as adopted in one write, with everything that two steps leave (S1-11, trust B)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from hetong.audit.models import Entry
from hetong.audit.values import values_of_entries
from hetong.contracts import services
from hetong.contracts.fields import CONTRACT, LINE, STATUS
from hetong.contracts.models import Contract, Line, StageMove
from hetong.contracts.policy import Can
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_party, make_status, make_type
from hetong.kernel.actors import Grant, Reach
from hetong.kernel.errors import Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db
WHY = "Ran before we had Hetong"
PUMP = {"title": "Pump", "quantity": "2", "unit_price": "100"}


def givens(cast: Any, count: int, **more: Any) -> list[dict[str, Any]]:
    shared = {"type": make_type().pk, "counterparty": make_party(cast.ada).pk, "signed_on": "2025-05-01", **more}
    return [
        {"title": f"Pumps {number}", "owner": cast.ada.id, "company": cast.north.pk, **shared}
        for number in range(count)
    ]


def told(contract: Contract) -> list[tuple[str, str, dict[str, tuple[Any, Any]]]]:
    """What the journal says of a contract: act, reason and values, without what differs from record to record."""
    entries = list(Entry.objects.filter(subject=contract.pk).order_by("pk"))
    values = values_of_entries(entries)
    apart = {"number", "title", "created_at"}
    return [
        (
            entry.code,
            entry.reason,
            {one.field: (one.before, one.after) for one in values[entry.pk] if one.field not in apart},
        )
        for entry in entries
    ]


def stored(contract: Contract) -> dict[str, Any]:
    """What is stored of a contract, without what differs from record to record, and how often it was saved."""
    apart = {"id", "title", "title_key", "number", "number_key", "created_at", "stage_since", "version"}
    columns = [one.attname for one in Contract._meta.concrete_fields if one.name not in apart]
    return {name: getattr(Contract.objects.get(pk=contract.pk), name) for name in columns}


def test_one_write_leaves_what_adding_and_adopting_leave(cast: Any) -> None:
    first, second = givens(cast, 2)
    [stepped] = services.add_contracts(cast.admin, [first], lines=[[PUMP]])
    services.adopt_contracts(cast.admin, [stepped.pk], reason=WHY)
    [at_once] = services.add_contracts(cast.admin, [second], lines=[[PUMP]], adopted={0: "adopt"}, adopted_because=WHY)
    assert stored(at_once) == stored(stepped)
    [added, adopted], [[code, reason, values]] = told(stepped), told(at_once)
    assert (code, reason) == adopted[:2] == ("contracts.adopted", WHY)
    assert values == added[2] | {name: (None, after) for name, (_before, after) in adopted[2].items()}
    assert Contract.objects.get(pk=at_once.pk).number
    moves = StageMove.objects.filter(contract__in=[stepped.pk, at_once.pk])
    assert (
        list(moves.values_list("verb", "from_stage", "to_stage", "reason")) == [("adopt", "draft", "active", WHY)] * 2
    )


def test_each_of_a_batch_takes_its_own_step_or_none(cast: Any) -> None:
    rows = services.add_contracts(
        cast.admin, givens(cast, 3), adopted={0: "adopt", 2: "adopt_closed"}, adopted_because=WHY
    )
    assert [Contract.objects.get(pk=one.pk).stage for one in rows] == ["active", "draft", "closed"]


def test_what_keeps_one_from_being_adopted_is_told_by_its_place_and_nothing_is_left(cast: Any) -> None:
    batch = givens(cast, 3)
    del batch[1]["signed_on"]
    with pytest.raises(Invalid) as refused:
        services.add_contracts(cast.admin, batch, adopted=dict.fromkeys(range(3), "adopt"), adopted_because=WHY)
    assert [(one.row, one.field, one.code) for one in refused.value.problems] == [("2", "signed_on", "required")]
    with pytest.raises(Invalid):
        services.add_contracts(cast.admin, batch[:1], adopted={0: "adopt"}, adopted_because=" ")
    assert not Contract.objects.exists()


def test_adopting_at_once_needs_the_right_to_adopt_and_the_contract_in_reach(cast: Any) -> None:
    [given] = givens(cast, 1)
    with pytest.raises(Forbidden):
        services.add_contracts(cast.ada, [given], adopted={0: "adopt"}, adopted_because=WHY)
    held = cast.lin.grants[0].role
    own = replace(
        held, permissions=held.permissions | {Can.ADD, Can.ADOPT}, reach={**held.reach, "contracts.contract": Reach.OWN}
    )
    actor = replace(cast.lin, grants=(Grant(own),), policy_version=-1)
    with pytest.raises(NotFound):
        services.add_contracts(actor, [given], adopted={0: "adopt"}, adopted_because=WHY)
    services.add_contracts(actor, [given | {"owner": actor.id}], adopted={0: "adopt"}, adopted_because=WHY)


def test_rows_in_memory_say_what_is_stored(cast: Any) -> None:
    [contract] = services.add_contracts(
        cast.admin, givens(cast, 1, ends_on="2027-12-31", notice_count="3", summary="Two pumps"), lines=[[PUMP]]
    )
    services.edit_contracts(cast.admin, [contract.pk], {"team": None, "reference": "P-7"})
    for register, model in ((CONTRACT, Contract), (LINE, Line)):
        rows = list(model._default_manager.all())
        assert register.held(rows) == register.snapshot([row.pk for row in rows])


def test_rows_with_labels_of_the_same_languages_each_keep_their_own_words(cast: Any) -> None:
    """S0-25: what the journal keeps of a status is that status, however many are written at once."""
    rows = [make_status(Stage.DRAFT, "Waiting"), make_status(Stage.DRAFT, "Asked"), make_status(Stage.DRAFT, "Waiting")]
    for found in (STATUS.snapshot(rows), STATUS.held(rows)):
        assert [found[one.pk]["labels"] for one in rows] == ["Waiting", "Asked", "Waiting"]


def test_a_number_given_to_one_is_never_that_which_another_of_the_batch_brings(cast: Any) -> None:
    [probe] = services.add_contracts(cast.admin, givens(cast, 1), adopted={0: "adopt"}, adopted_because=WHY)
    following = f"{probe.number[:-1]}{int(probe.number[-1]) + 1}"
    batch = givens(cast, 3)
    rows = services.add_contracts(
        cast.admin, batch, numbers=["", following, ""], adopted=dict.fromkeys(range(3), "adopt"), adopted_because=WHY
    )
    assert rows[1].number == following
    assert len({one.number for one in rows}) == 3


def test_a_row_that_is_refused_keeps_its_number_from_nobody(cast: Any) -> None:
    bad = PUMP | {"quantity": "many"}
    with pytest.raises(Invalid) as refused:
        services.add_contracts(cast.admin, givens(cast, 2), numbers=["K-7", "K-7"], lines=[[bad], [PUMP]])
    assert {(one.row, one.field) for one in refused.value.problems} == {("1", "line.quantity")}
    with pytest.raises(Invalid) as refused:
        services.add_contracts(cast.admin, givens(cast, 2), numbers=["K-7", "K-7"], lines=[[PUMP], [PUMP]])
    assert [(one.row, one.code) for one in refused.value.problems] == [("2", "number_taken")]
