"""Append-only by trigger, on both engines: journal tables refuse UPDATE, DELETE and TRUNCATE.

The one exception: a value row may be blanked (before, after and salt emptied, nothing else touched).
`removed` lifts them for a block, for tests that empty tables and for the tampering tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("audit_entry", "audit_entryvalue", "audit_link", "audit_accesslog")
BLANKED = (
    "NEW.is_blank AND NEW.before IS NULL AND NEW.after IS NULL AND NEW.salt = '' "
    "AND NEW.id = OLD.id AND NEW.entry = OLD.entry AND NEW.field = OLD.field"
)


def _sqlite_statements() -> list[str]:
    statements = []
    for table in TABLES:
        allowed = f"WHEN NOT ({BLANKED})" if table == "audit_entryvalue" else ""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        statements.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {allowed} {refuse}")
        statements.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    return statements


def _postgres_statements() -> list[str]:
    statements = [
        "CREATE OR REPLACE FUNCTION audit_append_only() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation'; END $$"
    ]
    for table in TABLES:
        allowed = f"WHEN (NOT ({BLANKED}))" if table == "audit_entryvalue" else ""
        call = "EXECUTE FUNCTION audit_append_only()"
        statements.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {allowed} {call}")
        statements.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}")
        statements.append(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}")
    return statements


def install(connection: BaseDatabaseWrapper) -> None:
    """Create the triggers."""
    _run(connection, _postgres_statements() if connection.vendor == "postgresql" else _sqlite_statements())


def remove(connection: BaseDatabaseWrapper) -> None:
    """Drop the triggers."""
    postgres = connection.vendor == "postgresql"
    acts = ("update", "delete", "truncate") if postgres else ("update", "delete")
    names = [(table, f"{table}_no_{act}") for table in TABLES for act in acts]
    _run(connection, [f"DROP TRIGGER IF EXISTS {name}" + (f" ON {table}" if postgres else "") for table, name in names])


def _run(connection: BaseDatabaseWrapper, statements: Iterable[str]) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


@contextmanager
def removed() -> Iterator[None]:
    """Lift the triggers for a block. Only tests may: the shipped product never does."""
    remove(connections[DEFAULT_DB_ALIAS])
    try:
        yield
    finally:
        install(connections[DEFAULT_DB_ALIAS])
