"""Devices: what is listed, what ends them (trust C5, H3)."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client

from hetong.accounts.security import device_words
from hetong.audit.models import Entry
from hetong.kernel import clock

pytestmark = pytest.mark.django_db
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605 Version/18.0 Mobile Safari/604.1"


def signed_in(agent: str = FIREFOX, who: str = "ada") -> Client:
    client = Client(headers={"user-agent": agent})
    client.post("/login/", {"login": f"{who}@example.test", "password": "secret-enough"})
    return client


def is_in(client: Client) -> bool:
    return client.get("/settings/me/").status_code == 200


def test_devices_are_listed_in_words_with_the_one_in_use_marked(cast: Any) -> None:
    client, _phone = signed_in(), signed_in(IPHONE)
    page = client.get("/settings/sign-in/").content.decode()
    assert "Firefox · Linux" in page
    assert "Safari · iPhone" in page
    assert "this one" in page
    assert "127.0.0.1" in page


def test_one_other_device_is_signed_out(cast: Any) -> None:
    client, phone = signed_in(), signed_in(IPHONE)
    session = UserSession.objects.get(user_agent=IPHONE)
    assert client.post(f"/settings/sign-in/devices/{session.pk}/end/").status_code == 302
    assert not is_in(phone)
    assert is_in(client)
    assert Entry.objects.filter(code="accounts.session_ended").count() == 1


def test_all_others_are_signed_out_at_once(cast: Any) -> None:
    client, phone, third = signed_in(), signed_in(IPHONE), signed_in()
    client.post("/settings/sign-in/devices/end/")
    assert (is_in(client), is_in(phone), is_in(third)) == (True, False, False)


def test_nobody_ends_the_session_of_somebody_else(cast: Any) -> None:
    ben = signed_in(who="ben")
    session = UserSession.objects.get()
    assert signed_in().post(f"/settings/sign-in/devices/{session.pk}/end/").status_code == 404
    assert is_in(ben)


def test_use_is_noted_every_ten_minutes(cast: Any) -> None:
    client = signed_in()
    at = UserSession.objects.get().last_seen_at
    is_in(client)
    assert UserSession.objects.get().last_seen_at == at
    with clock.set_to(clock.now() + timedelta(minutes=11)):
        is_in(client)
    assert UserSession.objects.get().last_seen_at > at


def test_deactivation_ends_sessions_at_once(cast: Any) -> None:
    client, admin = signed_in(), signed_in(who="admin")
    admin.post(f"/settings/users/{cast.users['ada'].pk}/activity/", {"is_active": "false"})
    assert not is_in(client)
    assert not UserSession.objects.filter(user=cast.users["ada"]).exists()


@pytest.mark.parametrize(
    ("agent", "words"),
    [(FIREFOX, "Firefox · Linux"), (IPHONE, "Safari · iPhone"), ("curl/8", "Unknown device"), ("", "Unknown device")],
)
def test_a_device_in_words(agent: str, words: str) -> None:
    assert device_words(agent) == words
