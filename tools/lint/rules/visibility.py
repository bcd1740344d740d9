"""Every read starts from `visible_to(actor)`.

Most leaks in products like ours were one query that forgot to ask who is looking. In views and API
no chain may begin at `.objects` without it; in queries no function that knows the actor may.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.source import Finding, Source, called_name, calls, dotted, functions

RULE = "visibility"
_FACES = frozenset({"views", "api"})
# Their queries are what `visible_to` is made of, or read what belongs to one reader alone.
_BELOW_VISIBILITY = frozenset({"accounts", "audit", "jobs", "ui"})
# `editable_by` is `visible_to` made narrower, `visible_among` the same asked of few rows.
_STARTS = frozenset({"visible_to", "visible_among", "editable_by"})
_SHORTCUTS = frozenset({"get_object_or_404", "get_list_or_404"})


def check(source: Source) -> Iterator[Finding]:
    """Chains that read without asking who is looking."""
    if not (source.is_python and source.is_package) or source.is_test:
        return
    if source.layer in _FACES:
        yield from _unseen(source, source.tree)
    elif source.layer == "queries" and source.app not in _BELOW_VISIBILITY:
        for function in functions(source.tree):
            if function.args.args and function.args.args[0].arg == "actor":
                yield from _unseen(source, function)


def _unseen(source: Source, tree: ast.AST) -> Iterator[Finding]:
    for node in _outermost_chains(tree):
        if not _STARTS & set(dotted(node).split(".")):
            yield Finding(source.path, node.lineno, RULE, f"{dotted(node)} without visible_to(actor)")
    for call in calls(tree):
        if called_name(call) in _SHORTCUTS:
            yield Finding(
                source.path, call.lineno, RULE, f"{called_name(call)}: use a query that starts from visible_to"
            )


def _outermost_chains(tree: ast.AST) -> Iterator[ast.expr]:
    """Whole chains with `.objects` in them, each once: the inner parts of a chain are not chains of their own."""
    inner: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute | ast.Call | ast.Subscript):
            below = node.func if isinstance(node, ast.Call) else node.value
            inner.add(below)
            if node not in inner and ".objects" in dotted(node):
                yield node
