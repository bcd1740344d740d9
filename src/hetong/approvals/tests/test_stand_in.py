"""Deciding in the place of somebody who is away: only their tasks, only in time, never one's own request."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.services import add_delegation, end_delegation
from hetong.approvals import queries, services
from hetong.approvals.models import Task
from hetong.approvals.services import NotAsked, OwnRound
from hetong.approvals.testing import make_round, task_of
from hetong.audit.models import Entry
from hetong.audit.testing import last_entry
from hetong.contracts.models import Contract
from hetong.contracts.testing import make_contract
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"


def asked(actor: Actor) -> Contract:
    contract = make_contract(actor)
    make_round(actor, KEY, contract.pk, company=contract.company_id, team=contract.team_id, title=contract.title)
    return contract


def stand_in(cast: Any, away: str, to: str, *, what: str = "approvals") -> Any:
    today = clock.today("Europe/Stockholm")
    return add_delegation(
        getattr(cast, away), cast.users[away].pk, cast.users[to].pk, starts_on=today, ends_on=today + timedelta(days=7), what=what
    )  # fmt: skip


def test_a_stand_in_sees_and_decides_and_the_journal_names_both(cast: Any) -> None:
    contract = asked(cast.ada)
    assert not queries.open_tasks(cast.olle).exists()
    assert not Contract.objects.visible_to(cast.olle).filter(pk=contract.pk).exists()
    stand_in(cast, "ben", "olle")
    task = task_of(contract.pk)
    assert list(queries.open_tasks(cast.olle)) == [task]
    assert list(queries.open_tasks(cast.ben)) == [task], "who is away may still decide"
    assert Contract.objects.visible_to(cast.olle).filter(pk=contract.pk).exists()
    services.decide(cast.olle, [task.pk], "approve", comment="For Ben")
    task.refresh_from_db()
    assert (task.state, task.decided_by_label, task.assignee) == ("approved", "Olle", cast.users["ben"])
    assert last_entry(contract.pk) == ("approvals.approved_for", "Olle", "For Ben")
    assert Entry.objects.get(code="approvals.approved_for", subject=contract.pk).params == {"whom": "Ben"}
    assert Contract.objects.visible_to(cast.olle).filter(pk=contract.pk).exists(), "having decided keeps it open"


def test_nobody_decides_on_their_own_request_in_somebodys_place(cast: Any) -> None:
    """Trust B2 by delegation: refused on the page, in the API and in the service, and kept in the journal."""
    contract = asked(cast.ada)
    stand_in(cast, "ben", "ada")
    task = task_of(contract.pk)
    assert not queries.open_tasks(cast.ada).exists()
    with pytest.raises(OwnRound):
        services.decide(cast.ada, [task.pk], "approve")
    assert last_entry(contract.pk)[:2] == ("approvals.own_refused", "Ada")
    client = Client()
    client.force_login(cast.users["ada"])
    assert client.post(f"/approvals/{task.pk}/approve/", {"once_key": "k-1"}).status_code == 403
    assert Entry.objects.filter(code="approvals.own_refused", subject=contract.pk).count() == 2
    assert Task.objects.get(pk=task.pk).state == "waiting"


def test_it_ends_with_the_standing_in_and_needs_the_right(cast: Any) -> None:
    first, second = asked(cast.ada), asked(cast.ada)
    delegation = stand_in(cast, "ben", "lin")
    services.decide(cast.lin, [task_of(first.pk).pk], "approve")
    end_delegation(cast.ben, delegation.pk)
    with pytest.raises(NotAsked):
        services.decide(cast.lin, [task_of(second.pk).pk], "approve")
    stand_in(cast, "ben", "gus")
    assert not queries.open_tasks(cast.gus).exists()
    with pytest.raises(Forbidden):
        services.decide(cast.gus, [task_of(second.pk).pk], "approve")


def test_who_stands_in_for_other_things_or_at_second_hand_decides_nothing(cast: Any) -> None:
    contract = asked(cast.ada)
    stand_in(cast, "ben", "olle")
    stand_in(cast, "olle", "lin")
    with pytest.raises(NotAsked):
        services.decide(cast.lin, [task_of(contract.pk).pk], "approve")


def test_the_page_says_in_whose_place(cast: Any) -> None:
    contract = asked(cast.ada)
    stand_in(cast, "ben", "olle")
    client = Client()
    client.force_login(cast.users["olle"])
    page = client.get("/approvals/").content.decode()
    assert "you stand in for Ben today" in page
    assert f"/approvals/{task_of(contract.pk).pk}/approve/" in page
    answer = client.post(f"/approvals/{task_of(contract.pk).pk}/approve/", {"once_key": "k-2"})
    assert answer.status_code == 302
    assert task_of(contract.pk).state == "approved"
