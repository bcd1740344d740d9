"""A file as the rules see it: its text, its tree, its app, and which kind of file it is."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path, PurePosixPath

HEAD_LINES = 10
_ALLOW = re.compile(r"allow:\s*(?P<rule>[a-z-]+)\s+[—–-]+\s*(?P<why>\S.{7,})")


@dataclass(frozen=True)
class Finding:
    """One place that breaks a rule."""

    path: str
    line: int
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.rule}: {self.message}"


@dataclass(frozen=True)
class Source:
    """One file below the root, named by its path from there."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The parsed module; only for Python files."""
        return ast.parse(self.text, self.path)

    @cached_property
    def lines(self) -> list[str]:
        """The lines without their ends."""
        return self.text.splitlines()

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The path's parts after src/hetong, or all of them outside of it."""
        parts = PurePosixPath(self.path).parts
        return parts[2:] if parts[:2] == ("src", "hetong") else parts

    @property
    def is_python(self) -> bool:
        """Whether it is a Python file."""
        return self.path.endswith(".py")

    @property
    def is_template(self) -> bool:
        """Whether it is a page, or a part of one, that Django fills in."""
        return "templates" in self.parts and self.path.endswith((".html", ".txt", ".svg"))

    @property
    def is_package(self) -> bool:
        """Whether it belongs to the product itself."""
        return self.path.startswith("src/hetong/")

    @property
    def is_test(self) -> bool:
        """Whether it is a test or a test's tool."""
        name = PurePosixPath(self.path).name
        return "tests" in PurePosixPath(self.path).parts or name in {"conftest.py", "testing.py"}

    @property
    def is_migration(self) -> bool:
        """Whether it is a migration."""
        return "migrations" in self.parts

    @property
    def app(self) -> str:
        """The app it belongs to, empty outside the product."""
        return self.parts[0] if self.is_package and len(self.parts) > 1 else ""

    @property
    def layer(self) -> str:
        """The file of the app it belongs to: `services`, `views`, `queries` …, also when that is a package."""
        return PurePosixPath(self.parts[1]).stem if self.app else ""

    @property
    def is_benchmark(self) -> bool:
        """Whether it measures the product: it deals in seconds, and fills a database of its own."""
        return self.parts[:2] == ("config", "bench")

    def is_allowed(self, rule: str, line: int) -> bool:
        """Whether a comment with a reason allows the rule to be broken here."""
        near = self.lines[max(line - 2, 0) : line]
        return any(match and match["rule"] == rule for match in map(_ALLOW.search, [*near, *self.lines[:HEAD_LINES]]))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def public_functions(module: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """The functions at the top of a module whose names do not begin with an underscore."""
    for node in module.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not node.name.startswith("_"):
            yield node


def line_of(node: ast.AST) -> int:
    """The line where a statement or an expression begins."""
    return int(getattr(node, "lineno", 1))


def calls(tree: ast.AST) -> Iterator[ast.Call]:
    """Every call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node


def called_name(call: ast.Call) -> str:
    """The last name of what is called: `save` for `contract.save()`."""
    if isinstance(call.func, ast.Attribute):
        return call.func.attr
    return call.func.id if isinstance(call.func, ast.Name) else ""


def dotted(node: ast.AST) -> str:
    """A chain of names as text, with calls left out: `Contract.objects.filter` for `Contract.objects.filter(…)`."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{dotted(node.value)}.{node.attr}"
    if isinstance(node, ast.Call | ast.Subscript):
        return dotted(node.func if isinstance(node, ast.Call) else node.value)
    return ""


def read(root: Path, path: Path) -> Source:
    """The file at a path, named from the root."""
    return Source(path.relative_to(root).as_posix(), path.read_text(encoding="utf-8"))
