"""S2-07: an administrator adds a field without code, and the next page of a salesperson asks for it, shows it and finds it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.doing import act, add_contract, fill, new_name, send

Visit = Callable[..., Any]


def test_a_field_is_added_asked_for_required_shown_and_retired(visit: Visit) -> None:
    admin, seller = visit("admin"), visit("sales")
    name = new_name("").strip()
    admin.goto("/settings/")
    admin.locator('main a[href="/settings/fields/"]').first.click()
    admin.locator('a[href="/settings/fields/new/"]').first.click()
    admin.locator("#id_noun").select_option("contracts.contract")
    admin.locator("#id_kind").select_option("choice")
    send(admin)
    fill(admin, labels_0=name, labels_3="Vikt", choice_0_0="Light", choice_1_0="Heavy")
    admin.locator("#id_required_from").select_option("in_review")
    send(admin)
    expect(admin.locator("h1")).to_have_text(name)
    key = admin.locator("dd.id").first.inner_text()
    try:
        draft = add_contract(seller)
        seller.goto(draft)
        act(seller, "review")
        expect(seller.locator("main, [role=alert]").first).to_contain_text(name)
        seller.goto(f"{draft}edit/")
        seller.locator(f"#id_{key}").select_option(label="Heavy")
        send(seller)
        expect(seller.locator("main")).to_contain_text("Heavy")
        seller.goto(f"/contracts/?view=all&columns=title,{key}&{key}=heavy")
        expect(seller.locator("main table tbody tr")).to_have_count(1)
        seller.goto(draft)
        act(seller, "review")
        expect(seller.locator("main")).not_to_contain_text("is needed before this")
        agent = visit("agent")
        agent.goto("/contracts/new/")
        expect(agent.locator(f"#id_{key}")).to_have_count(0)
    finally:
        admin.goto("/settings/fields/")
        admin.get_by_role("link", name=name, exact=True).click()
        admin.locator('form[action$="/act/retire/"] button').click()
        expect(admin.locator(".notice")).to_contain_text("retired")
    seller.goto("/contracts/new/")
    expect(seller.locator(f"#id_{key}")).to_have_count(0)


def test_the_pages_of_fields_work_without_script_on_a_phone(visit: Visit) -> None:
    page = visit("admin", script=False, width=375)
    page.goto("/settings/fields/new/")
    send(page)
    page.locator("#id_noun").select_option("parties.party")
    page.locator("#id_kind").select_option("choice")
    send(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 375
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("at least one")


def test_an_issued_invoice_takes_a_field_of_the_house_and_keeps_what_was_printed(visit: Visit) -> None:
    admin, clerk = visit("admin"), visit("finance")
    name = new_name("").strip()
    admin.goto("/settings/fields/new/?noun=billing.invoice&kind=text")
    fill(admin, labels_0=name)
    send(admin)
    key = admin.locator("dd.id").first.inner_text()
    try:
        clerk.goto(f"/billing/invoices/?view=issued&columns=number,{key}")
        clerk.locator("main table tbody a").first.click()
        card = clerk.locator("#panel")
        total = card.locator("dl.sums dd.all").inner_text()
        clerk.locator('a[href$="/edit/"]').first.click()
        fill(clerk, **{key: "4711 Harbour"})
        send(clerk)
        expect(card).to_contain_text("4711 Harbour")
        expect(card.locator("dl.sums dd.all")).to_have_text(total)
        clerk.goto(f"/billing/invoices/?view=all&columns=number,{key}&{key}.has=harbour")
        expect(clerk.locator("main table tbody tr")).to_have_count(1)
        agent = visit("agent")
        agent.goto(f"/billing/invoices/?view=all&columns=number,{key}")
        expect(agent.locator("main")).not_to_contain_text("4711 Harbour")
    finally:
        admin.goto("/settings/fields/")
        admin.get_by_role("link", name=name, exact=True).click()
        admin.locator('form[action$="/act/retire/"] button').click()
        expect(admin.locator(".notice")).to_contain_text("retired")
