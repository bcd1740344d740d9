"""The condition that a row of the index is of a record its reader may know of, as a part of a statement.

It is `visible_to` of the record's noun, nothing else. To write it out takes Django longer than the database takes to
answer, so what was written is kept as long as everything holds that it followed from.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from hetong.kernel.actors import Actor, Reach
from hetong.kernel.known import remembered, written
from hetong.kernel.where import EVERYTHING, Where, narrow

from .indexed import Indexed


@dataclass(frozen=True)
class Rights:
    """What follows a row's other conditions in a statement, with its values; empty where every row may be known of."""

    condition: str
    values: tuple[Any, ...]


def rights_of(actor: Actor, entry: Indexed, where: Where = EVERYTHING) -> Rights | None:
    """The reader's rights on the records of a noun, of those that answer ``where``; None where there are none to know of.

    Raises `UnknownField`, `Invalid` for what cannot be asked.
    """
    if where is not EVERYTHING:
        return _written(actor, entry, where)
    key = (entry.key, entry.noun.known_by() if entry.noun.known_by else None)
    return remembered(actor, key, lambda: _written(actor, entry, where))


def _written(actor: Actor, entry: Indexed, where: Where) -> Rights | None:
    rows = _visible(actor, entry, where)
    if not rows.query.where:
        return Rights("", ())
    statement = written(rows)
    if statement is None:
        return None
    sql, values = statement
    if not _is_row_by_row(actor, entry):
        return Rights(f" AND r.record IN ({sql})", values)
    return Rights(f' AND EXISTS (SELECT 1 FROM ({sql}) v WHERE v."known_id" = r.record)', values)  # noqa: S608 - what Django made


def _visible(actor: Actor, entry: Indexed, where: Where) -> QuerySet[Any]:
    rows = entry.noun.among(actor) if _is_row_by_row(actor, entry) else entry.noun.visible_to(actor)
    return rows if where is EVERYTHING else narrow(entry.noun.register, actor, rows, where)


def _is_row_by_row(actor: Actor, entry: Indexed) -> bool:
    """Whether rights are asked of each hit, newest first: where nearly every one passes, or what is seen is no short list.

    Who sees few records has them gathered once.
    """
    if entry.noun.blob or entry.parent is not None:
        return True
    return any(grant.role.reach_of(entry.key) >= Reach.COMPANY for grant in actor.grants)
