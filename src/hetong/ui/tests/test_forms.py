from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.kernel.nouns import noun

from .conftest import SignIn

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(sign_in: SignIn) -> Client:
    return sign_in("admin")


def test_a_posted_form_adds_a_record(cast: Any, admin: Client) -> None:
    assert admin.get("/test/teams/new/").status_code == 200
    answer = admin.post(
        "/test/teams/new/", {"name": "Night shift", "company": str(cast.north.pk), "parent": "", "lead": ""}
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    assert noun("accounts.team").model.objects.filter(name="Night shift").exists()


def test_a_refused_form_keeps_what_was_typed_and_links_to_the_field(cast: Any, admin: Client) -> None:
    answer = admin.post(
        "/test/teams/new/", {"name": "", "company": str(cast.north.pk), "lead": str(cast.users["ben"].pk)}
    )
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'href="#id_name"' in page
    assert f'value="{cast.users["ben"].pk}" selected' in page


def test_editing_saves_only_what_was_changed(cast: Any, admin: Client) -> None:
    page = admin.get(f"/test/teams/{cast.sales.pk}/edit/").content.decode()
    assert "was_name" in page
    answer = admin.post(
        f"/test/teams/{cast.sales.pk}/edit/",
        {
            "name": "Sales north",
            "was_name": '"Sales"',
            "company": str(cast.north.pk),
            "was_company": f'"{cast.north.pk}"',
            "is_active": "on",
            "was_is_active": "true",
            "was_parent": '""',
            "was_lead": f'"{cast.users["ben"].pk}"',
            "lead": str(cast.users["ben"].pk),
            "parent": "",
        },
    )
    assert answer.status_code == 302, answer.content.decode()[:3000]
    cast.sales.refresh_from_db()
    assert cast.sales.name == "Sales north"


def test_two_savers_see_both_values(cast: Any, admin: Client) -> None:
    version = noun("accounts.team").model.objects.get(pk=cast.sales.pk).version
    data = {
        "name": "Mine",
        "was_name": '"Sales"',
        "company": str(cast.north.pk),
        "version": str(version),
        "is_active": "on",
    }
    assert admin.post(f"/test/teams/{cast.sales.pk}/edit/", data | {"name": "Theirs"}).status_code == 302
    answer = admin.post(f"/test/teams/{cast.sales.pk}/edit/", data)
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert "Theirs" in answer.content.decode()


def test_a_new_record_asks_for_the_least_and_folds_the_rest(sign_in: SignIn) -> None:
    page = sign_in("ada").get("/contracts/new/").content.decode()
    first, folded = page.split('<details class="form-more">')
    assert 'id="id_title"' in first
    assert 'id="id_starts_on"' not in first
    assert 'id="id_starts_on"' in folded


def test_what_is_folded_opens_where_it_says_something(sign_in: SignIn) -> None:
    ada = sign_in("ada")
    assert '<details class="form-more" open>' in ada.get("/contracts/new/?starts_on=2026-05-01").content.decode()
    refused = ada.post("/contracts/new/", {"title": "Meters", "starts_on": "the first of May"})
    assert refused.status_code == 422
    assert '<details class="form-more" open>' in refused.content.decode()
    least = ada.post("/parties/new/", {"name": ""})
    assert '<details class="form-more">' in least.content.decode()


def test_every_page_of_the_settings_stands_beside_their_list(admin: Client) -> None:
    for address in ("/settings/users/", "/settings/teams/new/", "/settings/document-kinds/"):
        page = admin.get(address).content.decode()
        assert page.count('class="settings-nav"') == 1, address
        assert 'href="/settings/">' in page.split("<h1")[0].rpartition("<main")[2], address
    assert "settings-nav" not in admin.get("/contracts/").content.decode()


def test_a_list_without_papers_says_where_they_are_added(sign_in: SignIn) -> None:
    page = sign_in("ada").get("/documents/").content.decode()
    assert 'href="/contracts/">Go to: Contracts</a>' in page
