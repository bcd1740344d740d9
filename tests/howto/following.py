"""Following a how-to as a stranger would: its blocks are applied to a copy of the project, its commands run there.

A block says in its first line where it goes: ``# new file: PATH``, or ``# PATH, after: TEXT`` (also ``before:`` and
``instead of:``), where TEXT stands in exactly one line of that file. In a block of shell commands, the lines that
begin with ``hetong`` are run; what begins with ``make`` is for the reader's own tree.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAGES = ROOT / "docs/how-to"
CHECKS = Path(__file__).parent / "checks"
COPIED = (
    "src/hetong",
    "tests/architecture",
    "tests/access",
    "tests/__init__.py",
    "conftest.py",
    "manage.py",
    "pyproject.toml",
)
FENCE = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
PLACE = re.compile(
    r"^(?:#|\{#) (?:new file: (?P<new>\S+)|(?P<file>\S+), (?P<how>after|before|instead of): (?P<text>.+?))(?: #\})?$"
)


@dataclass(frozen=True)
class Block:
    """One fenced block: commands (no file), a new file (no ``how``), or lines for a place in a file."""

    language: str
    body: str
    file: str = ""
    how: str = ""
    text: str = ""


def blocks_of(page: str) -> list[Block]:
    """The blocks of a how-to in their order. Raises `ValueError` for one that does not say where it goes."""
    return list(_blocks((PAGES / page).read_text(encoding="utf-8")))


def _blocks(markdown: str) -> Iterator[Block]:
    for language, body in FENCE.findall(markdown):
        if language in ("sh", "text"):
            yield Block(language, body)
            continue
        first, _, rest = body.partition("\n")
        place = PLACE.match(first)
        if place is None:
            raise ValueError(f"this block does not say where it goes: {first!r}")
        yield Block(language, rest, place["new"] or place["file"], place["how"] or "", place["text"] or "")


class Copy:
    """A copy of the project in which a how-to is followed; it keeps its data on SQLite in a home of its own."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        for name in COPIED:
            source, target = ROOT / name, folder / name
            target.parent.mkdir(parents=True, exist_ok=True)
            if source.is_dir():
                shutil.copytree(source, target)
            else:
                shutil.copy2(source, target)

    def follow(self, page: str) -> None:
        """Apply every block of the page in its order."""
        for block in blocks_of(page):
            if block.language == "sh":
                self._run_commands(block.body)
            elif block.language != "text":
                self._apply(block)

    def _run_commands(self, body: str) -> None:
        for line in body.splitlines():
            words = shlex.split(line, comments=True)
            if words and words[0] == "hetong":
                self.run("-m", "hetong.config.cli", *words[1:])

    def _apply(self, block: Block) -> None:
        path = self.folder / block.file
        if not block.how:
            assert not path.exists(), f"{block.file} is there already"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(block.body, encoding="utf-8")
            return
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        found = [number for number, line in enumerate(lines) if block.text in line]
        assert len(found) == 1, f"{block.text!r} stands in {len(found)} lines of {block.file}, not in one"
        start = found[0] + (block.how == "after")
        end = found[0] + (block.how != "before")
        lines[start:end] = [block.body]
        path.write_text("".join(lines), encoding="utf-8")

    def check(self, name: str, *more: str) -> None:
        """Run a file of ``checks/`` with pytest in the copy, and whatever else is named."""
        shutil.copy2(CHECKS / name, self.folder / "tests" / name)
        self.run("-m", "pytest", "-q", "--tb=short", "-n0", "-p", "no:cacheprovider", f"tests/{name}", *more)

    def run(self, *words: str) -> str:
        """Run Python in the copy; a failure shows all that was said."""
        kept = {
            name: value for name, value in os.environ.items() if not name.startswith(("HETONG_", "PYTEST_", "DJANGO_"))
        }
        environment = kept | {
            "HETONG_HOME": str(self.folder / "var"),
            "PYTHONPATH": str(self.folder / "src"),
            "PYTHONWARNINGS": "ignore",
        }
        done = subprocess.run(  # noqa: S603 - this interpreter, with words of the how-tos
            [sys.executable, *words], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL, capture_output=True,
            text=True, timeout=900, check=False,
        )  # fmt: skip
        said = done.stdout + done.stderr
        assert done.returncode == 0, f"{' '.join(words)} ended with {done.returncode}:\n{said[-8000:]}"
        return said
