"""What SQLite knows of its tables when it chooses between two indexes: without it, it guesses, and lists take twice as long."""

from __future__ import annotations

from django.db import connection

MOST_COUNTED = 20_000
"""Rows of an index that are looked at; the rest follows from them."""


def weigh_tables() -> str:
    """Count anew what SQLite goes by: 0.1 s at 100,000 contracts. PostgreSQL does so by itself."""
    if connection.vendor != "sqlite":
        return "nothing to do"
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA analysis_limit={MOST_COUNTED}")
        cursor.execute("ANALYZE")
    return "done"
