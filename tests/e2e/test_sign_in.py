from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.browsing import PHONE, sign_in

Visit = Callable[..., Any]


def test_a_reader_signs_in_and_lands_on_the_page_they_asked_for(visit: Visit) -> None:
    page = visit()
    page.goto("/parties/")
    sign_in(page, "sales")
    expect(page).to_have_url(re.compile(r"/parties/$"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()


def test_a_wrong_password_is_refused_in_words_and_the_address_stays(visit: Visit) -> None:
    page = visit(width=PHONE)
    page.goto("/login/")
    page.locator('input[name="login"]').fill("sales@demo.example")
    page.locator('input[type="password"]').fill("not-it")
    page.locator("button.btn-primary[type=submit]").click()
    expect(page.get_by_role("alert")).to_be_visible()
    expect(page.locator('input[name="login"]')).to_have_value("sales@demo.example")
