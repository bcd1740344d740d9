"""Words looked for in a list: where they may stand, and which records hold them."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any, Final
from uuid import UUID

from django.db import connections
from django.db.models import CharField, Q, QuerySet, TextField
from django.db.models.lookups import Contains

from .actors import Actor, Level, Reach
from .fields import Field, Kind, Register
from .known import are_many, written
from .nouns import noun
from .text import fold
from .values import is_unnamed

MOST_SOUGHT = 10_000
"""Characters of a word that is looked for. No text of a record is so long without a break, and SQLite refuses a
pattern of more than 50,000 bytes."""
MOST_WORDS = 8
FEW = 2_000
"""So many records are named by their ids instead of asking again which they are."""
LOOKED_THROUGH = 1_000
"""So many records of a reader are looked through on SQLite, which takes as long as looking a word up among fifty times as many."""
NOWHERE = Q(pk__in=[])
_SIGNS: Final = re.compile(r"[*?\[]")
"""What means more than itself in a pattern of `GLOB`."""


@CharField.register_lookup
@TextField.register_lookup
class Holds(Contains):
    """That a folded key holds a folded word. SQLite looks for it by `GLOB`, which is spared what `LIKE` does about case."""

    lookup_name = "holds"

    def as_sqlite(self, compiler: Any, connection: Any) -> tuple[str, list[Any]]:
        column, params = self.process_lhs(compiler, connection)
        plain = _SIGNS.sub(r"[\g<0>]", self.rhs)
        return f"{column} GLOB %s", [*params, f"*{plain}*"]

    def as_postgresql(self, compiler: Any, connection: Any) -> Any:
        return Contains(self.lhs, self.rhs).as_sql(compiler, connection)


def holding(register: Register, actor: Actor, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The rows in which every word of ``text`` occurs in some searchable field the actor may read everywhere.

    A word is looked up first, whoever asks. Where few records hold it, rights and order concern those few alone; where
    many do, they are met soon along the order of the list. SQLite has no index for the middle of a word and reads a
    narrow copy of every row to look it up: who sees very few records has those looked through instead.
    """
    words = _words(text)
    if words is None:
        return rows.none()
    asked = [_ways(register, actor, word) for word in words]
    if connections[rows.db].vendor == "sqlite" and not _sees_many(register, actor):
        return rows.filter(*map(_either, asked))
    said: list[Q] = []
    for n, ways in enumerate(asked):
        is_rare, where = _looked_up(register, ways, rows.db)
        if is_rare:
            return rows.filter(where, *said, *map(_either, asked[n + 1 :]))
        said.append(where)
    return rows.filter(*said)


def _either(ways: Sequence[Q]) -> Q:
    return reduce(or_, ways)


def _words(text: str) -> list[str] | None:
    """The words as they stand in keys; None where one is too long to occur anywhere."""
    words = fold(text).split()[:MOST_WORDS]
    return None if any(len(word) > MOST_SOUGHT for word in words) else words


def _sees_many(register: Register, actor: Actor) -> bool:
    if actor.is_system or any(g.role.reach_of(register.noun) >= Reach.COMPANY for g in actor.grants):
        return True
    return are_many(actor, register.noun, lambda: noun(register.noun).visible_to(actor), than=LOOKED_THROUGH)


def _looked_up(register: Register, ways: Sequence[Q], alias: str) -> tuple[bool, Q]:
    """Whether few records hold a word, whoever may see them; and that a record does, by its id wherever few do in that way."""
    found = _few(register, ways, alias)
    ids = [id for some in found if some is not None for id in some]
    many = [way for way, some in zip(ways, found, strict=True) if some is None]
    return not many and len(ids) <= FEW, _either([*many, Q(pk__among=ids)])


def _few(register: Register, ways: Sequence[Q], alias: str) -> list[list[UUID] | None]:
    """By each way the ids of the records that hold the word; None where they are many, which are not even read."""
    gathered = "json_group_array(known_id)" if connections[alias].vendor == "sqlite" else "array_agg(known_id)"
    arms: list[str] = []
    values: list[Any] = []
    found: list[list[UUID] | None] = [[] for _ in ways]
    for n, way in enumerate(ways):
        statement = written(register.model._default_manager.using(alias).filter(way))
        if statement is not None:
            counted = f"SELECT {n}, CASE WHEN COUNT(*) <= {FEW} THEN {gathered} END, COUNT(*)"
            arms.append(f"{counted} FROM ({statement[0]} LIMIT {FEW + 1}) way{n}")
            values += statement[1]
    if arms:
        with connections[alias].cursor() as cursor:
            cursor.execute(" UNION ALL ".join(arms), values)
            for n, some, count in cursor.fetchall():
                found[n] = None if count > FEW else _ids(some)
    return found


def _ids(gathered: Any) -> list[UUID]:
    """The ids as the engine gives many at once; PostgreSQL gathers none as nothing."""
    return [UUID(hex=one) for one in json.loads(gathered)] if isinstance(gathered, str) else gathered or []


def _ways(register: Register, actor: Actor, word: str) -> list[Q]:
    """The conditions of which one holds where the word occurs: what the record's own columns say, then each other place."""
    fields = [
        f for f in register.readable(actor) if f.searchable and (f.key or f.filter) and not is_unnamed(f.to, actor)
    ]
    companies = actor.companies()
    own, elsewhere = NOWHERE, []
    for one in fields:
        if one.filter is not None:
            elsewhere.append(one.filter("has", [word], actor) & open_rows(register, actor, one))
            continue
        open_in = companies
        if companies is not None and register.company:
            open_in = frozenset(c for c in companies if register.level(actor, one.name, c))
        clause, is_own = _holds(register, one, word)
        if open_in is not None and companies is not None and len(open_in) < len(companies):
            clause &= Q(**{f"{register.company}__in": open_in})
        if is_own:
            own |= clause
        else:
            elsewhere.append(clause)
    return [own, *elsewhere]


def _holds(register: Register, one: Field, word: str) -> tuple[Q, bool]:
    """That a field's key holds a word, and whether that is asked of the row itself.

    It is read where it stands once: another record's name in that record's own index.
    """
    model = register.model
    if not isinstance(one.key, str):
        return Q(Contains(one.key, word)), False
    if one.kind is Kind.REFERENCE and "__" in one.key:
        link, _, key = one.key.partition("__")
        other: Any = model._meta.get_field(link).related_model
        return Q(**{f"{link}__in": other._default_manager.filter(**{f"{key}__holds": word}).values("pk")}), False
    if one.kind is Kind.LONG_TEXT:  # seldom filled: the rows that have one are asked apart
        filled = model._default_manager.exclude(**{one.key: ""})
        return Q(pk__in=filled.filter(**{f"{one.key}__holds": word}).values("pk")), False
    return Q(**{f"{one.key}__holds": word}), True


def open_rows(register: Register, actor: Actor, one: Field) -> Q:
    """The rows of companies in which the actor may read the field: the others answer no question about it."""
    companies = actor.companies()
    if companies is None or not register.company:
        return Q()
    open_in = [c for c in companies if register.level(actor, one.name, c) > Level.HIDDEN]
    return Q() if len(open_in) == len(companies) else Q(**{f"{register.company}__in": open_in})
