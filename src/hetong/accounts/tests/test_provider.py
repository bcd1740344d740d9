"""Sign-in through an OpenID Connect provider, against a small one on this machine."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
from allauth.socialaccount.models import SocialAccount
from django.test import Client

from hetong.accounts.adapter import verified_address
from hetong.accounts.models import User
from hetong.audit.models import Entry
from hetong.config.environment import Environment, SettingError
from hetong.config.providers import openid_connect, sign_in_providers
from hetong.kernel import clock

from .test_second_step import enrolled

pytestmark = pytest.mark.django_db
LOGIN, BACK = "/login/sso/sso/", "/login/sso/sso/callback/"


class Provider:
    """What the provider would say, and what it was asked."""

    def __init__(self) -> None:
        self.claims: dict[str, Any] = {"sub": "u1", "email": "Ada@example.test", "email_verified": True}
        self.userinfo: dict[str, Any] = {}
        self.over: dict[str, Any] = {}
        self.asked: list[dict[str, list[str]]] = []
        self.address = ""

    def answer(self, path: str) -> dict[str, Any]:
        if path.endswith("/openid-configuration"):
            return {
                "issuer": self.address, "authorization_endpoint": f"{self.address}/authorize", "token_endpoint": f"{self.address}/token",
                "userinfo_endpoint": f"{self.address}/userinfo", "jwks_uri": f"{self.address}/keys",
                "token_endpoint_auth_methods_supported": ["client_secret_post"],
            }  # fmt: skip
        if path == "/token":
            told = {
                "iss": self.address,
                "aud": "hetong",
                "exp": int(clock.now().timestamp()) + 60,
                **self.claims,
                **self.over,
            }
            return {
                "access_token": "t",
                "token_type": "Bearer",
                "id_token": jwt.encode(told, "k" * 32, algorithm="HS256"),
            }
        return {**self.claims, **self.userinfo}


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    played = Provider()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            body = json.dumps(played.answer(urlsplit(self.path).path)).encode()
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            played.asked.append(parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode()))
            self.do_GET()

        def log_message(self, *args: Any) -> None:
            return None

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    played.address = f"http://127.0.0.1:{server.server_port}"
    settings.SOCIALACCOUNT_PROVIDERS = openid_connect("sso", "House login", played.address, "hetong", "client-secret")
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield played
    server.shutdown()
    thread.join()
    server.server_close()


def returned(client: Client, **more: str) -> Any:
    """Go to the provider and come back with what it gives."""
    to = client.get(LOGIN, more)["Location"]
    asked = parse_qs(urlsplit(to).query)
    assert asked["code_challenge_method"] == ["S256"]
    return client.get(BACK, {"code": "c", "state": asked["state"][0]})


def is_in(client: Client) -> bool:
    return client.get("/settings/me/").status_code == 200


def test_the_button_stands_where_the_settings_name_a_provider(provider: Provider) -> None:
    assert "Sign in with House login" in Client().get("/login/").content.decode()


def test_without_the_setting_there_is_neither_button_nor_address(db: None) -> None:
    assert "Sign in with" not in Client().get("/login/").content.decode()
    assert Client().get(LOGIN).status_code == 404
    assert Client().get(BACK).status_code == 404


def test_a_known_person_with_a_verified_address_is_let_in(cast: Any, provider: Provider) -> None:
    client = Client()
    assert returned(client)["Location"] == "/"
    assert is_in(client)
    assert Entry.objects.filter(code="accounts.signed_in", subject=cast.users["ada"].pk).exists()
    assert provider.asked[0]["code_verifier"]
    assert not SocialAccount.objects.exists()


def test_it_leads_to_the_page_that_was_asked_for_and_to_no_other_host(cast: Any, provider: Provider) -> None:
    assert returned(Client(), next="/contracts/")["Location"] == "/contracts/"
    assert returned(Client(), next="//evil.example/")["Location"] == "/"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "nobody@example.test"},
        {"email_verified": False},
        {"email_verified": "true"},
        {"email_verified": None},
        {"email": ""},
    ],
)
def test_who_is_unknown_or_unverified_stays_outside_and_nobody_is_added(
    cast: Any, provider: Provider, claims: dict[str, Any]
) -> None:
    people = User.objects.count()
    provider.claims |= claims
    client = Client()
    answer = returned(client)
    assert answer.status_code == 403
    assert "Not signed in" in answer.content.decode()
    assert not is_in(client)
    assert User.objects.count() == people


def test_who_was_deactivated_stays_outside(cast: Any, provider: Provider) -> None:
    User.objects.filter(pk=cast.users["ada"].pk).update(is_active=False)
    assert returned(Client()).status_code == 403


def test_two_answers_about_two_people_are_refused(cast: Any, provider: Provider) -> None:
    provider.userinfo = {"sub": "u2", "email": "admin@example.test"}
    assert returned(Client()).status_code == 403


@pytest.mark.parametrize("over", [{"aud": "another"}, {"iss": "https://evil.example"}, {"exp": 1}])
def test_a_token_for_somebody_else_from_somewhere_else_or_too_old_is_refused(
    cast: Any, provider: Provider, over: dict[str, Any]
) -> None:
    provider.over = over
    client = Client()
    assert returned(client).status_code in (403, 502)
    assert not is_in(client)


def test_an_answer_that_nobody_here_asked_for_is_refused(cast: Any, provider: Provider) -> None:
    """A forged state signs a victim in as somebody else."""
    victim = Client()
    attacker = Client()
    state = parse_qs(urlsplit(attacker.get(LOGIN)["Location"]).query)["state"][0]
    assert victim.get(BACK, {"code": "c", "state": state}).status_code == 403
    assert not is_in(victim)


def test_the_second_step_is_asked_for_here_too(cast: Any, provider: Provider) -> None:
    enrolled(cast.users["ada"])
    client = Client()
    assert returned(client)["Location"] == "/login/code/"
    assert not is_in(client)


def test_a_provider_that_is_away_is_told_in_words(cast: Any, settings: Any) -> None:
    settings.SOCIALACCOUNT_PROVIDERS = openid_connect("sso", "House", "http://127.0.0.1:9", "hetong", "s")
    answer = Client().get(LOGIN)
    assert answer.status_code == 502
    assert "did not work" in answer.content.decode()


def test_the_settings_say_which_one_is_wrong() -> None:
    def read(**variables: str) -> dict[str, Any]:
        return sign_in_providers(Environment({f"HETONG_OIDC_{name}": value for name, value in variables.items()}))

    assert read() == {}
    assert read(ISSUER="https://x.example/realms/a/", CLIENT_ID="c")["openid_connect"]["APPS"][0]["settings"][
        "server_url"
    ].endswith("/a")
    for variables in (
        {"ISSUER": "http://x.example", "CLIENT_ID": "c"}, {"ISSUER": "x", "CLIENT_ID": "c"}, {"ISSUER": "https://x.example"},
        {"ISSUER": "https://x.example", "CLIENT_ID": "c", "ID": "../x"},
    ):  # fmt: skip
        with pytest.raises(SettingError, match="HETONG_OIDC_"):
            read(**variables)


def test_an_address_counts_only_from_the_part_that_verified_it() -> None:
    told = {
        "id_token": {"sub": "1", "email": "a@x.example"},
        "userinfo": {"sub": "1", "email": "B@x.example", "email_verified": True},
    }
    assert verified_address(told) == "b@x.example"
    assert verified_address({}) == ""
