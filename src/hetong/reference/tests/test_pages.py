from __future__ import annotations

import datetime as dt

import pytest
from django.test import Client

from hetong.reference.models import CalendarDay, TaxRate
from hetong.reference.testing import make_rate, seed_tax_rates

pytestmark = pytest.mark.django_db
PAGES = ["rates/", "taxes/", "taxes/new/", "calendars/", "calendars/new/", "calendars/holidays/"]


def client_of(cast, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name], backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


@pytest.mark.parametrize("page", PAGES)
def test_only_administrators_come_to_the_settings(cast, page: str):
    make_rate("SEK", dt.date(2026, 1, 2), "10.9")
    seed_tax_rates()
    assert client_of(cast, "admin").get(f"/settings/{page}").status_code == 200
    assert client_of(cast, "ada").get(f"/settings/{page}").status_code == 403
    assert Client().get(f"/settings/{page}").status_code == 302


def test_a_tax_rate_is_added_and_ended_by_plain_forms(cast):
    client = client_of(cast, "admin")
    given = {
        "country": "NO",
        "labels": "MVA",
        "labels_en": "MVA",
        "labels.en": "MVA",
        "code": "standard",
        "percent": "25",
    }
    answer = client.post("/settings/taxes/new/", given | {"category": "S", "valid_from": "2005-01-01"})
    assert answer.status_code == 302, answer.content.decode()
    row = TaxRate.objects.get(country="NO")
    assert client.get(f"/settings/taxes/{row.pk}/").status_code == 200


def test_a_day_is_added_and_removed(cast):
    client = client_of(cast, "admin")
    given = {"country": "SE", "calendar": "Kiruna", "day": "2026-11-20", "name": "Plant closed"}
    assert client.post("/settings/calendars/new/", given).status_code == 302
    row = CalendarDay.objects.get()
    assert client_of(cast, "ada").post(f"/settings/calendars/{row.pk}/remove/").status_code == 403
    assert client.post(f"/settings/calendars/{row.pk}/remove/").status_code == 302
    assert not CalendarDay.objects.exists()


def test_a_year_that_is_not_published_says_so(cast):
    client = client_of(cast, "admin")
    address = "/settings/calendars/holidays/"
    assert "not published yet" in client.get(address, {"country": "CN", "year": "2027"}).content.decode()
    page = client.get(address, {"country": "CN", "year": "2026"}).content.decode()
    assert "not published yet" not in page
    assert "2026-02-14" in page
    assert client.get(address, {"country": "'x", "year": "abc"}).status_code == 200


def test_old_rates_say_how_newer_ones_come_in(cast):
    make_rate("SEK", dt.date(2020, 1, 2), "10.9")
    page = client_of(cast, "admin").get("/settings/rates/").content.decode()
    assert "hetong rates load" in page
    assert "Swedish Krona" in page
