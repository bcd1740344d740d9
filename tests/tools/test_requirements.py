"""The lock files install the same on every machine, from any index."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
LOCKS = ("base", "build", "dev")


def locked(name: str) -> dict[str, str]:
    """The packages of a lock file with their versions."""
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    return {package.lower(): version for package, version in re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE)}


@pytest.mark.parametrize("name", LOCKS)
def test_a_lock_file_names_no_address(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    for forbidden in ("://", "--index-url", "--extra-index-url", "--find-links", "--trusted-host"):
        assert forbidden not in text


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_hashes(name: str) -> None:
    text = (ROOT / f"requirements/{name}.txt").read_text(encoding="utf-8")
    entries = re.split(r"^(?=[\w.-]+==)", text, flags=re.MULTILINE)[1:]
    assert entries
    assert all("--hash=sha256:" in entry for entry in entries)


def test_the_lock_files_agree_with_each_other() -> None:
    base, build, dev = (locked(name) for name in LOCKS)
    for package, version in {**base, **build}.items():
        assert dev.get(package, version) == version, package


def test_what_the_package_asks_for_is_what_is_locked() -> None:
    with (ROOT / "pyproject.toml").open("rb") as file:
        asked = tomllib.load(file)["project"]["dependencies"]
    names = {re.match(r"[\w.-]+", line).group().lower() for line in asked}  # type: ignore[union-attr]
    written = (ROOT / "requirements/base.in").read_text(encoding="utf-8")
    direct = {re.match(r"[\w.-]+", line).group().lower() for line in written.splitlines() if line and line[0] != "#"}  # type: ignore[union-attr]
    assert names == direct
    assert names <= set(locked("base"))
    assert locked("base")["django"].startswith("5.2.")
