"""Searching by words. Every hit starts from visibility; no hidden field is matched, ranked by or shown."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Case, IntegerField, QuerySet, Value, When

from hetong.audit.queries import find_touched
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Register, Row
from hetong.kernel.nouns import Noun, noun, nouns
from hetong.kernel.text import fold
from hetong.kernel.where import text_clause

CONTEXT_FIELDS = 3
SHORTEST = 1
NEWEST = 1000
"""How many hits of a noun are ranked, the newest: a word that half of all records hold must not sort them all."""


@dataclass(frozen=True)
class Hit:
    """A record that was found: what it is, what it is called, and words that tell it from its namesakes."""

    noun: str
    id: UUID
    title: str
    context: str
    url: str
    icon: str = ""
    starts: bool = False
    """Whether its title begins with the words."""


def search(actor: Actor, text: str, nouns: Collection[str] | None = None, limit: int = 20) -> list[Hit]:
    """At most ``limit`` records that hold every word of ``text``: titles that begin with it first. One query a noun."""
    hits = [hit for group in search_by_noun(actor, text, nouns, limit).values() for hit in group]
    return sorted(hits, key=lambda hit: not hit.starts)[:limit]


def search_by_noun(
    actor: Actor, text: str, wanted: Collection[str] | None = None, limit: int = 20
) -> dict[str, list[Hit]]:
    """The hits of each noun, in the order of the table of nouns; nouns without a hit are left out."""
    if len(fold(text)) < SHORTEST or "\x00" in text:
        return {}
    found = {}
    for entry in nouns_searched(wanted):
        hits = _hits(actor, entry, text, limit)
        if hits:
            found[entry.key] = hits
    return found


def nouns_searched(wanted: Collection[str] | None = None) -> list[Noun]:
    """The nouns that searches go over."""
    return [entry for entry in nouns() if entry.is_searched and (wanted is None or entry.key in wanted)]


def _hits(actor: Actor, entry: Noun, text: str, limit: int) -> list[Hit]:
    register = entry.register
    if not entry.may_view(actor) or not _searched(actor, register):
        return []
    newest = entry.among(actor).filter(text_clause(register, actor, text)).order_by("-pk")[:NEWEST]
    manager = register.model._default_manager
    ranked = _ranked(actor, register, manager.filter(pk__in=newest.values("pk")), fold(text))
    context = _context_fields(actor, register)
    # what is shown of them is joined to the few that are left, not to all that were ranked
    chosen = manager.filter(pk__in=ranked.values("pk")[:limit])
    shown = register.show(actor, chosen.order_by("-pk"), {register.heading, *(f.name for f in context)})
    shown.sort(key=lambda row: not fold(row.title).startswith(fold(text)))
    parents = _parent_urls(actor, entry, shown)
    first = fold(text)
    return [
        Hit(
            entry.key,
            row.id,
            row.title or "–",
            _context(row, context),
            row.url or parents.get(row.id, ""),
            entry.icon,
            fold(row.title).startswith(first),
        )
        for row in shown
    ]


def _searched(actor: Actor, register: Register) -> list[Field]:
    return [f for f in register.readable(actor) if f.searchable and (f.key or f.filter)]


def _ranked(actor: Actor, register: Register, rows: QuerySet[Any], folded: str) -> QuerySet[Any]:
    """Titles that begin with the words first, then the newest; the rank never reads a title the reader may not."""
    heading = register.fields[register.heading]
    if not heading.key:
        return rows.order_by("-pk")
    begins = Case(When(r_title__startswith=folded, then=Value(0)), default=Value(1), output_field=IntegerField())
    ranked: QuerySet[Any] = (
        rows.annotate(r_title=register.guarded(actor, heading, heading.key))
        .annotate(r_rank=begins)
        .order_by("r_rank", "-pk")
    )
    return ranked


def _context_fields(actor: Actor, register: Register) -> list[Field]:
    """Short fields that tell namesakes apart: searchable ones, references and states among the list's columns."""
    kinds = (Kind.TEXT, Kind.CHOICE, Kind.REFERENCE)
    fields = [f for f in register.readable(actor) if f.name != register.heading and f.kind in kinds and not f.compute]
    return sorted((f for f in fields if f.searchable or f.column), key=lambda f: not f.searchable)[:CONTEXT_FIELDS]


def _context(row: Row, fields: Iterable[Field]) -> str:
    return " · ".join(str(row[f.name]) for f in fields if row.get(f.name))


def _parent_urls(actor: Actor, entry: Noun, rows: Sequence[Row]) -> dict[UUID, str]:
    """Where rows without a page of their own are shown: the page of the record they belong to."""
    if entry.section or entry.register.parent is None or not rows:
        return {}
    path, key = entry.register.parent
    parents = entry.visible_to(actor).filter(pk__in=[row.id for row in rows]).values_list("pk", path)
    return {pk: noun(key).url(parent) for pk, parent in parents if parent}


def find_recent(actor: Actor, limit: int = 8) -> list[Hit]:
    """The records the reader acted on last and may still see, newest first."""
    touched = find_touched(actor, limit=limit * 3)
    by_noun: dict[str, list[UUID]] = {}
    for key, id, _at in touched:
        by_noun.setdefault(key, []).append(id)
    shown: dict[tuple[str, UUID], Hit] = {}
    known = {entry.key: entry for entry in nouns()}
    for key, ids in by_noun.items():
        entry = known.get(key)
        if entry is None or not entry.section or not entry.is_searched or not entry.may_view(actor):
            continue
        context = _context_fields(actor, entry.register)
        names = {entry.register.heading, *(f.name for f in context)}
        for row in entry.register.show(actor, entry.visible_to(actor).filter(pk__in=ids), names):
            shown[key, row.id] = Hit(key, row.id, row.title or "–", _context(row, context), row.url, entry.icon)
    return [shown[key, id] for key, id, _at in touched if (key, id) in shown][:limit]
