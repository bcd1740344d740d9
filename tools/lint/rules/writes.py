"""Only services write; besides them migrations, the builders of tests, and the books of the house.

The books are the outbox (`jobs`), the journal (`audit`) and the bulk writes that services are made
of (`kernel/rows.py`).

A write elsewhere has no permission check, no lock, no journal row and no event: it is a change that
nobody can explain afterwards.
"""

from __future__ import annotations

from collections.abc import Iterator

from tools.lint.source import Finding, Source, called_name, calls
from tools.lint.writing import is_write

RULE = "writes"
_BOOKS = frozenset({"jobs", "audit"})


def check(source: Source) -> Iterator[Finding]:
    """Writes outside the places that may."""
    if not (source.is_python and source.is_package) or source.is_test or source.is_migration or source.is_benchmark:
        return
    if source.layer == "services" or source.app in _BOOKS or source.parts == ("kernel", "rows.py"):
        return
    for call in calls(source.tree):
        if is_write(call):
            yield Finding(source.path, call.lineno, RULE, f".{called_name(call)}() outside a service")
