"""Roles and field rules in the API: the same services, the same refusals."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import make_token

pytestmark = pytest.mark.django_db
Ask = Callable[..., Any]


@pytest.fixture
def ask(cast: Any) -> Ask:
    """One request with a token of the administrator, or of another person."""
    client = Client(headers={"host": "localhost"})

    def asked(method: str, path: str, body: Any = None, *, who: str = "admin") -> Any:
        token = make_token(getattr(cast, who), cast.users[who], label="api")[1]
        sent = b"" if body is None else json.dumps(body).encode()
        return client.generic(
            method,
            f"/api/v1/{path}",
            sent,
            content_type="application/json",
            headers={"authorization": f"Bearer {token}"},
        )

    return asked


def role(key: str) -> Role:
    return Role.objects.get(key=key)


def test_a_role_is_copied_changed_retired_and_set_back(ask: Ask) -> None:
    agent = role("agent")
    made = ask("POST", "roles", {"copy_of": str(agent.pk), "labels": {"en": "Agent, north"}, "reason": "A new region"})
    assert made.status_code == 201
    shown = made.json()
    assert {"id": "contracts.view", "title": "see contracts and projects"} in shown["permissions"]
    path = f"roles/{shown['id']}"
    assert ask("PATCH", path, {"usual": "read", "version": shown["version"]}).json()["usual"] == "read"
    assert ask("PATCH", path, {"usual": "edit", "version": shown["version"]}).status_code == 409
    assert ask("POST", f"{path}/retire", {"reason": "Over"}).json()["is_active"] is False
    assert ask("POST", f"{path}/restore").json()["is_active"] is True
    assert ask("POST", f"{path}/reset").status_code == 409
    assert ask("POST", f"roles/{agent.pk}/reset").status_code == 200
    assert ask("GET", f"roles/{agent.pk}").json()["is_shipped"] is True
    assert ask("GET", "roles?limit=2").status_code == 200


def test_rules_are_read_and_set_as_one_batch(ask: Ask) -> None:
    rep = str(role("sales_rep").pk)
    wanted = [
        {"role": rep, "noun": "contracts.line", "field": "unit_price", "level": "read", "stages": {"draft": "edit"}},
        {"role": rep, "noun": "contracts.line", "field": "unit_cost", "level": "hidden"},
    ]
    answer = ask("PUT", "field-rules", {"rules": wanted, "reason": "Prices are agreed"})
    assert answer.status_code == 200
    assert [(one["field"], one["level"], one["stages"], one["is_shipped"]) for one in answer.json()["items"]] == [
        ("unit_price", "read", {"draft": "edit"}, False),
        ("unit_cost", "hidden", {}, False),
    ]
    held = ask("GET", f"field-rules?noun=contracts.line&role={rep}").json()["items"]
    assert {one["field"]: one["level"] for one in held if not one["is_shipped"]} == {
        "unit_price": "read",
        "unit_cost": "hidden",
    }
    assert ask("PUT", "field-rules", {"rules": [wanted[1] | {"level": None}]}).json()["items"][0]["is_shipped"] is True


@pytest.mark.parametrize(
    "wrong",
    [
        {}, {"rules": "all"}, {"rules": [1]}, {"rules": [{"role": "x", "noun": "a", "field": "b", "level": "read"}]},
        {"rules": [{"noun": "a", "field": "b", "level": "read"}]}, {"rules": [], "colour": 1}, {"rules": [], "reason": 1},
    ],
)  # fmt: skip
def test_bad_input_is_refused_and_nothing_is_set(ask: Ask, wrong: Any) -> None:
    assert ask("PUT", "field-rules", wrong).status_code == 422
    assert not FieldRule.objects.exists()


def test_a_batch_with_one_cell_that_does_not_fit_sets_none(ask: Ask) -> None:
    rep = str(role("sales_rep").pk)
    good = {"role": rep, "noun": "contracts.line", "field": "unit_cost", "level": "hidden"}
    for more, status in (
        ({"field": "nothing"}, 422), ({"noun": "nothing.here"}, 422), ({"level": "fly"}, 422),
        ({"level": "read", "stages": {"draft": "hidden"}}, 422),
        ({"level": "hidden", "stages": {"draft": "edit"}}, 422), ({"role": str(role("agent").pk)[:-4] + "0000"}, 404),
    ):  # fmt: skip
        assert ask("PUT", "field-rules", {"rules": [good, good | more]}).status_code == status, more
    needed = good | {"noun": "contracts.contract", "field": "title", "level": "read"}
    assert ask("PUT", "field-rules", {"rules": [needed]}).json()["code"] == "needed_but_closed"
    assert not FieldRule.objects.exists()
    assert ask("PUT", "field-rules", {"rules": [needed], "is_meant": True}).status_code == 200


def test_only_who_manages_roles_is_let_in(ask: Ask) -> None:
    for who in ("ada", "fia", "cleo"):
        assert ask("GET", "roles", who=who).status_code == 403
        assert ask("GET", "field-rules", who=who).status_code == 403
        assert ask("PUT", "field-rules", {"rules": []}, who=who).status_code == 403
