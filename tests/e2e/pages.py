"""Every page a person can reach: found by following links from home, one address for each name of the URL register.

So a new page is looked at on the day it is linked, and a page that nothing links to is named by the test.
"""

from __future__ import annotations

import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any

from django.urls import Resolver404, resolve

from hetong.kernel.routes import methods_of
from tests.access.samples import patterns
from tests.e2e.doing import PDF, act, add_contract, add_party, fill, new_name, send

LINK = re.compile(r"""(?:href|data-href|hx-get)=["'](/[^"'#]*)["']""")
START = (
    "/",
    "/settings/",
    "/settings/components/",
    "/search/?q=meter",
    "/views/?path=/contracts/",
    "/jobs/",
    "/notices/?show=all",
    "/documents/",
)
# Lists in their other shapes are worth a look of their own.
SHAPES = (
    "/contracts/?group=status",
    "/contracts/?q=no-such-thing",
    "/contracts/?colour=blue",
    "/contracts/?density=compact",
    "/parties/?kinds=customer&_field=country",
)
# Not pages: bytes, parts of pages, probes, and answers to other programs.
PARTS = re.compile(
    r"^(api:.*|api-.*|api_docs|healthz|readyz|documents:(page|download)|jobs:(file|bell)|notifications:(bell|count|manifest|worker)|ui:(pick|cell)|search:palette"
    r"|discussions:(people|file|asked|place)|todos:feed|parties:(duplicates|alike)|audit:(export|heads)|person_(file|paper)|contracts:(alike|notices|plan_check|head)|billing:invoice_pdf|exchange:(record|import_template|import_errors))$"
)
# Pages that no link leads to, with the reason; those marked * are looked at in `made` below.
RARE = {
    "todos:card": "a task of one's own, of which the demo has none; linked from the list of to-dos",
    "todos:team": "for the lead of a team; linked from their to-dos",
    "account_login": "for those who are not signed in; test_sign_in",
    "account_logout": "a form of one button; its page is for browsers that were sent there",
    "first_password": "opened once, by the link an administrator sends",
    "forgotten": "for those who are not signed in; linked from the sign-in page",
    "confirm_address": "opened once, by the link in a mail",
    "mfa_authenticate": "between password and home; test_second_step",
    "openid_connect_login": "leads to the provider that the settings name",
    "openid_connect_callback": "where that provider sends people back",
    "accounts:prove": "asked for in between, when the last proof is older than ten minutes; test_second_step",
    "accounts:portal": "for portal users",
    "person": "for a person who was looked for; config/tests/test_privacy.py",
    "person_erase": "for a person who was looked for; config/tests/test_privacy.py",
    "hold_lift": "for a hold that stands; config/tests/test_privacy.py",
    "contracts:review": "* a form of one button",
    "contracts:discard": "* a form of one button",
    "contracts:restore": "* a form of one button",
    "parties:kind_edit": "the same page as parties:kind",
    "accounts:user_grants": "shown again by the person's page when what it sends is refused",
    "documents:add": "shown again by the panel when what it sends is refused",
    "documents:reject": "for a version that is proposed",
    "preferences": "takes what menus send",
    "approvals:reject": "by a verb of a record in that state; test_walk and the pages' own tests",
    "billing:due": "by a verb of a record in that state; test_walk and the pages' own tests",
    "billing:due_hold": "by a verb of a record in that state; test_walk and the pages' own tests",
    "billing:due_pay": "by a verb of a record in that state; test_walk and the pages' own tests",
    "billing:due_skip": "by a verb of a record in that state; test_walk and the pages' own tests",
    "billing:payment_allocate": "by a verb of a record in that state; test_walk and the pages' own tests",
    "billing:payment_reverse": "by a verb of a record in that state; test_walk and the pages' own tests",
    "billing:payment_unallocate": "by a verb of a record in that state; test_walk and the pages' own tests",
    "billing:due_edit": "where the house has added fields to dues; access/test_added_fields",
    "billing:invoice_edit": "where the house has added fields to invoices; test_added_fields",
    "billing:payment_edit": "where the house has added fields to payments; access/test_added_fields",
    "contract_money:invoice": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contract_money:pay": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contract_money:receive": "by a verb of a record in that state; test_walk and the pages' own tests",
    "discussions:edit": "by a verb of a comment; the pages' own tests",
    "discussions:edits": "of a comment that was changed; the pages' own tests",
    "todos:edit": "by a verb of a task; the pages' own tests",
    "todos:pass": "by a verb of a task; the pages' own tests",
    "todos:snooze": "by a verb of a task; the pages' own tests",
    "contracts:activate": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:archive": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:begin_closing": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:close": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:milestone_edit": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:milestone_reach": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:milestone_unreach": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:original_edit": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:original_lend": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:original_return": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:original_stamp": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:plan_change": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:recall": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:resume": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:revise": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:send_to_sign": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:stage_edit": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:suspend": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:terminate": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:unarchive": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:withdraw": "by a verb of a record in that state; test_walk and the pages' own tests",
    "contracts:renewal": "where reminders of a day of notice lead; config/tests/test_renewal",
    "notifications:notice": "leads on to where a notice points; config/tests/test_notices",
    "notifications:pass_on": "from a notice; config/tests/test_notices",
    "notifications:room": "for a room that was added; config/tests/test_chat_rooms",
    "notifications:pause": "from a day that asks for something; config/tests/test_renewal",
    "user_leave": "by a verb of a record in that state; test_walk and the pages' own tests",
}


def page_names() -> set[str]:
    """The names of all addresses that may show a page."""
    names = {name for name, _pattern in patterns() if name and not PARTS.match(name)}
    return {name for name in names if "GET" in methods_of(name)}


def name_of(address: str) -> str:
    """The name of an address in the URL register; empty for what is no address of ours."""
    try:
        return resolve(address.partition("?")[0]).view_name
    except Resolver404:
        return ""


class Reader:
    """Fetches pages with a person's cookies."""

    def __init__(self, url: str, state: Any) -> None:
        self.url = url
        self.cookies = "; ".join(f"{one['name']}={one['value']}" for one in state["cookies"])

    def page(self, address: str) -> str | None:
        """The HTML of a page; nothing where the answer is no page or a refusal."""
        request = urllib.request.Request(self.url + address, headers={"Cookie": self.cookies, "Accept": "text/html"})  # noqa: S310 - the installation that this test has started
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310 - as above
                is_page = answer.headers.get_content_type() == "text/html"
                return answer.read().decode() if is_page else None
        except urllib.error.HTTPError:
            return None


def made(admin: Any, seller: Any) -> tuple[str, ...]:
    """Records in the states that bring up the rarer pages, made by two people; their addresses."""
    return (*made_for_settings(admin), *made_by_importer(admin), *made_by_seller(seller))


def made_for_settings(page: Any) -> tuple[str, ...]:
    """A bank account, a holiday of our own, a saved view and a field of ours on projects."""
    party = add_party(page, new_name())
    page.goto("/settings/fields/new/?noun=contracts.project&kind=choice")
    fill(page, labels_0=new_name("").strip(), choice_0_0="High")
    send(page)
    page.goto(f"{party}banks/new/")
    fill(page, account="SE45 5000 0000 0583 9825 7466", bank_name="SEB")
    send(page)
    page.goto("/settings/calendars/new/")
    page.locator("#id_country").select_option("SE")
    page.locator("#id_day").fill("2026-06-05")
    fill(page, name=new_name())
    send(page)
    page.goto(f"/views/new/?path=/contracts/&noun=contracts.contract&query=q%3D{new_name('').strip()}")
    page.locator("#view-name").fill(new_name("").strip())
    send(page)
    return (party, "/settings/calendars/")


def made_by_importer(page: Any) -> tuple[str, ...]:
    """An import whose check found a row with an error; its pages, which are open to who began it alone."""
    page.goto("/import/new/?kind=parties")
    rows = f"Name;Country\n{new_name()};SE\n{new_name()};Atlantis\n".encode()
    page.locator("#id_file").set_input_files({"name": "customers.csv", "mimeType": "text/csv", "buffer": rows})
    send(page)
    page.wait_for_url(re.compile("/reading/$"))
    begun = page.url.partition("/import/")[2].partition("/")[0]
    page.goto(f"/import/{begun}/columns/")
    send(page)
    page.get_by_role("link", name=re.compile("Mend")).wait_for(timeout=60_000)
    return tuple(f"/import/{begun}/{step}" for step in ("", "reading/", "columns/", "rows/"))


def made_by_seller(page: Any) -> tuple[str, ...]:
    """A draft with a line and a paper, a flagged contract in review, a discarded one."""
    draft, reviewed, gone = (add_contract(page) for _number in range(3))
    page.goto(f"{draft}lines/")
    fill(page, title="Pressure sensor", quantity="3", unit_price="1,999.00", discount="5", tax_rate="13")
    send(page)
    page.goto(f"{draft}documents/")
    page.locator("#id_file").set_input_files({"name": "Agreement.pdf", "mimeType": "application/pdf", "buffer": PDF})
    page.locator("#id_kind").select_option(index=1)
    page.locator('main form[action$="/documents/add/"] .btn-primary').click()
    page.wait_for_load_state()
    document = page.locator('.papers a[href^="/documents/"]').first.get_attribute("href")
    for address, verb in ((reviewed, "review"), (gone, "discard")):
        page.goto(address)
        act(page, verb)
    page.goto(f"{reviewed}flag/")
    fill(page, reason="The meter drifts.")
    send(page)
    forms = (f"{draft}review/", f"{draft}discard/", f"{gone}restore/")
    return (draft, f"{draft}lines/", str(document), reviewed, gone, *forms)


def reached(reader: Reader, start: tuple[str, ...] = ()) -> dict[str, str]:
    """One address for every name that links lead to, by name; those to start from are all followed."""
    found: dict[str, str] = {}
    begin = {*start, *START}
    waiting = [*start, *START]
    while waiting:
        address = waiting.pop(0)
        name = name_of(address)
        if not name or PARTS.match(name) or (name in found and address not in begin):
            continue
        begin.discard(address)
        html = reader.page(address)
        if html is not None:
            found.setdefault(name, address)
            waiting += list(links_of(html))
    return found


def links_of(html: str) -> Iterator[str]:
    """The addresses a page leads to, each once."""
    yield from dict.fromkeys(link.replace("&amp;", "&") for link in LINK.findall(html))
