"""One statement over the index: what holds the words of a question, among what its reader may see.

Every noun is asked apart, by its own fields and with its own rights, so that no kind of record hides another; the
newest thousand of each are enough to choose from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.actors import Reach as Sight
from hetong.kernel.where import EVERYTHING, Where, narrow

from .asking import Question
from .engines import Clause, beginning, holding
from .indexed import Indexed, Reach, reaches

NEWEST: Final = 1000
"""How many hits of a noun are ranked and counted, the newest: a word that half of all records hold must not sort them all."""
FIRST: Final = 60
"""How many records whose names begin with the question are put first."""
NOWHERE: Final[Mapping[str, Where]] = {}
BY_NAME, BY_FIELD, BY_TEXT = range(3)
"""How a record was found, best first: its name begins with the question; in its fields; only with the text of its file."""


@dataclass(frozen=True)
class Place:
    """One row that holds the words: the record, where it is shown, and how it was found."""

    how: int
    row: int
    entry: Indexed
    record: UUID
    shown: UUID


def find_places(
    actor: Actor, question: Question, entries: Iterable[Indexed], where: Mapping[str, Where] = NOWHERE
) -> list[Place]:
    """The rows that hold the words, best first, then newest; of each noun at most `NEWEST`. One statement.

    ``where``: by noun, conditions that narrow its records down. Raises `UnknownField`, `Invalid` for those that cannot be.
    """
    by_key = {entry.key: entry for entry in entries}
    statements, values = [], list[Any]()
    for reach in reaches(actor, by_key.values()):
        try:
            branches = list(_branches(actor, reach, question, where.get(reach.entry.key, EVERYTHING)))
        except EmptyResultSet:
            continue
        for sql, params in branches:
            statements.append(f"SELECT * FROM ({sql}) b{len(statements)}")  # noqa: S608 - our own words
            values += params
    if not statements:
        return []
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(statements), values)
        found = [_place(by_key[key], how, row, _id(id), parent) for how, row, key, id, parent in cursor]
    return _once(found)


def _place(entry: Indexed, how: int, row: int, id: UUID, parent: Any) -> Place:
    return Place(how, row, entry, id, _id(parent) if entry.shown != entry.key and parent is not None else id)


def _once(found: list[Place]) -> list[Place]:
    """Each row once, by the best way in which it was found."""
    best: dict[int, Place] = {}
    for place in sorted(found, key=lambda one: (one.how, -one.row)):
        best.setdefault(place.row, place)
    return list(best.values())


def _id(stored: Any) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(stored)


def _branches(actor: Actor, reach: Reach, question: Question, where: Where) -> Iterator[tuple[str, list[Any]]]:
    """What is asked of one noun's rows, each way of finding apart."""
    rights, values = _rights(actor, reach, where)
    clauses: tuple[tuple[int, Clause | None, int], ...] = (
        (BY_NAME, _by_id(question.id_start), FIRST),
        (BY_NAME, beginning(question, reach.codes, reach.start, has_text=reach.has_text), FIRST),
        (BY_FIELD, holding(question, reach.codes, has_text=False), NEWEST),
        (BY_TEXT, holding(question, reach.codes, has_text=True) if reach.has_text else None, NEWEST),
    )
    for how, clause, most in clauses:
        if clause is not None:
            sql = (
                f"SELECT {how} AS how, r.id, r.noun, r.record, r.parent FROM {clause.tables} "  # noqa: S608 - our own words
                f"WHERE {clause.condition} AND r.noun = %s{rights} ORDER BY {clause.order} LIMIT {most}"
            )
            yield sql, [*clause.values, reach.entry.key, *values]


def _by_id(digits: str) -> Clause | None:
    """The rows whose record's id begins with these hexadecimal digits."""
    if not digits:
        return None
    first, last = (_stored(UUID(digits.ljust(32, fill))) for fill in "0f")
    return Clause("search_searchrow r", "r.record BETWEEN %s AND %s", (first, last), "r.id DESC")


def _stored(id: UUID) -> Any:
    return id if connection.vendor == "postgresql" else id.hex


def _rights(actor: Actor, reach: Reach, where: Where) -> tuple[str, list[Any]]:
    """The condition that a row's record is one the reader may know of. Raises `EmptyResultSet` where none is."""
    condition, values = _company(reach.companies)
    rows = _visible(actor, reach, where)
    if not rows.query.where:
        return condition, values
    sql, params = rows.order_by().values("pk").query.sql_with_params()
    if _is_row_by_row(actor, reach.entry):
        column = "pk" if ' AS "pk"' in sql else rows.model._meta.pk.column
        condition += f' AND EXISTS (SELECT 1 FROM ({sql}) v WHERE v."{column}" = r.record)'  # noqa: S608 - what Django made
    else:
        condition += f" AND r.record IN ({sql})"
    return condition, [*values, *params]


def _company(companies: frozenset[UUID] | None) -> tuple[str, list[Any]]:
    if companies is None:
        return "", []
    if not companies:
        return " AND r.company IS NULL", []
    ids = sorted(companies)
    return f" AND r.company IN ({', '.join(['%s'] * len(ids))})", [_stored(id) for id in ids]


def _visible(actor: Actor, reach: Reach, where: Where) -> QuerySet[Any]:
    entry = reach.entry.noun
    rows = entry.among(actor) if _is_row_by_row(actor, reach.entry) else entry.visible_to(actor)
    return rows if where is EVERYTHING else narrow(entry.register, actor, rows, where)


def _is_row_by_row(actor: Actor, entry: Indexed) -> bool:
    """Whether rights are asked of each hit, newest first: where nearly every one passes, or what is seen is no short list.

    Who sees few records has them gathered once.
    """
    if entry.noun.blob or entry.parent is not None:
        return True
    return any(grant.role.reach_of(entry.key) >= Sight.COMPANY for grant in actor.grants)
