"""Forms lose nothing: not to a colleague, not to a second click, not to a closed window, not without a script."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.doing import CARD, PDF, add_contract, add_party, choose, fill, new_name, open_menu, send

Visit = Callable[..., Any]


def test_who_saves_second_sees_both_values_and_chooses(visit: Visit) -> None:
    page, other = visit("sales"), visit("admin")
    address = add_contract(page)
    for one in (page, other):
        one.goto(f"{address}edit/")
    fill(other, title="Their title", reference="THEIRS-1")
    send(other)
    expect(other).to_have_url(CARD)
    fill(page, title="My title", reference="MINE-1")
    with page.expect_response(lambda answer: answer.request.method == "POST") as answered:
        send(page)
    assert answered.value.status == 409
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_role("alert")).to_contain_text("Alva Lindvall")
    for words in ("My title", "Their title", "MINE-1", "THEIRS-1"):
        expect(page.locator(".conflict")).to_contain_text(words)
    page.locator('input[name="keep.title"][value="theirs"]').check()
    page.locator("main .btn-primary").click()
    expect(page).to_have_url(CARD)
    expect(page.get_by_role("heading", level=1)).to_have_text("Their title")
    expect(page.locator("main")).to_contain_text("MINE-1")


def new_party(page: Any, name: str) -> str:
    page.goto("/parties/new/")
    fill(page, name=name)
    page.locator("#id_kinds_0").check()
    page.locator("#id_country").select_option("SE")
    return f"/parties/?q={name.split()[0]}"


def new_contract(page: Any, name: str) -> str:
    page.goto("/contracts/new/")
    fill(page, title=name)
    page.locator("#id_type").select_option(index=1)
    choose(page, "counterparty", "Kallvik")
    return f"/contracts/?q={name.split()[0]}"


def new_project(page: Any, name: str) -> str:
    page.goto("/projects/new/")
    fill(page, number=name.split()[0], name=name)
    return f"/projects/?q={name.split()[0]}"


def count_rows(page: Any, address: str) -> int:
    page.goto(address)
    return int(page.locator("tr[data-row]").count())


NEW = {"party": new_party, "contract": new_contract, "project": new_project}


def click_twice(page: Any) -> None:
    page.locator("main form .form-foot .btn-primary").first.dblclick(no_wait_after=True)
    # without a script the second click breaks off the answer to the first: looked for, not waited for
    expect(page).to_have_url(re.compile(r"/[0-9a-f-]{36}/"))
    page.wait_for_load_state()


@pytest.mark.parametrize("what", list(NEW))
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_a_double_click_has_one_effect(visit: Visit, what: str, script: bool) -> None:
    double_clicks(visit, what, script=script, times=2)


@pytest.mark.long
@pytest.mark.parametrize("what", list(NEW))
@pytest.mark.parametrize("script", [True, False], ids=["script", "plain"])
def test_fifty_double_clicks_have_fifty_effects(visit: Visit, what: str, script: bool) -> None:
    double_clicks(visit, what, script=script, times=50)


def double_clicks(visit: Visit, what: str, *, script: bool, times: int) -> None:
    page = visit("sales", script=script)
    for _time in range(times):
        name = new_name("").strip()
        listed = NEW[what](page, name)
        click_twice(page)
        assert count_rows(page, listed) == 1


def test_ten_double_clicks_on_a_line_make_ten_lines(visit: Visit) -> None:
    page = visit("sales")
    address = add_contract(page)
    for number in range(10):
        page.goto(f"{address}lines/")
        fill(page, title=f"Line {number}", unit_price="10", tax_rate="25")
        with page.expect_navigation(url=re.compile(r"/lines/$")):
            page.locator("main form .form-foot .btn-primary").first.dblclick(no_wait_after=True)
        page.goto(f"{address}lines/")
        expect(page.locator("main table tbody tr")).to_have_count(number + 1)


def test_a_double_click_on_an_upload_keeps_one_document(visit: Visit) -> None:
    page = visit("sales")
    address = add_contract(page)
    page.goto(f"{address}documents/")
    page.locator("#id_file").set_input_files({"name": "Once.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#id_kind").select_option(index=1)
    page.locator('main form[action$="/documents/add/"] .btn-primary').dblclick(no_wait_after=True)
    expect(page.locator(".papers")).to_contain_text("Once")
    page.goto(f"{address}documents/")
    expect(page.locator('.papers a[href^="/documents/"]').filter(has_text="Once")).to_have_count(1)


def test_leaving_with_unsaved_text_asks_first(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/parties/new/")
    fill(page, name="Half a name")
    asked: list[str] = []
    page.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    with page.expect_event("dialog"):
        page.evaluate("location.assign('/contracts/')")
    assert asked == ["beforeunload"]
    expect(page.locator("#id_name")).to_have_value("Half a name")


def test_saving_asks_nothing(visit: Visit) -> None:
    page = visit("sales")
    page.on("dialog", lambda dialog: pytest.fail(f"asked {dialog.message}"))
    add_party(page, new_name())


def test_without_a_script_a_contract_is_made_changed_and_sent_to_review(visit: Visit) -> None:
    page = visit("sales", script=False)
    address = add_contract(page)
    page.goto(f"{address}edit/")
    page.locator("#id_title").fill("Written without a script")
    send(page)
    expect(page.get_by_role("heading", level=1)).to_have_text("Written without a script")
    page.goto(f"{address}lines/")
    page.locator("#id_title").fill("One thing")
    page.locator("#id_unit_price").fill("100")
    page.locator("#id_tax_rate").fill("25")
    send(page)
    expect(page.locator("main table").first).to_contain_text("125.00")
    page.goto(address)
    link = page.locator('.acts form[action$="/review/"] button').first
    if not link.is_visible():
        open_menu(page, "acts")
    link.click()
    expect(page.locator("main")).to_contain_text("In review")


def test_without_a_script_a_list_is_filtered_and_ordered(visit: Visit) -> None:
    page = visit("sales", script=False)
    page.goto("/contracts/")
    open_menu(page, "filter")
    page.locator("#filter-field").select_option("stage")
    page.get_by_role("button", name="Next").click()
    page.locator("#filter-value [name=_value]").first.wait_for(state="attached")
    choice = page.locator("#filter-value select[name=_value]")
    if choice.count():
        choice.first.select_option("draft")
    else:
        page.locator('#filter-value input[value="draft"]').check()
    page.locator("#filter-value button[type=submit]").click()
    expect(page).to_have_url(re.compile("stage=draft"))
    expect(page.locator("tr[data-row]").first).to_be_visible()
