"""What readers do, in steps that several tests share. All of it goes through the page, as they would."""

from __future__ import annotations

import re
from itertools import count
from typing import Any
from uuid import uuid4

from playwright.sync_api import expect

PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
    b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>endobj\n"
    b"4 0 obj<</Length 63>>stream\nBT /F1 24 Tf 72 700 Td (Supply of one flow meter, signed) Tj ET\nendstream endobj\n"
    b"5 0 obj<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
)
_SYLLABLES = ("ka", "lo", "mi", "ver", "stu", "ban", "gro", "ne", "qui", "zan", "dor", "fel", "hy", "pre", "sto", "wim")
_ONCE = count()
CARD = re.compile(r"/contracts/[0-9a-f-]{36}/$")


def new_name(ending: str = "AB") -> str:
    """A company's name that no other test uses and that looks like none of the others."""
    drawn = "".join(_SYLLABLES[int(digit, 16)] for digit in uuid4().hex[:5])
    return f"{drawn.capitalize()} {ending}"


def swedish_number() -> str:
    """A registration number that nobody has used here, with its right check digit."""
    stem = f"5590{uuid4().int % 100_000:05d}"
    doubled = [int(digit) * (2 - place % 2) for place, digit in enumerate(stem)]
    check = -sum(number // 10 + number % 10 for number in doubled) % 10
    return f"{stem[:6]}-{stem[6:]}{check}"


def fill(page: Any, **values: str) -> None:
    """Fill in plain fields by their names, and leave the last as a reader does by going on."""
    for name, value in values.items():
        page.locator(f"#id_{name}").fill(value)
    page.keyboard.press("Tab")


def choose(page: Any, name: str, words: str) -> None:
    """Choose what begins with these words: in a list of few, or by typing where there are many."""
    field = page.locator(f"#id_{name}")
    if field.evaluate("one => one.tagName") == "SELECT":
        options = field.locator("option").all_text_contents()
        label = next(one for one in options if one.strip().startswith(words))
        field.select_option(label=label.strip())
        return
    field.click()
    field.fill(words)
    page.locator(".picker-list [role=option]").filter(has_text=words).first.click()


def send(page: Any) -> None:
    """Press the first form's main button, and be on the page that answers."""
    with page.expect_navigation():
        page.locator("main form .form-foot .btn-primary").first.click()


def add_party(page: Any, name: str) -> str:
    """A Swedish customer with the least that is asked; returns its address."""
    page.goto("/parties/new/")
    fill(page, name=name)
    page.locator("#id_kinds_0").check()
    page.locator("#id_country").select_option("SE")
    send(page)
    anyway = page.locator("#id_anyway")
    if anyway.count():
        anyway.check()
        send(page)
    expect(page).to_have_url(re.compile(r"/parties/[0-9a-f-]{36}/$"))
    return str(page.evaluate("location.pathname"))


def add_contract(page: Any, title: str = "", party: str = "Kallvik") -> str:
    """A draft of three fields; returns the address of its card."""
    page.goto("/contracts/new/")
    fill(page, title=title or f"Agreement {new_name('')}{next(_ONCE)}")
    page.locator("#id_type").select_option(index=1)
    choose(page, "counterparty", party)
    send(page)
    if page.locator("#id_anyway").count():
        page.locator("#id_anyway").check()
        send(page)
    expect(page).to_have_url(CARD)
    return str(page.evaluate("location.pathname"))


def open_menu(page: Any, name: str) -> Any:
    """Open one of the menus and return its panel."""
    menu = page.locator(f'details[data-menu="{name}"]')
    if menu.get_attribute("open") is None:
        menu.locator("summary").click()
    return menu.locator(".menu-panel")


def way_to(page: Any, verb: str) -> Any:
    """The way to an act, from the head or from its menu."""
    link = page.locator(f'.acts a[href$="/{verb}/"], .acts form[action$="/{verb}/"] button').first
    if not link.is_visible():
        open_menu(page, "acts")
    return link


def act(page: Any, verb: str) -> None:
    """Take the way to an act, and be on the page that answers."""
    link = way_to(page, verb)
    with page.expect_navigation():
        link.click()
