"""Takes the pictures of docs/screens.md:  python -m tests.e2e.screens [NAME …]

It starts an installation of its own (E2E_URL names one that runs), makes what the pictures need and keeps each as a small
PNG in docs/screens/. Names: only those groups (the functions below, such as ``money``).
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PIL import Image

from tests.e2e.browsing import PHONE, Browsing, launched, opened
from tests.e2e.doing import fill, send
from tests.e2e.installation import ROOT, Installation, started

FOLDER = ROOT / "docs/screens"
MOST_BYTES = 150_000
PAPER_WIDTH = 900
"""Pixels of a page of paper."""
PATIENCE = 120_000
"""Milliseconds for work in the background."""
MESSY = (
    "Name;Country;City;E-mail;Payment days\n"
    "Norrvatten Teknik AB;SE;Luleå;info@norrvatten.example;30\n"
    "Hafen und Wasser GmbH;Germany;Bremen;post@hafenwasser.example;30\n"
    "Aqua Lindholm AB;Sweeden;Växjö;info@aqualindholm.example;30\n"
    "Rio Claro Águas Ltda;BR;Campinas;contato@rioclaro.example;45\n"
    "高雄水務工程股份有限公司;TW;高雄市;service@khwater.example;thirty\n"
    "Brightwater Utilities plc;GB;Bristol;helen.marsh@brightwater.example;30\n"
    "Skagerrak Energi AS;NO;Larvik;post-skagerrak.example;20\n"
)
"""A file of customers with three cells that cannot be read."""


def keep(name: str, png: bytes, *, width: int = 0) -> None:
    """Save a picture with as many colours as its size allows, no wider than ``width`` (0: as it is)."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    if width and picture.width > width:
        picture = picture.resize((width, picture.height * width // picture.width), Image.Resampling.LANCZOS)
    for colours in (256, 128, 64):
        held = io.BytesIO()
        # every colour counts alike, however little of it there is: a small red sign keeps its own red
        drawn = picture.quantize(colours, method=Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE)
        drawn.save(held, "PNG", optimize=True)
        if held.tell() <= MOST_BYTES:
            break
    (FOLDER / f"{name}.png").write_bytes(held.getvalue())


def shoot(page: Any, name: str, address: str = "") -> None:
    """A picture of the window as it stands, or of an address."""
    if address:
        opened(page, address)
    page.wait_for_timeout(200)
    keep(name, page.screenshot())


def first_of(page: Any, address: str) -> str:
    """The address of the first record of a list."""
    opened(page, address)
    return str(page.locator("tr[data-row]").first.get_attribute("data-href"))


def card_of(page: Any, title: str) -> str:
    """The address of the contract with that title."""
    return first_of(page, f"/contracts/?q={title}")


# -- the pictures, in groups -----------------------------------------------------------------------


def begin(browsing: Browsing) -> None:
    """Signing in, and the first page."""
    shoot(browsing.visit(), "sign-in", "/login/")
    shoot(browsing.visit("sales"), "home", "/")
    shoot(browsing.visit("executive", dark=True), "chinese-home-dark", "/")


def lists(browsing: Browsing) -> None:
    """Contracts as a list."""
    page = browsing.visit("sales")
    shoot(page, "list", "/contracts/")
    shoot(page, "empty-no-match", "/contracts/?q=no+such+thing")
    shoot(page, "empty-nothing-yet", "/todos/delegated/")
    shoot(browsing.visit("executive"), "chinese-list", "/contracts/")
    shoot(browsing.visit("executive", dark=True), "chinese-list-dark", "/contracts/?stage=active")
    shoot(browsing.visit("sales", dark=True), "dark-list", "/contracts/")
    printed = browsing.visit("sales", width=1120)
    opened(printed, "/contracts/")
    printed.emulate_media(media="print", color_scheme="light")
    shoot(printed, "print-list")


def cards(browsing: Browsing) -> None:
    """One contract."""
    page = browsing.visit("sales")
    card = card_of(page, "Flow measuring")
    shoot(page, "card", card)
    opened(page, f"{card}lines/")
    page.locator("details.whybox summary").first.click()
    page.locator("#panel").scroll_into_view_if_needed()
    shoot(page, "lines")
    shoot(page, "history", f"{card}history/")
    shoot(page, "discussion", f"{card}discussion/")
    shoot(browsing.visit("sales", dark=True), "dark-card", card)
    shoot(browsing.visit("manager"), "swedish-card", card)
    shoot(browsing.visit("legal"), "swedish-papers", "/documents/?view=lapsing")
    agent = browsing.visit("agent")
    shoot(agent, "traditional-card", first_of(agent, "/contracts/"))


def parties(browsing: Browsing) -> None:
    """Who is on the other side."""
    page = browsing.visit("sales")
    shoot(page, "party", first_of(page, "/parties/?q=Västerhamn"))


def approval(browsing: Browsing) -> None:
    """A decision, at a desk and on a phone."""
    shoot(browsing.visit("manager"), "approval", "/approvals/")
    phone = browsing.visit("manager", width=PHONE, device_scale_factor=2)
    opened(phone, "/approvals/")
    phone.locator("a.ask").first.click()
    phone.locator(".decision").first.wait_for()
    shoot(phone, "phone-approval")


def money(browsing: Browsing) -> None:
    """What is due, invoiced and paid."""
    page = browsing.visit("sales")
    opened(page, f"{card_of(page, 'Flow measuring')}money/")
    page.locator(".nav-tabs").first.evaluate("one => scrollTo(0, one.offsetTop - 70)")
    shoot(page, "money")
    finance = browsing.visit("finance")
    shoot(finance, "billing", "/billing/")
    shoot(finance, "invoices", "/billing/invoices/")
    shoot(finance, "ledger", "/billing/ledger/")
    shoot(finance, "invoice", first_of(finance, "/billing/invoices/?q=2026-0003"))
    for name, number in (("invoice-paper", "2026-0003"), ("invoice-paper-chinese", "2026-0001")):
        paper(finance, name, first_of(finance, f"/billing/invoices/?q={number}"))


def paper(page: Any, name: str, invoice: str) -> None:
    """The first page of an invoice as it is sent."""
    with page.expect_download() as coming:
        page.evaluate("address => { location.href = address }", f"{invoice}pdf/")
    document = re.search(r"/documents/([0-9a-f-]{36})/", coming.value.url)
    assert document
    opened(page, f"/documents/{document[1]}/versions/current/")
    image = page.locator('img[src*="/pages/"]').first
    image.wait_for(timeout=PATIENCE)
    keep(name, page.request.get(str(image.get_attribute("src"))).body(), width=PAPER_WIDTH)


def bringing_in(browsing: Browsing) -> None:
    """A file of customers with errors."""
    page = browsing.visit("admin")
    page.goto("/import/new/?kind=parties")
    file = {"name": "customers.csv", "mimeType": "text/csv", "buffer": MESSY.encode()}
    page.locator("#id_file").set_input_files(file)
    send(page)
    page.wait_for_url(re.compile("/reading/$"))
    shoot(page, "import-reading")
    page.goto(page.url.replace("/reading/", "/columns/"))
    shoot(page, "import-columns")
    send(page)
    mend = page.get_by_role("link", name=re.compile("Mend"))
    mend.wait_for(timeout=PATIENCE)
    shoot(page, "import-check")
    mend.click()
    page.locator('[aria-invalid="true"]').first.wait_for()
    shoot(page, "import-errors")


def finding(browsing: Browsing) -> None:
    """Search, the palette and what is to be done."""
    page = browsing.visit("sales")
    shoot(page, "search", "/search/?q=meter")
    shoot(browsing.visit("executive"), "chinese-search", "/search/?q=流量")
    opened(page, "/contracts/")
    page.keyboard.press("Control+k")
    page.locator("[data-palette-input]").press_sequentially("meter")
    page.locator("#palette-list [role=option]").filter(has_text="Heat meters").first.wait_for()
    shoot(page, "palette")
    shoot(page, "todos", "/todos/")
    shoot(page, "notices", "/notices/")


def ruling(browsing: Browsing) -> None:
    """What administrators see."""
    admin = browsing.visit("admin")
    shoot(admin, "journal", "/settings/journal/?noun=contracts.contract")
    shoot(admin, "field-rules", "/settings/field-rules/")


def phones(browsing: Browsing) -> None:
    """The same on a phone."""
    phone = browsing.visit("sales", width=PHONE, device_scale_factor=2)
    shoot(phone, "phone-home", "/")
    shoot(phone, "phone-list", "/contracts/")
    shoot(phone, "phone-card", card_of(phone, "Flow measuring"))
    shoot(browsing.visit("executive", width=PHONE, device_scale_factor=2, dark=True), "phone-chinese", "/contracts/")


def faults(browsing: Browsing) -> None:
    """What is said when something does not work out."""
    page = browsing.visit("sales")
    refused_form(page)
    shoot(page, "refusal", "/settings/users/new/")
    conflict(page, browsing.visit("admin"))


GROUPS: tuple[Callable[[Browsing], None], ...] = (
    begin, lists, cards, parties, approval, money, bringing_in, finding, ruling, phones, faults,
)  # fmt: skip


def refused_form(page: Any) -> None:
    """A new party whose number is wrong."""
    opened(page, "/parties/new/")
    page.locator("#id_country").select_option("SE")
    fill(page, name="Norrvatten Teknik AB", registration_number="556823-4151")
    send(page)
    page.locator(".error-summary").wait_for()
    shoot(page, "form-refused")


def conflict(page: Any, other: Any) -> None:
    """Two people in one record; afterwards the record is as it was."""
    address = card_of(page, "Heat meters, rental")
    for one in (page, other):
        opened(one, f"{address}edit/")
    fill(other, reference="GV-2026-114")
    send(other)
    other.wait_for_url(f"**{address}")
    fill(page, reference="GV 114/26", title="Heat meters, rental and reading")
    send(page)
    page.locator(".conflict").wait_for()
    shoot(page, "conflict")


def take(browsing: Browsing, names: list[str]) -> None:
    """All of them, or those groups."""
    for group in GROUPS:
        if not names or group.__name__ in names:
            group(browsing)
            browsing.close()


def main() -> int:
    """Take the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if running := os.environ.get("E2E_URL"):
        with launched() as chromium:
            take(Browsing(chromium, Installation(running, ROOT / ".tools/e2e")), sys.argv[1:])
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="hetong-screens-") as folder,
        started(Path(folder) / "home") as installation,
        launched() as chromium,
    ):
        take(Browsing(chromium, installation), sys.argv[1:])
    return 0


if __name__ == "__main__":
    sys.exit(main())
