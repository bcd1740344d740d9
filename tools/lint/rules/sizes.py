"""Files past 400 lines and functions past 50 ask to be split along a noun or a verb.

Medians are good in every codebase; the tails are the disease. One noun swallows three thousand
lines because each change added thirty. Tests and migrations are free; a declared table may be long
when its file says so at its head.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.lint.source import Finding, Source, functions

RULE = "sizes"
FILE_LINES = 400
FUNCTION_LINES = 50


def check(source: Source) -> Iterator[Finding]:
    """Long files and long functions."""
    if not source.is_python or source.is_test or source.is_migration:
        return
    count = len(source.lines)
    if count > FILE_LINES:
        yield Finding(source.path, 1, RULE, f"{count} lines, at most {FILE_LINES}")
    for node in functions(source.tree):
        size = (node.end_lineno or node.lineno) - node.lineno + 1
        if size > FUNCTION_LINES:
            yield Finding(source.path, node.lineno, RULE, f"{node.name} has {size} lines, at most {FUNCTION_LINES}")
