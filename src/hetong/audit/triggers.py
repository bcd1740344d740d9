"""Append-only by trigger, on both engines: journal tables refuse UPDATE, DELETE and TRUNCATE.

The one exception: a value row may be blanked (before, after and salt emptied, nothing else touched).
`removed` lifts them for a block, for tests that empty tables and for the tampering tests.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

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


def install(editor: BaseDatabaseSchemaEditor) -> None:
    """Create the triggers."""
    for statement in _postgres_statements() if editor.connection.vendor == "postgresql" else _sqlite_statements():
        editor.execute(statement, params=None)


def remove(editor: BaseDatabaseSchemaEditor) -> None:
    """Drop the triggers."""
    postgres = editor.connection.vendor == "postgresql"
    for table in TABLES:
        for act in ("update", "delete", "truncate") if postgres else ("update", "delete"):
            editor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{act}" + (f" ON {table}" if postgres else ""), params=None)


@contextmanager
def removed() -> Iterator[None]:
    """Lift the triggers for a block. Only tests may: the shipped product never does."""
    with connection.schema_editor() as editor:
        remove(editor)
    try:
        yield
    finally:
        with connection.schema_editor() as editor:
            install(editor)
