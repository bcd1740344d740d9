"""One contract from a new customer to the archive, walked by those who sell, lead and keep the books.

Done when 1 of part 2: on a desk in English and on a phone in Chinese; every jump that is not allowed is refused
in words on the way. What follows from an act (dues, papers, the stage) comes about in the served process; the page
is asked until it shows it.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browsing import DESK, PHONE
from tests.e2e.doing import PDF, act, add_party, choose, fill, new_name, send, way_to
from tests.e2e.installation import AS_OF

Visit = Callable[..., Any]
LATER = 30_000
"""Milliseconds at most for what follows from an act to show; it is there as soon as the worker has come round."""


@dataclass(frozen=True)
class Road:
    """Who walks, in which language and how wide; ``team``: chosen by who sells from no team."""

    sales: str
    lead: str
    finance: str
    keeper: str
    language: str
    width: int
    kind: str = "Sales contract"
    team: str = ""

    def said(self, stage: str) -> str:
        """What the stage is called to who sells."""
        return CHINESE[stage] if self.language else stage


CHINESE = {"In approval": "审批中", "Approved": "已批准", "Active": "履行中", "Archived": "已归档"}


ROADS = [
    Road("sales", "manager", "finance", "manager", "", DESK),
    Road("kina", "executive", "kassa", "admin", "zh_Hans", PHONE, "销售合同", "销售部"),
]


@pytest.mark.parametrize("road", ROADS, ids=["desk-en", "phone-zh"])
def test_one_contract_from_a_customer_to_the_archive(visit: Visit, road: Road) -> None:
    sales, lead, finance = (visit(one, width=road.width) for one in (road.sales, road.lead, road.finance))
    title = f"Walk {new_name('')}"
    address = drafted(sales, road, title)
    planned(sales, road, address)
    approved(sales, lead, road, address, title)
    signed(sales, road, address)
    number = invoiced(sales, finance, road, address)
    paid(sales, finance, road, address, number)
    archived(finance, visit(road.keeper, width=road.width), sales, road, address)


def stage_is(page: Any, road: Road, address: str, stage: str) -> None:
    """The card says that the contract has come so far: on its own, as soon as the consequence has come about."""
    page.goto(address)
    expect(page.locator(".cardhead .badge, .facts .badge").first).to_have_text(stage, timeout=60_000)


def going(page: Any, press: Callable[[], object]) -> None:
    """Do what leads to another page, and be there."""
    with page.expect_navigation():
        press()


def take(page: Any, address: str, verb: str) -> None:
    """Take a step of the lifecycle from the card, through its form where it asks for something."""
    page.goto(address)
    act(page, verb)
    if page.url.rstrip("/").endswith(f"/{verb}"):
        send(page)
    expect(page).to_have_url(re.compile(re.escape(address) + "$"))


def refused(page: Any, address: str, verb: str) -> None:
    """A jump that the stage or the person does not allow is no button, and its address refuses it with a reason."""
    answer = page.goto(f"{address}{verb}/")
    assert answer.status in (403, 404, 405, 409), (verb, answer.status)
    expect(page.locator("main")).not_to_be_empty()
    page.goto(address)
    expect(page.locator(f'.acts a[href$="/{verb}/"], .acts form[action$="/{verb}/"]')).to_have_count(0)


# -- the draft -------------------------------------------------------------------------------------


def drafted(page: Any, road: Road, title: str) -> str:
    """A customer, and a contract with two lines: 250 000 net, 312 500 with tax."""
    name = new_name()
    add_party(page, name)
    page.goto("/contracts/new/")
    fill(page, title=title)
    choose(page, "type", road.kind)
    choose(page, "counterparty", name)
    page.locator(".form-more > summary").click()
    fill(page, starts_on=AS_OF, ends_on="2028-03-30")
    if road.team:
        choose(page, "team", road.team)
    send(page)
    expect(page).to_have_url(re.compile(r"/contracts/[0-9a-f-]{36}/$"))
    address = str(page.evaluate("location.pathname"))
    for line, (what, quantity, price) in enumerate(
        (("Meter", "2", "100000"), ("Commissioning", "10", "5000")), start=1
    ):
        page.goto(f"{address}lines/")
        fill(page, title=what, quantity=quantity, unit_price=price, tax_rate="25")
        send(page)
        page.goto(f"{address}lines/")
        expect(page.locator("main table").first.locator("tbody tr[data-row], tbody tr:not(.because)")).to_have_count(
            line
        )
    return address


def planned(page: Any, road: Road, address: str) -> None:
    """Three stages: at signing, on a day, when accepted; a plan that is short by 0.01 cannot be submitted."""
    plan = f"{address}plan/"
    page.goto(plan)
    fill(page, **{"m-title": "Accepted"})
    page.locator('form:has(input[value="milestone"]) button[type=submit]').click()
    expect(page.locator("main")).to_contain_text("Accepted")
    add_stage(page, plan, "At signing", "30 %")
    add_stage(page, plan, "Delivery", "149999.99", on=AS_OF)
    page.goto(address)
    act(page, "submit")
    send(page)
    expect(page.locator(".error-summary, [role=alert]").first).to_be_visible()
    page.goto(plan)
    page.locator("table.stages tbody tr", has_text="Delivery").first.locator('form[action$="/remove/"] button').click()
    add_stage(page, plan, "Delivery", "50 %", on=AS_OF)
    page.goto(plan)
    fill(page, title="Acceptance")
    page.locator("#id_trigger").select_option("milestone")
    page.locator("#id_milestone").select_option(index=1)
    page.locator('form:has(input[value="stage"]) button[type=submit]').click()
    expect(page.locator("table.stages tbody tr", has_text="Acceptance").first).to_contain_text("62,500.00")
    for verb in ("send_to_sign", "close", "archive"):
        refused(page, address, verb)


def add_stage(page: Any, plan: str, title: str, share: str, on: str = "") -> None:
    page.goto(plan)
    fill(page, title=title, share=share)
    page.locator("#id_trigger").select_option("date" if on else "signing")
    if on:
        fill(page, on=on)
    page.locator('form:has(input[value="stage"]) button[type=submit]').click()
    expect(page.locator("table.stages")).to_contain_text(title)


# -- into force ------------------------------------------------------------------------------------


def approved(sales: Any, lead: Any, road: Road, address: str, title: str) -> None:
    take(sales, address, "submit")
    stage_is(sales, road, address, road.said("In approval"))
    refused(sales, address, "send_to_sign")
    lead.goto("/approvals/")
    lead.locator("a.ask", has_text=title).click()
    expect(lead.locator("#decision-title")).to_have_text(title)
    lead.locator('.decision .verbs form[action$="/approve/"] button').click()
    expect(lead.locator(".toast, .notice").first).to_be_visible()
    stage_is(sales, road, address, road.said("Approved"))


def signed(page: Any, road: Road, address: str) -> None:
    """The signed copy comes back; without a name it is refused and nothing typed is lost."""
    take(page, address, "send_to_sign")
    page.goto(f"{address}signing/")
    paper = {"name": "Signed.pdf", "mimeType": "application/pdf", "buffer": PDF}
    fill(page, ours_name="Elin Söderqvist", ours_signed_on=AS_OF, theirs_signed_on=AS_OF)
    page.locator("#id_file").set_input_files(paper)
    complete = page.locator('form[action$="/complete/"] button[type=submit]')
    complete.click()
    expect(page.locator(".error-summary").first).to_be_visible()
    expect(page.locator("#id_ours_name")).to_have_value("Elin Söderqvist")
    fill(page, theirs_name="Karin Ekdahl")
    page.locator("#id_file").set_input_files(paper)
    if page.locator("#id_same_text").count():
        page.locator("#id_same_text").check()
    complete.click()
    stage_is(page, road, address, road.said("Active"))


# -- money -----------------------------------------------------------------------------------------


def invoiced(sales: Any, finance: Any, road: Road, address: str) -> str:
    """Two invoices: the first stage, then all that is left; more than is planned is refused. Returns the first one's number."""
    money = f"{address}money/"
    sales.goto(money)
    expect(sales.locator("table.plan tbody tr:not(.because)")).to_have_count(
        3, timeout=LATER
    )  # the part asks again by itself
    expect(sales.locator('a[href$="/money/invoice/"]')).to_have_count(0)
    finance.goto(f"{money}invoice/")
    picks = finance.locator(".picks > div")
    expect(picks).to_have_count(2)
    only(finance, "At signing")
    amount = picks.filter(has_text="At signing").locator("input.form-control")
    amount.fill("93750.01")
    issue(finance)
    expect(finance.locator(".error-summary")).to_be_visible()
    amount.fill("")
    issue(finance, r"93.750[.,]00")
    finance.goto(money)
    link = finance.locator('a[href*="/billing/invoices/"]').first
    number = link.inner_text().strip()
    going(finance, link.click)
    with finance.expect_download() as coming:
        way_to(finance, "pdf").click()
    assert coming.value.path().read_bytes().startswith(b"%PDF")
    sales.goto(f"{address}plan/")
    going(sales, sales.locator('a[href*="/milestones/"][href$="/reach/"]').click)
    send(sales)
    finance.goto(money)
    expect(finance.locator("table.plan tr.blocked")).to_have_count(
        0, timeout=LATER
    )  # the milestone has freed its stage
    finance.goto(f"{money}invoice/")
    expect(finance.locator(".picks > div")).to_have_count(2)
    for pick in finance.locator(".picks input[type=checkbox]").all():
        pick.check()
    issue(finance, r"218.750[.,]00")
    finance.goto(f"{money}?amounts=gross")
    expect(finance.locator("tfoot .p-inv")).to_have_text(re.compile(r"312.500[.,]00"))
    return number


def only(page: Any, title: str) -> None:
    for row in page.locator(".picks > div").all():
        row.locator("input[type=checkbox]").set_checked(title in row.inner_text())


def issue(page: Any, shown: str = "") -> None:
    """Press the seal; only the amounts that the preview shows are issued, so it is waited for."""
    if shown:
        page.keyboard.press("Tab")
        expect(page.locator("#preview")).to_contain_text(re.compile(shown))
    press_step(page, "issue")


def press_step(page: Any, step: str) -> None:
    going(page, lambda: page.locator(f"button[name=step][value={step}]").click())


def paid(sales: Any, finance: Any, road: Road, address: str, number: str) -> None:
    """Who sells tells of the money, who keeps the books finds it; only then it counts."""
    money = f"{address}money/"
    sales.goto(f"{money}pay/")
    fill(sales, amount="93750.00", on=AS_OF)
    only(sales, number)
    expect(sales.locator("button[name=step][value=record]")).to_have_count(0)
    press_step(sales, "report")
    finance.goto(f"{money}?amounts=gross")
    expect(finance.locator("tfoot .p-rec")).not_to_have_text(re.compile(r"93.750[.,]00"))
    going(finance, lambda: finance.locator('form[action$="/confirm/"] button').first.click())
    finance.goto(f"{money}?amounts=gross")
    expect(finance.locator("tfoot .p-rec")).to_have_text(re.compile(r"93.750[.,]00"))


# -- the end ---------------------------------------------------------------------------------------


def archived(finance: Any, keeper: Any, sales: Any, road: Road, address: str) -> None:
    """While 218 750.00 are open it cannot be closed; then it is, and what is archived is only read."""
    take(finance, address, "begin_closing")
    finance.goto(f"{address}close/")
    close = finance.locator(".close-form button[type=submit]")
    close.click()
    expect(finance.locator(".notice[role=alert]")).to_be_visible()
    finance.goto(f"{address}money/pay/")
    fill(finance, amount="218750.00", on=AS_OF)
    for pick in finance.locator(".picks input[type=checkbox]").all():
        pick.check()
    press_step(finance, "record")
    finance.goto(f"{address}close/")
    expect(finance.locator(".check-open")).to_have_count(0)
    close.click()
    expect(finance).to_have_url(re.compile(re.escape(address) + "$"))
    keeper.goto(address)
    act(keeper, "archive")
    send(keeper)
    stage_is(sales, road, address, road.said("Archived"))
    assert sales.goto(f"{address}edit/").status in (403, 409, 422)
    sales.goto(f"{address}history/")
    expect(sales.locator(".timeline")).to_be_visible()
