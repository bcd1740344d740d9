"""No float and no decimal column: money is whole minor units, prices and rates are scaled integers.

0.1 + 0.2 is not 0.3 in binary, and SQLite keeps a decimal column as a binary fraction. A contract's
sums must be equal to the last cent on both engines.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.source import Finding, Source, line_of

RULE = "decimals"
_FIELDS = frozenset({"FloatField", "DecimalField"})
# Seconds are no money: these measure, wait and schedule, and hold no amounts.
_TIMING_APPS = frozenset({"jobs", "files"})


def check(source: Source) -> Iterator[Finding]:
    """Float names, float arithmetic, float and decimal columns."""
    if (
        not (source.is_python and source.is_package)
        or source.is_test
        or source.is_benchmark
        or source.app in _TIMING_APPS
    ):
        return
    for node in ast.walk(source.tree):
        message = _fault(node)
        if message:
            yield Finding(source.path, line_of(node), RULE, message)


def _fault(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute) and node.attr in _FIELDS:
        return f"{node.attr} keeps a fraction inexactly; use a minor-unit or scaled field"
    if isinstance(node, ast.Name) and node.id in {"float", *_FIELDS}:
        return f"{node.id} is inexact; use Money or Scaled"
    if isinstance(node, ast.BinOp) and any(_is_fraction(side) for side in (node.left, node.right)):
        return "arithmetic with a binary fraction; use Money or Scaled"
    return ""


def _is_fraction(node: ast.AST) -> bool:
    return isinstance(node, ast.Constant) and isinstance(node.value, float)
