"""A record's `stage` moves through its machine, and only a service applies the move.

A stage that is set by hand skips the rules of the lifecycle, its journal row and its event.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.source import Finding, Source, called_name, line_of

RULE = "stage-writes"
_NAMES = frozenset({"stage", "lifecycle_stage"})


def check(source: Source) -> Iterator[Finding]:
    """Assignments and updates of a stage outside services."""
    if not (source.is_python and source.is_package) or source.is_test or source.is_migration:
        return
    if source.layer in {"services", "states"}:
        return
    for node in ast.walk(source.tree):
        if _sets_stage(node):
            yield Finding(source.path, line_of(node), RULE, "the stage is set outside a service")


def _sets_stage(node: ast.AST) -> bool:
    if isinstance(node, ast.Assign):
        targets = node.targets
    elif isinstance(node, ast.AugAssign | ast.AnnAssign):
        targets = [node.target]
    elif isinstance(node, ast.Call) and called_name(node) == "update":
        return not node.args and any(keyword.arg in _NAMES for keyword in node.keywords)
    else:
        return False
    return any(isinstance(target, ast.Attribute) and target.attr in _NAMES for target in targets)
