from __future__ import annotations

import re
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from hetong.accounts.models import ApiToken, Company, Grant, Role, Team, User
from hetong.accounts.testing import Cast, forget_access
from hetong.audit.models import Entry

pytestmark = pytest.mark.django_db


def inside(cast: Cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def text(answer: Any) -> str:
    return str(answer.content.decode())


PAGES = [
    "settings",
    "me",
    "tokens",
    "companies",
    "company_add",
    "teams",
    "team_add",
    "users",
    "user_add",
    "roles",
    "components",
]


@pytest.mark.parametrize("page", PAGES)
def test_every_page_opens_for_the_administrator(cast: Cast, page: str) -> None:
    assert inside(cast, "admin").get(reverse(f"accounts:{page}")).status_code == 200


@pytest.mark.parametrize("page", sorted(set(PAGES) - {"settings", "me", "tokens"}))
def test_what_a_salesperson_may_not_manage_is_forbidden(cast: Cast, page: str) -> None:
    assert inside(cast, "ada").get(reverse(f"accounts:{page}")).status_code == 403


def test_the_index_offers_only_what_the_reader_may_open(cast: Cast) -> None:
    own, all_of_it = text(inside(cast, "ada").get("/settings/")), text(inside(cast, "admin").get("/settings/"))
    assert "/settings/me/" in own
    assert "/settings/users/" not in own
    assert "/settings/users/" in all_of_it
    assert "/settings/companies/" in all_of_it


def test_ones_own_settings_are_kept(cast: Cast) -> None:
    given = {"name": "Ada L", "language": "sv", "zone": "Asia/Shanghai", "theme": "dark", "home": "/contracts/"}
    assert inside(cast, "ada").post("/settings/me/", given).status_code == 302
    ada = User.objects.get(pk=cast.users["ada"].pk)
    assert (ada.name, ada.language, ada.zone, ada.theme, ada.home, ada.has_shortcuts) == (
        "Ada L",
        "sv",
        "Asia/Shanghai",
        "dark",
        "/contracts/",
        False,
    )


def test_a_wrong_setting_is_refused_and_what_was_typed_stays(cast: Cast) -> None:
    answer = inside(cast, "ada").post(
        "/settings/me/", {"name": "Ada Kept", "language": "en", "zone": "Mars/Base", "theme": "dark", "home": ""}
    )
    assert answer.status_code == 422
    assert "Ada Kept" in text(answer)


@pytest.mark.parametrize("home", ["https://evil.example/", "//evil.example", "javascript:alert(1)", "contracts"])
def test_the_first_page_is_a_page_of_ours(cast: Cast, home: str) -> None:
    given = {"name": "Ada", "language": "en", "zone": "UTC", "theme": "dark", "home": home}
    assert inside(cast, "ada").post("/settings/me/", given).status_code == 422


def test_a_new_password_ends_the_other_sessions(cast: Cast) -> None:
    cache.clear()
    here, there = inside(cast, "ada"), inside(cast, "ada")
    new = "another-long-secret"
    assert (
        here.post(
            "/settings/me/password/", {"old_password": "wrong", "new_password1": new, "new_password2": new}
        ).status_code
        == 422
    )
    answer = here.post(
        "/settings/me/password/", {"old_password": "secret-enough", "new_password1": new, "new_password2": new}
    )
    assert answer.status_code == 302
    assert here.get("/settings/me/").status_code == 200
    assert there.get("/settings/me/").status_code == 302
    assert Entry.objects.filter(code="accounts.password_set").count() == 1


def test_a_session_left_open_cannot_guess_the_password(cast: Cast) -> None:
    cache.clear()
    client = inside(cast, "ada")
    given = {"old_password": "guess", "new_password1": "another-long-secret", "new_password2": "another-long-secret"}
    answers = [client.post("/settings/me/password/", given).status_code for _ in range(6)]
    assert answers == [422] * 5 + [429]


def test_a_token_is_shown_once_and_can_be_revoked(cast: Cast) -> None:
    client = inside(cast, "ada")
    page = text(client.post("/settings/tokens/", {"label": "Sync", "days": "90", "limited": ["parties.view"]}))
    [secret] = set(re.findall(r"htg_[\w-]{40,}", page))
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/companies").status_code == 200
    again = text(client.get("/settings/tokens/"))
    assert secret not in again
    assert secret[:12] in again
    token = ApiToken.objects.get()
    assert token.permissions == ["parties.view"]
    assert token.expires_at is not None
    client.post(reverse("accounts:token_revoke", args=[token.pk]))
    assert Client(headers={"Authorization": f"Bearer {secret}"}).get("/api/v1/companies").status_code == 401


def test_a_token_cannot_be_given_what_its_person_may_not_do(cast: Cast) -> None:
    assert (
        inside(cast, "ada")
        .post("/settings/tokens/", {"label": "x", "days": "90", "limited": ["accounts.manage_users"]})
        .status_code
        == 422
    )


def test_somebody_elses_token_cannot_be_revoked(cast: Cast) -> None:
    from hetong.accounts.services import make_token

    token, _ = make_token(cast.ada, cast.users["ada"], label="x")
    assert inside(cast, "ben").post(reverse("accounts:token_revoke", args=[token.pk])).status_code == 404


def test_an_administrator_adds_a_person_who_then_chooses_a_password(cast: Cast) -> None:
    client = inside(cast, "admin")
    answer = client.post(
        "/settings/users/new/",
        {"name": "Nils", "email": "Nils@Example.test", "language": "sv", "zone": "Europe/Stockholm"},
    )
    nils = User.objects.get(email="nils@example.test")
    assert answer["Location"] == reverse("accounts:user", args=[nils.pk])
    role = Role.objects.get(key="sales_rep")
    granted = client.post(
        reverse("accounts:user_grants", args=[nils.pk]),
        {"role": role.pk, "company": cast.north.pk, "team": cast.sales.pk},
    )
    assert granted.status_code == 302
    [link] = set(
        re.findall(
            r"http://testserver/login/password/[^\"<\s]+",
            text(client.post(reverse("accounts:user_link", args=[nils.pk]))),
        )
    )
    them = Client()
    assert them.get(link).status_code == 200
    assert them.post(link, {"new_password1": "short", "new_password2": "short"}).status_code == 422
    assert (
        them.post(link, {"new_password1": "a-long-enough-one", "new_password2": "a-long-enough-one"})["Location"]
        == "/login/"
    )
    assert them.get(link).status_code == 404
    assert them.post("/login/", {"login": "nils@example.test", "password": "a-long-enough-one"}).status_code == 302
    codes = set(Entry.objects.filter(subject=nils.pk).values_list("code", flat=True))
    assert {"accounts.user_added", "accounts.granted", "accounts.password_link_made", "accounts.password_set"} <= codes


def test_two_people_cannot_share_an_address(cast: Cast) -> None:
    answer = inside(cast, "admin").post(
        "/settings/users/new/", {"name": "Twin", "email": "ADA@example.test", "language": "en", "zone": "UTC"}
    )
    assert answer.status_code == 422
    assert not User.objects.filter(name="Twin").exists()


def test_a_damaged_password_link_is_not_found(cast: Cast) -> None:
    for link in ("/login/password/x/y/", f"/login/password/{'A' * 40}/c-x/", "/login/password/%00/x/"):
        assert Client().get(link).status_code == 404


def test_who_is_deactivated_is_out_with_the_next_request(cast: Cast) -> None:
    hers = inside(cast, "ada")
    assert hers.get("/settings/").status_code == 200
    url = reverse("accounts:user_activity", args=[cast.users["ada"].pk])
    assert inside(cast, "admin").post(url, {"is_active": "false"}).status_code == 302
    assert hers.get("/settings/").status_code == 302
    assert inside(cast, "admin").post(url, {"is_active": "true"}).status_code == 302
    assert User.objects.get(pk=cast.users["ada"].pk).is_active


def test_the_last_administrator_stays(cast: Cast) -> None:
    client, admin = inside(cast, "admin"), cast.users["admin"]
    assert client.post(reverse("accounts:user_activity", args=[admin.pk]), {"is_active": "false"}).status_code == 422
    grant = Grant.objects.get(user=admin)
    assert client.post(reverse("accounts:grant_withdraw", args=[admin.pk, grant.pk])).status_code == 422
    assert Grant.objects.filter(pk=grant.pk).exists()


def test_a_withdrawn_role_counts_from_the_next_request(cast: Cast) -> None:
    forget_access()
    lin = inside(cast, "lin")
    assert lin.get("/api/v1/companies").json()["items"]
    for grant in Grant.objects.filter(user=cast.users["lin"]):
        inside(cast, "admin").post(reverse("accounts:grant_withdraw", args=[grant.user_id, grant.pk]))
    assert lin.get("/api/v1/companies").json()["items"] == []


@pytest.fixture
def north_admin(cast: Cast) -> Client:
    """Olle, administrator of one company only."""
    Grant.objects.filter(user=cast.users["olle"]).delete()
    Grant.objects.create(user=cast.users["olle"], role=Role.objects.get(key="admin"), company=cast.north)
    forget_access()
    return inside(cast, "olle")


def test_an_administrator_of_one_company_cannot_take_over_wider_accounts(cast: Cast, north_admin: Client) -> None:
    admin, ada = cast.users["admin"], cast.users["ada"]
    given = {"name": "X", "email": "x@example.test", "language": "en", "zone": "UTC"}
    assert north_admin.post(reverse("accounts:user_link", args=[admin.pk])).status_code == 403
    assert north_admin.post(reverse("accounts:user_edit", args=[admin.pk]), given).status_code == 403
    assert (
        north_admin.post(reverse("accounts:user_activity", args=[admin.pk]), {"is_active": "false"}).status_code == 403
    )
    assert north_admin.post(reverse("accounts:user_link", args=[ada.pk])).status_code == 200


def test_an_administrator_of_one_company_cannot_grant_beyond_it(cast: Cast, north_admin: Client) -> None:
    from hetong.accounts.services import grant_roles
    from hetong.kernel.errors import Forbidden

    role, ada = Role.objects.get(key="admin"), cast.users["ada"]
    url = reverse("accounts:user_grants", args=[ada.pk])
    assert north_admin.post(url, {"role": role.pk, "company": "all"}).status_code == 422
    assert north_admin.post(url, {"role": role.pk, "company": cast.south.pk}).status_code == 422
    with pytest.raises(Forbidden):
        grant_roles(cast.olle, ada, [(role, None, None)])
    assert north_admin.post(reverse("accounts:company_add"), {"name": "New"}).status_code == 403


def test_companies_are_added_and_edited_with_a_trace(cast: Cast) -> None:
    client = inside(cast, "admin")
    given = {
        "name": "East KK", "local_name": "東株式会社", "country": "JP", "currency": "JPY", "zone": "Asia/Tokyo", "language": "en",
        "contract_prefix": "EA",
    }  # fmt: skip
    answer = client.post("/settings/companies/new/", given)
    east = Company.objects.get(name="East KK")
    assert answer["Location"] == f"/settings/companies/{east.pk}/"
    assert "東株式会社" in text(client.get(f"/settings/companies/{east.pk}/"))
    assert (
        client.post(
            f"/settings/companies/{east.pk}/edit/", given | {"name": "East Ltd", "is_active": "on", "version": 1}
        ).status_code
        == 302
    )
    east.refresh_from_db()
    assert (east.name, east.version) == ("East Ltd", 2)
    assert Entry.objects.filter(subject=east.pk).count() == 2


def test_a_team_cannot_be_part_of_itself_or_of_a_team_below(cast: Cast) -> None:
    client = inside(cast, "admin")
    client.post("/settings/teams/new/", {"name": "Nordic", "company": cast.north.pk, "parent": cast.sales.pk})
    nordic = Team.objects.get(name="Nordic")
    for parent in (nordic.pk, cast.sales.pk):
        answer = client.post(
            reverse("accounts:team_edit", args=[cast.sales.pk]),
            {"name": "Sales", "parent": parent, "is_active": "on", "version": 1},
        )
        assert answer.status_code == 422
    assert "Nordic" in text(client.get(f"/settings/companies/{cast.north.pk}/"))


def test_a_teams_parent_is_of_the_same_company_and_its_name_is_its_own(cast: Cast) -> None:
    client = inside(cast, "admin")
    other = Team.objects.get(name="Far sales")
    assert (
        client.post("/settings/teams/new/", {"name": "X", "company": cast.north.pk, "parent": other.pk}).status_code
        == 422
    )
    assert client.post("/settings/teams/new/", {"name": "SALES", "company": cast.north.pk}).status_code == 422


def test_colleagues_can_be_looked_at_but_not_people_of_other_companies(cast: Cast) -> None:
    ada = inside(cast, "ada")
    page = ada.get(f"/settings/users/{cast.users['ben'].pk}/")
    assert page.status_code == 200
    assert "Grant role" not in text(page)
    assert ada.get(f"/settings/users/{cast.users['dora'].pk}/").status_code == 404
    assert ada.get(f"/settings/companies/{cast.south.pk}/").status_code == 404


def test_roles_say_what_they_may_do(cast: Cast) -> None:
    page = text(inside(cast, "admin").get("/settings/roles/"))
    assert "Sales rep" in page
    assert "own records" in page
