"""The second step of a sign-in: app, recovery codes, throttles, what a stolen password or session cannot do (trust H2, rows 12, 13)."""

from __future__ import annotations

import re
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core.cache import cache
from django.test import Client

from hetong.accounts.models import User
from hetong.accounts.queries import actor_for
from hetong.accounts.security import codes_left, has_factor
from hetong.accounts.services import renew_codes
from hetong.audit.models import Entry
from hetong.kernel import clock

pytestmark = pytest.mark.django_db
ADA = {"login": "ada@example.test", "password": "secret-enough"}


@pytest.fixture(autouse=True)
def counters_begin_anew() -> None:
    cache.clear()


def code_of(secret: str, *, ahead: int = 0) -> str:
    """What the app shows now, or some steps later."""
    return format_hotp_value(hotp_value(secret, int(clock.now().timestamp()) // 30 + ahead))


def enrolled(user: User) -> str:
    """Give somebody an app without the pages; returns its secret."""
    secret = generate_totp_secret()
    TOTP.activate(user, secret)
    return secret


def signed_in(client: Client | None = None) -> Client:
    client = client or Client()
    client.post("/login/", ADA)
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/me/").status_code == 200


def wrong(secret: str) -> str:
    valid = {code_of(secret, ahead=n) for n in (-2, -1, 0, 1, 2)}
    return next(code for code in ("000000", "111111", "222222", "333333", "444444", "555555") if code not in valid)


def test_somebody_adds_an_app_gets_codes_once_and_signs_in_with_both(cast: Any) -> None:
    client = signed_in()
    page = client.get("/settings/sign-in/app/").content.decode()
    found = re.search(r"<code class=\"id\">([A-Z2-7 ]+)</code>", page)
    assert found is not None
    assert "data:image/svg+xml;base64," in page
    secret = found.group(1).replace(" ", "")
    first = code_of(secret)
    answer = client.post("/settings/sign-in/app/", {"code": first})
    codes = re.findall(r"<li><code class=\"id\">(\d{8})</code>", answer.content.decode())
    assert len(codes) == 10
    assert codes[0] not in client.get("/settings/sign-in/").content.decode()
    assert Entry.objects.filter(code="accounts.factor_added", subject=cast.users["ada"].pk).exists()
    assert secret not in str(Authenticator.objects.values_list("data", flat=True))

    other = Client()
    assert other.post("/login/", ADA)["Location"] == "/login/code/"
    assert not is_in(other)
    assert "used already" in other.post("/login/code/", {"code": first}).content.decode() or not is_in(other)
    assert other.post("/login/code/", {"code": codes[0]}).status_code == 302
    assert is_in(other)
    third = signed_in()
    assert not is_in(third)
    third.post("/login/code/", {"code": codes[0]})
    assert not is_in(third), "a recovery code works once"


def test_a_code_works_once_even_where_clocks_differ(cast: Any) -> None:
    """H2: OTP reuse."""
    secret = enrolled(cast.users["ada"])
    with time_machine.travel(clock.now(), tick=False) as moment:
        code = code_of(secret, ahead=1)
        first, second = signed_in(), signed_in()
        first.post("/login/code/", {"code": code})
        assert is_in(first)
        moment.shift(31)
        second.post("/login/code/", {"code": code})
        assert not is_in(second)
        moment.shift(31)
        second.post("/login/code/", {"code": code[:3] + " " + code[3:]})
        assert not is_in(second)


def test_codes_are_tried_at_most_five_times_in_five_minutes_from_wherever(cast: Any) -> None:
    """H2: ≤ 5 tries / 5 min, also with the right one after that."""
    secret = enrolled(cast.users["ada"])
    for n in range(5):
        client = signed_in(Client(REMOTE_ADDR=f"10.0.0.{n}"))
        assert "not right" in client.post("/login/code/", {"code": wrong(secret)}).content.decode()
    client = signed_in(Client(REMOTE_ADDR="10.0.1.1"))
    assert "too many tries" in client.post("/login/code/", {"code": code_of(secret)}).content.decode()
    assert not is_in(client)
    assert Entry.objects.filter(code="accounts.factor_failed").count() == 5


def test_the_second_page_is_nothing_without_the_first(cast: Any) -> None:
    enrolled(cast.users["ada"])
    assert Client().get("/login/code/")["Location"] == "/login/"
    assert Client().post("/login/code/", {"code": "1"})["Location"] == "/login/"


def test_a_stolen_session_neither_adds_nor_removes_a_second_step(cast: Any) -> None:
    client = Client()
    client.force_login(cast.users["ada"])
    enrolled(cast.users["ada"])
    factor = Authenticator.objects.get()
    for path in (f"/settings/sign-in/{factor.pk}/remove/", "/settings/sign-in/codes/"):
        assert client.post(path)["Location"].startswith("/settings/sign-in/prove/")
    assert client.get("/settings/sign-in/app/")["Location"].startswith("/settings/sign-in/prove/")
    assert has_factor(cast.users["ada"].pk)


def test_it_is_removed_after_it_was_given_and_the_recovery_codes_go_with_it(cast: Any) -> None:
    ada = cast.users["ada"]
    secret = enrolled(ada)
    renew_codes(actor_for(ada))
    assert codes_left(ada) == 10
    client = Client()
    client.force_login(ada)
    proof = client.post("/settings/sign-in/prove/?next=/settings/sign-in/", {"code": code_of(secret)})
    assert proof["Location"] == "/settings/sign-in/"
    factor = Authenticator.objects.get(type="totp")
    assert client.post(f"/settings/sign-in/{factor.pk}/remove/").status_code == 302
    assert not Authenticator.objects.exists()
    assert Entry.objects.filter(code="accounts.factor_removed").exists()


def test_a_password_does_not_prove_who_has_a_second_step(cast: Any) -> None:
    client = signed_in()
    enrolled(cast.users["ada"])
    factor = Authenticator.objects.get()
    assert client.post(f"/settings/sign-in/{factor.pk}/remove/")["Location"].startswith("/settings/sign-in/prove/")
    page = client.post("/settings/sign-in/prove/", {"password": "secret-enough"})
    assert page.status_code == 422
    assert has_factor(cast.users["ada"].pk)


@pytest.mark.parametrize("keyed", [False, True])
def test_codes_and_passwords_are_counted_in_the_settings_too(cast: Any, keyed: bool) -> None:
    """Trust row 12: a session cannot guess, not even by a key whose refusal rolls everything back."""
    client = Client()
    client.force_login(cast.users["ada"])
    texts = []
    for n in range(6):
        given = {"password": "guess"} | ({"once_key": f"key-{n}"} if keyed else {})
        texts.append(client.post("/settings/sign-in/prove/", given).content.decode())
    assert "not right" in texts[4]
    assert "too many tries" in texts[5]


def test_proving_leads_to_pages_of_ours_only(cast: Any) -> None:
    client = Client()
    client.force_login(cast.users["ada"])
    answer = client.post("/settings/sign-in/prove/?next=//evil.example/", {"password": "secret-enough"})
    assert answer["Location"] == "/settings/sign-in/"


def test_a_foreign_factor_cannot_be_removed(cast: Any) -> None:
    enrolled(cast.users["ben"])
    client = signed_in()
    assert client.post(f"/settings/sign-in/{Authenticator.objects.get().pk}/remove/").status_code == 404


def test_where_the_site_wants_one_only_the_page_to_add_it_is_open(cast: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = ["sales_rep"]
    client = signed_in()
    assert client.get("/contracts/")["Location"] == "/settings/sign-in/"
    assert client.get("/api/v1/companies").status_code == 403
    assert client.post("/contracts/new/", {"title": "x"})["Location"] == "/settings/sign-in/"
    assert "Add a second step first" in client.get("/settings/sign-in/").content.decode()
    assert client.get("/settings/sign-in/app/").status_code == 200
    enrolled(cast.users["ada"])
    assert client.get("/contracts/").status_code == 200
    other = Client()
    other.force_login(cast.users["ben"])
    assert other.get("/contracts/").status_code == 200


def test_the_last_one_stays_where_the_site_wants_one(cast: Any, settings: Any) -> None:
    settings.SECOND_FACTOR = ["all"]
    secret = enrolled(cast.users["ada"])
    client = signed_in()
    client.post("/login/code/", {"code": code_of(secret)})
    assert client.post(f"/settings/sign-in/{Authenticator.objects.get().pk}/remove/").status_code == 409
    assert has_factor(cast.users["ada"].pk)


def test_an_administrator_clears_the_second_step_of_somebody_who_lost_it(cast: Any) -> None:
    enrolled(cast.users["ada"])
    client = Client()
    client.force_login(cast.users["ben"])
    assert client.post(f"/settings/users/{cast.users['ada'].pk}/second-step/").status_code == 403
    client.force_login(cast.users["admin"])
    assert client.post(f"/settings/users/{cast.users['ada'].pk}/second-step/").status_code == 302
    assert not has_factor(cast.users["ada"].pk)
    enrolled(cast.users["admin"])
    assert client.post(f"/settings/users/{cast.users['admin'].pk}/second-step/").status_code == 404


def test_an_api_token_needs_no_second_step_and_opens_no_page_of_it(cast: Any) -> None:
    from hetong.accounts.services import make_token

    enrolled(cast.users["ada"])
    _token, secret = make_token(cast.ada, cast.users["ada"], label="x")
    bearer = {"authorization": f"Bearer {secret}"}
    assert Client().get("/api/v1/companies", headers=bearer).status_code == 200
    assert Client().get("/settings/sign-in/", headers=bearer).status_code == 302


def test_the_session_changes_with_the_second_step_and_a_known_device_is_asked_again(cast: Any) -> None:
    """H2, H3: no fixation between the steps; neither a device's mark nor "keep me signed in" stands in for a code."""
    secret = enrolled(cast.users["ada"])
    client = Client()
    client.post("/login/", ADA | {"remember": "on"})
    before = client.session.session_key
    client.post("/login/code/", {"code": code_of(secret)})
    assert is_in(client)
    assert client.session.session_key != before
    client.post("/logout/")
    assert client.post("/login/", ADA | {"remember": "on"})["Location"] == "/login/code/"
    assert not is_in(client)
