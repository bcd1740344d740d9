"""Every page, as two people, in both themes, on a desk and on a phone: axe finds nothing, nothing falls out sideways.

In every run one of the two sees a page on a desk and the other on a phone; the long campaign shows both of them everything.

What each window saw is checked by the fixture `visit` as well: no console error, no breach of the policy, no other host.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.e2e.browsing import DESK, PHONE, SMALLEST, Browsing
from tests.e2e.installation import ROOT
from tests.e2e.pages import RARE, SHAPES, Reader, made, page_names, reached

Visit = Callable[..., Any]
AXE = ROOT / "frontend/node_modules/axe-core/axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
SLICES = 6
LOOK = """async (only) => {
  const found = await axe.run(document, {resultTypes: ['violations'], runOnly: only})
  return found.violations.map(one => `${one.id}: ${one.nodes.slice(0, 2).map(node => node.html.slice(0, 160)).join(' | ')}`)
}"""
SIDEWAYS = (
    "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - document.documentElement.clientWidth"
)


@pytest.fixture(scope="module")
def register(browser: Browsing) -> dict[str, dict[str, str]]:
    """The pages of the administrator and of a seller."""
    start = made(browser.visit("admin"), browser.visit("sales"))
    browser.close()
    return {
        login: reached(Reader(browser.installation.url, browser.state(login)), start) for login in ("admin", "sales")
    }


@pytest.fixture(scope="session")
def axe() -> str:
    """The rules, as the front end's locked development packages hold them."""
    if not AXE.exists():
        from tools import frontend

        frontend.install_modules()
    return AXE.read_text(encoding="utf-8")


def test_every_page_is_linked_from_somewhere(register: dict[str, dict[str, str]]) -> None:
    assert page_names() - set(register["admin"]) - set(register["sales"]) - set(RARE) == set()


LOOKS = ((DESK, "light"), (PHONE, "dark"))
EVERY = tuple((width, theme) for width in (DESK, PHONE) for theme in ("light", "dark"))


@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("login", ["admin", "sales"])
def test_a_page_is_open_to_everybody_s_eyes_and_hands(
    visit: Visit, register: dict[str, dict[str, str]], axe: str, login: str, part: int
) -> None:
    looks = {address: looks_of(register, login, address) for address in slice_of(register[login], part)}
    assert faults_of(visit, looks, login, axe) == {}


@pytest.mark.long
@pytest.mark.parametrize("part", range(SLICES))
@pytest.mark.parametrize("login", ["admin", "sales"])
def test_a_page_is_open_in_every_theme_at_every_width(
    visit: Visit, register: dict[str, dict[str, str]], axe: str, login: str, part: int
) -> None:
    assert faults_of(visit, dict.fromkeys(slice_of(register[login], part), EVERY), login, axe) == {}


def slice_of(pages: dict[str, str], part: int) -> list[str]:
    """Some of the pages, so that the work is shared by the workers."""
    return sorted([*pages.values(), *SHAPES])[part::SLICES]


def looks_of(register: dict[str, dict[str, str]], login: str, address: str) -> tuple[tuple[int, str], ...]:
    """The widths and themes in which that person sees the page: the other one sees the other, if they reach it."""
    of_all = sorted({name for pages in register.values() for name in pages} | set(SHAPES))
    name = next((name for name, at in register[login].items() if at == address), address)
    if name not in SHAPES and not all(name in pages for pages in register.values()):
        return LOOKS
    return (LOOKS[(of_all.index(name) + (login == "sales")) % 2],)


def faults_of(visit: Visit, looks: dict[str, Any], login: str, axe: str) -> dict[str, Any]:
    """What axe finds, and what is wider than a phone, by address; ``looks``: the widths and themes for each address."""
    windows = {width: visit(login, width=width) for width in (DESK, PHONE)}
    found: dict[str, Any] = {}
    for address, wanted in looks.items():
        for width in dict.fromkeys(width for width, _ in wanted):
            page = windows[width]
            page.goto(address, wait_until="load")
            page.evaluate(axe)
            for theme in (theme for where, theme in wanted if where == width):
                page.emulate_media(color_scheme=theme, reduced_motion="reduce")
                if faults := page.evaluate(LOOK, {"type": "tag", "values": RULES}):
                    found[f"{address} at {width} {theme}"] = faults
            if width == PHONE and (wide := too_wide(page)):
                found[f"{address} sideways"] = wide
    return found


def too_wide(page: Any) -> dict[int, int]:
    """By how many pixels the page is wider than a phone, by the phone's width."""
    wide = {}
    for width in (PHONE, SMALLEST):
        page.set_viewport_size({"width": width, "height": 812})
        if (over := page.evaluate(SIDEWAYS)) > 0:
            wide[width] = over
    page.set_viewport_size({"width": PHONE, "height": 812})
    return wide
