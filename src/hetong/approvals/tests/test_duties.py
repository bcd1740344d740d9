"""Whoever says who decides does not decide by it, and what happened all the same is found."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hetong.accounts.services import add_delegation, edit_teams, waive_duty
from hetong.accounts.testing import forget_access, grant
from hetong.approvals import services
from hetong.approvals.models import Task
from hetong.approvals.queries.duties import chosen_decisions, own_decisions
from hetong.approvals.services import ChosenByOneself
from hetong.approvals.testing import make_round, task_of
from hetong.audit.testing import last_entry
from hetong.contracts.testing import make_contract
from hetong.kernel import clock

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"


@pytest.fixture
def named(cast: Any) -> Any:
    """Ben also administers North, and named himself lead of the sales team."""
    cast.sales.lead = None
    cast.sales.save()
    grant(cast.users["ben"], "admin", cast.north)
    forget_access()
    edit_teams(cast.ben, [cast.sales.pk], {"lead": str(cast.users["ben"].pk)})
    return cast


def ask(cast: Any) -> Any:
    contract = make_contract(cast.ada)
    make_round(cast.ada, KEY, contract.pk, company=contract.company_id, team=contract.team_id, title=contract.title)
    return contract


def test_who_named_themselves_lead_does_not_decide_as_lead(named: Any) -> None:
    contract = ask(named)
    with pytest.raises(ChosenByOneself):
        services.decide(named.ben, [task_of(contract.pk).pk], "approve")
    assert last_entry(contract.pk)[:2] == ("approvals.chosen_refused", "Ben")
    edit_teams(named.admin, [named.sales.pk], {"lead": ""})
    edit_teams(named.admin, [named.sales.pk], {"lead": str(named.users["ben"].pk)})
    services.decide(named.ben, [task_of(contract.pk).pk], "approve")
    assert task_of(contract.pk).state == "approved"


def test_nor_in_the_place_of_the_lead_they_named(cast: Any) -> None:
    edit_teams(cast.admin, [cast.sales.pk], {"lead": str(cast.users["lin"].pk)})
    contract = ask(cast)
    today = clock.today("Europe/Stockholm")
    add_delegation(cast.lin, cast.users["lin"].pk, cast.users["admin"].pk, starts_on=today, ends_on=today)
    with pytest.raises(ChosenByOneself):
        services.decide(cast.admin, [task_of(contract.pk).pk], "approve")
    services.decide(cast.lin, [task_of(contract.pk).pk], "approve")


def test_an_exception_lets_a_small_company_go_on_and_is_reported(named: Any) -> None:
    contract = ask(named)
    until = clock.today("Europe/Stockholm") + timedelta(days=30)
    waive_duty(named.admin, "approvals.chosen_lead", named.north.pk, reason="Two of us", ends_on=until)
    services.decide(named.ben, [task_of(contract.pk).pk], "approve")
    [found] = chosen_decisions(named.cleo)
    assert (found.id, found.who) == (contract.pk, "Ben")
    assert not chosen_decisions(named.dora)


def test_own_decisions_of_before_are_found(cast: Any) -> None:
    contract = ask(cast)
    Task.objects.update(
        decided_by=cast.users["ada"].pk, decided_by_label="Ada", state="approved", decided_at=clock.now()
    )
    [found] = own_decisions(cast.cleo)
    assert (found.id, found.who) == (contract.pk, "Ada")
