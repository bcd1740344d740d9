from __future__ import annotations

from typing import Any

import pytest

from hetong.audit.testing import last_entry
from hetong.contracts import services
from hetong.contracts.models import AbnormalFlag, Contract
from hetong.contracts.services.flags import AlreadyFlagged, NotFlagged
from hetong.contracts.testing import make_contract
from hetong.kernel.errors import Forbidden, Invalid, NotFound, UnknownField

pytestmark = pytest.mark.django_db
WHY = {"reason": "Two skids drift", "due_on": "2190-01-01", "stops_signing": True}


def test_a_flag_stands_until_it_is_resolved_with_an_outcome(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.flag_contracts(cast.fia, [contract.pk], WHY | {"owner": str(cast.max.id)})
    contract.refresh_from_db()
    assert (contract.is_abnormal, contract.stops_signing, contract.stops_invoicing) == (True, True, False)
    flag = AbnormalFlag.objects.get()
    assert flag.told == [str(cast.max.id), str(cast.ada.id), str(cast.ben.id)]
    assert last_entry(contract.pk) == ("contracts.flagged", "Fia", "")  # the reason is a field
    with pytest.raises(AlreadyFlagged):
        services.flag_contracts(cast.ada, [contract.pk], WHY)
    with pytest.raises(Invalid):
        services.unflag_contracts(cast.ada, [contract.pk], outcome="  ")
    services.unflag_contracts(cast.ada, [contract.pk], outcome="Skids replaced")
    flag.refresh_from_db()
    contract.refresh_from_db()
    assert (flag.state, flag.outcome, flag.resolved_by_label) == ("resolved", "Skids replaced", "Ada")
    assert (contract.is_abnormal, contract.stops_signing) == (False, False)
    with pytest.raises(NotFlagged):
        services.unflag_contracts(cast.ada, [contract.pk], outcome="Again")


def test_it_is_counted_how_often_a_contract_was_flagged(cast: Any) -> None:
    contract = make_contract(cast.ada)
    for _turn in range(3):
        services.flag_contracts(cast.ada, [contract.pk], WHY)
        services.unflag_contracts(cast.ada, [contract.pk], outcome="Fine")
    assert sorted(AbnormalFlag.objects.values_list("reopened_count", flat=True)) == [0, 1, 2]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"reason": " "}, "reason"),
        ({}, "reason"),
        ({"reason": "x", "due_on": "2001-01-01"}, "due_on"),
        ({"reason": "x" * 501}, "reason"),
    ],
)
def test_a_flag_without_sense_is_refused(cast: Any, given: dict[str, str], field: str) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Invalid) as refused:
        services.flag_contracts(cast.ada, [contract.pk], given)
    assert [problem.field for problem in refused.value.problems] == [field]
    assert not Contract.objects.filter(is_abnormal=True).exists()


def test_who_may_flag_and_who_may_not(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Forbidden):
        services.flag_contracts(cast.cleo, [contract.pk], WHY)
    with pytest.raises(NotFound):
        services.flag_contracts(cast.dora, [contract.pk], WHY)
    with pytest.raises(UnknownField):
        services.flag_contracts(cast.ada, [contract.pk], WHY | {"told": "x"})


def test_agents_and_members_see_flags_of_their_contracts_only(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.flag_contracts(cast.ada, [contract.pk], WHY)
    assert AbnormalFlag.objects.visible_to(cast.ben).count() == 1
    assert AbnormalFlag.objects.visible_to(cast.dora).count() == 0
