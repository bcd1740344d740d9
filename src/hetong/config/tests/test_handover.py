"""Somebody leaves: open work goes to a colleague and access ends, in one step (trust C5)."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import Team, User
from hetong.accounts.services import make_token
from hetong.audit.models import Entry
from hetong.audit.queries import worded
from hetong.contracts.models import Contract, Project
from hetong.contracts.services import add_projects
from hetong.contracts.testing import make_contract
from hetong.parties.models import PartyTerms
from hetong.parties.testing import make_party

pytestmark = pytest.mark.django_db


@pytest.fixture
def work(cast: Any) -> Contract:
    """Ada has a customer, a contract and a project in hand."""
    party = make_party(cast.ada, name="Nordic Acme AB")
    add_projects(cast.ada, [{"number": "P-1", "name": "Harbour"}])
    contract: Contract = make_contract(cast.ada, title="Flow measuring", counterparty=party.pk)
    return contract


def leave(cast: Any, who: str, to: str = "", by: str = "admin") -> Any:
    client = Client()
    client.force_login(cast.users[by])
    page = f"/settings/users/{cast.users[who].pk}/leave/"
    return client.post(page, {"to": str(cast.users[to].pk)} if to else {})


def test_the_page_says_what_is_in_hand(cast: Any, work: Contract) -> None:
    client = Client()
    client.force_login(cast.users["admin"])
    page = client.get(f"/settings/users/{cast.users['ada'].pk}/leave/").content.decode()
    for words in ("Customers and suppliers", "Contracts", "Projects", "Hand over and deactivate", "Olle"):
        assert words in page


def test_everything_goes_to_the_colleague_and_access_ends_at_once(cast: Any, work: Contract) -> None:
    ada, session = cast.users["ada"], Client()
    session.force_login(ada)
    _token, secret = make_token(cast.ada, ada, label="x")
    assert leave(cast, "ada", "olle").status_code == 302
    olle = cast.users["olle"].pk
    assert Contract.objects.get(pk=work.pk).owner_id == olle
    assert {project.owner_id for project in Project.objects.all()} == {olle}
    assert not PartyTerms.objects.filter(owner=ada).exists()
    assert not User.objects.get(pk=ada.pk).is_active
    assert session.get("/settings/me/").status_code == 302
    assert Client().get("/api/v1/companies", headers={"authorization": f"Bearer {secret}"}).status_code == 401
    entry = Entry.objects.get(code="accounts.handed_over")
    assert entry.subject == ada.pk
    assert "Olle" not in str(entry.params), "a name there could not be erased"
    assert "Olle" in worded(cast.admin, [entry])[0].sentence


def test_without_a_colleague_nothing_happens(cast: Any, work: Contract) -> None:
    assert leave(cast, "ada").status_code == 422
    assert leave(cast, "ada", "ada").status_code == 422
    assert leave(cast, "ada", "pia").status_code == 422
    assert User.objects.get(pk=cast.users["ada"].pk).is_active
    assert Contract.objects.get(pk=work.pk).owner_id == cast.users["ada"].pk


def test_who_has_nothing_in_hand_needs_no_colleague(cast: Any) -> None:
    assert leave(cast, "cleo").status_code == 302
    assert not User.objects.get(pk=cast.users["cleo"].pk).is_active


def test_a_lead_hands_the_team_over(cast: Any) -> None:
    assert leave(cast, "ben", "lin").status_code == 302
    assert Team.objects.get(pk=cast.sales.pk).lead_id == cast.users["lin"].pk


def test_the_last_administrator_and_oneself_stay_and_nothing_is_handed_over(cast: Any) -> None:
    assert leave(cast, "admin").status_code == 422
    assert User.objects.get(pk=cast.users["admin"].pk).is_active


def test_only_who_manages_people_may(cast: Any, work: Contract) -> None:
    assert leave(cast, "ada", "olle", by="ben").status_code == 403
    assert leave(cast, "ada", "olle", by="lin").status_code == 403
