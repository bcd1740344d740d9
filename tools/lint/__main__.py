"""Run every house rule over the files of the project, or over the paths given."""

from __future__ import annotations

import importlib
import pkgutil
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from types import ModuleType

from tools.lint import rules
from tools.lint.source import Finding, Source, read

ROOT = Path(__file__).resolve().parent.parent.parent
FOLDERS = ("src/hetong", "tools", "tests", "benchmarks")
_LEFT_OUT = frozenset({"node_modules", "__pycache__", "build", "static", "data"})
_ENDINGS = (".py", ".html", ".txt", ".svg")


def main(arguments: list[str]) -> int:
    """Print what was found; the status says whether anything was."""
    paths = [Path(word).resolve() for word in arguments] or [ROOT / folder for folder in FOLDERS]
    findings = [finding for path in files(paths) for finding in check(read(ROOT, path))]
    for finding in sorted(findings, key=lambda found: (found.path, found.line, found.rule)):
        print(finding)
    return 1 if findings else 0


def check(source: Source) -> Iterator[Finding]:
    """What the rules find in one file, without what its comments allow."""
    if not (source.is_python or source.is_template):
        return
    try:
        if source.is_python:
            source.tree  # noqa: B018  # parsed here, so that a broken file is one finding and not a crash
    except SyntaxError as error:
        yield Finding(source.path, error.lineno or 1, "syntax", error.msg)
        return
    for rule in all_rules():
        for finding in rule.check(source):
            if not source.is_allowed(finding.rule, finding.line):
                yield finding


def all_rules() -> list[ModuleType]:
    """The modules in rules/, in the order of their names."""
    names = sorted(module.name for module in pkgutil.iter_modules(rules.__path__))
    return [importlib.import_module(f"{rules.__name__}.{name}") for name in names]


def files(paths: Iterable[Path]) -> Iterator[Path]:
    """The files that rules look at, below the folders or named themselves."""
    for path in paths:
        if path.is_file():
            yield path
        elif path.is_dir():
            yield from (
                found
                for found in sorted(path.rglob("*"))
                if found.suffix in _ENDINGS and found.is_file() and not _LEFT_OUT & set(found.relative_to(ROOT).parts)
            )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
