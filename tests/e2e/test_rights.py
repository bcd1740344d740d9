"""What is not yours does not exist: an agent, and somebody without an account."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.doing import add_contract

Visit = Callable[..., Any]


def test_an_agent_sees_own_contracts_only_and_cannot_open_another_s_by_its_address(visit: Visit) -> None:
    seller, agent = visit("sales"), visit("agent")
    address = add_contract(seller)
    agent.goto("/contracts/")
    rows = agent.locator("tr[data-row]")
    expect(rows.first).to_contain_text("超純水監測系統年度維護")
    hrefs = rows.evaluate_all("all => all.map(one => one.dataset.href)")
    assert address not in hrefs
    for tab in ("", "lines/", "documents/", "history/", "edit/"):
        answer = agent.goto(f"{address}{tab}")
        assert answer.status == 404
        expect(agent.get_by_role("heading", level=1)).to_be_visible()
        expect(agent.locator("main")).not_to_contain_text("Kallvik")


def test_a_page_the_role_does_not_open_says_so_in_words(visit: Visit) -> None:
    page = visit("sales")
    answer = page.goto("/settings/users/new/")
    assert answer.status == 403
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto("/settings/")
    expect(page.locator('main a[href="/settings/users/new/"]')).to_have_count(0)


def test_nobody_is_sent_to_sign_in_and_back(visit: Visit) -> None:
    page = visit()
    page.goto("/contracts/?group=status")
    expect(page).to_have_url(re.compile(r"/login/\?next=.*contracts"))


def test_a_portal_user_meets_the_portal_alone(visit: Visit) -> None:
    page = visit("customer")
    page.goto("/portal/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert page.goto("/contracts/").status == 404
