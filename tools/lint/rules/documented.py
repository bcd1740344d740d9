"""Every app says what it owns; every public service and query says in one sentence what it means.

`make tour` prints the apps' sentences, and they are the first thing a new reader sees.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.source import Finding, Source, public_functions

RULE = "documented"
_LAYERS = frozenset({"services", "queries", "policy"})


def check(source: Source) -> Iterator[Finding]:
    """Apps, services and queries without a docstring."""
    if not (source.is_python and source.is_package) or source.is_test or source.is_migration:
        return
    if source.parts[1:] == ("__init__.py",) and not ast.get_docstring(source.tree):
        yield Finding(source.path, 1, RULE, f"the app {source.app} does not say what it owns")
    if source.layer not in _LAYERS:
        return
    for function in public_functions(source.tree):
        if not ast.get_docstring(function):
            yield Finding(source.path, function.lineno, RULE, f"{function.name} has no sentence of its own")
