"""Theme, language, weight and stillness of a page."""

from __future__ import annotations

import gzip
import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESK, PHONE, opened
from tests.e2e.doing import open_menu

Visit = Callable[..., Any]
PAGES = ("/", "/contracts/", "/parties/", "/contracts/new/", "/settings/", "/search/?q=meter")
MOST_REQUESTS, MOST_HTML, MOST_SCRIPT, MOST_STYLE, MOST_SHIFT = 12, 60_000, 60_000, 30_000, 0.02
SHIFTS = """() => { window.shifted = 0
  new PerformanceObserver((list) => { for (const one of list.getEntries()) if (!one.hadRecentInput) window.shifted += one.value })
    .observe({type: 'layout-shift', buffered: true}) }"""
LIGHTNESS = "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).slice(0, 3).reduce((a, b) => a + Number(b), 0) / 3"


def test_dark_and_light_follow_the_system_and_then_the_choice(visit: Visit) -> None:
    dark, light = visit("switch", dark=True), visit("switch")
    for page in (dark, light):
        page.goto("/")
    assert dark.evaluate(LIGHTNESS) < 80 < 180 < light.evaluate(LIGHTNESS)
    with light.expect_response("**/preferences/"):
        open_menu(light, "user").locator('button[name="theme"][value="dark"]').click()
    expect(light.locator("html")).to_have_attribute("data-theme", "dark")
    light.goto("/contracts/")
    assert light.evaluate(LIGHTNESS) < 80
    with light.expect_response("**/preferences/"):
        open_menu(light, "user").locator('button[name="theme"][value="system"]').click()
    light.goto("/contracts/")
    assert light.evaluate(LIGHTNESS) > 180


@pytest.mark.parametrize(
    ("code", "words"), [("zh-hans", "合同"), ("zh-hant", "合約"), ("sv", "Avtal"), ("en", "Contracts")]
)
def test_the_language_changes_where_the_reader_stands(visit: Visit, code: str, words: str) -> None:
    page = visit("switch")
    page.goto("/contracts/")
    open_menu(page, "user").locator(f'button[name="language"][value="{code}"]').click()
    expect(page.locator("html")).to_have_attribute("lang", code)
    expect(page).to_have_url(re.compile(r"/contracts/$"))
    expect(page.get_by_role("heading", level=1)).to_have_text(words)
    open_menu(page, "user").locator('button[name="language"][value="en"]').click()
    expect(page.locator("html")).to_have_attribute("lang", "en")


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_first_visit_is_light_and_nothing_jumps(visit: Visit, width: int) -> None:
    found: dict[str, Any] = {}
    for address in PAGES:
        page = visit("sales", width=width)
        answers: list[Any] = []
        page.on("response", lambda answer, kept=answers: kept.append(answer))
        page.add_init_script(f"({SHIFTS})()")
        opened(page, address)
        found |= weights_over(address, answers, page.evaluate("window.shifted"))
        page.context.close()
    assert found == {}


def weights_over(address: str, answers: list[Any], shifted: float) -> dict[str, Any]:
    """What is above its budget; the bytes are counted as gzip sends them."""
    sizes = {"document": 0, "script": 0, "stylesheet": 0}
    for answer in answers:
        kind = answer.request.resource_type
        if kind in sizes and answer.status == 200:
            sizes[kind] += len(gzip.compress(answer.body(), 6))
    measured = {
        "requests": (len(answers), MOST_REQUESTS),
        "html": (sizes["document"], MOST_HTML),
        "script": (sizes["script"], MOST_SCRIPT),
        "style": (sizes["stylesheet"], MOST_STYLE),
        "shift": (round(shifted, 4), MOST_SHIFT),
    }
    return {f"{address} {what}": one for what, one in measured.items() if one[0] > one[1]}


def test_names_keep_room_in_every_list_at_a_desk(visit: Visit) -> None:
    """ux 1: whatever stands beside them, the columns of names and titles can be read."""
    page = visit("finance")
    for address in (
        "/contracts/",
        "/parties/",
        *(f"/billing/{one}/" for one in ("invoices", "dues", "ledger", "payments")),
    ):
        for width in (DESK, 1280, 768):
            page.set_viewport_size({"width": width, "height": 900})
            opened(page, address)
            narrow = page.evaluate(
                "() => [...document.querySelectorAll('table[data-list] th:not([class*=w-])')]"
                ".filter(one => one.offsetWidth < 80).map(one => one.textContent)"
            )
            assert not narrow, (address, width, narrow)


def test_a_phone_shows_the_open_tab_and_whole_words_at_its_foot(visit: Visit) -> None:
    """ux 1: in the language with the longest words."""
    page = visit("manager", width=PHONE)
    opened(page, "/billing/ledger/")
    for tab in page.locator('.nav-tabs > [aria-current="page"]').all():
        expect(tab).to_be_in_viewport(ratio=0.9)
    lines = page.locator(".bottombar > *").evaluate_all(
        "all => all.map(one => { const word = [...one.childNodes].find(node => node.nodeType === 3 && node.data.trim());"
        " const range = document.createRange(); range.selectNodeContents(word); return range.getClientRects().length })"
    )
    assert lines == [1] * 5
    assert page.locator(".bottombar > *").evaluate_all("all => all.every(one => one.scrollWidth <= one.clientWidth)")


def test_a_tab_of_a_contract_begins_within_the_first_screen_of_a_phone(visit: Visit) -> None:
    """ux 4: who opens a tab sees what it holds."""
    page = visit("manager", width=PHONE)
    opened(page, "/contracts/?q=Flow measuring")
    card = str(page.locator("tr[data-row]").first.get_attribute("data-href"))
    opened(page, f"{card}discussion/")
    assert page.locator("#panel").bounding_box()["y"] < 450
    opened(page, card)
    expect(page.locator(".headcard")).to_be_visible()
