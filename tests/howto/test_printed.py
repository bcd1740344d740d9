"""What the documentation says of rights and lifecycle is printed from the code."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command

from conftest import Snapshot
from hetong.config.management.commands.describe import PAGES
from hetong.config.policy import url_names
from hetong.config.printed import policy_page
from hetong.contracts.states import LIFECYCLE, Stage

DOCS = Path(__file__).resolve().parent.parent.parent / "docs"


@pytest.mark.parametrize("page", PAGES)
def test_the_page_is_the_committed_one(snapshot: Snapshot, page: str) -> None:
    out = StringIO()
    call_command("describe", page, stdout=out)
    snapshot(DOCS / f"{page}.md", out.getvalue())


def test_every_address_has_a_line() -> None:
    lines = policy_page().partition("## Addresses")[2].count("\n| `/")
    assert lines >= len(set(url_names()))


def test_the_drawing_has_every_stage_and_every_step() -> None:
    drawing = PAGES["lifecycle"]().partition("```mermaid")[2].partition("```")[0]
    assert all(f" as {stage}\n" in drawing for stage in Stage)
    assert drawing.count("-->") == 1 + sum(len(sources) for sources, _ in LIFECYCLE.moves.values())
