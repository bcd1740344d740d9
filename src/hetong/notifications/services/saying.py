"""What happens, said in chat rooms: the kind of record and its number, what happened, the day, and where it leads.

Many read a room, and nobody knows who: so no amount, no party and no person is named, and a number or a day only
where every role that may read such records may read it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext

from hetong.accounts.models import Role, Team
from hetong.accounts.queries import role_facts, team_and_below
from hetong.jobs.services import wakeup
from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind, Grant, Level, RoleFacts
from hetong.kernel.deadlines import deadline
from hetong.kernel.events import Event
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun
from hetong.kernel.rows import insert
from hetong.notifications.models import ChatPost, ChatRoom
from hetong.notifications.table import REMIND, NoticeKind, kinds_of

from .rendering import one_line
from .telling import Word, pages_of

MOST_LINES = 10
NUMBER, TEAM = "number", "team"


@dataclass(frozen=True)
class News:
    """One thing that happened to one record, as it would be said."""

    kind: NoticeKind
    noun: str
    subject: UUID
    page_noun: str
    page: UUID
    company: UUID | None
    once: str
    path: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Told:
    """What can be said of records, and the roles that decide what of it is."""

    records: Mapping[tuple[str, UUID], Row]
    roles: tuple[RoleFacts, ...]

    def is_open(self, key: str, names: Iterable[str], company: UUID) -> bool:
        """Whether every role in use that may read such records may read these fields of them."""
        entry = noun(key)
        readers = [
            Actor(ActorKind.USER, None, role.key, (Grant(role, company),))
            for role in self.roles if not entry.can_view or entry.can_view in role.permissions
        ]  # fmt: skip
        return all(entry.register.level(one, name, company) > Level.HIDDEN for one in readers for name in names)


def say(actor: Actor, event: Event) -> None:
    """Say an event in the rooms that want its kind; listens *after* the events of the table."""
    for kind in kinds_of(type(event)):
        if kind.aloud is None or not _rooms(kind.key):
            continue
        pages = pages_of(kind, event.rows)
        say_news([
            News(kind, fact.noun, fact.id, *pages.get(fact.id, (fact.noun, fact.id)), fact.company, f"{event.id}:{fact.id}")
            for fact in event.rows
        ])  # fmt: skip


def say_reminders(words: Iterable[Word]) -> None:
    """Say reminders in the rooms that want them, each once, however many people are reminded."""
    by_once = {
        word.once: News(word.kind, word.noun, word.subject, word.page_noun, word.page, word.company, word.once, word.path, word.facts)
        for word in words
    }  # fmt: skip
    say_news(list(by_once.values()))


@transaction.atomic
def say_news(news: Sequence[News]) -> list[ChatPost]:
    """Write one message a room of all news of one kind; it leaves after this transaction. What was said before is left out."""
    rooms = _rooms(news[0].kind.key) if news else []
    if not rooms:
        return []
    teams, told = _teams(news), Told(_records(news), tuple(role_facts(Role.objects.filter(is_active=True)).values()))
    made = [post for room in rooms if (post := _post(room, _heard(room, news, teams), told))]
    known = set(ChatPost.objects.filter(key__in={one.key for one in made}).values_list("room", "key"))
    posts = [one for one in made if (one.room_id, one.key) not in known]
    insert(posts)
    if posts:
        transaction.on_commit(wakeup.set)
    return posts


def _rooms(kind: str) -> list[ChatRoom]:
    return [
        room
        for room in ChatRoom.objects.filter(is_enabled=True).select_related("company", "team").order_by("pk")
        if kind in room.kinds
    ]


def _heard(room: ChatRoom, news: Iterable[News], teams: Mapping[tuple[str, UUID], UUID | None]) -> list[News]:
    """The news of the room's company, and of its team where it has one."""
    below: Collection[UUID] = team_and_below(room.team) if room.team_id else ()
    return [
        one for one in news
        if one.company == room.company_id and (not room.team_id or teams.get((one.page_noun, one.page)) in below)
    ]  # fmt: skip


def _by_noun(news: Iterable[News]) -> dict[str, set[UUID]]:
    found: dict[str, set[UUID]] = defaultdict(set)
    for one in news:
        found[one.page_noun].add(one.page)
    return found


def _teams(news: Iterable[News]) -> dict[tuple[str, UUID], UUID | None]:
    """The team of each record; a kind of record without teams is left out."""
    found: dict[tuple[str, UUID], UUID | None] = {}
    if not Team.objects.exists():
        return found
    for key, ids in _by_noun(news).items():
        team = noun(key).register.all().get(TEAM)
        if team is not None and isinstance(team.path, str):
            rows = noun(key).model._default_manager.filter(pk__in=ids).values_list("pk", team.path)
            found |= {(key, id): of for id, of in rows}
    return found


def _records(news: Iterable[News]) -> dict[tuple[str, UUID], Row]:
    """The records with their numbers; who may hear them is judged when they are said."""
    system = Actor.system()
    found: dict[tuple[str, UUID], Row] = {}
    for key, ids in _by_noun(news).items():
        register = noun(key).register
        names = (NUMBER,) if NUMBER in register.all() else ()
        rows = register.show(system, noun(key).among(system).filter(pk__in=ids), names)
        found |= {(key, row.id): row for row in rows}
    return found


def _post(room: ChatRoom, news: Sequence[News], told: Told) -> ChatPost | None:
    if not news:
        return None
    kind, now = news[0].kind, clock.now()
    with translation.override(room.language):
        lines = [_line(one, told, room) for one in news[:MOST_LINES]]
        if len(news) > MOST_LINES:
            lines.append(gettext("and %(n)s more") % {"n": len(news) - MOST_LINES})
        title = f"{kind.aloud or kind.label} · {date_format(clock.today(room.company.zone), 'DATE_FORMAT')}"
    path = _path(news[0]) if len(news) == 1 else f"/{noun(news[0].page_noun).section}/"
    return ChatPost(
        room=room, key=_key(news), kind=kind.key, title=one_line(title)[:200], lines=[one_line(one) for one in lines],
        path=path, next_at=now, created_at=now,
    )  # fmt: skip


def _key(news: Iterable[News]) -> str:
    """The same news, however often they come, are one message."""
    return hashlib.sha256("\n".join(sorted(one.once for one in news)).encode()).hexdigest()


def _path(one: News) -> str:
    return one.path or noun(one.page_noun).url(one.page) + one.kind.anchor.format(id=one.subject)


def _line(one: News, told: Told, room: ChatRoom) -> str:
    """A record by kind and number, and for a reminder its day."""
    entry, record = noun(one.page_noun), told.records.get((one.page_noun, one.page))
    number = record.values.get(NUMBER) if record else None
    is_told = number and told.is_open(one.page_noun, (NUMBER,), room.company_id)
    name = f"{entry.labels[0]} {number}" if is_told else str(entry.labels[0])
    return " · ".join(part for part in (name, _day(one, told, room)) if part)


def _day(one: News, told: Told, room: ChatRoom) -> str:
    if not one.kind.key.startswith(REMIND):
        return ""
    what = deadline(one.facts["deadline"])
    names = [of.name for of in noun(what.noun).register if of.path == what.day]
    if not told.is_open(what.noun, names, room.company_id):
        return str(what.label)
    return f"{what.label} {date_format(dt.date.fromisoformat(one.facts['day']), 'DATE_FORMAT')}"
