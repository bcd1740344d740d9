"""S0-28: an administrator says in a few clicks who may see and change what, and it holds for those whom it is about."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from playwright.sync_api import expect

from tests.e2e.doing import act, add_contract, fill, send

Visit = Callable[..., Any]
LINES = "contracts.line"


def go(page: Any, locator: Any) -> None:
    """Click what leads to another page, and wait for it."""
    with page.expect_navigation():
        locator.click()


class Clicks:
    """Counts what a hand does: a link or a button is one click, choosing in a list two."""

    def __init__(self, page: Any) -> None:
        self.page, self.count = page, 0

    def follow(self, locator: Any) -> None:
        go(self.page, locator)
        self.count += 1

    def choose(self, name: str, code: str) -> None:
        self.page.locator(f'select[name="{name}"]').select_option(code)
        self.count += 2


@contextmanager
def rules_given_back(admin: Any) -> Iterator[None]:
    """What a test sets counts for everybody on this installation, so it is taken back."""
    try:
        yield
    finally:
        for role in ("agent", "sales_rep"):
            admin.goto("/settings/roles/")
            go(admin, admin.locator(f"#role-{role} a"))
            back = admin.locator('form[action$="/act/reset/"] button')
            if back.count():
                go(admin, back)


def add_line(page: Any, contract: str) -> str:
    """One line on the contract; returns the address at which it is changed."""
    page.goto(f"{contract}lines/")
    fill(page, title="Pressure sensor", quantity="3", unit_price="1,999.00")
    go(page, page.locator("main form .form-foot .btn-primary").first)
    return str(page.locator(".lines .acts a").first.get_attribute("href"))


def told_of(page: Any, contract: str) -> str:
    """What the lines' page, the history and the API tell this person of the contract, without the commas of amounts."""
    id = re.search(r"[0-9a-f-]{36}", contract)
    assert id is not None
    addresses = (f"{contract}lines/", f"{contract}history/", f"/api/v1/contracts/{id[0]}/lines")
    answers = [page.request.get(address) for address in addresses]
    assert all(answer.ok for answer in answers)
    return "".join(answer.text() for answer in answers).replace(",", "")


def set_cell(page: Any, field: str, role: str, code: str) -> None:
    page.goto(f"/settings/field-rules/?noun={LINES}&q={field}")
    page.locator(f'select[name="{LINES}:{field}:{role}"]').select_option(code)
    go(page, page.locator(".rules-foot .btn-primary"))


def test_agents_see_no_cost_and_sales_change_prices_in_draft_only_in_eight_clicks(visit: Visit) -> None:
    admin, seller, agent = visit("admin"), visit("sales"), visit("agent")
    with rules_given_back(admin):
        set_cell(admin, "unit_cost", "agent", "edit")
        draft = add_contract(seller)
        agents = add_contract(agent, party="臺北")
        line, agents_line = add_line(seller, draft), add_line(agent, agents)
        agent.goto(agents_line)
        fill(agent, unit_cost="1,234.56")
        send(agent)
        assert "1234.56" in told_of(agent, agents)
        for reader, address, name in ((agent, agents_line, "unit_cost"), (seller, line, "unit_price")):
            reader.goto(address)
            expect(reader.locator(f'[name="{name}"]')).to_be_attached()

        admin.goto("/")
        clicks = Clicks(admin)
        clicks.follow(admin.locator('.rail a[href="/settings/"]').first)
        clicks.follow(admin.locator('main a[href="/settings/field-rules/"]').first)
        clicks.follow(admin.locator(f'.chips a[href="?noun={LINES}"]'))
        clicks.choose(f"{LINES}:unit_cost:agent", "hidden")
        clicks.choose(f"{LINES}:unit_price:sales_rep", "read+draft")
        clicks.follow(admin.locator(".rules-foot .btn-primary"))
        assert clicks.count <= 8
        expect(admin.locator(f'select[name="{LINES}:unit_price:sales_rep"]')).to_have_value("read+draft")

        agent.goto(agents_line)
        expect(agent.locator('[name="unit_price"]')).to_be_attached()
        expect(agent.locator('[name="unit_cost"]')).to_have_count(0)
        assert "unit_cost" not in told_of(agent, agents)
        assert "1234.56" not in told_of(agent, agents)
        seller.goto(line)
        fill(seller, unit_price="2,100.00")
        send(seller)
        seller.goto(draft)
        act(seller, "review")
        seller.goto(line)
        expect(seller.locator('[name="title"]')).to_be_attached()
        expect(seller.locator('[name="unit_price"]')).to_have_count(0)
        seller.goto(f"{draft}lines/")
        expect(seller.locator("main")).to_contain_text("2,100")


def test_the_matrix_works_without_script_and_on_a_phone(visit: Visit) -> None:
    page = visit("admin", script=False, width=375)
    with rules_given_back(page):
        page.goto(f"/settings/field-rules/?noun={LINES}&role=agent")
        assert page.evaluate("document.documentElement.scrollWidth") <= 375
        page.locator(f'select[name="{LINES}:title:agent"]').select_option("hidden")
        go(page, page.locator(".rules-foot .btn-primary"))
        expect(page.get_by_role("alert")).to_contain_text("is needed to add a record")
        page.locator("#id_anyway").check()
        go(page, page.locator(".rules-foot .btn-primary"))
        expect(page.locator(f'select[name="{LINES}:title:agent"]')).to_have_value("hidden")


def test_an_administrator_looks_as_an_agent_and_can_change_nothing(visit: Visit) -> None:
    page = visit("admin")
    page.goto("/settings/view-as/")
    page.locator("#id_who").select_option(label="Agent")
    send(page)
    band = page.locator(".preview-bar")
    expect(band).to_contain_text("You view as Agent")
    page.goto("/contracts/new/")
    expect(band).to_be_visible()
    fill(page, title="Not to be")
    send(page)
    expect(page.locator("main")).to_contain_text("Nothing can be changed in a preview")
    page.goto("/")
    band.get_by_role("button").click()
    expect(page).to_have_url(re.compile("/settings/view-as/$"))
    expect(page.locator(".preview-bar")).to_have_count(0)
