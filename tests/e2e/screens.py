"""Takes the pictures of docs/screens.md:  python -m tests.e2e.screens

It starts an installation of its own (E2E_URL names one that runs), makes what the pictures need and keeps each as a small
PNG in docs/screens/.
"""

from __future__ import annotations

import io
import os
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
Shoot = Callable[..., None]


def keep(name: str, png: bytes) -> None:
    """Save a picture with as many colours as its size allows."""
    picture = Image.open(io.BytesIO(png)).convert("RGB")
    for colours in (256, 128, 64, 32):
        held = io.BytesIO()
        picture.quantize(colours, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
            held, "PNG", optimize=True
        )
        if held.tell() <= MOST_BYTES:
            break
    (FOLDER / f"{name}.png").write_bytes(held.getvalue())


def shoot(page: Any, name: str, address: str = "") -> None:
    """A picture of the window as it stands, or of an address."""
    if address:
        opened(page, address)
    page.wait_for_timeout(200)
    keep(name, page.screenshot())


def card_of(page: Any, title: str) -> str:
    """The address of the contract with that title."""
    opened(page, f"/contracts/?q={title}")
    return str(page.locator("tr[data-row]").first.get_attribute("data-href"))


def take(browsing: Browsing) -> None:
    """All of them."""
    page, admin = browsing.visit("sales"), browsing.visit("admin")
    card = card_of(page, "Flow measuring")
    shoot(browsing.visit(), "sign-in", "/login/")
    shoot(page, "home", "/")
    shoot(page, "list", "/contracts/")
    shoot(page, "card", card)
    opened(page, f"{card}lines/")
    page.locator("details.whybox summary").first.click()
    page.locator("#panel").scroll_into_view_if_needed()
    shoot(page, "lines")
    shoot(page, "history", f"{card}history/")
    refused_form(page)
    shoot(page, "empty-no-match", "/contracts/?q=no+such+thing")
    shoot(page, "empty-nothing-yet", "/documents/")
    shoot(page, "refusal", "/settings/users/new/")
    conflict(page, admin)
    phone = browsing.visit("sales", width=PHONE, device_scale_factor=2)
    shoot(phone, "phone-list", "/contracts/")
    shoot(phone, "phone-card", card)
    dark = browsing.visit("sales", dark=True)
    shoot(dark, "dark-list", "/contracts/")
    shoot(dark, "dark-card", card)
    shoot(browsing.visit("executive"), "chinese-list", "/contracts/")
    shoot(browsing.visit("manager"), "swedish-card", card)
    printed = browsing.visit("sales", width=1120)
    opened(printed, "/contracts/")
    printed.emulate_media(media="print", color_scheme="light")
    shoot(printed, "print-list")


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


def main() -> int:
    """Take every picture."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    if running := os.environ.get("E2E_URL"):
        with launched() as chromium:
            take(Browsing(chromium, Installation(running, ROOT / ".tools/e2e")))
        return 0
    with (
        tempfile.TemporaryDirectory(prefix="hetong-screens-") as folder,
        started(Path(folder) / "home") as installation,
        launched() as chromium,
    ):
        take(Browsing(chromium, installation))
    return 0


if __name__ == "__main__":
    sys.exit(main())
