"""From a new customer to a contract that has been sent back: the main road, as readers walk it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESK, PHONE
from tests.e2e.doing import CARD, PDF, act, choose, fill, new_name, send, swedish_number
from tests.i18n.reading import translation

Visit = Callable[..., Any]
ROADS = [("sales", "", DESK), ("sales", "", PHONE), ("kina", "zh_Hans", DESK), ("kina", "zh_Hans", PHONE)]


def said(language: str, text: str, context: str | None = None) -> str:
    """A text of the interface in that language; English is the source."""
    return translation(language, text, context) if language else text


@pytest.mark.parametrize(("login", "language", "width"), ROADS, ids=lambda value: str(value) or "en")
def test_from_a_new_customer_to_a_contract_sent_back(visit: Visit, login: str, language: str, width: int) -> None:
    page = visit(login, width=width)
    name, title = new_name(), f"Flow meters {new_name('')}"
    expect_language(page, language)
    new_customer(page, name, language)
    new_contract(page, name, title)
    address = page.evaluate("location.pathname")
    lines_with_their_reason(page, address)
    paper(page, address, language)
    review_and_return(page, visit, address, width)
    history_tells_it(page, address, title)


def expect_language(page: Any, language: str) -> None:
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("lang", {"": "en", "zh_Hans": "zh-hans"}[language])


def new_customer(page: Any, name: str, language: str) -> None:
    page.goto("/parties/new/")
    fill(page, name="Kallvik Pharma AB")
    expect(page.locator("#duplicates .notice")).to_be_visible()
    fill(page, name=name)
    expect(page.locator("#duplicates .notice")).to_have_count(0)
    page.locator("#id_kinds_0").check()
    page.locator("#id_country").select_option("SE")
    right = swedish_number()
    wrong = right[:-1] + str((int(right[-1]) + 1) % 10)
    fill(page, registration_number=wrong)
    send(page)
    summary = page.locator(".error-summary")
    expect(summary).to_be_focused()
    expect(summary).to_contain_text(said(language, "Not saved. Your text is kept."))
    summary.get_by_role("link").first.click()
    expect(page.locator("#id_registration_number")).to_be_focused()
    expect(page.locator("#id_registration_number")).to_have_value(wrong)
    expect(page.locator("#id_name")).to_have_value(name)
    fill(page, registration_number=right)
    send(page)
    expect(page).to_have_url(re.compile(r"/parties/[0-9a-f-]{36}/(#.*)?$"))  # a fragment outlives the redirect
    expect(page.get_by_role("heading", level=1)).to_have_text(name)
    expect(page.locator("main")).to_contain_text(right)


def new_contract(page: Any, party: str, title: str) -> None:
    page.goto("/contracts/new/")
    fill(page, title=title)
    page.locator("#id_type").select_option(index=2)
    choose(page, "counterparty", party)
    send(page)
    expect(page).to_have_url(CARD)
    expect(page.get_by_role("heading", level=1)).to_have_text(title)


def lines_with_their_reason(page: Any, address: str) -> None:
    page.goto(f"{address}lines/")
    fill(page, title="Pressure sensor", quantity="3", unit_price="1,999.00", discount="5", tax_rate="13")
    send(page)
    table = page.locator("main table").first
    for figure in ("5,697.15", "740.63", "6,437.78"):
        expect(table).to_contain_text(figure)
    why = page.locator("details.whybox").first
    why.locator("summary").click()
    expect(why.locator("ol li").first).to_be_visible()
    expect(why.locator("li.sum").last).to_contain_text("6,437.78")


def paper(page: Any, address: str, language: str) -> None:
    page.goto(f"{address}documents/")
    page.locator("#id_file").set_input_files({"name": "Signed copy.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#id_kind").select_option(index=1)
    page.locator('main form[action$="/documents/add/"] .btn-primary').click()
    expect(page.locator(".papers")).to_contain_text("Signed copy")
    page.locator('.papers a[href*="/versions/"]').first.click()
    shown = page.locator(".pages img").first
    expect(shown).to_be_visible()
    expect(shown).to_have_js_property("complete", True)
    assert shown.evaluate("one => one.naturalWidth") > 0
    expect(page.locator(".paper-text")).to_contain_text(said(language, "Text of the pages"))
    with page.expect_download() as coming:
        page.locator('a[href$="/file"]').first.click()
    download = coming.value
    assert download.suggested_filename == "Signed copy.pdf"
    assert download.path().read_bytes() == PDF


def review_and_return(page: Any, visit: Visit, address: str, width: int) -> None:
    page.goto(address)
    act(page, "review")
    expect(page.locator(".toast")).to_be_visible()
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))
    manager = visit("admin", width=width)
    manager.goto(address)
    act(manager, "return")
    send(manager)
    expect(manager.locator(".error-summary")).to_be_visible()
    manager.locator("#id_reason").fill("The delivery date is missing.")
    send(manager)
    expect(manager).to_have_url(re.compile(re.escape(address) + "$"))


def history_tells_it(page: Any, address: str, title: str) -> None:
    page.goto(f"{address}history/")
    entries = page.locator(".timeline")
    expect(entries).to_contain_text(title)
    expect(entries).to_contain_text("Pressure sensor")
    expect(entries).to_contain_text("The delivery date is missing.")
    expect(entries).to_contain_text("Alva Lindvall")
