"""A service that writes leaves a journal row.

The journal is the single source of a record's history, of notices and of webhooks. A write without
a row is a change that never happened for everybody but the database.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.source import Finding, Source, called_name, calls, public_functions
from tools.lint.writing import is_write

RULE = "journal"
_RECORDS = frozenset({"record", "record_many", "record_one"})
# Their writes are the journal, the outbox, the blobs and the index themselves.
_OWN_BOOKS = frozenset({"audit", "jobs", "search", "files", "ui"})

Function = ast.FunctionDef | ast.AsyncFunctionDef


def check(source: Source) -> Iterator[Finding]:
    """Public services with an actor that write but do not record, not even through a function beside them."""
    if not (source.is_python and source.is_package) or source.layer != "services" or source.is_test:
        return
    if source.app in _OWN_BOOKS:
        return
    beside = {node.name: node for node in source.tree.body if isinstance(node, Function)}
    for function in public_functions(source.tree):
        if not function.args.args or function.args.args[0].arg != "actor":
            continue
        reached = _reached(function, beside)
        writes = any(is_write(call) for node in reached for call in calls(node))
        records = any(called_name(call) in _RECORDS for node in reached for call in calls(node))
        if writes and not records:
            yield Finding(source.path, function.lineno, RULE, f"{function.name} writes without record_many")


def _reached(start: Function, beside: dict[str, Function]) -> list[Function]:
    """The function and what it calls in its own module, however deep."""
    found = [start]
    for function in found:
        for call in calls(function):
            called = beside.get(called_name(call))
            if called is not None and called not in found:
                found.append(called)
    return found
