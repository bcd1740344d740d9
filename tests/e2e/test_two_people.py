"""Two people side by side: what the one says or decides appears before the other, who loses nothing half typed. S0-11, S0-12."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.doing import act, add_contract, fill, send
from tests.e2e.installation import AS_OF

Visit = Callable[..., Any]


def name_of(page: Any) -> str:
    """What the person in front of a page is called."""
    page.goto("/settings/me/")
    return str(page.locator("#id_name").input_value())


def test_an_invited_colleague_talks_along_without_reloading_and_changes_nothing(visit: Visit) -> None:
    owner, colleague = visit("sales"), visit("sales2")
    address, name = add_contract(owner), name_of(colleague)
    assert colleague.goto(address).status == 404
    owner.goto(f"{address}discussion/")
    owner.get_by_role("link", name="Invite a colleague").click()
    owner.locator("#id_user").fill(name)
    owner.locator(".picker-list [role=option]").filter(has_text=name).first.click()
    send(owner)
    owner.wait_for_url(re.compile(r"/discussion/$"))
    colleague.goto(f"{address}discussion/")
    box = colleague.locator("#say textarea")
    box.fill("Our lab could")
    owner.locator("#say textarea").fill(f"@{name} can your lab test it?")
    owner.locator("#say .btn-primary").click()
    asked = colleague.locator(".said").filter(has_text="can your lab test it?")
    expect(asked).to_be_visible()
    expect(asked.locator(".mention")).to_have_text(f"@{name}")
    expect(box).to_have_value("Our lab could")
    colleague.locator("[data-reply]").first.click()
    expect(colleague.locator("[data-answers]")).to_be_visible()
    box.press_sequentially(" do it on Tuesday.")
    colleague.locator("#say .btn-primary").click()
    expect(owner.locator(".said").filter(has_text="Our lab could do it on Tuesday.")).to_be_visible()
    colleague.goto(address)
    expect(colleague.locator(f'a[href="{address}edit/"]')).to_have_count(0)
    assert colleague.goto(f"{address}edit/").status in (403, 409) or colleague.locator("#id_title").count() == 1
    if colleague.locator("#id_title").count():
        fill(colleague, title="Mine now")
        send(colleague)
        colleague.goto(address)
        expect(colleague.get_by_role("heading", level=1)).not_to_have_text("Mine now")


def test_a_decision_taken_elsewhere_shows_and_what_is_half_typed_stays(visit: Visit) -> None:
    owner, lead = visit("sales"), visit("manager")
    address = add_contract(owner)
    title = str(owner.get_by_role("heading", level=1).text_content())
    owner.goto(address)
    act(owner, "submit")
    owner.wait_for_url(re.compile("/submit/$"))
    send(owner)
    expect(owner.locator(".cardhead")).to_contain_text("In approval")
    owner.goto(f"{address}discussion/")
    box = owner.locator("#say textarea")
    box.fill("One more thing")
    lead.goto("/approvals/")
    lead.locator(".ask").filter(has_text=title).first.click()
    lead.locator('.decision .verbs form[action$="/approve/"] button').click()
    lead.wait_for_url(re.compile(r"/contracts/"))
    expect(owner.locator(".cardhead")).to_contain_text("Approved")
    expect(box).to_have_value("One more thing")


def test_a_receipt_that_finance_books_shows_at_the_owner_who_is_writing(visit: Visit) -> None:
    """S0-19: on the Money tab and at the bell, without reloading, and what is half typed stays."""
    finance, money, talk = visit("finance"), visit("sales"), visit("sales")
    money.goto("/contracts/?q=Metering+hall")
    money.locator("main a", has_text="Metering hall, phase 2").first.click()
    money.wait_for_url(re.compile(r"/contracts/[0-9a-f-]{36}/"))
    address = re.sub(r"(/contracts/[0-9a-f-]{36}/).*", r"\1", money.url)
    money.goto(f"{address}money/?amounts=gross")
    received = money.locator("tfoot .p-rec")
    before = str(received.text_content())
    talk.goto(f"{address}discussion/")
    bell = talk.locator('[data-menu="bell"] .count-yours')
    news = int((bell.text_content() if bell.count() else "") or 0)
    box = talk.locator("#say textarea")
    box.fill("They said that they")
    finance.goto(f"{address}money/pay/")
    fill(finance, amount="1234.00", on=AS_OF)
    finance.locator("button[name=step][value=record]").click()
    finance.wait_for_url(re.compile(r"/money/"))
    expect(received).not_to_have_text(before)
    expect(bell).to_have_text(str(news + 1))
    expect(box).to_have_value("They said that they")


def test_work_that_takes_long_is_asked_for_until_it_is_done(visit: Visit) -> None:
    """A long import shows its end by itself, though the stream says nothing of it."""
    page = visit("sales")
    address = add_contract(page)
    asked: list[str] = []

    def working(route: Any) -> None:
        body = re.sub(r'(<div class="live" data-live=[^>]*>)', r"\1<span data-soon>at it</span>", route.fetch().text())
        route.fulfill(body=body, content_type="text/html; charset=utf-8")

    def answer(route: Any) -> None:
        asked.append(route.request.url)
        said = "all done" if len(asked) > 19 else "<span data-soon>at it</span>"
        route.fulfill(body=said, headers={"X-Live-Mark": str(len(asked)), "Content-Type": "text/html"})

    page.route(re.compile(f"{address}head/"), answer)
    page.route(re.compile(f"{address}$"), working)
    page.clock.install()
    page.goto(address)
    expect(page.get_by_text("at it")).to_be_visible()
    while len(asked) < 20:
        with page.expect_response(lambda answer: "/head/" in answer.url):
            page.clock.run_for(5_000)
    page.clock.run_for(5_000)
    expect(page.get_by_text("all done")).to_be_visible()
