"""Lists: asked by address, edited in place and in bulk, taken away as a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESK, PHONE
from tests.e2e.doing import add_party, new_name, open_menu

Visit = Callable[..., Any]
PARTIES = "/parties/?columns=name,payment_days,city"


def row_of(page: Any, words: str) -> Any:
    return page.locator("table[data-list] tbody tr[data-row]").filter(has_text=words).first


def test_filter_order_group_and_columns_live_in_the_address(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/contracts/")
    every = page.locator("tr[data-row]").count()
    panel = open_menu(page, "filter")
    panel.locator("#filter-field").select_option("stage")
    panel.locator("#filter-value button[type=submit]").wait_for()
    panel.locator("#filter-value select[name=_value], #filter-value input[type=checkbox]").first.wait_for(
        state="attached"
    )
    choice = panel.locator("#filter-value select[name=_value]")
    if choice.count():
        choice.first.select_option("draft")
    else:
        panel.locator('#filter-value input[value="draft"]').check()
    panel.locator("#filter-value button[type=submit]").click()
    expect(page).to_have_url(re.compile(r"stage=draft"))
    drafts = page.locator("tr[data-row]").count()
    assert 0 < drafts < every
    open_menu(page, "sort").get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile(r"sort="))
    open_menu(page, "group").get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile(r"group="))
    asked = page.url
    again = visit("sales")
    again.goto(asked)
    assert again.locator("tr[data-row]").count() == drafts
    page.go_back()
    expect(page).not_to_have_url(re.compile(r"group="))
    page.locator(".facet .x").first.click()
    expect(page).not_to_have_url(re.compile(r"stage=draft"))


def test_on_a_phone_the_menus_of_a_list_lie_open_to_the_finger(visit: Visit) -> None:
    page = visit("sales", width=PHONE)
    page.goto("/contracts/")
    for name in ("sort", "filter"):
        panel = open_menu(page, name)
        held = panel.bounding_box()
        high = page.viewport_size["height"]
        assert held["x"] >= 0
        assert held["x"] + held["width"] <= PHONE
        assert held["y"] + held["height"] <= high
        first = panel.locator("a, select").first
        assert first.evaluate(
            "e => { const r = e.getBoundingClientRect();"
            " return e.contains(document.elementFromPoint(r.x + r.width / 2, r.y + r.height / 2)) }"
        ), f"something lies over the menu {name}, or cuts it off"
        page.keyboard.press("Escape")
    open_menu(page, "sort").get_by_role("link").nth(1).click()
    expect(page).to_have_url(re.compile(r"sort="))


def test_a_view_is_saved_pinned_and_opened_from_the_rail(visit: Visit) -> None:
    page = visit("sales2")
    name = f"Euro {uuid4().hex[:6]}"
    page.goto("/contracts/?currency=EUR")
    found = page.locator("tr[data-row]").count()
    page.get_by_role("link", name="Save view").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Pin to the side bar").check()
    page.locator("main button.btn-primary").click()
    page.goto("/")
    page.locator(".rail").get_by_role("link", name=name).click()
    expect(page.locator("tr[data-row]")).to_have_count(found)
    page.goto("/views/?path=/contracts/")
    page.get_by_role("row", name=name).get_by_role("button", name="Delete").click()
    expect(page.get_by_role("row", name=name)).to_have_count(0)


def test_a_cell_is_edited_by_keyboard_alone(visit: Visit) -> None:
    page = visit("sales")
    name = new_name()
    add_party(page, name)
    page.goto(f"{PARTIES}&q={name.split()[0]}")
    cell = row_of(page, name).locator('td[data-edit$="/city/"]')
    cell.focus()
    page.keyboard.press("F2")
    expect(cell.locator("input:not([type=hidden])")).to_be_focused()
    page.keyboard.type("Kiruna")
    page.keyboard.press("Escape")
    expect(cell).not_to_contain_text("Kiruna")
    expect(cell).to_be_focused()
    page.keyboard.press("Enter")
    expect(cell.locator("input:not([type=hidden])")).to_be_focused()
    page.keyboard.type("Luleå")
    page.keyboard.press("Enter")
    expect(cell).to_have_text(re.compile("Luleå"))
    expect(cell.locator("form")).to_have_count(0)
    expect(cell).to_be_focused()
    page.reload()
    expect(row_of(page, name)).to_contain_text("Luleå")


def days_that_are_none(page: Any) -> Any:
    """The cell of a new party's payment days, open, with a word in it that is not sent yet."""
    name = new_name()
    add_party(page, name)
    page.goto(f"{PARTIES}&q={name.split()[0]}")
    cell = row_of(page, name).locator('td[data-edit$="/payment_days/"]')
    cell.dblclick()
    field = cell.locator("input:not([type=hidden])").first
    expect(field).to_be_focused()
    field.fill("soon")
    return cell


def test_what_a_cell_cannot_hold_is_refused_in_the_cell(visit: Visit) -> None:
    page = visit("sales")
    cell = days_that_are_none(page)
    page.keyboard.press("Enter")
    expect(cell.locator(".field-error")).to_be_visible()
    expect(cell.locator("input:not([type=hidden])").first).to_have_value("soon")


def test_totals_that_arrive_while_a_cell_is_saved_do_not_send_it_twice(visit: Visit) -> None:
    page = visit("sales")
    held: dict[str, Any] = {}
    page.route(re.compile("fragment=totals"), lambda route: held.update(totals=route))
    page.route(
        re.compile("/cell/"),
        lambda route: held.update(save=route) if route.request.method == "POST" else route.continue_(),
    )
    cell = days_that_are_none(page)
    with page.expect_request(lambda request: request.method == "POST"):
        page.keyboard.press("Enter")
    with page.expect_response(re.compile("fragment=totals")):
        held["totals"].continue_()
    expect(page.locator("#totals.htmx-request")).to_have_count(0)
    held["save"].continue_()
    expect(cell.locator(".field-error")).to_be_visible()
    expect(page).to_have_url(re.compile("/parties/"))


def test_two_people_in_one_cell_see_both_values(visit: Visit) -> None:
    page, other = visit("sales"), visit("admin")
    name = new_name()
    add_party(page, name)
    for one in (page, other):
        one.goto(f"{PARTIES}&q={name.split()[0]}")
    cell = row_of(page, name).locator('td[data-edit$="/city/"]')
    cell.dblclick()
    expect(cell.locator("input:not([type=hidden])")).to_be_focused()
    theirs = row_of(other, name).locator('td[data-edit$="/city/"]')
    theirs.dblclick()
    expect(theirs.locator("input:not([type=hidden])")).to_be_focused()
    other.keyboard.type("Ystad")
    other.keyboard.press("Enter")
    expect(theirs).to_have_text(re.compile("Ystad"))
    page.keyboard.type("Visby")
    page.keyboard.press("Enter")
    conflict = cell.locator(".field-error")
    expect(conflict).to_contain_text("Ystad")
    expect(conflict).to_contain_text("Visby")
    page.keyboard.press("Enter")
    expect(cell.locator("form")).to_have_count(0)
    expect(cell).to_have_text(re.compile("Visby"))


def test_many_rows_are_changed_after_a_look_at_what_would_change(visit: Visit) -> None:
    page = visit("sales")
    mark = new_name("").strip()
    for number in range(3):
        add_party(page, f"{mark} {('Alfa', 'Beta', 'Gamma')[number]} {new_name()}")
    page.goto(f"{PARTIES}&q={mark}")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("[data-bulk]")).to_be_visible()
    expect(page.locator("[data-bulk-count]")).to_contain_text("1")
    boxes = page.locator("tr[data-row] .c-chk input")
    boxes.nth(2).click(modifiers=["Shift"])
    expect(page.locator("[data-bulk-count]")).to_contain_text("3")
    page.locator('[data-bulk] button[value="payment_days"]').click()
    page.locator("#id_payment_days").fill("45")
    page.locator("main .btn-primary").click()
    expect(page.locator("main")).to_contain_text("Nothing has been changed yet.")
    expect(page.locator("main tbody tr")).to_have_count(3)
    page.locator("main .btn-primary").click()
    expect(page).to_have_url(re.compile(r"/parties/\?"))
    for number in range(3):
        expect(page.locator("tr[data-row]").nth(number)).to_contain_text("45")


def test_escape_clears_a_selection(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/parties/")
    page.locator("table[data-list] [data-all]").check()
    expect(page.locator("[data-bulk]")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("[data-bulk]")).to_be_hidden()


def test_a_list_is_taken_away_as_a_table_of_text(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/parties/?kinds=customer")
    names = page.locator("tr[data-row] a").all_text_contents()
    with page.expect_download() as coming:
        open_menu(page, "export").locator('a[href*="csv"]').first.click()
    rows = list(csv.reader(io.StringIO(coming.value.path().read_text(encoding="utf-8-sig"))))
    assert len(rows) - 1 == page.locator("tr[data-row]").count()
    assert names[0].strip() in {cell for row in rows for cell in row}


def test_no_match_offers_to_clear_the_filters(visit: Visit) -> None:
    page = visit("sales", width=PHONE)
    page.goto("/contracts/?q=nothing-is-called-so")
    expect(page.locator(".empty")).to_be_visible()
    page.locator(".empty a").first.click()
    expect(page.locator("tr[data-row]").first).to_be_visible()


def test_an_address_that_cannot_be_answered_says_so_and_shows_nothing(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/contracts/?colour=blue")
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator("tr[data-row]")).to_have_count(0)


@pytest.mark.parametrize("width", [DESK, PHONE])
def test_a_click_anywhere_on_a_row_opens_its_record(visit: Visit, width: int) -> None:
    page = visit("sales", width=width)
    page.goto("/contracts/")
    first = page.locator("tr[data-row]").first
    address = str(first.get_attribute("data-href"))
    first.click(position={"x": 200, "y": 12})
    expect(page).to_have_url(re.compile(re.escape(address)))


def test_j_and_k_walk_the_rows_and_enter_opens_one(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/contracts/")
    second = str(page.locator("tr[data-row]").nth(1).get_attribute("data-href"))
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile(re.escape(second)))
