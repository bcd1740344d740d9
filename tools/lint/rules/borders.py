"""The domain knows no web, and the edges of an app belong to it alone.

Models, fields, queries, services and the kernel serve pages, API, command line, jobs and imports
alike, so they import neither Django's request side nor the API library. Views, forms and tables are
imported by their own app only: another app that needs them needs a query or a service; those of
`ui` are made for everybody. (The import
contracts keep the floors; they cannot look inside Django, nor say "its own".)
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from tools.lint.source import Finding, Source, line_of

RULE = "borders"
_DOMAIN = frozenset({"models", "fields", "queries", "services", "events", "policy", "states"})
_WEB = ("django.http", "django.shortcuts", "django.views", "django_htmx", "ninja")
_EDGES = frozenset({"views", "forms", "tables"})
_SHARED = frozenset({"ui"})


def check(source: Source) -> Iterator[Finding]:
    """Imports of the web in the domain, and of another app's edges anywhere."""
    if not (source.is_python and source.is_package) or source.is_test or source.is_migration:
        return
    is_domain = source.app == "kernel" or (source.layer in _DOMAIN and source.app not in {"ui", "config"})
    for node in ast.walk(source.tree):
        for name in _imported(node):
            if is_domain and name.startswith(_WEB):
                yield Finding(source.path, line_of(node), RULE, f"{name} in the domain")
            if _is_foreign_edge(name, source.app):
                yield Finding(source.path, line_of(node), RULE, f"{name} belongs to its own app")


def _imported(node: ast.AST) -> list[str]:
    """The absolute names that a statement imports: `a.b.c` for `from a.b import c`."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
        return [f"{node.module}.{alias.name}" for alias in node.names]
    return []


def _is_foreign_edge(name: str, app: str) -> bool:
    parts = name.split(".")
    return parts[0] == "hetong" and len(parts) > 2 and parts[1] not in {app, *_SHARED} and parts[2] in _EDGES
