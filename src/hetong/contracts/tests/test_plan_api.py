"""The plan, milestones and originals through the API: the same services, the same refusals."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import User
from hetong.accounts.services import make_token
from hetong.contracts.models import Contract, Instalment
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_active, make_contract, make_line, make_milestone, make_original, put_into
from hetong.kernel.actors import Actor

pytestmark = pytest.mark.django_db


def call(actor: Actor, method: str, path: str, body: Any = None) -> Any:
    """One call of a program with a fresh token of that person."""
    _row, secret = make_token(actor, User.objects.get(pk=actor.id), label="test")
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    url = f"/api/v1/{path if path == 'loans' else f'contracts/{path}'}"
    return (
        client.get(url)
        if method == "get"
        else getattr(client, method)(url, body or {}, content_type="application/json")
    )


@pytest.fixture
def contract(cast: Any) -> Contract:
    found = make_contract(cast.ada)
    make_line(cast.ada, found)
    return found


def test_stages_are_added_listed_changed_and_removed(cast: Any, contract: Contract) -> None:
    base = f"{contract.pk}/instalments"
    added = call(cast.ada, "post", base, {"title": "Deposit", "percent": "30", "trigger": "signing"})
    assert added.status_code == 201
    one = added.json()
    assert (one["net"], one["stated"]) == ({"amount": "30.00", "currency": "SEK"}, "percent")
    amount = {"amount": {"amount": "25.00", "currency": "SEK"}, "version": one["version"]}
    changed = call(cast.ada, "patch", f"{base}/{one['id']}", amount).json()
    assert (changed["stated"], changed["amount"]["amount"], changed["percent"]) == ("amount", "25.00", None)
    assert call(cast.ada, "patch", f"{base}/{one['id']}", amount).status_code == 409
    assert [row["title"] for row in call(cast.ada, "get", base).json()["items"]] == ["Deposit"]
    assert call(cast.ada, "post", base, {"title": "Odd", "percent": "30", "amount": "5"}).status_code == 422
    assert call(cast.ada, "post", base, {"title": "Odd", "contract": str(contract.pk)}).status_code == 422
    assert call(cast.fia, "post", base, {"title": "Odd"}).status_code == 403
    assert call(cast.dora, "get", base).status_code == 404
    other = make_contract(cast.ada, title="Another")
    assert call(cast.ada, "get", f"{other.pk}/instalments/{one['id']}").status_code == 404
    assert call(cast.ada, "post", f"{base}/{one['id']}/remove").status_code == 204


def test_milestones_are_reached_once_and_not_ahead_of_time(cast: Any, contract: Contract) -> None:
    milestone = make_milestone(cast.ada, contract)
    base = f"{contract.pk}/milestones"
    assert call(cast.ada, "post", base, {"title": "Delivered", "due_on": "2026-05-01"}).status_code == 201
    assert call(cast.ada, "post", f"{base}/{milestone.pk}/reach").status_code == 409
    put_into(contract, Stage.ACTIVE)
    assert call(cast.ada, "post", f"{base}/{milestone.pk}/reach", {"reached_on": "2100-01-01"}).status_code == 422
    assert call(cast.ada, "post", f"{base}/{milestone.pk}/reach", {"reached_on": "someday"}).status_code == 422
    reached = call(cast.ada, "post", f"{base}/{milestone.pk}/reach", {"reached_on": "2026-01-05"})
    assert reached.json()["reached_on"] == "2026-01-05"
    assert call(cast.ada, "post", f"{base}/{milestone.pk}/reach").status_code == 409
    assert call(cast.ada, "post", f"{base}/{milestone.pk}/unreach").status_code == 422
    assert call(cast.ada, "post", f"{base}/{milestone.pk}/unreach", {"reason": "Slip"}).json()["reached_on"] is None
    assert call(cast.ben, "post", f"{base}/{milestone.pk}/remove", {"reason": "Dropped"}).status_code == 204


def test_a_plan_in_force_is_changed_in_one_call(cast: Any) -> None:
    contract = make_active(cast.ada, "30%", "70%")
    second = Instalment.objects.order_by("position")[1]
    body = {
        "reason": "Agreed",
        "edit": {str(second.pk): {"percent": "50"}},
        "add": [{"title": "Last", "percent": "20"}],
    }
    answer = call(cast.ben, "post", f"{contract.pk}/replan", body)
    assert sorted(row["title"] for row in answer.json()["items"]) == ["Last", "Stage 1", "Stage 2"]
    short = call(cast.ben, "post", f"{contract.pk}/replan", {"reason": "x", "add": [{"title": "y", "amount": "0.01"}]})
    assert short.status_code == 422
    assert "too much" in short.json()["errors"][0]["message"]
    for wrong in ({"reason": 5}, {"add": "x"}, {"add": [1]}, {"edit": {"1": 2}}, {"more": 1}, {"edit": []}):
        assert call(cast.ben, "post", f"{contract.pk}/replan", {"reason": "x"} | wrong).status_code == 422
    assert call(cast.ben, "post", f"{contract.pk}/replan", {"reason": "x", "remove": ["no id"]}).status_code == 404
    assert call(cast.ada, "post", f"{contract.pk}/replan", body).status_code == 403


def test_originals_are_lent_and_taken_back(cast: Any, contract: Contract) -> None:
    original = make_original(cast.ada, contract)
    base = f"{contract.pk}/originals"
    assert call(cast.ada, "post", base, {"place": "Safe"}).json()["copy_no"] == 2
    assert call(cast.ada, "patch", f"{base}/{original.pk}", {"stamped_by": "Li Lei"}).json()["stamped_by"] == "Li Lei"
    lent = {"borrower": "Wang Fang", "lent_on": "2026-01-05", "until": "2026-01-10"}
    assert call(cast.ada, "post", f"{base}/{original.pk}/lend", lent | {"until": "x"}).status_code == 422
    assert call(cast.ada, "post", f"{base}/{original.pk}/lend", lent).json()["lent_to"] == "Wang Fang"
    assert call(cast.ada, "post", f"{base}/{original.pk}/lend", lent).status_code == 409
    overdue = call(cast.ada, "get", "loans").json()["items"]
    assert [row["borrower"] for row in overdue] == ["Wang Fang"]
    assert (
        call(cast.ada, "post", f"{base}/{original.pk}/return", {"returned_on": "2026-01-06"}).json()["lent_to"] is None
    )
    assert call(cast.ada, "post", f"{base}/{original.pk}/remove").status_code == 409
    assert call(cast.max, "post", base).status_code == 403
