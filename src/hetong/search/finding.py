"""One statement over the index: what holds the words of a question, among what its reader may see.

Every noun is asked apart, by its own fields and with its own rights, so that no kind of record hides another; the
newest thousand of each are enough to choose from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
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
    parent: UUID | None


@dataclass(frozen=True)
class Ground:
    """What one reader may look through of one noun: the fields, and the condition on its rows."""

    reach: Reach
    rights: str
    values: tuple[Any, ...]


def open_grounds(actor: Actor, entries: Iterable[Indexed], where: Mapping[str, Where] = NOWHERE) -> list[Ground]:
    """What the reader may look through; worked out once, however many questions are asked.

    ``where``: by noun, conditions that narrow its records down. Raises `UnknownField`, `Invalid` for those that cannot be.
    """
    found = []
    for reach in reaches(actor, entries):
        try:
            rights, values = _rights(actor, reach, where.get(reach.entry.key, EVERYTHING))
        except EmptyResultSet:
            continue
        found.append(Ground(reach, rights, tuple(values)))
    return found


def find_places(grounds: Sequence[Ground], question: Question) -> list[Place]:
    """The rows that hold the words, best first, then newest; of each noun at most `NEWEST`. One statement."""
    by_key = {one.reach.entry.key: one.reach.entry for one in grounds}
    rows = _rows([branch for one in grounds for branch in _branches(one, question)])
    best: dict[int, Place] = {}
    for how, row, key, id, parent in sorted(rows, key=lambda one: (one[0], -one[1])):
        best.setdefault(row, _place(by_key[key], how, row, _id(id), parent))
    return list(best.values())


def is_answered(grounds: Sequence[Ground], question: Question) -> bool:
    """Whether anything holds the words. One statement."""
    asked = [(holding(question, one.reach.codes, has_text=one.reach.has_text), one) for one in grounds]
    return bool(_rows([_branch(BY_FIELD, clause, 1, one) for clause, one in asked if clause is not None]))


def _rows(branches: Sequence[tuple[str, list[Any]]]) -> list[tuple[Any, ...]]:
    if not branches:
        return []
    parts = [f"SELECT * FROM ({sql}) b{place}" for place, (sql, _values) in enumerate(branches)]  # noqa: S608 - our own words
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(parts), [value for _sql, values in branches for value in values])
        return list(cursor.fetchall())


def _place(entry: Indexed, how: int, row: int, id: UUID, parent: Any) -> Place:
    above = _id(parent) if parent is not None else None
    return Place(how, row, entry, id, above if entry.shown != entry.key and above else id, above)


def _id(stored: Any) -> UUID:
    return stored if isinstance(stored, UUID) else UUID(stored)


def _branches(ground: Ground, question: Question) -> Iterator[tuple[str, list[Any]]]:
    """What is asked of one noun's rows, each way of finding apart."""
    reach = ground.reach
    yield from [_branch(BY_NAME, _by_id(question.id_start), FIRST, ground)] if question.id_start else []
    ways = [(BY_FIELD, holding(question, reach.codes, has_text=False), NEWEST)]
    if reach.entry.key == reach.entry.shown:
        ways.append((BY_NAME, beginning(question, reach.codes, reach.start, has_text=reach.has_text), FIRST))
    if reach.has_text:
        ways.append((BY_TEXT, holding(question, reach.codes, has_text=True), NEWEST))
    for how, clause, most in ways:
        if clause is not None:
            yield _branch(how, clause, most, ground)


def _branch(how: int, clause: Clause, most: int, ground: Ground) -> tuple[str, list[Any]]:
    sql = (
        f"SELECT {how} AS how, r.id, r.noun, r.record, r.parent FROM {clause.tables} "  # noqa: S608 - our own words
        f"WHERE {clause.condition} AND r.noun = %s{ground.rights} ORDER BY {clause.order} LIMIT {most}"
    )
    return sql, [*clause.values, ground.reach.entry.key, *ground.values]


def _by_id(digits: str) -> Clause:
    """The rows whose record's id begins with these hexadecimal digits."""
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
