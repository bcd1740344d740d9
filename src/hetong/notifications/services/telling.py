"""Telling people: who may see the record is told, once, with the fields that they may read."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import User
from hetong.accounts.people import stand_ins
from hetong.accounts.queries import actor_for
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.events import Event, Fact
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun
from hetong.kernel.rows import insert
from hetong.kernel.values import plain
from hetong.notifications.models import Mute, Notice
from hetong.notifications.table import ASKED, REMIND, NoticeKind, kinds_of

from .posting import post_mails
from .pushing import post_pushes


@dataclass(frozen=True)
class Word:
    """One thing to tell one person; ``once`` makes it unique to that person."""

    kind: NoticeKind
    user: UUID
    why: str
    noun: str
    subject: UUID
    page_noun: str
    page: UUID
    once: str
    path: str = ""
    company: UUID | None = None
    by: UUID | None = None
    by_label: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    fields: tuple[str, ...] = ()
    page_fields: tuple[str, ...] = ()
    note: str = ""


def tell(actor: Actor, event: Event) -> None:
    """Tell of an event whoever its kind names, but not the one who did it; listens *after* the events of the table."""
    put(word for kind in kinds_of(type(event)) if kind.told is not None for word in _words(kind, event))


def _words(kind: NoticeKind, event: Event) -> Iterator[Word]:
    """What a kind of news has to tell of an event, and whom."""
    by = event.actor if event.actor.id or event.actor.cause is None else event.actor.cause
    told, pages = kind.told(event.rows) if kind.told else {}, pages_of(kind, event.rows)
    paths = kind.paths(event.rows) if kind.paths else {}
    for fact in event.rows:
        own = {user: (why, user) for user, why in told.get(fact.id, {}).items()}
        for user, (why, asked) in (_standing_in(own, event) | own).items():
            if user != by.id:
                path = paths.get((fact.id, asked)) or paths.get((fact.id, None), "")
                yield _word(kind, event, fact, by, user, why, pages.get(fact.id), path)


def _standing_in(told: Mapping[UUID, tuple[str, UUID]], event: Event) -> dict[UUID, tuple[str, UUID]]:
    """Who stands in today for somebody who is asked to act, and for whom, also where only such acts were handed over."""
    asked = [user for user, (why, _asked) in told.items() if why == "asked"]
    instead = stand_ins(asked, event.code.partition(".")[0]) if asked else {}
    return {to: ("stand_in", of) for of, many in instead.items() for to in many}


def pages_of(kind: NoticeKind, facts: Sequence[Fact]) -> dict[UUID, tuple[str, UUID]]:
    """The record on whose page each row stands: what the fact names (``noun``, ``subject``), else what the kind says."""
    named = {fact.id: (str(f["noun"]), UUID(f["subject"])) for fact in facts if (f := fact.facts).get("subject")}
    key, path = kind.page
    if named or not key:
        return named
    model = noun(facts[0].noun).model
    rows = model._default_manager.filter(pk__in=[fact.id for fact in facts]).values_list("pk", path)
    return {id: (key, record) for id, record in rows if record}


def _word(
    kind: NoticeKind, event: Event, fact: Fact, by: Actor, user: UUID, why: str, page: tuple[str, UUID] | None, path: str
) -> Word:  # fmt: skip
    page_noun, record = page or (fact.noun, fact.id)
    return Word(
        kind, user, why, fact.noun, fact.id, page_noun, record, f"{event.id}:{fact.id}", path, fact.company, by.id,
        by.label[:200], {k: v for k, v in fact.facts.items() if k in kind.words}, kind.fields, kind.page_fields if page else (),
    )  # fmt: skip


@transaction.atomic
def put(words: Iterable[Word]) -> list[Notice]:
    """Write the notices of those who may see the record, and their mails; a thing told before is left out."""
    by_user: dict[UUID, dict[str, Word]] = defaultdict(dict)
    for word in words:
        by_user[word.user].setdefault(word.once, word)
    users = User.objects.filter(pk__in=by_user, is_active=True, kind="staff").in_bulk()
    told = set(
        Notice.objects.filter(user__in=users)
        .filter(once__in={o for w in by_user.values() for o in w})
        .values_list("user", "once")
    )
    notices: list[Notice] = []
    for id, user in users.items():
        new = [word for once, word in by_user[id].items() if (id, once) not in told]
        notices += _of_person(actor_for(user, via="job"), _heard(id, new))
    insert(notices)
    post_mails(notices, users)
    post_pushes(notices, users)
    return notices


def _heard(user: UUID, words: Sequence[Word]) -> list[Word]:
    """What muting leaves: reminders, and what is about the person."""
    quiet = {word.page for word in words if word.why not in ASKED and not word.kind.key.startswith(REMIND)}
    muted = set(Mute.objects.filter(user=user, record__in=quiet).values_list("noun", "record")) if quiet else set()
    return [
        word for word in words
        if word.why in ASKED or word.kind.key.startswith(REMIND) or (word.page_noun, word.page) not in muted
    ]  # fmt: skip


def _of_person(actor: Actor, words: Sequence[Word]) -> list[Notice]:
    """The notices of one person, with what that person may read of each row."""
    pages = _seen(actor, ((w.page_noun, w.page, w.page_fields) for w in words))
    rows = _seen(actor, ((w.noun, w.subject, w.fields) for w in words if w.fields))
    now, found = clock.now(), []
    for word in words:
        page = pages.get((word.page_noun, word.page))
        if page is None:
            continue
        row = rows.get((word.noun, word.subject))
        values = [*_values(row, word.fields), *_values(page, word.page_fields)]
        found.append(
            Notice(
                user_id=word.user, kind=word.kind.key, why=word.why, noun=word.noun, subject=word.subject, page_noun=word.page_noun,
                page=word.page, path=word.path or page.url + word.kind.anchor.format(id=word.subject), company=word.company,
                by=word.by, by_label=word.by_label, facts=dict(word.facts), values=values, note=word.note, once=word.once,
                created_at=now,
            )
        )  # fmt: skip
    return found


def _seen(actor: Actor, wanted: Iterable[tuple[str, UUID, tuple[str, ...]]]) -> dict[tuple[str, UUID], Row]:
    """The rows among those named that the actor may see, each noun asked at once."""
    by_noun: dict[str, tuple[set[UUID], set[str]]] = {}
    for key, id, names in wanted:
        ids, fields = by_noun.setdefault(key, (set(), set()))
        ids.add(id)
        fields.update(names)
    found: dict[tuple[str, UUID], Row] = {}
    for key, (ids, fields) in by_noun.items():
        entry = noun(key)
        if entry.may_view(actor):
            shown = entry.register.show(actor, entry.among(actor).filter(pk__in=ids), fields)
            found |= {(key, row.id): row for row in shown}
    return found


def _values(row: Row | None, names: Iterable[str]) -> list[list[Any]]:
    if row is None:
        return []
    return [[row.noun, name, plain(row.values[name])] for name in names if row.values.get(name) not in (None, "", ())]
