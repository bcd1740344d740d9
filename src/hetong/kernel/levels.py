"""What a reader may do with each field of a noun, worked out from their roles and kept for all who hold the same.

A page asks this for its list, for the company of its rows and for what hangs on them; the answer follows from the roles and
the fields alone, and is the same for everybody with these roles until somebody changes them.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from threading import Lock
from typing import TYPE_CHECKING, Final
from uuid import UUID

from .actors import Actor, Level, RoleFacts

if TYPE_CHECKING:
    from .fields import Field, Register

KEPT: Final = 1_000
"""So many answers are kept, of about 3 KB each."""

_Key = tuple["Register", tuple[RoleFacts, ...], Level, str]
_kept: OrderedDict[_Key, tuple[Mapping[str, Field], dict[str, Level]]] = OrderedDict()
_turn = Lock()


def levels_of(
    register: Register, actor: Actor, fields: Mapping[str, Field], company: UUID | None, stage: str
) -> dict[str, Level]:
    """What the actor may do with each of the fields in rows of ``company`` at ``stage``, as `Register.levels` says.

    What is given belongs to all who ask: it is read, never changed.
    """
    if actor.is_system:
        return dict.fromkeys(fields, Level.EDIT)
    most = Level.READ if actor.is_guest_in(company) else Level.EDIT
    key = (register, tuple(actor.roles_reading(company)), most, stage)
    with _turn:
        held = _kept.get(key)
        if held is not None and (held[0] is fields or held[0] == fields):
            _kept.move_to_end(key)
            return held[1]
    found = _worked_out(register.noun, fields, *key[1:])
    with _turn:
        _kept[key] = (fields, found)
        while len(_kept) > KEPT:
            _kept.popitem(last=False)
    return found


def _worked_out(
    noun: str, fields: Mapping[str, Field], roles: tuple[RoleFacts, ...], most: Level, stage: str
) -> dict[str, Level]:
    own = {
        name: min(most, max((_level(noun, role, one, stage) for role in roles), default=Level.HIDDEN))
        for name, one in fields.items()
    }

    def is_hidden(name: str) -> bool:
        return own.get(name, Level.HIDDEN) is Level.HIDDEN or any(map(is_hidden, fields[name].derived_from))

    return {name: Level.HIDDEN if is_hidden(name) else level for name, level in own.items()}


def _level(noun: str, role: RoleFacts, one: Field, stage: str) -> Level:
    ruled = one.of or (noun, one.name)
    level = role.rules.get(ruled, role.shipped_level(one.default_rule))
    if level is Level.HIDDEN:
        return level
    if stage or not role.stage_rules:
        return role.stage_rules.get((*ruled, stage), level)
    return max(level, *(at for key, at in role.stage_rules.items() if key[:2] == ruled), level)
