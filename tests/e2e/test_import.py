"""A newcomer brings a messy file in: a wrong guess corrected, errors mended in the grid, undone, and again (issue 5, point 5)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from playwright.sync_api import expect

from tests.e2e.browsing import PHONE
from tests.e2e.doing import new_name

Visit = Callable[..., Any]
LONGEST = 600_000
"""Milliseconds after which work in the background is taken to hang; until then the page says when it is done."""
LOOK_AGAIN = 500


def messy(names: list[str]) -> dict[str, Any]:
    """A file of an old program: a title, every line with as many commas as semicolons, and three unknown countries."""
    lands = ["SE", "XX", "Atlantis", "SE", "S"]
    rows = [f"{name}, kund;Kalmar, Storgatan 1;{land}" for name, land in zip(names, lands, strict=True)]
    text = "\r\n".join(["Namn, hela;Ort, adress;Land", *rows, ""])
    return {"name": "kunder.csv", "mimeType": "text/csv", "buffer": text.encode("cp1252")}


def begin(page: Any, names: list[str]) -> None:
    page.goto("/import/new/?kind=parties")
    page.locator("#id_file").set_input_files(messy(names))
    page.get_by_role("button", name="Keep the file and look at it").click()


def mend(page: Any) -> None:
    """Write the right country into each row with an error, by keyboard alone."""
    wrong = page.locator('[aria-invalid="true"]')
    expect(wrong).to_have_count(3)
    for place in range(3):
        wrong.nth(place).focus()
        page.keyboard.press("ControlOrMeta+a")
        page.keyboard.type("Sweden")
    page.keyboard.press("Enter")


def test_a_newcomer_imports_a_messy_file_undoes_it_and_imports_it_again(visit: Visit) -> None:
    page = visit("admin")
    names = [new_name() for _number in range(5)]
    page.goto("/parties/")
    expect(page.get_by_role("link", name="Import", exact=True)).to_be_visible()
    begin(page, names)

    # the comma was guessed; the rows below show that it is wrong
    expect(page.locator("#id_delimiter")).to_have_value("comma")
    expect(page.get_by_role("columnheader", name="hela;Ort")).to_be_visible()
    page.locator("#id_delimiter").select_option("semicolon")
    page.get_by_role("button", name="Read again").click()
    expect(page.get_by_role("columnheader", name="Namn, hela")).to_be_visible()
    page.get_by_role("button", name="Continue to the columns").click()

    # what nothing was guessed for is chosen by typing
    field = page.get_by_label("Namn, hela")
    field.click()
    field.fill("Name")
    page.get_by_role("option", name="Name *", exact=True).click()
    expect(page.get_by_label("Land")).to_have_value("Country")
    page.get_by_role("button", name="Check the rows").click()

    expect(page.get_by_role("button", name="Import 2 rows")).to_be_visible(timeout=LONGEST)
    page.get_by_role("link", name="Mend 3 rows").click()
    mend(page)
    expect(page.get_by_role("button", name="Import 5 rows")).to_be_visible(timeout=LONGEST)
    page.get_by_role("button", name="Import 5 rows").click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=LONGEST)
    address = page.url
    page.goto(f"/parties/?q={names[1].split()[0]}")
    expect(page.get_by_role("link", name=names[1])).to_be_visible()

    # leaving loses nothing: the import is found again among one's own, and undone
    page.goto("/import/")
    page.get_by_role("row").filter(has_text="Imported").get_by_role("link", name="kunder.csv").first.click()
    expect(page).to_have_url(address)
    page.get_by_role("button", name="Undo the import").click()
    expect(page.get_by_text("The import is undone")).to_be_visible(timeout=LONGEST)
    page.goto(f"/parties/?q={names[1].split()[0]}&is_active=true")
    expect(page.get_by_role("link", name=names[1])).to_have_count(0)

    # and again: what was mended is still mended
    page.goto(address)
    page.get_by_role("button", name="Check the rows again").click()
    expect(page.get_by_role("button", name="Import 5 rows")).to_be_visible(timeout=LONGEST)
    page.get_by_role("button", name="Import 5 rows").click()
    expect(page.get_by_role("button", name="Undo the import")).to_be_visible(timeout=LONGEST)


def test_the_steps_fit_a_phone_and_work_without_a_script(visit: Visit) -> None:
    page = visit("admin", width=PHONE, script=False)
    begin(page, [new_name() for _number in range(5)])
    page.locator("#id_delimiter").select_option("semicolon")
    page.get_by_role("button", name="Continue to the columns").click()
    page.get_by_label("Namn, hela").select_option("name")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    page.get_by_role("button", name="Check the rows").click()
    for _look in range(LONGEST // LOOK_AGAIN):
        if page.get_by_role("link", name="Mend 3 rows").count():
            break
        page.wait_for_timeout(LOOK_AGAIN)
        page.reload()
    page.get_by_role("link", name="Mend 3 rows").click()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE
    for place in range(3):
        page.locator('[aria-invalid="true"]').nth(place).fill("SE")
    page.get_by_role("button", name="Save and check again").click()
    expect(page.get_by_role("heading", name="kunder.csv")).to_be_visible()
