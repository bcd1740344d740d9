"""`make check` and `make fix`: everything that can be found without running a test.

Every check runs, so that one call shows all there is to mend. ONLY=ruff,mypy picks some of them.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tools import steps

BIN = steps.VENV / "bin"


@dataclass(frozen=True)
class Check:
    """One program that finds faults, and how it is called."""

    name: str
    command: tuple[object, ...]
    is_wanted: Callable[[], bool] = lambda: True


def templates() -> list[Path]:
    """Every page and part of one."""
    return sorted((steps.ROOT / "src/hetong").rglob("templates/**/*.html"))


def has_templates() -> bool:
    """Whether there is a template to look at."""
    return bool(templates())


def has(path: str) -> Callable[[], bool]:
    """Whether a file of the project exists."""
    return lambda: (steps.ROOT / path).exists()


CHECKS = (
    Check("format", (BIN / "ruff", "format", "--check", "--quiet", "--output-format=concise", ".")),
    Check("ruff", (BIN / "ruff", "check", "--quiet", "--output-format=concise", ".")),
    Check("lint", (steps.PYTHON, "-m", "tools.lint")),
    Check("floors", (BIN / "lint-imports", "--no-cache", "--no-logo")),
    Check("templates", (BIN / "djlint", "--lint", "--quiet", "src/hetong"), has_templates),
    Check("djade", (BIN / "djade", "--check", "--target-version", "5.2", *templates()), has_templates),
    Check("migrations", (steps.HETONG, "makemigrations", "--check", "--dry-run")),
    Check("system", (steps.HETONG, "check", "--fail-level", "WARNING", "--database", "default")),
    Check("texts", (steps.PYTHON, "-m", "tools.messages", "check"), has("tools/messages.py")),
    Check("types", (BIN / "mypy",)),
    Check("frontend", (steps.PYTHON, "-m", "tools.frontend", "--types"), has("frontend/tsconfig.json")),
)
FIXES = (
    Check("texts", (steps.PYTHON, "-m", "tools.messages", "extract"), has("tools/messages.py")),
    Check("djade", (BIN / "djade", "--target-version", "5.2", *templates()), has_templates),
    Check("lint", (BIN / "ruff", "check", "--fix", "--quiet", "--exit-zero", ".")),
    Check("format", (BIN / "ruff", "format", "--quiet", ".")),
)


def main() -> int:
    """Run the checks, or with `fix` what mends by itself."""
    chosen = FIXES if sys.argv[1:] == ["fix"] else CHECKS
    only = os.environ.get("ONLY", "").replace(",", " ").split()
    failed = []
    with tempfile.TemporaryDirectory(prefix="hetong-check-") as home:
        for check in chosen:
            if check.is_wanted() and (not only or check.name in only) and not passes(check, home):
                failed.append(check.name)
    if failed:
        steps.say(f"!!! failed: {', '.join(failed)}")
        return 1
    steps.say("==> all checks pass")
    return 0


def passes(check: Check, home: str) -> bool:
    """Run one check in a home of its own; its findings are printed as they come."""
    started = time.monotonic()
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HETONG_")}
    environment = {**kept, "HETONG_HOME": home, "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(
        [str(word) for word in check.command], cwd=steps.ROOT, env=environment, stdin=subprocess.DEVNULL
    )
    verdict = "ok" if done.returncode == 0 else "FAILED"
    steps.say(f"==> {check.name:<10} {verdict}  {time.monotonic() - started:.1f} s")
    return done.returncode == 0


if __name__ == "__main__":
    steps.finish(main)
