"""The how-tos are true: each is followed step by step in a copy of the project, and what it promises is checked there."""

from __future__ import annotations

from pathlib import Path

import pytest

from .following import Copy

pytestmark = pytest.mark.once


@pytest.fixture
def copy(tmp_path: Path) -> Copy:
    return Copy(tmp_path)


def test_add_a_field(copy: Copy) -> None:
    copy.follow("add-a-field.md")
    copy.check("check_field.py")


def test_add_an_app(copy: Copy) -> None:
    copy.follow("add-an-app.md")
    copy.check(
        "check_app.py",
        "src/hetong/equipment",
        "tests/architecture",
        "tests/access/test_routes.py::test_no_address_is_without_policy_and_none_without_sample",
    )
    copy.run(
        "-c",
        "import sys; from importlinter.cli import lint_imports_command as lint; sys.argv[1:] = ['--no-cache']; lint()",
    )


def test_add_an_endpoint(copy: Copy) -> None:
    copy.follow("add-an-endpoint.md")
    copy.check("check_endpoint.py")


def test_add_an_event(copy: Copy) -> None:
    copy.follow("add-an-event.md")
    copy.check("check_event.py")
