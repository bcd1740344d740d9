"""The keyboard: the palette, the shortcuts, and that they keep still while somebody writes."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.doing import add_contract, new_name

Visit = Callable[..., Any]
COMPOSING = """(selector) => {
  const field = document.querySelector(selector)
  field.focus()
  for (const type of ['keydown', 'keyup'])
    field.dispatchEvent(new KeyboardEvent(type, {key: 'Enter', code: 'Enter', isComposing: true, bubbles: true, cancelable: true}))
}"""


def test_the_palette_finds_a_contract_and_opens_it(visit: Visit) -> None:
    page = visit("sales")
    title = f"Palette {new_name('').strip()}"
    address = add_contract(page, title)
    page.goto("/")
    page.keyboard.press("Control+k")
    field = page.locator("[data-palette-input]")
    expect(field).to_be_focused()
    found = page.locator("#palette-list [role=option]").filter(has_text=title)
    for _again in range(20):  # the index follows the fact by a moment
        field.fill("")
        field.press_sequentially(title.split()[1])
        page.wait_for_timeout(400)
        if found.count():
            break
    expect(found.first).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(address)))


def test_escape_closes_the_palette_and_gives_the_focus_back(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/contracts/")
    opener = page.get_by_role("link", name="New contract").first
    opener.focus()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
    expect(opener).to_be_focused()


def test_the_palette_goes_to_a_page_and_starts_something_new(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/")
    page.keyboard.press("/")
    page.locator("[data-palette-input]").fill("projects")
    expect(page.locator("#palette-list [role=option]").first).to_contain_text("Projects")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(r"/projects/$"))
    page.keyboard.press("Control+k")
    page.locator("[data-palette-input]").fill("new cust")
    page.locator("#palette-list [role=option]").filter(has_text="Customer").first.click()
    expect(page).to_have_url(re.compile(r"/parties/new/"))


def test_nobody_finds_in_the_palette_what_they_may_not_see(visit: Visit) -> None:
    page = visit("agent")
    page.goto("/")
    page.keyboard.press("Control+k")
    page.locator("[data-palette-input]").fill("Kallvik")
    page.wait_for_timeout(800)
    expect(page.locator("#palette-list")).not_to_contain_text("Kallvik")


def test_the_sheet_of_keys_opens_and_what_it_says_is_true(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/contracts/")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("c")
    expect(page.locator('details[data-menu="new"] .menu-item').first).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator('details[data-menu="new"] summary')).to_be_focused()
    page.keyboard.press("j")
    expect(page.locator("tr.current")).to_have_count(1)
    page.keyboard.press("x")
    expect(page.locator("tr.current .c-chk input")).to_be_checked()
    page.keyboard.press("Escape")
    page.keyboard.press("g")
    page.keyboard.press("p")
    expect(page).to_have_url(re.compile(r"/parties/$"))


def test_e_edits_the_record(visit: Visit) -> None:
    page = visit("sales")
    address = add_contract(page)
    page.goto(address)
    page.keyboard.press("e")
    expect(page).to_have_url(re.compile(re.escape(f"{address}edit/")))


def test_keys_keep_still_while_somebody_types(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/contracts/new/")
    page.locator("#id_title").focus()
    page.keyboard.type("c?/jkx gp e")
    expect(page.locator("#id_title")).to_have_value("c?/jkx gp e")
    expect(page.locator("dialog[open]")).to_have_count(0)
    expect(page).to_have_url(re.compile(r"/contracts/new/$"))


def test_enter_that_ends_a_composition_sends_nothing(visit: Visit) -> None:
    page = visit("kina")
    page.goto("/contracts/new/")
    page.locator("#id_title").fill("流量")
    posted: list[str] = []
    page.on("request", lambda request: posted.append(request.url) if request.method == "POST" else None)
    page.evaluate(COMPOSING, "#id_title")
    page.keyboard.press("Control+k")
    page.locator("[data-palette-input]").fill("合同")
    page.evaluate(COMPOSING, "[data-palette-input]")
    page.wait_for_timeout(300)
    expect(page.locator("#palette")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/contracts/new/$"))
    assert posted == []
    page.on("dialog", lambda dialog: dialog.accept())


def test_shortcuts_can_be_switched_off(visit: Visit) -> None:
    page = visit("switch")
    page.goto("/settings/me/")
    page.locator('input[name="has_shortcuts"]').first.uncheck()
    page.locator("main form").filter(has=page.locator('input[name="has_shortcuts"]')).locator(".btn-primary").click()
    page.goto("/contracts/")
    page.keyboard.press("?")
    page.wait_for_timeout(200)
    expect(page.locator("dialog[open]")).to_have_count(0)
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()
