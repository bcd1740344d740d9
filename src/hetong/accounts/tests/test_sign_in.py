from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from hetong.accounts.adapter import DEVICE_COOKIE
from hetong.accounts.models import User
from hetong.accounts.testing import make_user
from hetong.audit.models import Entry

pytestmark = pytest.mark.django_db
PASSWORD = "secret-enough"
ADA = "ada@example.test"


@pytest.fixture(autouse=True)
def ada() -> User:
    cache.clear()
    return make_user("Ada")


def sign_in(client: Client, email: str = ADA, password: str = PASSWORD, **more: Any) -> Any:
    return client.post("/login/", {"login": email, "password": password, **more})


def test_the_sign_in_page_offers_languages_and_no_account_creation(client: Client) -> None:
    page = client.get("/login/").content.decode()
    assert "简体中文" in page
    assert "Svenska" in page
    assert "signup" not in page
    assert "hetong-demo" not in page


def test_a_demo_installation_names_its_people(client: Client) -> None:
    make_user("Demo", email="sales@demo.example")
    assert "sales@demo.example" in client.get("/login/").content.decode()


def test_signing_in_leads_home_and_leaves_an_entry(client: Client, ada: User) -> None:
    answer = sign_in(client)
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert Entry.objects.filter(code="accounts.signed_in", subject=ada.pk).count() == 1


def test_the_address_counts_without_case(client: Client) -> None:
    assert sign_in(client, "ADA@Example.test").status_code == 302


@pytest.mark.parametrize(
    "elsewhere", ["https://evil.example/", "//evil.example/", "javascript:alert(1)", "http://testserver@evil.example/"]
)
def test_next_never_leads_to_another_host(client: Client, elsewhere: str) -> None:
    assert sign_in(client, next=elsewhere)["Location"] == "/"


def test_next_leads_to_the_page_that_was_asked_for(client: Client) -> None:
    assert sign_in(client, next="/settings/me/")["Location"] == "/settings/me/"


def test_an_unknown_address_and_a_wrong_password_are_answered_alike(client: Client) -> None:
    known = sign_in(client, password="wrong-password")
    unknown = sign_in(Client(), "nobody@example.test", "wrong-password")
    words = "The address or the password is not right."
    assert words in known.content.decode()
    assert words in unknown.content.decode()
    assert known.status_code == unknown.status_code == 200


def test_both_cost_one_password_hash(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    from django.contrib.auth import hashers

    hashed: list[str] = []
    plain = hashers.MD5PasswordHasher.encode
    monkeypatch.setattr(
        hashers.MD5PasswordHasher, "encode", lambda self, *a, **k: hashed.append("one") or plain(self, *a, **k)
    )
    counts = []
    for email in (ADA, "nobody@example.test"):
        hashed.clear()
        sign_in(Client(), email, "wrong-password")
        counts.append(len(hashed))
    assert counts[0] == counts[1] == 1


def test_somebody_deactivated_is_answered_like_a_stranger(client: Client, ada: User) -> None:
    User.objects.filter(pk=ada.pk).update(is_active=False)
    answer = sign_in(client)
    assert answer.status_code == 200
    assert "is not right" in answer.content.decode()


def test_failures_are_kept_without_what_was_typed(client: Client, ada: User) -> None:
    sign_in(client, password="wrong-password")
    sign_in(client, "my-password@typed.here", "x")
    entries = Entry.objects.filter(code="accounts.sign_in_failed")
    assert {e.subject for e in entries} == {ada.pk, None}
    assert "typed.here" not in "".join(f"{e.label}{e.params}{e.actor_label}" for e in entries)


@pytest.mark.parametrize("email", [ADA, "nobody@example.test"])
def test_after_ten_tries_an_account_is_closed_for_a_while_whoever_tries_from_wherever(email: str) -> None:
    for number in range(10):
        assert (
            "is not right"
            in Client(REMOTE_ADDR=f"10.0.0.{number}")
            .post("/login/", {"login": email, "password": "no"})
            .content.decode()
        )
    answer = Client(REMOTE_ADDR="10.0.1.1").post("/login/", {"login": email, "password": PASSWORD})
    assert answer.status_code == 200
    assert "too many tries" in answer.content.decode()


def test_a_strangers_tries_do_not_lock_out_a_device_that_signed_in_before(client: Client) -> None:
    assert sign_in(client).status_code == 302
    assert DEVICE_COOKIE in client.cookies
    client.post("/logout/")
    for number in range(11):
        sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), password="guess")
    assert sign_in(Client(REMOTE_ADDR="10.9.9.9")).status_code == 200
    assert sign_in(client).status_code == 302


def test_a_forged_device_mark_counts_with_the_others() -> None:
    for number in range(10):
        sign_in(Client(REMOTE_ADDR=f"10.0.0.{number}"), password="guess")
    forged = Client(REMOTE_ADDR="10.0.2.1")
    forged.cookies[DEVICE_COOKIE] = "WyJhYmMiLFsiYWRhQGV4YW1wbGUudGVzdCJdXQ:1abc:forged"
    assert sign_in(forged).status_code == 200


def test_one_address_cannot_try_many_accounts() -> None:
    client = Client(REMOTE_ADDR="10.0.3.1")
    answers = [sign_in(client, f"p{n}@example.test", "guess").content.decode() for n in range(51)]
    assert "is not right" in answers[49]
    assert "too many tries" in answers[50]


def test_signing_out_needs_a_post_and_ends_the_session(client: Client, ada: User) -> None:
    client.force_login(ada)
    assert client.get("/logout/").status_code == 200
    assert client.get("/settings/me/").status_code != 302
    assert client.post("/logout/")["Location"] == "/login/"
    assert client.get("/settings/me/").status_code == 302
    assert Entry.objects.filter(code="accounts.signed_out", subject=ada.pk).exists()


def test_every_post_of_these_pages_needs_the_csrf_token(ada: User) -> None:
    client = Client(enforce_csrf_checks=True)
    for path in ("/login/", "/logout/", "/preferences/"):
        assert client.post(path, {"login": ADA, "password": PASSWORD}).status_code == 403


def test_the_session_changes_at_sign_in(client: Client) -> None:
    client.get("/login/")
    client.session["x"] = 1
    before = client.session.session_key
    sign_in(client)
    assert client.session.session_key != before
    cookie = client.cookies["hetong-session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_nothing_else_of_the_sign_in_library_is_reachable(client: Client) -> None:
    for path in ("/signup/", "/accounts/signup/", "/accounts/login/", "/password/reset/", "/login/signup/"):
        assert client.get(path).status_code == 404


def test_customers_see_only_that_there_is_nothing_yet(client: Client) -> None:
    make_user("Pia", kind="portal")
    assert sign_in(client, "pia@example.test")["Location"] == "/portal/"
    assert "Nothing here yet" in client.get("/portal/").content.decode()
    assert client.get("/")["Location"] == "/portal/"
    assert client.get("/settings/").status_code == 404


def test_the_language_can_be_chosen_before_signing_in(client: Client) -> None:
    answer = client.post("/preferences/", {"language": "sv", "next": "/login/"})
    assert answer["Location"] == "/login/"
    assert 'lang="sv"' in client.get("/login/").content.decode()


def test_the_language_and_theme_of_a_person_stay_with_the_person(client: Client, ada: User) -> None:
    client.force_login(ada)
    client.post("/preferences/", {"language": "zh-hans", "theme": "dark", "next": "//evil.example"})
    ada.refresh_from_db()
    assert (ada.language, ada.theme) == ("zh-hans", "dark")
    assert client.post("/preferences/", {"language": "xx"}).status_code == 422
