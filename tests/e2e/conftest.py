"""The browser tests: one installation and one browser per worker, fresh windows for every test."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.e2e import browsing
from tests.e2e.installation import ROOT, Installation, started

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives a browser; without a built front end there is nothing to drive."""
    built = (ROOT / "src/hetong/ui/static/ui/build/app.js").exists()
    for item in items:
        if HERE in item.path.parents:
            item.add_marker(pytest.mark.e2e)
            if not built:
                item.add_marker(pytest.mark.skip(reason="needs the built front end: python -m tools.frontend"))
            elif not browsing.browser_path().exists():
                item.add_marker(pytest.mark.skip(reason="needs Chromium; set HETONG_CHROMIUM"))


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """Tells the fixture below how the test itself went."""
    outcome: Any = yield
    report = outcome.get_result()
    if report.when == "call":
        item.stash[FAILED] = report.failed


FAILED = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Installation]:
    """A filled Hetong; the tests of a worker share it, so each makes the records it changes.

    E2E_URL names one that runs already (`python -m tests.e2e.installation 8800`), for whoever writes a test.
    """
    if running := os.environ.get("E2E_URL"):
        yield Installation(running, ROOT / ".tools/e2e")
        return
    with started(tmp_path_factory.mktemp("installation")) as found:
        yield found


@pytest.fixture(scope="package")
def browser(installation: Installation) -> Iterator[browsing.Browsing]:
    """Chromium. Not for the whole session: Playwright's loop would make Django refuse its database to later tests."""
    with browsing.launched() as chromium:
        yield browsing.Browsing(chromium, installation)


@pytest.fixture
def visit(browser: browsing.Browsing, request: pytest.FixtureRequest) -> Iterator[Callable[..., Any]]:
    """Opens windows; afterwards none of them may have seen an error, a breach of the policy or a foreign host."""
    yield browser.visit
    failed = request.node.stash.get(FAILED, True)
    faults, hosts = list(browser.faults), set(browser.hosts)
    try:
        if failed or faults:
            browser.picture(re.sub(r"\W+", "-", request.node.name).strip("-")[:80])
    finally:
        browser.close()
    assert faults == [], "a page complained"
    assert hosts <= {browser.installation.url.partition("://")[2]}, "a page spoke to somebody else"
