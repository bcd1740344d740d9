"""What there is: one `Noun` per kind of record. The table is ``config/nouns.py``; low floors look here."""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Model, QuerySet

from .actors import Actor
from .errors import NotFound
from .fields import Register, Text


@dataclass(frozen=True)
class Noun:
    """A kind of record: its key (``app.noun``), model, register, visibility, address and words.

    ``visible_to`` returns the rows an actor may know of; rights on documents, history or comments of
    a record are the rights on the record. ``section`` is the first part of its pages' addresses
    (``/contracts/<id>/``); empty where it has no page of its own. ``add`` and ``edit`` are its batch
    services: ``add(actor, givens, locale=)`` and ``edit(actor, ids, given, locale=, versions=, reason=)``.
    """

    key: str
    model: type[Model]
    register: Register
    visible_to: Callable[[Actor], QuerySet[Any]]
    labels: tuple[Text, Text]
    """Singular and plural, in sentence case."""
    section: str = ""
    icon: str = "file"
    can_add: str = ""
    """The permission that adding one needs."""
    add: Callable[..., list[Any]] | None = None
    edit: Callable[..., list[Any]] | None = None
    is_asked: bool = False
    """Whether people fill in such records as they make them by a service of another shape than ``add`` (a posting, a file)."""
    is_searched: bool = True
    can_view: str = ""
    """The permission that reading any of it needs, wherever it is shown; empty where being in scope is enough."""
    editable_by: Callable[[Actor], QuerySet[Any]] | None = None
    """Those of the visible rows that are open for more than reading; None where every visible one is."""
    check_writable: Callable[[Collection[UUID]], None] | None = None
    """Raises in words where one of the records rests (is archived): nothing that hangs on it changes either."""

    blob: str = ""
    """ORM path of the id of the file whose text belongs to the record: search finds the record by it."""
    facets: tuple[str, ...] = ()
    """The fields by which hits of a search are told apart and narrowed down."""

    def may_view(self, actor: Actor) -> bool:
        """Whether the actor may read records of this noun at all."""
        return not self.can_view or actor.may(self.can_view)

    card: str = "ui/card.html"
    """The template that every tab of a record's card extends."""
    frame: str = ""
    """Where that template's further context comes from: the dotted name of a function of (actor, shown row)."""
    visible_among: Callable[[Actor], QuerySet[Any]] | None = None
    """The rows of ``visible_to`` asked row by row, where that is another query: for a few rows that are known."""
    leads_to: Callable[[UUID], UUID | None] | None = None
    """For an id that is no more: the record that stands for it now, which its addresses lead to."""
    known_by: Callable[[], Hashable] | None = None
    """What of the database ``visible_to`` reads while its condition is written, besides the actor; None: nothing."""
    formerly: Callable[[UUID], QuerySet[Any]] | None = None
    """The ids of records that were merged into that one: their history is its own."""

    def among(self, actor: Actor) -> QuerySet[Any]:
        """What the actor may know of, for asking about few rows: named ones, or those that hold the words looked for."""
        return (self.visible_among or self.visible_to)(actor)

    def url(self, id: UUID) -> str:
        """The address of one record's page; empty where it has none."""
        return f"/{self.section}/{id}/" if self.section else ""


_nouns: dict[str, Noun] = {}


def install(table: Iterable[Noun]) -> None:
    """Make ``config/nouns.py`` known; called once at start."""
    _nouns.clear()
    _nouns.update((entry.key, entry) for entry in table)


def noun(key: str) -> Noun:
    """The noun of that key; an unknown key is `NotFound` (it may come from a URL)."""
    try:
        return _nouns[key]
    except KeyError:
        raise NotFound(noun=key) from None


def known_noun(key: str) -> Noun | None:
    """The noun of that key, None where there is none (any more): for what outlives records, as the journal does."""
    return _nouns.get(key)


def noun_of_section(section: str) -> Noun:
    """The noun whose pages live under that first part of the address; raises `NotFound`."""
    for entry in _nouns.values():
        if entry.section and entry.section == section:
            return entry
    raise NotFound(section=section)


def nouns() -> tuple[Noun, ...]:
    """All nouns, in the order of the table."""
    return tuple(_nouns.values())


def led_to(actor: Actor, id: UUID) -> UUID | None:
    """The record, open to the actor, that stands for an id that is no more; None where there is none."""
    for entry in _nouns.values():
        to = entry.leads_to(id) if entry.leads_to is not None else None
        if to is not None and entry.among(actor).filter(pk=to).exists():
            return to
    return None


def all_editable(actor: Actor, key: str, ids: Iterable[UUID]) -> bool:
    """Whether the actor sees every one of the records by more than a share for reading."""
    entry, wanted = noun(key), set(ids)
    rows = entry.editable_by(actor) if entry.editable_by is not None else entry.visible_to(actor)
    return bool(rows.filter(pk__in=wanted).count() == len(wanted))


def is_visible(actor: Actor, key: str, id: UUID) -> bool:
    """Whether the actor may know of that record."""
    return noun(key).among(actor).filter(pk=id).exists()


def must_see(actor: Actor, key: str, id: UUID) -> None:
    """Raise `NotFound` unless the actor may know of that record."""
    if not is_visible(actor, key, id):
        raise NotFound(noun=key, id=str(id))
