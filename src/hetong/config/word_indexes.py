"""What PostgreSQL needs so that a word is found in the middle of a text without reading every row: an index of its pieces.

It follows from the registers: what they call searchable and a table keeps in columns of its own. SQLite has none of this
and reads a narrow index whole instead.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

from django.db import DatabaseError, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from hetong.kernel.nouns import Noun, nouns

log = logging.getLogger(__name__)


def keep_word_indexes(connection: BaseDatabaseWrapper) -> None:
    """Make the indexes that are missing, and those whose columns changed anew. Does nothing on SQLite.

    They need the extension ``pg_trgm``, which comes with PostgreSQL. Where it may not be installed, lists still find
    every word, by reading every row, and the log says so.
    """
    if connection.vendor != "postgresql":
        return
    try:
        with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
            cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_trgm")
    except DatabaseError as refused:
        log.warning("Words in lists are looked for in every row, as the extension pg_trgm is not there: %s", refused)
        return
    for table, columns in word_columns():
        _keep(connection, table, columns)


def word_columns() -> Iterator[tuple[str, list[str]]]:
    """The tables and columns in which a list looks for words."""
    for entry in nouns():
        meta: Any = entry.model._meta
        columns = sorted({meta.get_field(key).column for key in _keys(entry)})
        if columns:
            yield meta.db_table, columns


def _keys(entry: Noun) -> Iterator[str]:
    for one in entry.register.fields.values():
        if one.searchable and one.filter is None and isinstance(one.key, str) and one.key and "__" not in one.key:
            yield one.key


def _keep(connection: BaseDatabaseWrapper, table: str, columns: list[str]) -> None:
    name, quote = f"{table}_pieces", connection.ops.quote_name
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute("SELECT obj_description(to_regclass(%s))", [name])
        if cursor.fetchone() == (" ".join(columns),):
            return
        pieces = ", ".join(f"{quote(column)} gin_trgm_ops" for column in columns)
        cursor.execute(f"DROP INDEX IF EXISTS {quote(name)}")
        cursor.execute(f"CREATE INDEX {quote(name)} ON {quote(table)} USING gin ({pieces})")
        held = connection.schema_editor().quote_value(" ".join(columns))  # a comment takes no bound value
        cursor.execute(f"COMMENT ON INDEX {quote(name)} IS {held}")
