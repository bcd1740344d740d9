"""Many rows in few statements, past what the ORM builds anew for every one of them: one INSERT, one UPDATE per batch.

Values go the way they always go (`pre_save`, `get_db_prep_save`); what is plain already is passed on as it is.
SQLite runs one prepared statement over all rows; PostgreSQL gets new rows as a stream, and changes as an array a column.
"""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import lru_cache, partial
from operator import itemgetter
from typing import Any, TypeVar
from uuid import UUID

from django.apps import apps
from django.db import connections, models, router, transaction
from django.db.models import Model
from django.db.models.base import ModelState

from .ids import new_id, new_ids
from .memory import is_one

M = TypeVar("M", bound=Model)
FEW = 10
"""So many new rows go to PostgreSQL in a statement that it has prepared; more of them as a stream."""
Plain = frozenset[type]
Getter = Callable[[Any], Any]
_held_back: ContextVar[list[Later] | None] = ContextVar("held_back", default=None)


@dataclass(frozen=True)
class Later:
    """What is done later, maybe by another process: a function of a module, with what it is called with."""

    function: Callable[..., None]
    arguments: tuple[Any, ...]


@contextmanager
def held_back() -> Iterator[list[Later]]:
    """Collect the new rows of the block instead of inserting them, and what is to be done once they are in.

    For who works out what another process is to `store`. The connection should refuse to write meanwhile: changes of rows that
    are there are not held back.
    """
    held: list[Later] = []
    token = _held_back.set(held)
    try:
        yield held
    finally:
        _held_back.reset(token)


def when_written(function: Callable[..., None], *arguments: Any) -> None:
    """Do something that needs the new rows in the database: now, or where they are held back after they are stored."""
    held = _held_back.get()
    if held is None:
        function(*arguments)
    else:
        held.append(Later(function, arguments))


def store(held: Iterable[Later]) -> None:
    """Do what was held back, in its order."""
    for one in held:
        one.function(*one.arguments)


def _insert_of(label: str, names: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    insert_values(apps.get_model(label), names, values)


def insert_rows(rows: Sequence[Model]) -> bool:
    """Insert the rows; False, with nothing done, where that needs what only the ORM does (computed values, ids made there)."""
    model = type(rows[0])
    fields: list[Any] = [one for one in model._meta.concrete_fields if not isinstance(one, models.AutoField)]
    own_id = len(fields) < len(model._meta.concrete_fields)
    if model._meta.parents or any(one.generated for one in fields):
        return False
    connection = connections[router.db_for_write(model)]
    try:
        _insert_columns(model, _added(rows, model, connection))
    except _Computed:
        return False
    if not own_id:
        for row in rows:
            row._state.adding, row._state.db = False, connection.alias  # noqa: SLF001 - as saving does
    return True


def _insert_columns(model: type[Model], columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows given a column at a time, as the database takes them.

    Of many rows only what at least one of them holds is sent: SQLite takes long over each nothing that it is handed.
    """
    count = len(next(iter(columns.values())))
    if count > FEW:
        columns = {name: column for name, column in columns.items() if not (column[0] is None and is_one(column))}
    insert_values(model, list(columns), list(zip(*columns.values(), strict=True)))


def insert_values(model: type[Model], names: Sequence[str], values: Sequence[Sequence[Any]]) -> None:
    """Insert rows given as values of the named columns, as the database takes them (see `ready`)."""
    if not values:
        return
    held = _held_back.get()
    if held is not None:
        held.append(Later(_insert_of, (model._meta.label, names, values)))
        return
    connection = connections[router.db_for_write(model)]
    quote = connection.ops.quote_name
    columns = [quote(str(getattr(model._meta.get_field(name), "column", name))) for name in names]
    start = f"INSERT INTO {quote(model._meta.db_table)} ({', '.join(columns)}) VALUES "  # noqa: S608 - names of our own
    one = f"({', '.join(['%s'] * len(columns))})"
    with transaction.atomic(using=connection.alias, savepoint=False), connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.executemany(start + one, values)
        elif len(values) > FEW:
            _stream(connection, cursor, f"COPY {quote(model._meta.db_table)} ({', '.join(columns)}) FROM STDIN", values)
        else:
            cursor.execute(start + ", ".join([one] * len(values)), [value for row in values for value in row])


def weigh(*models: type[Model]) -> None:
    """Let PostgreSQL count tables that have just grown by much; until its own round comes by it takes them for as small as they were.

    On SQLite the nightly weighing is enough: it prefers indexes.
    """
    connection = connections[router.db_for_write(models[0])]
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"ANALYZE {', '.join(connection.ops.quote_name(one._meta.db_table) for one in models)}")


def _stream(connection: Any, cursor: Any, statement: str, values: Sequence[Sequence[Any]]) -> None:
    """Send the rows as a stream; whoever stands around statements (`execute_wrapper`) stands around this one too."""

    def send(sql: str, *_more: Any) -> None:
        with connection.wrap_database_errors, cursor.copy(sql) as copy:
            for row in values:
                copy.write_row(row)

    for wrapper in reversed(connection.execute_wrappers):
        send = partial(wrapper, send)
    send(statement, None, False, {"connection": connection, "cursor": cursor})


def ready(model: type[Model], values: Mapping[str, Any]) -> dict[str, Any]:
    """The values of the named columns as the database takes them."""
    connection = connections[router.db_for_write(model)]
    fields: dict[str, Any] = {name: model._meta.get_field(name) for name in values}
    return {name: fields[name].get_db_prep_save(value, connection) for name, value in values.items()}


def update_rows(rows: Sequence[Model], names: Collection[str]) -> bool:
    """Save the named columns of the rows; False, with nothing done, where a value is to be computed by the database."""
    model = type(rows[0])
    connection = connections[router.db_for_write(model)]
    fields: list[Any] = [model._meta.get_field(name) for name in sorted(names)]
    key: Any = model._meta.pk
    ways = [(one, _plain_types(one, connection.vendor)) for one in [*fields, key]]
    prepared: dict[Any, Any] = {}
    try:
        values = [list(_changed(row, ways, connection, prepared)) for row in rows]
    except _Computed:
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
        arrays = ", ".join(f"%s::{_array_type(one, connection)}[]" for one in [*fields, key])
        cursor.execute(
            f"UPDATE {table} SET {said} FROM unnest({arrays}) AS new ({', '.join([*columns, id])}) WHERE {table}.{id} = new.{id}",  # noqa: S608 - as above
            [_of_one_type(column) for column in zip(*values, strict=True)],
        )
    return True


def _array_type(one: Any, connection: Any) -> str:
    """The type of a column without its length: a cast to varchar(200) cuts off what is longer, an assignment refuses it."""
    kind = one.rel_db_type(connection) if one.is_relation else one.db_type(connection)
    return str(kind).partition("(")[0] if str(kind).startswith("varchar(") else str(kind)


def _of_one_type(column: Sequence[Any]) -> list[Any]:
    """The values of a column as an array takes them: members of an enumeration as the text they are."""
    if len({*map(type, column)} - {type(None)}) == 1:
        return list(column)
    return [str(value) if isinstance(value, str) else value for value in column]


def made(model: type[M], **values: Any) -> M:
    """A new row as ``model(**values)`` makes it, at a small part of the cost: columns by their attributes (``party_id``) only.

    Nothing is checked and nobody is told (no signals): for the rows that services make by the thousand.
    """
    fixed, callables, names = _blank(model)
    row = model.__new__(model)
    held = row.__dict__
    held["_state"] = ModelState()
    held.update(fixed)
    for name, default in callables:
        if name not in values:
            held[name] = default()
    held.update(values)
    if len(held) > len(names) + 1:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(values.keys() - names))}")
    return row


def insert_alike(model: type[Model], shared: Mapping[str, Any], **own: Sequence[Any]) -> None:
    """Insert new rows that nobody needs as objects: the columns that all of them have alike, and those in which they differ.

    Columns by their attributes, as for `made`; what is not said has its default.
    """
    count = len(next(iter(own.values())))
    ways, _take = _ways(model, connections[router.db_for_write(model)].vendor)
    fixed, callables, names = _blank(model)
    if unknown := {*shared, *own} - names:
        raise TypeError(f"{model.__name__} has no {', '.join(sorted(unknown))}")
    if any(has_own for _one, _name, _plain, has_own in ways):
        raise TypeError(f"{model.__name__} fills columns of its rows itself")
    alike = fixed | dict(shared)
    made_new = {
        name: new_ids(count) if default is new_id else [default()] * count
        for name, default in callables
        if name not in shared
    }
    columns = [own.get(name) or made_new.get(name) or [alike[name]] * count for _one, name, _plain, _has_own in ways]
    _insert_columns(model, _made_ready(model, columns))


@lru_cache(maxsize=256)
def _blank(model: type[Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]], frozenset[str]]:
    """Of each column its default: those that are the same for every row, and those that are made for each."""
    fields: list[Any] = list(model._meta.concrete_fields)
    called = [one for one in fields if one.has_default() and callable(one.default)]
    fixed = {one.attname: None if one in called else one.get_default() for one in fields}
    callables = [(one.attname, one.default) for one in called]
    return fixed, callables, frozenset(one.attname for one in fields)


class _Computed(Exception):
    """A value is an expression that the database is to compute."""


def _added(rows: Sequence[Model], model: type[Model], connection: Any) -> dict[str, Sequence[Any]]:
    """The values of new rows as the database takes them, by column. Raises `_Computed`."""
    ways, take = _ways(model, connection.vendor)
    for one, _name, _plain, has_own in ways:
        if has_own:
            for row, value in zip(rows, _before_saving(one, rows), strict=True):
                row.__dict__[one.attname] = value
    return _made_ready(model, list(zip(*[take(row.__dict__) for row in rows], strict=True)))


def _before_saving(one: Any, rows: Sequence[Model]) -> Sequence[Any]:
    """What the field says of each row before it is saved; folded keys are made once for rows that share a text."""
    texts = getattr(one, "of_many", None)
    return texts(rows) if texts else [one.pre_save(row, True) for row in rows]


def _made_ready(model: type[Model], columns: Sequence[Sequence[Any]]) -> dict[str, Sequence[Any]]:
    """By name the columns of new rows of the model as the database takes them, made ready one at a time. Raises `_Computed`."""
    connection = connections[router.db_for_write(model)]
    ways, _take = _ways(model, connection.vendor)
    prepared: dict[Any, Any] = {}
    return {
        one.name: column if plain.issuperset(map(type, column)) else _column(one, column, plain, connection, prepared)
        for (one, _name, plain, _has_own), column in zip(ways, columns, strict=True)
    }


def _column(one: Any, values: Sequence[Any], plain: Plain, connection: Any, prepared: dict[Any, Any]) -> Sequence[Any]:
    """The values of one column as the database takes them. Raises `_Computed`."""
    if is_one(values):
        return [_ready(one, values[0], connection, prepared)] * len(values)
    if _IDS.issuperset(map(type, values)):
        is_text = (
            connection.vendor == "sqlite" or _held_back.get() is not None
        )  # as text they travel at a tenth of the cost
        return [value if value is None or not is_text else f"{value.int:032x}" for value in values]
    return [value if value.__class__ in plain else _ready(one, value, connection, prepared) for value in values]


_IDS = frozenset({UUID, type(None)})


def _ready(one: Any, value: Any, connection: Any, prepared: dict[Any, Any]) -> Any:
    """The value as the database takes it; what many rows of a batch share is made ready once. Raises `_Computed`."""
    kind, key = value.__class__, None
    if kind in _TIMES:
        key = (value, one.attname)
    elif kind in _HELD:
        key = (id(value) if value else kind, one.attname)  # its row keeps it as long as the batch is made ready
    if key in prepared:
        return prepared[key]
    if hasattr(value, "resolve_expression"):
        raise _Computed
    found = one.get_db_prep_save(value, connection)
    if connection.vendor == "postgresql" and isinstance(one, models.JSONField) and found is not None:
        found = json.dumps(found.obj, cls=one.encoder)  # as text it is written once, not for every row that holds it
    if key is not None:
        prepared[key] = found
    return found


_TIMES, _HELD = frozenset({dt.datetime, dt.date}), frozenset({dict, list})


def _changed(row: Model, ways: Sequence[tuple[Any, Plain]], connection: Any, prepared: dict[Any, Any]) -> Iterator[Any]:
    """The values of changed columns as the database takes them. Raises `_Computed`."""
    for one, plain in ways:
        value = getattr(row, one.attname)
        is_ready = value is None or value.__class__ in plain
        yield value if is_ready else _ready(one, value, connection, prepared)


@lru_cache(maxsize=256)
def _ways(model: type[Model], vendor: str) -> tuple[tuple[tuple[Any, str, Plain, bool], ...], Getter]:
    """Of each column: the field, its attribute, the types that need no making ready, and whether it has a say before saving;
    and what takes all their values from a row at once."""
    ways = tuple(
        (one, one.attname, _plain_types(one, vendor) | {type(None)}, _has_own_say(one))
        for one in model._meta.concrete_fields
        if not isinstance(one, models.AutoField)
    )
    names = [name for _one, name, _plain, _has_own in ways]
    return ways, itemgetter(*names) if len(names) > 1 else lambda held: (held[names[0]],)


def _has_own_say(one: Any) -> bool:
    """Whether the field may set its column when a row is saved. Days and instants do so only where they are told to."""
    if isinstance(one, models.DateField | models.TimeField):
        return bool(one.auto_now or one.auto_now_add)
    return type(one).pre_save is not models.Field.pre_save


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
