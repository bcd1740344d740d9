from __future__ import annotations

import pytest

from hetong.accounts.wording import permission_words, reach_words
from hetong.config.permissions import GROUPS, PERMISSIONS
from hetong.config.policy import all_permissions, closed_addresses
from hetong.config.roles import ROLES


def test_every_permission_has_a_name_and_a_group() -> None:
    assert {str(code) for code in PERMISSIONS} == set(all_permissions())
    assert {code.partition(".")[0] for code in all_permissions()} == set(GROUPS)


def test_roles_name_only_permissions_that_exist() -> None:
    for facts, _ in ROLES.values():
        assert facts.permissions <= all_permissions()


def test_a_role_can_be_told_in_words() -> None:
    facts, _ = ROLES["sales_rep"]
    groups = permission_words(facts.permissions)
    assert groups[0]["app"] == "Parties"
    assert groups[0]["words"][0] == "see parties"
    assert {"noun": "everything else", "reach": "own records"} in reach_words(
        {n: r.name for n, r in facts.reach.items()}
    )


def test_an_address_without_policy_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    assert closed_addresses() == []
    monkeypatch.setattr("hetong.config.policy.url_names", lambda: iter(["home", "secret:page"]))
    [found] = closed_addresses()
    assert "secret:page" in found.msg
