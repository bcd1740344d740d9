"""The whole journal as one auditor may read it: who, when, what, on which record, in which batch. Reads only.

Entries of a company are open to those who hold the permission there; entries that name no company are open with
their record, for who sees all companies always. Values and names obey the field rules of the reader.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import CharField, Exists, OuterRef, Q, QuerySet, Value
from django.utils.translation import gettext as _

from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Text
from hetong.kernel.nouns import Noun, noun, nouns
from hetong.kernel.values import is_unnamed

from .models import AccessLog, Entry, EntryValues
from .policy import Can
from .queries import Happening, worded
from .wording import codes, template_of

CHUNK = 200
MOST_CHUNKS = 5
"""How many chunks are read for one page before the reader is asked to go on."""
PERSON = "accounts.user"
SYSTEM = "system"
ACTS: Mapping[str, str] = {"view": "view", "download": "download", "export": "export"}


@dataclass(frozen=True)
class Asked:
    """What is asked of the journal; empty parts ask nothing. Days are inclusive, in the reader's zone."""

    who: str = ""
    since: dt.date | None = None
    until: dt.date | None = None
    noun: str = ""
    code: str = ""
    record: UUID | None = None
    batch: UUID | None = None
    field: str = ""
    unreadable: tuple[str, ...] = ()
    """Names of what was asked in a way that cannot be answered: then nothing is found."""

    @property
    def is_empty(self) -> bool:
        return self == Asked()


def read_asked(actor: Actor, given: Mapping[str, str]) -> Asked:
    """The question of an address; what cannot be read, or not be asked by this reader, is named."""
    odd: list[str] = []

    def part(name: str, read: Any) -> Any:
        text = str(given.get(name) or "").strip()
        if not text:
            return None
        try:
            return read(text)
        except (ValueError, NotFound):
            odd.append(name)
            return None

    found = Asked(
        who=part("who", _who) or "", since=part("since", dt.date.fromisoformat), until=part("until", dt.date.fromisoformat),
        noun=part("noun", lambda key: noun(key).key) or "", code=part("code", _known_code) or "", record=part("record", UUID),
        batch=part("batch", UUID),
    )  # fmt: skip
    name = str(given.get("field") or "").strip()
    if name and name not in dict(fields_of(actor, found.noun)):
        odd.append("field")
        name = ""
    return replace(found, field=name, unreadable=tuple(odd))


def _who(text: str) -> str:
    return text if text == SYSTEM else str(UUID(text))


def _known_code(text: str) -> str:
    if text not in codes():
        raise ValueError(text)
    return text


def journal_companies(actor: Actor) -> frozenset[UUID] | None:
    """The companies whose journal the actor may read; None means all of them."""
    if actor.is_system:
        return None
    if not actor.may(Can.VIEW_JOURNAL):
        return frozenset()
    held = [grant for grant in actor.grants if Can.VIEW_JOURNAL in grant.role.permissions]
    if any(grant.company is None for grant in held):
        return None
    return frozenset(grant.company for grant in held if grant.company)


def find_entries(
    actor: Actor, asked: Asked, *, before: UUID | None = None, limit: int = 50
) -> tuple[list[Happening], UUID | None]:
    """The newest entries that answer the question, and where to go on (None: there are no more). Raises `Forbidden`."""
    actor.require(Can.VIEW_JOURNAL)
    if asked.unreadable:
        return [], None
    rows = _asked_rows(actor, asked)
    found: list[Happening] = []
    for size in (limit, *[CHUNK] * MOST_CHUNKS):
        part = rows.filter(pk__lt=before) if before else rows
        chunk = list(part.order_by("-pk")[: size + 1])
        found += worded(actor, _open_ones(actor, chunk[:size]))
        if len(found) > limit or (len(found) == limit and len(chunk) > size):
            return found[:limit], found[limit - 1].id
        if len(chunk) <= size:
            return found, None
        before = chunk[size - 1].pk
    return found, before


def every_entry(actor: Actor, asked: Asked, *, most: int) -> Iterator[Happening]:
    """Up to ``most`` entries that answer the question, newest first, read in chunks."""
    before: UUID | None = None
    done = 0
    while done < most:
        found, before = find_entries(actor, asked, before=before, limit=min(CHUNK, most - done))
        yield from found
        done += len(found)
        if before is None:
            return


def _asked_rows(actor: Actor, asked: Asked) -> QuerySet[Entry]:
    companies = journal_companies(actor)
    rows = (
        Entry.objects.all() if companies is None else Entry.objects.filter(Q(company=None) | Q(company__in=companies))
    )
    rows = _in_time(rows, asked, actor)
    for column, wanted in (
        ("code", asked.code),
        ("noun", asked.noun),
        ("subject", asked.record),
        ("batch", asked.batch),
    ):
        if wanted:
            rows = rows.filter(**{column: wanted})
    if asked.who:
        rows = rows.filter(actor_kind=SYSTEM) if asked.who == SYSTEM else rows.filter(actor_id=asked.who)
    if asked.field:
        rows = rows.filter(Exists(EntryValues.objects.filter(pk=OuterRef("pk"), held__has_key=asked.field)))
    return rows


def _in_time(rows: QuerySet[Any], asked: Asked, actor: Actor) -> QuerySet[Any]:
    zone = ZoneInfo(actor.zone)
    if asked.since:
        rows = rows.filter(at__gte=dt.datetime.combine(asked.since, dt.time.min, zone))
    if asked.until and asked.until < dt.date.max:
        rows = rows.filter(at__lt=dt.datetime.combine(asked.until + dt.timedelta(days=1), dt.time.min, zone))
    return rows


def _open_ones(actor: Actor, entries: Sequence[Entry]) -> list[Entry]:
    """The entries whose record the reader may know of; asked in one statement, and only of those that name no company."""
    if journal_companies(actor) is None:
        return list(entries)
    loose = [(one.noun, one.subject) for one in entries if one.company is None]
    seen = _seen(actor, loose)
    return [one for one in entries if one.company is not None or (one.noun, one.subject) in seen]


def _seen(actor: Actor, records: Iterable[tuple[str, UUID | None]]) -> set[tuple[str, UUID | None]]:
    """Those of the records that the actor sees; one statement."""
    by_noun: dict[str, list[UUID]] = {}
    for key, id in records:
        if id is not None:
            by_noun.setdefault(key, []).append(id)
    parts = []
    for key, ids in by_noun.items():
        entry = known_noun(key)
        if entry is not None and entry.may_view(actor):
            rows = entry.among(actor).filter(pk__in=ids).order_by()
            parts.append(rows.values_list(Value(key, CharField()), "pk"))
    if not parts:
        return set()
    first, *others = parts
    return set(first.union(*others, all=True) if others else first)


def known_noun(key: str) -> Noun | None:
    """The noun of an entry; None for what is no kind of record (any more)."""
    try:
        return noun(key) if key else None
    except NotFound:
        return None


# -- what can be chosen ------------------------------------------------------------------------------


def fields_of(actor: Actor, key: str) -> list[tuple[str, Text]]:
    """The fields of a noun that can be asked for: those the reader may read in every company of theirs."""
    entry = known_noun(key)
    if entry is None:
        return []
    register, companies = entry.register, actor.companies()
    places: Iterable[UUID | None] = (None,) if companies is None or not register.company else companies
    return [
        (one.name, one.label) for one in register
        if all(register.level(actor, one.name, place) > Level.HIDDEN for place in places)
    ]  # fmt: skip


def people_of(actor: Actor) -> list[tuple[str, str]]:
    """The people who can be asked for, by name; the product itself first."""
    own = [(SYSTEM, _("Hetong itself"))]
    entry = known_noun(PERSON)
    if entry is None or is_unnamed(PERSON, actor):
        return own
    rows = entry.register.show(actor, entry.visible_to(actor).order_by("name_key", "pk"), (entry.register.heading,))
    return own + [(str(row.id), row.title) for row in rows if row.title]


def nouns_of() -> list[tuple[str, Text]]:
    """The kinds of record that can be asked for, by name."""
    return sorted(((entry.key, entry.labels[0]) for entry in nouns()), key=lambda pair: str(pair[1]))


def codes_of() -> list[tuple[str, str]]:
    """What can have happened, in words."""
    return sorted(((code, template_of(code)) for code in codes()), key=lambda pair: pair[1])


# -- views and downloads -----------------------------------------------------------------------------


@dataclass(frozen=True)
class Access:
    """One view or download, as far as the reader may read what it was of."""

    id: UUID
    at: dt.datetime
    who: str
    act: str
    kind: Text
    title: str
    url: str
    detail: str
    via: str


def find_accesses(
    actor: Actor, asked: Asked, *, before: UUID | None = None, limit: int = 50
) -> tuple[list[Access], UUID | None]:
    """The newest views and downloads that answer the question, and where to go on. Raises `Forbidden`."""
    actor.require(Can.VIEW_JOURNAL)
    if asked.unreadable:
        return [], None
    rows = _in_time(AccessLog.objects.all(), asked, actor)
    if asked.noun:
        rows = rows.filter(noun=asked.noun)
    if asked.record:
        rows = rows.filter(subject=asked.record)
    if asked.who:
        rows = rows.filter(actor_kind=SYSTEM) if asked.who == SYSTEM else rows.filter(actor_id=asked.who)
    if before:
        rows = rows.filter(pk__lt=before)
    chunk = list(rows.order_by("-pk")[: limit + 1])
    shown = _accesses(actor, chunk[:limit])
    return shown, chunk[limit - 1].pk if len(chunk) > limit else None


def _accesses(actor: Actor, rows: Sequence[AccessLog]) -> list[Access]:
    titles: dict[tuple[str, UUID], tuple[str, str]] = {}
    for key in {row.noun for row in rows}:
        entry = known_noun(key)
        if entry is not None and entry.may_view(actor):
            ids = [row.subject for row in rows if row.noun == key]
            for one in entry.register.show(actor, entry.among(actor).filter(pk__in=ids), (entry.register.heading,)):
                titles[key, one.id] = (one.title or "–", one.url)
    sees_all = journal_companies(actor) is None
    return [
        _access(row, titles.get((row.noun, row.subject))) for row in rows if sees_all or (row.noun, row.subject) in titles
    ]  # fmt: skip


def _access(row: AccessLog, named: tuple[str, str] | None) -> Access:
    entry = known_noun(row.noun)
    title, url = named or ("", "")
    acts = {"view": _("viewed"), "download": _("downloaded"), "export": _("exported")}
    is_told = named is not None or row.act == "export"
    return Access(
        row.pk, row.at, row.actor_label, acts.get(row.act, row.act), entry.labels[0] if entry else row.noun, title, url,
        row.detail if is_told else "", row.via,
    )  # fmt: skip
