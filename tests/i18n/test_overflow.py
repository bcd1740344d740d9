"""Nothing falls out of its place when texts are 40 % longer, nor in any language we speak."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client
from django.urls import reverse
from pytest_django.live_server_helper import LiveServer

from hetong.accounts.testing import Cast
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line
from hetong.parties.testing import make_contact, make_party
from tests.i18n.pseudo import stretched
from tools import catalogues

pytestmark = [pytest.mark.e2e, pytest.mark.django_db]

WIDTHS = (1440, 390)
# What is wider than its own place: the page itself, and words on things that do not scroll.
FALLEN_OUT = """() => {
  const wide = document.documentElement.scrollWidth - innerWidth
  const out = wide > 1 ? [`the page by ${wide} px`] : []
  const words = '.d, .when, button, .btn, .tag, .status, .menu-item, label, legend, h1, h2, dt, .nav a, .bottombar a, .tabs a'
  for (const one of document.querySelectorAll(words)) {
    const style = getComputedStyle(one)
    if (!one.checkVisibility() || style.overflow !== 'visible' || style.position === 'absolute' || style.display === 'inline') continue
    if (one.closest('.visually-hidden, svg') || one.clientWidth === 0) continue
    if (one.scrollWidth > one.clientWidth + 2) out.push(`${one.className || one.tagName}: ${one.textContent.trim().slice(0, 60)}`)
  }
  return out
}"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Chromium without a network of its own."""
    from playwright.sync_api import sync_playwright

    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    libraries = os.environ.get("HETONG_CHROMIUM_LIBRARIES", "")
    path = os.environ.get("HETONG_CHROMIUM") or "/usr/bin/chromium"
    assert Path(path).exists()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=path,
            args=["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"],
            env={**os.environ, **({"LD_LIBRARY_PATH": libraries} if libraries else {})},
        )
        yield chromium
        chromium.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def server(db: None) -> Iterator[LiveServer]:
    """The product on a port, within the test's own transaction.

    The fixture `live_server` would empty the tables afterwards, which the journal's triggers refuse.
    """
    running = LiveServer("localhost")
    yield running
    running.stop()


@pytest.fixture
def addresses(cast: Cast) -> list[str]:
    """Pages of each kind: home, lists, cards, forms, settings."""
    catalogues.build()
    party = make_party(cast.ada, name="Västerhamnens Energi AB")
    make_contact(cast.ada, party)
    contract = make_contract(
        cast.ada, Stage.ACTIVE, counterparty=party.pk, starts_on="2026-06-18", ends_on="2029-10-11", currency="SEK"
    )
    draft = make_contract(cast.ada, title="Spare skid on loan", counterparty=party.pk)
    make_line(cast.ada, draft)
    cards = [reverse("contracts:card", args=[contract.pk]), reverse("contracts:lines", args=[draft.pk])]
    names = (
        "home",
        "contracts:list",
        "contracts:add",
        "parties:list",
        "parties:add",
        "accounts:settings",
        "accounts:me",
    )
    return [*map(reverse, names), *cards, f"/parties/{party.pk}/", f"/contracts/{contract.pk}/history/"]


def looked_at(browser: Any, server: LiveServer, client: Client, addresses: list[str]) -> dict[str, list[str]]:
    """What falls out, by address and width."""
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    found = {}
    for width in WIDTHS:
        context = browser.new_context(
            viewport={"width": width, "height": 900}, is_mobile=width < 500, has_touch=width < 500
        )
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": server.url}])
        page = context.new_page()
        for address in addresses:
            answer = page.goto(server.url + address, wait_until="load")
            assert answer.status == 200, address
            if fallen := page.evaluate(FALLEN_OUT):
                found[f"{address} at {width}"] = fallen
        context.close()
    return found


def signed_in(cast: Cast, language: str) -> Client:
    """Ada, who reads that language."""
    user = cast.users["ada"]
    user.language = language
    user.save()
    client = Client()
    client.force_login(user)
    return client


@pytest.mark.parametrize("language", ["en", "zh-hans", "zh-hant", "sv"])
def test_every_language_fits(browser: Any, server: LiveServer, cast: Cast, addresses: list[str], language: str) -> None:
    assert looked_at(browser, server, signed_in(cast, language), addresses) == {}


def test_texts_that_are_two_fifths_longer_fit(
    browser: Any, server: LiveServer, cast: Cast, addresses: list[str]
) -> None:
    with stretched("sv"):
        assert looked_at(browser, server, signed_in(cast, "sv"), addresses) == {}
