"""The condition that a row of the index is of a record its reader may know of, as a part of a statement.

It is `visible_to` of the record's noun, nothing else. To write it out takes Django longer than the database takes to
answer, so what was written is kept as long as everything holds that it followed from.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from dataclasses import dataclass
from threading import Lock
from typing import Any, Final

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet

from hetong.kernel import clock
from hetong.kernel.actors import Actor, Grant, Reach
from hetong.kernel.where import EVERYTHING, Where, narrow

from .indexed import Indexed

READERS: Final = 200
"""Of how many readers the conditions are kept: about 20 KB each."""


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
    held, key = _held_by(actor), (entry.key, entry.noun.known_by() if entry.noun.known_by else None)
    if key not in held:
        held[key] = _written(actor, entry, where)
    return held[key]


def _written(actor: Actor, entry: Indexed, where: Where) -> Rights | None:
    rows = _visible(actor, entry, where)
    if not rows.query.where:
        return Rights("", ())
    try:
        sql, values = rows.order_by().values("pk").query.sql_with_params()
    except EmptyResultSet:
        return None
    if not _is_row_by_row(actor, entry):
        return Rights(f" AND r.record IN ({sql})", tuple(values))
    column = "pk" if ' AS "pk"' in sql else rows.model._meta.pk.column
    return Rights(f' AND EXISTS (SELECT 1 FROM ({sql}) v WHERE v."{column}" = r.record)', tuple(values))  # noqa: S608 - what Django made


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


# -- what was written, kept by all that it followed from -------------------------------------------

Held = dict[Hashable, Rights | None]
_kept: OrderedDict[Hashable, tuple[tuple[Grant, ...], Held]] = OrderedDict()
_turn = Lock()


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
        grants, held = _kept.get(key, (None, {}))
        if grants != actor.grants:
            held = {}
        _kept[key] = (actor.grants, held)
        _kept.move_to_end(key)
        while len(_kept) > READERS:
            _kept.popitem(last=False)
    return held
