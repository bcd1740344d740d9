"""There is one clock, `kernel/clock.py`.

Tests set it, `--as-of` sets it, and today is the company's day, not the server's. A second clock
makes a run that cannot be repeated.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.source import Finding, Source, dotted, line_of

RULE = "clock"
_CLOCKS = frozenset(
    {
        "date.today",
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "time.time",
        "timezone.now",
    }
)
# With an argument these turn an instant into a zone's; without one they ask for the time.
_CLOCKS_WHEN_BARE = frozenset({"timezone.localdate", "timezone.localtime"})
_FUNCTIONS = frozenset({"Now", "CurrentDate", "TransactionNow"})


def check(source: Source) -> Iterator[Finding]:
    """Every other way to ask for the time, also as a default that is called later."""
    if not (source.is_python and source.is_package) or source.is_migration:
        return
    if source.path.endswith("kernel/clock.py"):
        return
    for node in ast.walk(source.tree):
        name = _clock_name(node)
        if name:
            yield Finding(source.path, line_of(node), RULE, f"{name}: ask kernel.clock")


def _clock_name(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return _tail(node) if _tail(node) in _CLOCKS else ""
    if not isinstance(node, ast.Call):
        return ""
    if _tail(node.func) in _CLOCKS_WHEN_BARE and not node.args and not node.keywords:
        return _tail(node.func)
    return _tail(node.func) if _tail(node.func) in _FUNCTIONS else ""


def _tail(node: ast.AST) -> str:
    """The last two names of a chain: `timezone.now` for `django.utils.timezone.now`."""
    return ".".join(dotted(node).split(".")[-2:])
