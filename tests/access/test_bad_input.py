"""What part 3 names as bad input is refused in words of the reader's language, on the page and in the API, and nothing changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import translation
from django.utils.html import escape
from django.utils.translation import gettext

from hetong.accounts.middleware import TokenExpired
from hetong.accounts.models import FieldRule, Role, Team, User
from hetong.accounts.services import make_token
from hetong.accounts.services.access import LastAdministrator
from hetong.accounts.testing import make_team
from hetong.kernel import clock

pytestmark = pytest.mark.django_db
LANGUAGES = ("en", "sv", "zh-hans", "zh-hant")
NO_FIELD = "There is no field “%(field)s” here."
CYCLE = "A team cannot be part of itself or of a team below it."


@pytest.fixture(params=LANGUAGES)
def language(request: Any, cast: Any) -> Iterator[str]:
    """The language of the administrator; later tests speak English again."""
    User.objects.filter(pk=cast.users["admin"].pk).update(language=request.param)
    yield str(request.param)
    translation.deactivate()


@pytest.fixture
def page(cast: Any, language: str) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(pk=cast.users["admin"].pk))
    return client


@pytest.fixture
def api(cast: Any, language: str) -> Client:
    token = make_token(cast.admin, cast.users["admin"], label="Nightly")[1]
    return Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})


def in_words(text: str, language: str, **params: object) -> str:
    """The text as its readers read it; a language without its own words is a fault."""
    with translation.override(language):
        said = gettext(text)
    assert language == "en" or said != text, f"“{text}” has no words in {language}"
    return said % params if params else said


def test_a_role_that_locks_out_the_last_administrator(page: Client, api: Client, language: str) -> None:
    held = Role.objects.get(key="admin")
    left = [can for can in held.permissions if can != "accounts.manage_roles"]
    form = page.get(f"/settings/roles/{held.pk}/edit/").context["form"]
    given: dict[str, Any] = {one.html_name: one.value() for one in form if one.value() is not None}
    for name in [name for name in given if name.startswith("can_")]:
        given[name] = [can for can, _label in form.fields[name].choices if can in left]
    answer = page.post(f"/settings/roles/{held.pk}/edit/", given)
    body = api.patch(f"/api/v1/roles/{held.pk}", json.dumps({"permissions": left}), content_type="application/json")
    why = in_words(LastAdministrator.text, language)
    assert (answer.status_code, body.status_code) == (422, 422)
    assert escape(why) in answer.content.decode()
    assert why in json.dumps(body.json(), ensure_ascii=False)
    refused = page.post(f"/settings/roles/{held.pk}/act/retire/")
    assert (refused.status_code, escape(why) in refused.content.decode()) == (422, True)
    refused = page.post(f"/settings/users/{page.session['_auth_user_id']}/activity/", {"is_active": "false"})
    assert (refused.status_code, refused.context["error"].code) == (422, "invalid")


def test_a_rule_on_a_field_that_does_not_exist(page: Client, api: Client, language: str) -> None:
    rep = Role.objects.get(key="sales_rep")
    sent = {"contracts.line:x_gone:sales_rep": "hidden", "contracts.line:unit_cost:sales_rep": "hidden"}
    answer = page.post("/settings/field-rules/?noun=contracts.line", sent)
    rule = {"role": str(rep.pk), "noun": "contracts.line", "level": "hidden"}
    rules = {"rules": [rule | {"field": "unit_cost"}, rule | {"field": "x_gone"}]}
    body = api.put("/api/v1/field-rules", json.dumps(rules), content_type="application/json")
    why = in_words(NO_FIELD, language, field="x_gone")
    assert (answer.status_code, body.status_code) == (422, 422)
    assert escape(why) in answer.content.decode()
    assert why in json.dumps(body.json(), ensure_ascii=False)
    assert page.post("/settings/field-rules/contracts.line/x_gone/", {"level": "hidden"}).status_code == 404
    assert not FieldRule.objects.exists()


def test_a_circle_in_the_tree_of_teams(page: Client, api: Client, language: str, cast: Any) -> None:
    """Teams are read in the API and changed on pages and in cells of lists."""
    top = make_team(cast.north, "Top")
    below = make_team(cast.north, "Below", parent=top)
    why = in_words(CYCLE, language)
    for address, given in (
        (f"/settings/teams/{top.pk}/edit/", {"name": "Top", "parent": str(below.pk), "version": str(top.version)}),
        (f"/settings/teams/{top.pk}/edit/", {"name": "Top", "parent": str(top.pk), "version": str(top.version)}),
    ):
        answer = page.post(address, given)
        assert answer.status_code == 422
        assert escape(why) in answer.content.decode()
    assert api.patch(f"/api/v1/teams/{top.pk}", "{}", content_type="application/json").status_code == 405
    assert Team.objects.get(pk=top.pk).parent_id is None


def test_an_expired_token(page: Client, language: str, cast: Any) -> None:
    """Its holder hears that it is over, since when, and what now; on the page of tokens it stands as over."""
    row, secret = make_token(
        cast.admin, cast.users["admin"], label="Nightly", expires_at=clock.now() + timedelta(days=1)
    )
    caller = Client(headers={"host": "localhost", "authorization": f"Bearer {secret}"})
    assert caller.get("/api/v1/companies").status_code == 200
    with clock.set_to(clock.now() + timedelta(days=3)):
        answer = caller.get("/api/v1/companies")
        tokens = page.get("/settings/tokens/")
    assert answer.status_code == 401
    body = answer.json()
    assert body["code"] == "token_expired"
    assert row.expires_at is not None
    assert body["title"].startswith(in_words(TokenExpired.text, language, label="Nightly", day="")[:9])
    assert f"{row.expires_at:%Y-%m}" in body["title"]
    assert in_words(TokenExpired.then, language) in json.dumps(body, ensure_ascii=False)
    assert "Nightly" in tokens.content.decode()
    guessed = Client(headers={"host": "localhost", "authorization": f"Bearer {secret[:-1]}x"}).get("/api/v1/companies")
    assert guessed.json()["code"] == "sign_in_needed"
