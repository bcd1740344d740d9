"""Searching by words. Every hit starts from visibility; no hidden field is matched, ranked by, counted or shown."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final
from uuid import UUID

from django.db.models import QuerySet
from django.db.models.functions import Left

from hetong.audit.queries import find_touched
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Register, Row
from hetong.kernel.nouns import Noun, noun, nouns
from hetong.kernel.where import EVERYTHING, Where

from .asking import Question, read_question
from .finding import BY_TEXT, NEWEST, Place, find_places, open_grounds
from .indexed import indexed_nouns
from .marking import Pieces, excerpt, marked

CONTEXT_FIELDS: Final = 3
NOWHERE: Final[Mapping[str, Where]] = {}
READ_OF_FILES: Final = 100_000
"""Characters of a file in which the place of the words is looked for."""


@dataclass(frozen=True)
class Hit:
    """A record that was found: what it is, what it is called, words that tell it from its namesakes, where the words stand."""

    noun: str
    id: UUID
    title: str
    context: str
    url: str
    icon: str = ""
    marked_title: Pieces = ()
    marked_context: Pieces = ()
    excerpt: Pieces = ()
    """The stretch of its file around the words, where they stand there."""


@dataclass(frozen=True)
class Group:
    """The hits of one kind of record: the best ones, and how many there are (at least, where ``is_cut``)."""

    noun: Noun
    hits: tuple[Hit, ...]
    count: int
    is_cut: bool = False
    ids: tuple[UUID, ...] = field(default=(), repr=False)
    """All that were counted."""


def search(actor: Actor, text: str, nouns: Collection[str] | None = None, limit: int = 20) -> list[Hit]:
    """At most ``limit`` records that hold every word of ``text``, those whose names begin with it first."""
    question = read_question(text)
    hits = [hit for group in find_groups(actor, question, nouns, limit=limit) for hit in group.hits]
    begins = question.text().casefold()
    return sorted(hits, key=lambda hit: not hit.title.casefold().startswith(begins))[:limit]


def find_groups(
    actor: Actor,
    question: Question,
    wanted: Collection[str] | None = None,
    *,
    limit: int = 20,
    only: str = "",
    where: Mapping[str, Where] = NOWHERE,
    is_brief: bool = False,
) -> list[Group]:
    """The hits of each kind of record, in the order of the table of nouns; what is found by the text of its file comes last.

    ``only``: the one kind whose hits are shown, the others are but counted. ``where``: conditions by noun, which
    speak of the records themselves, not of their parts. ``is_brief``: without where the words stand.
    """
    if not question.wanted:
        return []
    entries = [entry for entry in indexed_nouns() if wanted is None or entry.shown in wanted]
    entries = [
        entry for entry in entries if entry.key == entry.shown or not where.get(entry.shown, EVERYTHING).conditions
    ]
    by_noun: dict[str, list[Place]] = {}
    for place in find_places(open_grounds(actor, entries, where), question):
        by_noun.setdefault(place.entry.shown, []).append(place)
    groups = []
    for entry in nouns():
        if (places := by_noun.get(entry.key)) is not None:
            shown = 0 if only and entry.key != only else limit
            groups.append(_group(actor, question, entry, places, shown, is_brief=is_brief))
    return sorted(groups, key=lambda group: bool(group.noun.blob))


def _group(
    actor: Actor, question: Question, entry: Noun, places: Sequence[Place], limit: int, *, is_brief: bool
) -> Group:
    best: dict[UUID, Place] = {}
    for place in places:
        best.setdefault(place.shown, place)
    chosen = dict(list(best.items())[:limit])
    said = {} if is_brief else _said_elsewhere(actor, question, chosen.values())
    hits = _hits(actor, question, entry, chosen, said) if chosen else []
    kinds = Counter(place.entry.key for place in places)
    return Group(entry, tuple(hits), len(best), max(kinds.values()) >= NEWEST, tuple(best))


def _hits(
    actor: Actor, question: Question, entry: Noun, chosen: Mapping[UUID, Place], said: Mapping[UUID, Pieces]
) -> list[Hit]:
    register = entry.register
    context = _context_fields(actor, register)
    rows = _found(actor, entry, chosen)
    shown = {row.id: row for row in register.show(actor, rows, {register.heading, *(f.name for f in context)})}
    hits = []
    for id, place in chosen.items():
        if (row := shown.get(id)) is not None:
            about = _context(row, context)
            hits.append(
                replace(
                    _plain_hit(entry, row, about, _parent_url(entry, place)),
                    marked_title=marked(question, row.title or "–"),
                    marked_context=marked(question, about),
                    excerpt=said.get(id, ()),
                )
            )
    return hits


def _found(actor: Actor, entry: Noun, chosen: Mapping[UUID, Place]) -> QuerySet[Any]:
    """The records to show: found a moment ago among what the reader may see, so that is not asked again but of parts."""
    if any(place.entry.key != entry.key for place in chosen.values()):
        return entry.among(actor).filter(pk__in=list(chosen))
    # allow: visibility — see above
    return entry.model._default_manager.filter(pk__in=list(chosen))


def _parent_url(entry: Noun, place: Place) -> str:
    """Where a record without a page of its own is shown: the page of the record it belongs to."""
    if entry.section or entry.register.parent is None or place.parent is None:
        return ""
    return noun(entry.register.parent[1]).url(place.parent)


def _plain_hit(entry: Noun, row: Row, about: str, parent_url: str = "") -> Hit:
    return Hit(entry.key, row.id, row.title or "–", about, row.url or parent_url, entry.icon)


# -- where the words stand, if not in what is shown anyway ---------------------------------------


def _said_elsewhere(actor: Actor, question: Question, places: Iterable[Place]) -> dict[UUID, Pieces]:
    """By the record shown: the stretch of its file or the values of its part in which the words stand."""
    by_key: dict[str, list[Place]] = {}
    for place in places:
        if (place.entry.parent is not None and place.entry.key != place.entry.shown) or place.how == BY_TEXT:
            by_key.setdefault(place.entry.key, []).append(place)
    said: dict[UUID, Pieces] = {}
    for those in by_key.values():
        said |= _in_files(question, those) if those[0].how == BY_TEXT else _in_parts(actor, question, those)
    return said


def _in_files(question: Question, places: Sequence[Place]) -> dict[UUID, Pieces]:
    entry = places[0].entry.noun
    path = f"{entry.blob.removesuffix('_id')}__derived_text__text"
    ids = [place.record for place in places]
    # allow: visibility — the places were found among what the reader may see
    texts = entry.model._default_manager.filter(pk__in=ids).annotate(read=Left(path, READ_OF_FILES))
    return {id: excerpt(question, text or "") for id, text in texts.values_list("pk", "read")}


def _in_parts(actor: Actor, question: Question, places: Sequence[Place]) -> dict[UUID, Pieces]:
    indexed = places[0].entry
    names = {one.name: str(one.label) for one in indexed.fields}
    # allow: visibility — the places were found among what the reader may see
    rows = indexed.noun.model._default_manager.filter(pk__in=[place.record for place in places])
    shown = {row.id: row for row in indexed.noun.register.show(actor, rows, names)}
    return {place.shown: _held(question, shown[place.record], names) for place in places if place.record in shown}


def _held(question: Question, row: Row, names: Mapping[str, str]) -> Pieces:
    """The row's values in which a word stands, each behind what it is."""
    texts = [f"{label}: {row[name]}" for name, label in names.items() if row.get(name)]
    held = [
        pieces for pieces in (marked(question, text) for text in texts) if any(is_mark for _text, is_mark in pieces)
    ]
    return tuple(piece for pieces in held for piece in (*pieces, (" · ", False)))[:-1]


# -- what tells namesakes apart ------------------------------------------------------------------


def _context_fields(actor: Actor, register: Register) -> list[Field]:
    """Short fields that tell namesakes apart: searchable ones, references and states among the list's columns."""
    kinds = (Kind.TEXT, Kind.CHOICE, Kind.REFERENCE)
    fields = [f for f in register.readable(actor) if f.name != register.heading and f.kind in kinds and not f.compute]
    return sorted((f for f in fields if f.searchable or f.column), key=lambda f: not f.searchable)[:CONTEXT_FIELDS]


def _context(row: Row, fields: Iterable[Field]) -> str:
    return " · ".join(str(row[f.name]) for f in fields if row.get(f.name))


def find_recent(actor: Actor, limit: int = 8) -> list[Hit]:
    """The records the reader acted on last and may still see, newest first."""
    touched = find_touched(actor, limit=limit * 3)
    by_noun: dict[str, list[UUID]] = {}
    for key, id, _at in touched:
        by_noun.setdefault(key, []).append(id)
    shown: dict[tuple[str, UUID], Hit] = {}
    known: dict[str, Any] = {entry.key: entry for entry in nouns()}
    for key, ids in by_noun.items():
        entry = known.get(key)
        if entry is None or not entry.section or not entry.is_searched or not entry.may_view(actor):
            continue
        context = _context_fields(actor, entry.register)
        names = {entry.register.heading, *(f.name for f in context)}
        for row in entry.register.show(actor, entry.visible_to(actor).filter(pk__in=ids), names):
            shown[key, row.id] = _plain_hit(entry, row, _context(row, context))
    return [shown[key, id] for key, id, _at in touched if (key, id) in shown][:limit]
