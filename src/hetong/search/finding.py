"""One statement over the index: what holds the words of a question, among what its reader may see.

Every noun is asked apart, by its own fields and with its own rights, so that no kind of record hides another; the
newest thousand of each are enough to choose from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db import connection

from hetong.kernel.actors import Actor
from hetong.kernel.where import EVERYTHING, Where

from .asking import Question
from .engines import Clause, beginning, holding
from .indexed import Indexed, Reach, reaches
from .rights import rights_of

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
        rights = rights_of(actor, reach.entry, where.get(reach.entry.key, EVERYTHING))
        if rights is not None:
            inside, ids = _company(reach.companies)
            found.append(Ground(reach, inside + rights.condition, (*ids, *rights.values)))
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


def _company(companies: frozenset[UUID] | None) -> tuple[str, list[Any]]:
    if companies is None:
        return "", []
    if not companies:
        return " AND r.company IS NULL", []
    ids = sorted(companies)
    return f" AND r.company IN ({', '.join(['%s'] * len(ids))})", [_stored(id) for id in ids]


def _stored(id: UUID) -> Any:
    return id if connection.vendor == "postgresql" else id.hex
