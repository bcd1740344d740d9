"""What every operation of the API has in common: who may call it, and how it refuses."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hetong.accounts import services
from hetong.accounts.models import ApiToken, Role, User
from hetong.accounts.policy import Can
from hetong.accounts.testing import Cast, forget_access
from hetong.kernel import clock

pytestmark = pytest.mark.django_db
COMPANIES = "/api/v1/companies"


def caller(cast: Cast, name: str = "ada", **more: Any) -> Client:
    """A program with a token of that person."""
    user = cast.users[name]
    _, secret = services.make_token(getattr(cast, name), user, label="test", **more)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def problem(answer: Any, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.content
    assert answer["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert {"type", "title", "status", "code", "instance"} <= set(body)
    return body


def test_nobody_reads_without_a_token_or_a_session(cast: Cast) -> None:
    problem(Client().get(COMPANIES), 401)
    problem(Client(headers={"Authorization": "Bearer htg_unknown"}).get(COMPANIES), 401)
    problem(Client(headers={"Authorization": "Basic YTpi"}).get(COMPANIES), 401)


def test_a_token_reads_what_its_person_may_see(cast: Cast) -> None:
    body = caller(cast).get(COMPANIES).json()
    assert [item["name"] for item in body["items"]] == ["North AB"]
    assert body["next"] == ""


def test_a_session_may_read_and_a_wrong_token_is_not_saved_by_a_session(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.users["ada"])
    assert client.get(COMPANIES).status_code == 200
    problem(client.get(COMPANIES, headers={"Authorization": "Bearer htg_wrong"}), 401)


def test_the_next_request_of_a_revoked_token_is_refused(cast: Cast) -> None:
    client = caller(cast)
    assert client.get(COMPANIES).status_code == 200
    services.revoke_token(cast.ada, ApiToken.objects.get().pk)
    problem(client.get(COMPANIES), 401)


def test_a_token_ends_when_it_expires(cast: Cast) -> None:
    client = caller(cast, expires_at=clock.now() + timedelta(hours=1))
    assert client.get(COMPANIES).status_code == 200
    with clock.set_to(clock.now() + timedelta(hours=2)):
        problem(client.get(COMPANIES), 401)


def test_a_token_ends_with_its_person(cast: Cast) -> None:
    client = caller(cast)
    services.edit_users(cast.admin, [cast.users["ada"].pk], {"is_active": False})
    problem(client.get(COMPANIES), 401)


def test_a_token_needs_the_right_to_use_the_api(cast: Cast) -> None:
    client = caller(cast)
    role = Role.objects.get(key="sales_rep")
    role.permissions = [p for p in role.permissions if p != Can.USE_API]
    role.save()
    forget_access()
    problem(client.get(COMPANIES), 401)


def test_a_token_is_never_wider_than_its_person_and_its_own_limits(cast: Cast) -> None:
    from hetong.accounts.queries import actor_for_token

    _, secret = services.make_token(
        cast.ada, cast.users["ada"], label="x", permissions=["parties.view", str(Can.MANAGE_USERS)]
    )
    actor = actor_for_token(secret, via="test")
    assert actor is not None
    assert actor.may("parties.view")
    assert actor.may(Can.USE_API)
    assert not actor.may("contracts.view")
    assert not actor.may(Can.MANAGE_USERS)


def test_portal_people_hold_no_tokens(cast: Cast) -> None:
    from hetong.kernel.errors import Forbidden

    with pytest.raises(Forbidden):
        services.make_token(cast.admin, cast.users["pia"], label="x")


def test_a_secret_is_kept_only_as_a_digest(cast: Cast) -> None:
    token, secret = services.make_token(cast.ada, cast.users["ada"], label="x")
    stored = ApiToken.objects.filter(pk=token.pk).values().get()
    assert secret not in json.dumps(stored, default=str)
    assert secret.startswith(stored["prefix"])


def test_what_does_not_exist_and_what_is_not_visible_answer_alike(cast: Cast) -> None:
    client = caller(cast)
    unseen = problem(client.get(f"{COMPANIES}/{cast.south.pk}"), 404)
    nothing = problem(client.get(f"{COMPANIES}/{uuid4()}"), 404)
    assert {k: v for k, v in unseen.items() if k != "instance"} == {k: v for k, v in nothing.items() if k != "instance"}
    problem(client.get("/api/v1/nothing"), 404)
    problem(client.get(f"{COMPANIES}/not-an-id"), 404)


def test_another_method_is_refused_and_the_right_ones_are_named(cast: Cast) -> None:
    answer = caller(cast).delete(COMPANIES)
    problem(answer, 405)
    assert answer["Allow"] == "GET"
    assert caller(cast).head(COMPANIES).status_code == 200


@pytest.mark.parametrize(
    "query",
    [
        "limit=0", "limit=251", "limit=x", "limit=", "limit=９", "cursor=x", "cursor=W10", "cursor=eyJhIjoxfQ", "sort=nothing",
        "columns=secret",
        "nothing=1", "name.between=1", "group=name", "view=mine", "fragment=rows", "name=%00", "name%00=1", "is_active=perhaps", "q=%00",
        "currency=%F0%9F%92%A9", "is_active.lt=true",
    ],
)  # fmt: skip
def test_what_the_address_of_a_list_cannot_hold_is_refused_in_words(cast: Cast, query: str) -> None:
    body = problem(caller(cast, "admin").get(f"{COMPANIES}?{query}"), 422)
    assert body["title"]


def test_a_cursor_from_elsewhere_never_breaks_the_list(cast: Cast) -> None:
    from base64 import urlsafe_b64encode

    client = caller(cast, "admin")
    for forged in (
        [{"u": str(uuid4())}, {"u": str(uuid4())}],
        [10**30, {"u": str(uuid4())}],
        [{}, 1],
        [[[[]]], {"u": str(uuid4())}],
        [{"d": "2026-01-01"}, {"u": "x"}],
    ):
        cursor = urlsafe_b64encode(json.dumps(forged).encode()).decode().rstrip("=")
        answer = client.get(f"{COMPANIES}?sort=name&cursor={cursor}")
        assert answer.status_code in (200, 422), forged


def test_a_page_follows_the_other_without_loss(cast: Cast) -> None:
    from hetong.accounts.testing import make_company

    for number in range(7):
        make_company(name=f"Company {number}")
    client, seen, cursor = caller(cast, "admin"), [], ""
    for _ in range(9):
        body = client.get(f"{COMPANIES}?limit=2&sort=-name&cursor={cursor}").json()
        seen += [item["name"] for item in body["items"]]
        cursor = body["next"]
        if not cursor:
            break
    assert len(seen) == len(set(seen)) == 9
    assert seen == sorted(seen, reverse=True)


def test_only_the_columns_that_were_asked_for_come(cast: Cast) -> None:
    [item] = caller(cast).get(f"{COMPANIES}?columns=name,currency").json()["items"]
    assert set(item) == {"id", "version", "verbs", "name", "currency"}


def test_no_answer_is_kept_by_anything_between(cast: Cast) -> None:
    answer = caller(cast).get(COMPANIES)
    assert "no-store" in answer["Cache-Control"]
    assert answer["X-Request-Id"]


def test_the_description_can_be_read_without_another_host(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.users["ada"])
    page = client.get("/api/v1/docs")
    assert page.status_code == 200
    assert "http://" not in page.content.decode().replace("http://testserver", "").replace("http://www.w3.org", "")
    assert client.get("/api/v1/openapi.json").json()["openapi"] == "3.1.0"


def test_search_takes_words_and_nothing_else(cast: Cast) -> None:
    client = caller(cast)
    assert client.get("/api/v1/search?q=nothing-like-it").json() == {"items": [], "next": ""}
    problem(client.get("/api/v1/search"), 422)
    problem(client.get("/api/v1/search?q=a&name=b"), 422)


def test_a_user_of_another_company_is_not_listed(cast: Cast) -> None:
    names = {item["name"] for item in caller(cast).get("/api/v1/users?limit=250").json()["items"]}
    assert "Ben" in names
    assert "Dora" not in names
    assert "Pia" not in names
    assert User.objects.filter(name="Dora").exists()
