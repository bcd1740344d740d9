"""The card of a record: one frame for every noun, its tabs as addresses of their own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.utils.module_loading import import_string

from hetong.jobs.queries import unfinished
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, NotFound
from hetong.kernel.fields import Field, Row
from hetong.kernel.nouns import noun

from .navigation import files, tabs


def shown_row(actor: Actor, key: str, id: UUID, names: Collection[str] | None = None) -> Row:
    """One record as the actor may see it. Raises `NotFound`."""
    entry = noun(key)
    rows = entry.register.show(actor, entry.among(actor).filter(pk=id), names)
    if not rows:
        raise NotFound(noun=key, id=str(id))
    return rows[0]


def card_frame(actor: Actor, key: str, id: UUID, tab: str, names: Collection[str] | None = None) -> dict[str, Any]:
    """The context every tab of a card extends ``card_template`` with: row, noun, tabs, and what needs attention."""
    row = shown_row(actor, key, id, names)
    entry = noun(key)
    if not entry.may_view(actor):
        raise Forbidden(can=entry.can_view)
    more = import_string(entry.frame)(actor, row) if entry.frame else {}
    attention, is_working = unfinished(key, id)
    return {
        "row": row,
        "noun": entry,
        "tabs": tabs(actor, row, tab),
        "files": files(actor, row),
        "tab": tab,
        "attention": attention,
        "is_working": is_working,
        "card_template": entry.card,
        **more,
    }


def further_fields(row: Row, drawn: Collection[str]) -> list[Field]:
    """The fields that can be written, hold a value and are not among those a card draws in places of their own.

    So a field that is new in the register is on the card without being named there. Those of another record stand with it.
    """
    rest = [one for one in row.register or () if one.write and not one.of and one.name not in drawn]
    return [one for one in rest if row.get(one.name) not in (None, "", False)]
