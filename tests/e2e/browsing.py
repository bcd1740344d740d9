"""One browser, and people in front of it: each visit is a window of its own, signed in, whose faults are noted."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from unittest import mock

from .installation import PASSWORD, ROOT, Installation

KEPT = ROOT / ".tools/e2e"
# Milliseconds that every answer is held up: what a slow line makes happen in another order, found on a fast one.
DELAY = int(os.environ.get("E2E_DELAY") or 0)
# Milliseconds until something that does not come is missing; what comes is never waited for so long.
PATIENCE = 60_000
# Nothing but the installation is asked: no look-ups, no updates, no accounts.
FLAGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", "--font-render-hinting=none",
)  # fmt: skip
DESK, PHONE, SMALLEST = 1440, 375, 320
# What a browser says on its own when a page answers with such a status; the test looks at the page itself.
EXPECTED = "Failed to load resource: the server responded with a status of 4"

# Everything that belongs to the page is there; its stream of events stays open for as long as it is.
STILL = """() => document.readyState === "complete" && !document.querySelector(".htmx-request")"""


def opened(page: Any, address: str) -> None:
    """Go there and wait for all that the page fetches on its own."""
    page.goto(address)
    page.wait_for_function(STILL)


# What Playwright answers from the page as it is, where its other readings wait for what they are asked about.
HASTY = ("all", "all_inner_texts", "all_text_contents", "count", "evaluate", "evaluate_all", "is_visible")


def patient(read: Callable[..., Any]) -> Callable[..., Any]:
    """That reading, once the page has arrived and nothing it asked for is under way."""

    def reading(locator: Any, *given: Any, **named: Any) -> Any:
        locator.page.wait_for_load_state()
        locator.page.locator(".htmx-request").first.wait_for(state="detached")
        return read(locator, *given, **named)

    return reading


@contextmanager
def patience() -> Iterator[None]:
    """No reading of a test finds nothing only because the machine is slow and the page still comes."""
    from playwright.sync_api import Locator

    with ExitStack() as stack:
        for name in HASTY:
            stack.enter_context(mock.patch.object(Locator, name, patient(getattr(Locator, name))))
        yield


def browser_path() -> Path:
    """The Chromium of this machine."""
    return Path(os.environ.get("HETONG_CHROMIUM") or "/usr/bin/chromium")


@contextmanager
def launched() -> Iterator[Any]:
    """Chromium without a network of its own, for the length of the block."""
    from playwright.sync_api import expect, sync_playwright

    expect.set_options(timeout=PATIENCE)
    libraries = os.environ.get("HETONG_CHROMIUM_LIBRARIES", "")
    # It reaches an installation on this machine, so no proxy of the surroundings is any of its business.
    environment = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
    with patience(), sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(browser_path()),
            args=list(FLAGS),
            env={**environment, **({"LD_LIBRARY_PATH": libraries} if libraries else {})},
        )
        yield chromium
        chromium.close()


def slowed(page: Any) -> None:
    """A window behind a slow line."""
    wire = page.context.new_cdp_session(page)
    wire.send("Network.enable")
    line = {"offline": False, "latency": DELAY, "downloadThroughput": -1, "uploadThroughput": -1}
    wire.send("Network.emulateNetworkConditions", line)


@dataclass
class Browsing:
    """Opens windows for people of the demo and remembers what went wrong in them."""

    chromium: Any
    installation: Installation
    states: dict[str, Any] = field(default_factory=dict)
    """Cookies by login: each person signs in once."""
    contexts: list[Any] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    hosts: set[str] = field(default_factory=set)

    def visit(
        self,
        login: str = "",
        *,
        width: int = DESK,
        dark: bool = False,
        script: bool = True,
        locale: str = "en-GB",
        **over: Any,
    ) -> Any:
        """A window of that person (nobody: empty) as a Playwright page; `script=False` is a browser without JavaScript."""
        context = self.chromium.new_context(
            base_url=self.installation.url,
            viewport={"width": width, "height": 900 if width > 600 else 812},
            is_mobile=width < 600,
            has_touch=width < 600,
            color_scheme="dark" if dark else "light",
            java_script_enabled=script,
            locale=locale,
            timezone_id="Europe/Stockholm",
            reduced_motion="reduce",
            storage_state=self.state(login) if login else None,
            accept_downloads=True,
            **over,
        )
        self.contexts.append(context)
        context.set_default_timeout(PATIENCE)
        page = context.new_page()
        self._watch(page)
        if DELAY:
            slowed(page)
        return page

    def state(self, login: str) -> Any:
        """The cookies of a signed-in person."""
        if login not in self.states:
            context = self.chromium.new_context(base_url=self.installation.url, java_script_enabled=False)
            context.set_default_timeout(PATIENCE)
            page = context.new_page()
            page.goto("/login/")
            sign_in(page, login)
            page.wait_for_url(lambda address: not address.startswith(f"{self.installation.url}/login/"))
            self.states[login] = context.storage_state()
            context.close()
        return self.states[login]

    def _watch(self, page: Any) -> None:
        page.on("console", lambda said: self._note(page, said.type, said.text))
        page.on("pageerror", lambda error: self.faults.append(f"{page.url}: {error}"))
        page.on("request", lambda request: self.hosts.add(request.url.partition("://")[2].partition("/")[0]))

    def _note(self, page: Any, kind: str, text: str) -> None:
        if kind in {"error", "warning"} and not text.startswith(EXPECTED):
            self.faults.append(f"{page.url}: {kind}: {text}")

    def picture(self, name: str) -> None:
        """Keep what is on the screens, for whoever looks at a failure."""
        KEPT.mkdir(parents=True, exist_ok=True)
        pages = [page for context in self.contexts for page in context.pages]
        for number, page in enumerate(pages):
            page.screenshot(path=KEPT / f"{name}-{number}.png")
            (KEPT / f"{name}-{number}.html").write_text(f"<!-- {page.url} -->\n{page.content()}", encoding="utf-8")

    def close(self) -> None:
        """Close the windows of a test."""
        for context in self.contexts:
            context.close()
        self.contexts.clear()
        self.faults.clear()
        self.hosts.clear()


def sign_in(page: Any, login: str) -> None:
    """Fill in the form of the sign-in page and send it."""
    page.locator('input[name="login"]').fill(f"{login}@demo.example")
    page.locator('input[type="password"]').fill(PASSWORD)
    page.locator("button.btn-primary[type=submit]").click()
