"""What is asked of the database again and again for one reader, written once and kept: statements, and one condition.

`known` is the condition that the record behind a reference is one its reader may know of; `asked` runs a statement.

A card asks for the lines, milestones, dues, papers and history of one contract, each with the contract's own rights
inside. To write those out takes Django longer than the database takes to answer, so what was written is kept as long as
everything holds that it followed from. What lies in the database (shares, memberships, rounds) is part of the statement
and always asked anew.
"""

from __future__ import annotations

import re
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import suppress
from threading import Lock
from typing import Any, Final, TypeVar
from uuid import UUID

from django.core.exceptions import EmptyResultSet, FullResultSet
from django.db import connection
from django.db.models import BooleanField, Exists, Expression, F, Model, OuterRef, Q, QuerySet

from . import clock
from .actors import Actor, Grant
from .nouns import Noun

READERS: Final = 200
"""Of how many readers conditions are kept: about 30 KB each."""
MANY: Final = 10_000
"""So many records of a reader are still gathered as one set; more are asked one by one along the order of a list."""
NOTHING = Q(pk__in=[])
SOME: Final = UUID("50a1e500-0000-4000-8000-00000000de01")
"""Stands for the id of the record in a statement that is kept for all of them."""
ROW: Final = "hetong_row"
"""What the row's own table is called in a condition that is kept."""
NAMED: Final = re.compile(r"""'[^']*'|"[^"]*"|\b([A-Z]{1,2}\d+)\b(?!\()""")
"""A name that Django made for a table (U0, V3), which is never in quotes; what is in quotes, and a function (MD5), is passed over."""
APART: Final = re.compile(r"\b[A-Z]{1,2}\d+_(\d+)\b")

T = TypeVar("T")
Written = tuple[str, tuple[Any, ...]]
"""A statement that gives ids, and its values."""


def known(actor: Actor, entry: Noun, path: str) -> Q:
    """The condition that the record of that noun under ``path`` (a column with its id) is one the actor may know of.

    Asked row by row: of what hangs on one record, or of few rows that are known.
    """
    if entry.known_by is not None:
        return Q(Exists(entry.among(actor).filter(pk=OuterRef(path))))
    statement = remembered(actor, (entry.key, "known"), lambda: written(entry.among(actor)))
    return NOTHING if statement is None else Q(Known(path, *statement))


def written(rows: QuerySet[Any]) -> Written | None:
    """The statement that gives the ids of rows, under the name ``known_id``; None where there are none."""
    try:
        sql, values = rows.order_by().values(known_id=F("pk")).query.sql_with_params()
    except EmptyResultSet:
        return None
    return sql, tuple(values)


def first_of(ways: Iterable[QuerySet[Any, Any]]) -> list[tuple[Any, ...]]:
    """The rows of several ordered and cut queries in one statement, as the database gives them: ids unconverted."""
    statements: list[Written] = []
    for rows in ways:
        with suppress(EmptyResultSet):
            statements.append(rows.query.sql_with_params())
    if not statements:
        return []
    joined = " UNION ALL ".join(f"SELECT * FROM ({sql}) way{n}" for n, (sql, _values) in enumerate(statements))  # noqa: S608 - what Django made
    with connection.cursor() as cursor:
        cursor.execute(joined, [value for _sql, values in statements for value in values])
        return list(cursor.fetchall())


class Known(Expression):
    """That the id in a column is among those of a statement."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, path: str, statement: str, values: tuple[Any, ...]) -> None:
        super().__init__()
        self.id: Any = F(path)
        self.statement, self.values = statement, values

    def get_source_expressions(self) -> list[Any]:
        return [self.id]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        [self.id] = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        column, values = compiler.compile(self.id)
        held = f'EXISTS (SELECT 1 FROM ({self.statement}) known WHERE known."known_id" = {column})'  # noqa: S608 - what Django made
        return held, (*self.values, *values)


def asked(
    actor: Actor, name: Hashable, make: Callable[[UUID], QuerySet[Any, Any] | None], id: UUID = SOME
) -> list[tuple[Any, ...]]:
    """The rows of ``make(id)`` as the database gives them: values unconverted, an id as what `UUID` takes as text.

    The statement is kept for this reader under ``name`` and for every id: all else that it follows from stands in
    the name. One that takes a look into the database while it is written is written anew each time.
    """
    statement = _statement(actor, name, make)
    if statement is None:
        return []
    sql, values = statement
    some, own = (SOME, id) if connection.features.has_native_uuid_field else (SOME.hex, id.hex)
    with connection.cursor() as cursor:
        cursor.execute(sql, [own if value == some else value for value in values])
        return list(cursor.fetchall())


def _statement(actor: Actor, name: Hashable, make: Callable[[UUID], QuerySet[Any, Any] | None]) -> Written | None:
    held = _held_by(actor)
    if name in held:
        found: Written | None = held[name]
        return found
    looked: list[bool] = []

    def note(execute: Any, *what: Any) -> Any:
        looked.append(True)
        return execute(*what)

    with connection.execute_wrapper(note):
        rows = make(SOME)
        try:
            statement = None if rows is None else rows.query.sql_with_params()
        except EmptyResultSet:
            statement = None
    if not looked:
        held[name] = statement
    return statement


# -- what was written, kept by all that it followed from -------------------------------------------

Held = dict[Hashable, Any]
_readers: OrderedDict[Hashable, tuple[tuple[Grant, ...], Held]] = OrderedDict()
_turn = Lock()


def remembered(actor: Actor, name: Hashable, make: Callable[[], T]) -> T:
    """What follows from the reader alone, made once while the reader's rights and day stay the same."""
    held = _held_by(actor)
    if name not in held:
        held[name] = make()
    found: T = held[name]
    return found


def are_many(actor: Actor, name: Hashable, rows: Callable[[], QuerySet[Any]], *, than: int | None = None) -> bool:
    """Whether these rows, which follow from the reader alone, are more than that (None: `MANY`); counted as far as that, and once.

    Only the way of asking may follow from it, never what is answered: rows that come and go are not counted again.
    """
    most = MANY if than is None else than
    return remembered(actor, (name, "many", most), lambda: rows().order_by()[most : most + 1].exists())


def condition(actor: Actor, name: Hashable, model: type[Model], make: Callable[[], Q]) -> Q:
    """What follows from the reader alone and is asked of rows of the model, written once while rights and day stay the same.

    Django takes longer to write out the rights of a list than the database takes to answer. What lies in the database
    stays a query within the condition.
    """
    return remembered(actor, (name, "condition"), lambda: _said(model, make()))


def _said(model: type[Model], where: Q) -> Q:
    """The condition as text; as it is where it needs another table beside its own."""
    query: Any = model._base_manager.filter(where).query
    if sum(map(bool, query.alias_refcount.values())) != 1:
        return where
    query.change_aliases({model._meta.db_table: ROW})
    try:
        sql, values = query.where.as_sql(query.get_compiler(connection=connection), connection)
    except EmptyResultSet:
        return NOTHING
    except FullResultSet:
        return Q()
    return Q(Said(tuple(_named_apart(sql).split(f"{ROW}.")), tuple(values)))


def _named_apart(sql: str) -> str:
    """The text with names for its own tables that no query around it gives to any of its.

    Django names the tables of every query in a query anew, so that U0 within is not U0 without; text it can't reach. A
    text may hold texts that were named apart before it.
    """
    depth = 1 + max(map(int, APART.findall(sql)), default=0)
    return NAMED.sub(lambda found: f"{found[0]}_{depth}" if found[1] else found[0], sql)


class Said(Expression):
    """A condition on a row whose text is known; ``pieces`` stand around each mention of the row's table."""

    conditional = True
    output_field = BooleanField()

    def __init__(self, pieces: tuple[str, ...], values: tuple[Any, ...]) -> None:
        super().__init__()
        self.row: Any = F("pk")
        self.pieces, self.values = pieces, values

    def get_source_expressions(self) -> list[Any]:
        return [self.row]

    def set_source_expressions(self, exprs: Sequence[Any]) -> None:
        [self.row] = exprs

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[Any, ...]]:
        table = compiler.quote_name_unless_alias(self.row.alias)
        return f"({f'{table}.'.join(self.pieces)})", self.values


def _held_by(actor: Actor) -> Held:
    """What was written for this reader with these rights on this day; that reader's rights of before are forgotten."""
    key = (
        actor.kind,
        actor.id,
        actor.policy_version,
        actor.teams,
        actor.verbs,
        actor.viewer is None,
        clock.today(actor.zone),
    )
    with _turn:
        grants, held = _readers.get(key, (None, {}))
        if grants != actor.grants:
            held = {}
        _readers[key] = (actor.grants, held)
        _readers.move_to_end(key)
        while len(_readers) > READERS:
            _readers.popitem(last=False)
    return held
