"""The card of a record: one frame for every noun, its tabs as addresses of their own."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun

from .navigation import tabs


def shown_row(actor: Actor, key: str, id: UUID, names: Collection[str] | None = None) -> Row:
    """One record as the actor may see it. Raises `NotFound`."""
    entry = noun(key)
    rows = entry.register.show(actor, entry.visible_to(actor).filter(pk=id), names)
    if not rows:
        raise NotFound(noun=key, id=str(id))
    return rows[0]


def card_frame(actor: Actor, key: str, id: UUID, tab: str, names: Collection[str] | None = None) -> dict[str, Any]:
    """The context every tab of a card extends ``ui/card.html`` with: row, noun, tabs."""
    row = shown_row(actor, key, id, names)
    return {"row": row, "noun": noun(key), "tabs": tabs(actor, row, tab), "tab": tab}
