"""H3: every act of a page needs the key of that page, whoever is signed in; another site's forms do nothing."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from hetong.kernel.routes import routes
from tests.access.samples import Samples, patterns

pytestmark = pytest.mark.django_db


def acts(samples: Samples) -> list[tuple[str, str]]:
    """Every page address that takes a POST; the API takes tokens only and is swept with the tokens."""
    taken = {name for name, method in routes() if method == "POST" and not name.startswith("api:")}
    return [
        (name, reverse(name, kwargs=samples.arguments(name, pattern))) for name, pattern in patterns() if name in taken
    ]


def test_no_act_is_done_without_the_key_of_its_page(cast: Any) -> None:
    found = acts(Samples(cast))
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["admin"])
    assert len(found) > 40
    refused = {name: client.post(address, {"x": "1"}).status_code for name, address in found}
    assert {name for name, status in refused.items() if status != 403} == set()


def test_a_foreign_origin_is_refused_even_with_a_key(cast: Any) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["ada"])
    page = client.get("/settings/me/")
    key = page.context["csrf_token"]
    given = {
        "name": "Ada",
        "language": "en",
        "zone": "UTC",
        "theme": "dark",
        "home": "",
        "csrfmiddlewaretoken": str(key),
    }
    assert client.post("/settings/me/", given, headers={"Origin": "https://evil.example"}).status_code == 403
    assert client.post("/settings/me/", given, headers={"Origin": "http://testserver"}).status_code == 302


def test_no_page_may_be_framed_or_read_from_elsewhere(cast: Any) -> None:
    client = Client()
    client.force_login(cast.users["ada"])
    for address in ("/", "/login/", "/settings/", "/api/v1/companies"):
        answer = client.get(address, headers={"Origin": "https://evil.example"})
        assert answer["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in answer["Content-Security-Policy"]
        assert "Access-Control-Allow-Origin" not in answer
