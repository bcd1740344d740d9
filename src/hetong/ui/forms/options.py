"""What a reference field may be set to: the records its reader may see, as options."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Row
from hetong.kernel.nouns import Noun, noun
from hetong.kernel.words import holding

MOST_LISTED = 200
MOST_FOUND = 20


@dataclass(frozen=True)
class Option:
    """A record as it is offered: its id, its title, and a word that tells it from its namesakes."""

    id: UUID
    title: str
    context: str = ""


def find_options(actor: Actor, key: str, text: str = "", *, limit: int = MOST_FOUND) -> list[Option]:
    """The visible records of a noun that hold every word of ``text``, retired ones left out, by title."""
    entry = noun(key)
    rows = _offered(entry, actor)
    if text.strip():
        rows = holding(entry.register, actor, rows, text)
    return [_option(entry, row) for row in _shown(entry, actor, rows.order_by(*_by_title(entry))[:limit])]


def titles_of(actor: Actor, key: str, ids: Collection[Any]) -> dict[UUID, str]:
    """The titles of those records that the actor may see, in one query."""
    entry = noun(key)
    wanted = [id for id in map(_as_uuid, ids) if id]
    if not wanted:
        return {}
    return {row.id: row.title for row in _shown(entry, actor, entry.visible_to(actor).filter(pk__in=wanted))}


def resolved(actor: Actor, one: Field, typed: str) -> str:
    """The id of the one record that the typed words mean; the words themselves where they mean none or several.

    A form without a script sends words where the script would have sent the id of the option chosen.
    """
    if not typed or _as_uuid(typed) or not one.to:
        return typed
    found = find_options(actor, one.to, typed, limit=2)
    return str(found[0].id) if len(found) == 1 else typed


def listed(actor: Actor, key: str) -> list[Option] | None:
    """Every record of the noun as options, or None when there are too many for a list."""
    found = find_options(actor, key, limit=MOST_LISTED + 1)
    return found if len(found) <= MOST_LISTED else None


def _offered(entry: Noun, actor: Actor) -> QuerySet[Any]:
    rows = entry.visible_to(actor)
    active = entry.register.fields.get("is_active")
    if active is not None and active.kind is Kind.FLAG and isinstance(active.path, str):
        rows = rows.filter(**{active.path: True})
    return rows


def _by_title(entry: Noun) -> tuple[str, str]:
    heading = entry.register.fields[entry.register.heading]
    path = heading.key or heading.path
    return path if isinstance(path, str) else "pk", "pk"


def _shown(entry: Noun, actor: Actor, rows: QuerySet[Any]) -> list[Row]:
    names = {entry.register.heading} | {n for n in ("number", "email") if n in entry.register.fields}
    return entry.register.show(actor, rows, names)


def _option(entry: Noun, row: Row) -> Option:
    context = row.get("number") or row.get("email") or ""
    return Option(row.id, row.title or "–", "" if str(context) == row.title else str(context))


def _as_uuid(given: Any) -> UUID | None:
    if isinstance(given, UUID):
        return given
    try:
        return UUID(str(given))
    except ValueError:
        return None
