"""S0-08: roles are added, copied, changed, retired and set back; the last administrator stays, whatever is done."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.utils.translation import override

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.queries import scoped_nouns
from hetong.accounts.services import seed_roles
from hetong.accounts.services.access import LastAdministrator, grant_roles, withdraw_grants
from hetong.accounts.services.roles import NotShipped, add_roles, edit_roles, reset_roles, restore_roles, retire_roles
from hetong.accounts.testing import grant, make_user
from hetong.audit.queries import find_history
from hetong.config.roles import ROLES
from hetong.kernel.errors import Forbidden, Invalid, Stale

pytestmark = pytest.mark.django_db


def role(key: str) -> Role:
    return Role.objects.get(key=key)


def client_of(cast: Any, name: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users[name])
    return client


def test_the_journal_names_a_role_in_the_words_of_its_reader(cast: Any) -> None:
    held = grant_roles(cast.admin, cast.users["ada"], [(role("finance"), None, None)])
    withdraw_grants(cast.admin, [one.pk for one in held])
    told = {}
    for language in ("en", "sv"):
        cast.users["admin"].language = language
        cast.users["admin"].save()
        with override(language):
            told[language] = [one.sentence for one in find_history(cast.admin, "accounts.user", cast.users["ada"].pk)]
    assert told["en"][:2] == ["withdrew the role Finance", "granted the role Finance"]
    assert told["sv"][:2] == ["drog tillbaka rollen Ekonomi", "tilldelade rollen Ekonomi"]


def test_a_permission_taken_away_is_gone_with_the_next_request(cast: Any) -> None:
    """C5."""
    ada = client_of(cast, "ada")
    assert ada.get("/contracts/new/").status_code == 200
    held = role("sales_rep")
    edit_roles(cast.admin, [held.pk], {"permissions": [c for c in held.permissions if c != "contracts.add"]})
    assert ada.get("/contracts/new/").status_code == 403


def test_a_retired_role_gives_nothing_from_the_next_request_on(cast: Any) -> None:
    ada = client_of(cast, "ada")
    retire_roles(cast.admin, [role("sales_rep").pk], reason="Merged")
    assert ada.get("/contracts/").status_code == 403
    restore_roles(cast.admin, [role("sales_rep").pk])
    assert ada.get("/contracts/").status_code == 200


@pytest.mark.parametrize("gone", ["accounts.manage_users", "accounts.manage_roles"])
def test_a_role_that_locks_out_the_last_administrator_is_refused(cast: Any, gone: str) -> None:
    held = role("admin")
    with pytest.raises(LastAdministrator):
        edit_roles(cast.admin, [held.pk], {"permissions": [c for c in held.permissions if c != gone]})
    with pytest.raises(LastAdministrator):
        retire_roles(cast.admin, [held.pk])
    assert cast.admin.may(gone)


def test_a_second_administrator_lets_the_first_go(cast: Any) -> None:
    [copy] = add_roles(cast.admin, [{"copy_of": str(role("admin").pk), "labels": {"en": "Second"}}])
    grant(make_user("Zoe"), copy.key, None)
    retire_roles(cast.admin, [role("admin").pk])


def test_what_makes_no_role_is_refused_in_words(cast: Any) -> None:
    base = {"labels": {"en": "X"}, "permissions": [], "reach": {"*": "OWN"}}
    for wrong, code in (
        ({"labels": {}}, "no_label"),
        ({"permissions": ["contracts.fly"]}, "invalid"),
        ({"reach": {"*": "MOON"}}, "invalid"),
        ({"reach": {"contracts.nothing": "OWN"}}, "invalid"),
        ({"usual": "write"}, "invalid"),
        ({"permissions": "contracts.view"}, "invalid"),
        ({"colour": "blue"}, "unknown_field"),
    ):
        with pytest.raises(Invalid) as refused:
            add_roles(cast.admin, [base | wrong])
        assert refused.value.code == code


def test_only_who_manages_roles_everywhere_changes_them(cast: Any) -> None:
    grant(cast.users["ben"], "admin", cast.north)
    for who in (cast.ada, cast.ben, cast.cleo):
        with pytest.raises(Forbidden):
            edit_roles(who, [role("agent").pk], {"permissions": []})
        with pytest.raises(Forbidden):
            add_roles(who, [{"labels": {"en": "Mine"}}])


def test_a_shipped_role_is_set_back_whole_and_follows_upgrades_again(cast: Any) -> None:
    agent = role("agent")
    FieldRule.objects.create(role=agent, noun="contracts.line", field="unit_cost", level=2)
    edit_roles(
        cast.admin, [agent.pk], {"permissions": ["contracts.view"], "labels": {"en": "Seller"}, "reach": {"*": "ALL"}}
    )
    seed_roles(ROLES)
    assert role("agent").permissions == ["contracts.view"]  # an upgrade leaves it as it was made
    reset_roles(cast.admin, [agent.pk], reason="As before")
    assert role("agent").permissions == sorted(ROLES["agent"][0].permissions)
    assert not FieldRule.objects.exists()
    assert not role("agent").is_changed
    said = find_history(cast.admin, "accounts.role", agent.pk)[0]
    assert said.reason == "As before"
    assert {c.name for c in said.changes} == {"name", "permissions", "reach", "rules"}


def test_a_role_made_here_has_nothing_to_be_set_back_to(cast: Any) -> None:
    [own] = add_roles(cast.admin, [{"labels": {"en": "Mine"}}])
    with pytest.raises(NotShipped):
        reset_roles(cast.admin, [own.pk])


def test_two_administrators_do_not_run_over_each_other(cast: Any) -> None:
    agent = role("agent")
    edit_roles(cast.admin, [agent.pk], {"usual": "read"})
    with pytest.raises(Stale):
        edit_roles(cast.admin, [agent.pk], {"usual": "edit"}, versions={agent.pk: agent.version})


def test_the_nouns_with_a_reach_of_their_own_are_found_in_the_running_product(cast: Any) -> None:
    keys = {entry.key for entry in scoped_nouns()}
    assert {"contracts.contract", "contracts.project", "parties.party"} <= keys
    assert "parties.kind" not in keys


# -- the pages -------------------------------------------------------------------------------------


def test_a_role_is_copied_and_changed_on_its_pages(cast: Any) -> None:
    admin = client_of(cast, "admin")
    agent = role("agent")
    assert admin.get(f"/settings/roles/new/?copy_of={agent.pk}").status_code == 200
    given = {
        "copy_of": str(agent.pk),
        "name_en": "Agent, north",
        "reach_all": "OWN",
        "usual": "edit",
        "can_1": ["contracts.view"],
    }
    answer = admin.post("/settings/roles/new/", given)
    assert answer.status_code == 302
    made = Role.objects.get(labels__en="Agent, north")
    assert (made.base, made.permissions, made.reach) == ("agent", ["contracts.view"], agent.reach)
    edited = given | {"name_en": "Agent, south", "version": str(made.version), "reach_parties.party": "TEAM"}
    assert admin.post(f"/settings/roles/{made.pk}/edit/", edited).status_code == 302
    made.refresh_from_db()
    assert made.reach == agent.reach | {"parties.party": "TEAM"}
    assert admin.get(f"/settings/roles/{made.pk}/history/").status_code == 200


def test_the_form_says_why_a_role_cannot_be_saved(cast: Any) -> None:
    admin = client_of(cast, "admin")
    held = role("admin")
    answer = admin.post(
        f"/settings/roles/{held.pk}/edit/", {"name_en": "Administrator", "reach_all": "ALL", "usual": "edit"}
    )
    assert answer.status_code == 422
    assert "nobody who can manage people and roles" in answer.content.decode()
    assert admin.post("/settings/roles/new/", {"reach_all": "OWN", "usual": "edit"}).status_code == 422


def test_who_manages_people_reads_roles_and_changes_none(cast: Any) -> None:
    held = role("finance")
    edit_roles(cast.admin, [held.pk], {"permissions": [*held.permissions, "accounts.manage_users"]})
    fia = client_of(cast, "fia")
    assert fia.get("/settings/roles/").status_code == 200
    assert fia.get(f"/settings/roles/{held.pk}/").status_code == 200
    assert fia.get(f"/settings/roles/{held.pk}/edit/").status_code == 403
    assert fia.post(f"/settings/roles/{held.pk}/act/retire/").status_code == 403
    assert client_of(cast, "ada").get(f"/settings/roles/{held.pk}/").status_code == 403
