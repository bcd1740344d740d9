"""S2-02: a manager finds two records of one customer, says so or the contrary, and merges them; the old address leads on."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.doing import add_party, fill, new_name, send

Visit = Callable[..., Any]
LIKELY = "/parties/likely-duplicates/"
APART = 'form[action$="/apart/"] button'


def twins(page: Any) -> tuple[str, str, str]:
    """Two records of one customer: its name without the legal form, and the address of either."""
    name = new_name("").strip()
    first, second = add_party(page, f"{name} AB"), add_party(page, f"{name} Aktiebolag")
    for address, phone in ((first, "+46 8 111 11 11"), (second, "+46 8 222 22 22")):
        page.goto(f"{address}edit/")
        fill(page, phone=phone)
        send(page)
        if page.locator("#id_anyway").count():
            page.locator("#id_anyway").check()
            send(page)
        expect(page).to_have_url(re.compile(f"{address}$"))
    return name, first, second


def test_two_records_are_said_to_be_two_then_one_and_the_old_address_leads_on(visit: Visit) -> None:
    page = visit("manager")
    name, first, second = twins(page)
    page.goto(LIKELY)
    pair = page.locator("ul.pairs li").filter(has_text=name)
    expect(pair).to_have_count(1)
    pair.locator(APART).click()
    told = page.locator("section[aria-labelledby=apart-h] li").filter(has_text=name)
    expect(told).to_have_count(1)
    expect(pair.locator(APART)).to_have_count(0)
    page.goto(first)
    expect(page.locator("#panel")).not_to_contain_text("Aktiebolag")
    page.goto(LIKELY)
    told.get_by_role("button").click()
    expect(pair.locator(APART)).to_have_count(1)
    expect(told).to_have_count(0)
    pair.locator("a.btn").click()
    page.locator('input[name="keep.phone"][value="other"]').check()
    fill(page, reason="Entered twice")
    with page.expect_navigation():
        page.locator("main form .form-foot .btn-danger").click()
    expect(page).to_have_url(re.compile(f"{first}$"))
    expect(page.locator("main")).to_contain_text("+46 8 222 22 22")
    page.goto(second)
    expect(page).to_have_url(re.compile(f"{first}$"))
    page.goto(f"{first}history/")
    expect(page.locator("main")).to_contain_text("Entered twice")
    page.goto(LIKELY)
    expect(page.locator("main")).not_to_contain_text(name)


def test_the_pages_of_merging_work_without_script_on_a_phone(visit: Visit) -> None:
    page = visit("manager", script=False, width=375)
    name, first, second = twins(page)
    for address in (LIKELY, f"{first}merge/", f"{first}merge/?other={second.split('/')[2]}"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 375, address
    page.locator('button[formaction$="/apart/"]').click()
    expect(page.locator("section[aria-labelledby=apart-h]")).to_contain_text(name)
