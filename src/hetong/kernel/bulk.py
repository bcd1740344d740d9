"""Many rows in few statements, past what the ORM builds anew for every one of them: one INSERT, one UPDATE per batch.

Values go the way they always go (`pre_save`, `get_db_prep_save`); what is plain already is passed on as it is.
SQLite runs one prepared statement over all rows; PostgreSQL gets them as one list of values.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.db import connections, models, router, transaction
from django.db.models import Model

BATCH = 500
"""Rows of one statement on PostgreSQL."""
Plain = frozenset[type]
Getter = Callable[[Any], Any]


def insert_rows(rows: Sequence[Model]) -> bool:
    """Insert the rows; False, with nothing done, where that needs what only the ORM does (computed values, ids made there)."""
    model = type(rows[0])
    fields: list[Any] = [one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]
    own_id = len(fields) < len(model._meta.concrete_fields)
    if model._meta.parents or any(one.generated for one in fields):
        return False
    connection = connections[router.db_for_write(model)]
    ways = _ways(model, connection.vendor)
    try:
        values = [_added(row, ways, connection) for row in rows]
    except _Computed:
        return False
    columns = [connection.ops.quote_name(one.column) for one in fields]
    insert_values(model, [one.name for one in fields], values, columns=columns)
    if not own_id:
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as saving does
    return True


def insert_values(
    model: type[Model], names: Sequence[str], values: Sequence[Sequence[Any]], *, columns: Sequence[str] = ()
) -> None:
    """Insert rows given as values of the named columns, as the database takes them."""
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    columns = columns or [quote(str(getattr(model._meta.get_field(name), "column", name))) for name in names]
    start = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES "  # noqa: S608 - names of our own
    one = f"({', '.join(['%s'] * len(columns))})"
    with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(start + one, values)
            return
        for chunk in _batches(values):
            cursor.execute(start + ", ".join([one] * len(chunk)), [value for row in chunk for value in row])


def update_rows(rows: Sequence[Model], names: Collection[str]) -> bool:
    """Save the named columns of the rows; False, with nothing done, where a value is to be computed by the database."""
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields: list[Any] = [model._meta.get_field(name) for name in sorted(names)]
    key: Any = model._meta.pk
    values = [[*_changed(row, fields, connection), *_changed(row, [key], connection)] for row in rows]
    if any(hasattr(value, "resolve_expression") for row in values for value in row):
        return False
    quote, table = connection.ops.quote_name, connection.ops.quote_name(model._meta.db_table)
    columns = [quote(one.column) for one in fields]
    id = quote(key.column)
    with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            said = ", ".join(f"{column} = %s" for column in columns)
            cursor.executemany(f"UPDATE {table} SET {said} WHERE {id} = %s", values)  # noqa: S608 - names of our own
            return True
        said = ", ".join(f"{column} = new.{column}" for column in columns)
        typed = ", ".join(
            f"%s::{one.rel_db_type(connection) if one.is_relation else one.db_type(connection)}"
            for one in [*fields, key]
        )
        plain = ", ".join(["%s"] * len(values[0]))
        for chunk in _batches(values):
            rest = "".join(f", ({plain})" for _row in chunk[1:])
            cursor.execute(
                f"UPDATE {table} SET {said} FROM (VALUES ({typed}){rest}) AS new ({', '.join([*columns, id])}) "  # noqa: S608 - as above
                f"WHERE {table}.{id} = new.{id}",
                [value for row in chunk for value in row],
            )
    return True


def _batches(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    for start in range(0, len(values), BATCH):
        yield values[start : start + BATCH]


class _Computed(Exception):
    """A value is an expression that the database is to compute."""


def _added(row: Model, ways: Sequence[tuple[Any, str, Plain, bool]], connection: Any) -> list[Any]:
    """The values of a new row as the database takes them. Raises `_Computed`."""
    found, held = [], row.__dict__
    as_hex = connection.vendor == "sqlite"
    for one, name, plain, has_own in ways:
        value = one.pre_save(row, True) if has_own else held.get(name)
        if value is not None and value.__class__ not in plain:
            if value.__class__ is UUID:
                value = value.hex if as_hex else value
            elif hasattr(value, "resolve_expression"):
                raise _Computed
            else:
                value = one.get_db_prep_save(value, connection)
        found.append(value)
    return found


def _changed(row: Model, fields: Sequence[Any], connection: Any) -> Iterator[Any]:
    for one in fields:
        value = getattr(row, one.attname)
        yield value if hasattr(value, "resolve_expression") else one.get_db_prep_save(value, connection)


@lru_cache(maxsize=256)
def _ways(model: type[Model], vendor: str) -> tuple[tuple[Any, str, Plain, bool], ...]:
    """Of each column: the field, its attribute, the types that need no making ready, and whether it has a say before saving."""
    return tuple(
        (one, one.attname, _plain_types(one, vendor), type(one).pre_save is not models.Field.pre_save)
        for one in model._meta.concrete_fields
        if not isinstance(one, models.AutoField)
    )


def _plain_types(one: Any, vendor: str) -> Plain:
    target = one.target_field if one.is_relation else one
    if isinstance(target, models.BooleanField):
        return frozenset({bool})
    if isinstance(target, models.IntegerField):
        return frozenset({int})
    if isinstance(target, models.CharField | models.TextField):
        return frozenset({str})
    if type(target) is models.DateField and vendor != "sqlite":
        return frozenset({dt.date})
    return frozenset()
