"""Append-only by trigger, on both engines: journal tables refuse UPDATE, DELETE and TRUNCATE.

The one exception: fields of a row of values may be blanked (made null, nothing else touched).
`removed` lifts them for a block, for tests that empty tables and for the tampering tests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager

from django.db import DEFAULT_DB_ALIAS, connections
from django.db.backends.base.base import BaseDatabaseWrapper

VALUES = "audit_entryvalues"
TABLES = ("audit_entry", VALUES, "audit_link", "audit_accesslog")
_EACH = {"sqlite": "json_each", "postgresql": "jsonb_each"}
_IS_NULL = {"sqlite": "now.type = 'null'", "postgresql": "now.value = 'null'"}


def _parts(of: str, side: str) -> str:
    """What a field's value is made of, part by part: SQLite keeps text as it was written, so the same letter may be written twice."""
    return f"SELECT fullkey, type, atom FROM json_tree({of}.held, {side}.fullkey)"  # noqa: S608 - our own names


_OLD, _NEW = _parts("OLD", "was"), _parts("NEW", "now")
_DIFFERS = {
    "sqlite": f"(EXISTS ({_OLD} EXCEPT {_NEW}) OR EXISTS ({_NEW} EXCEPT {_OLD}))",
    "postgresql": "now.value IS DISTINCT FROM was.value",
}


def _is_blanking(vendor: str) -> str:
    """Whether the new row of values is the old one with some of its fields made null."""
    each = _EACH[vendor]
    count = f"(SELECT count(*) FROM {each}(NEW.held)) = (SELECT count(*) FROM {each}(OLD.held))"  # noqa: S608 - our own names
    pairs = f"{each}(OLD.held) AS was LEFT JOIN {each}(NEW.held) AS now ON now.key = was.key"
    other = f"now.key IS NULL OR (NOT ({_IS_NULL[vendor]}) AND {_DIFFERS[vendor]})"
    return f"NEW.entry = OLD.entry AND {count} AND NOT EXISTS (SELECT 1 FROM {pairs} WHERE {other})"  # noqa: S608 - our own names


def _sqlite_statements(tables: Sequence[str]) -> list[str]:
    statements = []
    for table in tables:
        allowed = f"WHEN NOT ({_is_blanking('sqlite')})" if table == VALUES else ""
        refuse = f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
        statements.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} {allowed} {refuse}")
        statements.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} {refuse}")
    return statements


def _postgres_function(name: str, unless: str = "") -> str:
    refuse = "RAISE EXCEPTION '% is append-only', TG_TABLE_NAME USING ERRCODE = 'integrity_constraint_violation';"
    allowed = f"IF {unless} THEN RETURN NEW; END IF;" if unless else ""
    return f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN {allowed} {refuse} END $$"


def _postgres_statements(tables: Sequence[str]) -> list[str]:
    statements = [
        _postgres_function("audit_append_only"),
        _postgres_function("audit_blanks_only", _is_blanking("postgresql")),
    ]
    for table in tables:
        call = "EXECUTE FUNCTION audit_append_only()"
        update = "EXECUTE FUNCTION audit_blanks_only()" if table == VALUES else call
        statements.append(f"CREATE TRIGGER {table}_no_update BEFORE UPDATE ON {table} FOR EACH ROW {update}")
        statements.append(f"CREATE TRIGGER {table}_no_delete BEFORE DELETE ON {table} FOR EACH ROW {call}")
        statements.append(f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT {call}")
    return statements


def install(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    """Create the triggers."""
    make = _postgres_statements if connection.vendor == "postgresql" else _sqlite_statements
    _run(connection, make(tables))


def remove(connection: BaseDatabaseWrapper, tables: Sequence[str] = TABLES) -> None:
    """Drop the triggers."""
    postgres = connection.vendor == "postgresql"
    acts = ("update", "delete", "truncate") if postgres else ("update", "delete")
    names = [(table, f"{table}_no_{act}") for table in tables for act in acts]
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
