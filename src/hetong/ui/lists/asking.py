"""The rows and sums that a list would show for an address, for pages that show a part of it and lead there."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db.models import QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun
from hetong.kernel.paging import page
from hetong.kernel.where import ordering

from .question import Question, ask, rows_of
from .sums import Sums, summed_fields, sums_of


def rows_for(actor: Actor, key: str, query: str, *, limit: int, names: Collection[str] | None = None) -> list[Row]:
    """The first rows of a noun that answer; none where the reader may not ask that."""
    question = ask(actor, noun(key).register, query)
    found = _found(actor, key, question)
    if found is None:
        return []
    shown = page(found, ordering(noun(key).register, actor, question.where.sort), limit=limit)
    return noun(key).register.show(actor, shown.ids, names)


def sums_for(
    actor: Actor, key: str, query: str, fields: Sequence[str], by: Mapping[str, Any] | None = None
) -> dict[Any, Sums]:
    """What a list of that address adds up per currency, by ``by``; nothing where the reader may not ask or read that."""
    register = noun(key).register
    found = _found(actor, key, ask(actor, register, query))
    summed = summed_fields(register, actor, fields, ())
    if found is None or len(summed) != len(fields):
        return {}
    return sums_of(actor, register, found, summed, by)


def _found(actor: Actor, key: str, question: Question) -> QuerySet[Any] | None:
    entry = noun(key)
    if not entry.may_view(actor) or question.cannot_answer:
        return None
    try:
        return rows_of(actor, entry, "", question.where)
    except DomainError:
        return None
