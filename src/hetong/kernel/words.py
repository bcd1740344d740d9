"""Words looked for in a list: where they may stand, and which records hold them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import and_, or_
from typing import Any

from django.db import connections
from django.db.models import Q, QuerySet
from django.db.models.lookups import Contains

from .actors import Actor, Level, Reach
from .fields import Field, Kind, Register
from .known import are_many
from .nouns import noun
from .text import fold
from .values import is_unnamed

MOST_SOUGHT = 10_000
"""Characters of a word that is looked for. No text of a record is so long without a break, and SQLite refuses a
pattern of more than 50,000 bytes."""
MOST_WORDS = 8
FEW = 2_000
"""So many records are named by their ids instead of asking again which they are."""
NOWHERE = Q(pk__in=[])


def holding(register: Register, actor: Actor, rows: QuerySet[Any], text: str) -> QuerySet[Any]:
    """The rows in which every word of ``text`` occurs in some searchable field the actor may read everywhere.

    A word that few records hold is looked up first, whoever asks: then rights and order concern those few alone. Words
    that many hold are met soon along the order of the list. SQLite has no index for the middle of a word and would read
    every row to look it up: who sees few records has those looked through instead.
    """
    words = _words(text)
    if words is None:
        return rows.none()
    asked = [_ways(register, actor, word) for word in words]
    wanted = reduce(and_, (reduce(or_, ways) for ways in asked), Q())
    if connections[rows.db].vendor == "sqlite" and not _sees_many(register, actor):
        return rows.filter(wanted)
    for ways in asked:
        few = _few(register, ways)
        if few is not None:
            return rows.filter(wanted, pk__in=few) if len(asked) > 1 else rows.filter(pk__in=few)
    return rows.filter(wanted)


def _words(text: str) -> list[str] | None:
    """The words as they stand in keys; None where one is too long to occur anywhere."""
    words = fold(text).split()[:MOST_WORDS]
    return None if any(len(word) > MOST_SOUGHT for word in words) else words


def _sees_many(register: Register, actor: Actor) -> bool:
    if actor.is_system or any(g.role.reach_of(register.noun) >= Reach.COMPANY for g in actor.grants):
        return True
    return are_many(actor, register.noun, lambda: noun(register.noun).visible_to(actor))


def _few(register: Register, ways: Sequence[Q]) -> list[Any] | None:
    """The ids of the records that hold a word, whoever may see them; None where they are many."""
    every = register.model._default_manager.order_by()
    first, *more = (every.filter(way).values_list("pk", flat=True) for way in ways)
    found = list(first.union(*more, all=True)[: FEW + 1])
    return found if len(found) <= FEW else None


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
        return Q(**{f"{link}__in": other._default_manager.filter(**{f"{key}__contains": word}).values("pk")}), False
    if one.kind is Kind.LONG_TEXT:  # seldom filled: the rows that have one are asked apart
        filled = model._default_manager.exclude(**{one.key: ""})
        return Q(pk__in=filled.filter(**{f"{one.key}__contains": word}).values("pk")), False
    return Q(**{f"{one.key}__contains": word}), True


def open_rows(register: Register, actor: Actor, one: Field) -> Q:
    """The rows of companies in which the actor may read the field: the others answer no question about it."""
    companies = actor.companies()
    if companies is None or not register.company:
        return Q()
    open_in = [c for c in companies if register.level(actor, one.name, c) > Level.HIDDEN]
    return Q() if len(open_in) == len(companies) else Q(**{f"{register.company}__in": open_in})
