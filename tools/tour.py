"""`make tour`: what each app owns and what it refuses, from the top floor down, in its own words."""

from __future__ import annotations

import ast
import re
import sys
import textwrap
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> int:
    """Print the docstring of every app that exists."""
    for app in apps():
        source = ROOT / "src/hetong" / app / "__init__.py"
        if source.exists():
            text = ast.get_docstring(ast.parse(source.read_text(encoding="utf-8"))) or "(says nothing of itself)"
            print(f"\n{app}\n{textwrap.indent(text, '    ')}")
    return 0


def apps() -> list[str]:
    """The apps, highest floor first, as the import contract lists them."""
    with (ROOT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    floors = next(contract["layers"] for contract in contracts if contract["id"] == "floors")
    return [app for floor in floors for app in re.findall(r"\w+", floor)]


if __name__ == "__main__":
    sys.exit(main())
