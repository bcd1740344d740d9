"""A person's own notices, worded for that person with the rights of now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext, ngettext

from hetong.kernel import clock
from hetong.kernel.actors import Actor, Level
from hetong.kernel.deadlines import deadline
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Field, Kind, Ref
from hetong.kernel.money import Money
from hetong.kernel.nouns import noun
from hetong.kernel.values import choice_of, is_unnamed
from hetong.notifications.models import Notice
from hetong.notifications.table import REMIND, WHY, kind_named


@dataclass(frozen=True)
class Drawn:
    """A notice in words, as its reader may see it now. ``values`` are (label, typed value)."""

    id: UUID
    words: str
    title: str
    """Of the record on whose page it stands; empty where that is no longer open to the reader."""
    url: str
    about: str
    """Of the row itself, where that is another than the record."""
    values: tuple[tuple[str, Any], ...]
    why: str
    icon: str
    note: str
    by: str
    created_at: dt.datetime
    is_new: bool
    is_open: bool
    page_noun: str
    page: UUID
    kind: str
    is_late: bool = False


def owner_of(actor: Actor) -> UUID:
    """The person whose notices these are. Raises `NotFound` for who has none, `OnlyLooking` in a preview."""
    actor.must_act()
    if actor.id is None:
        raise NotFound(noun="notifications.notice")
    return actor.id


def find_notices(actor: Actor) -> QuerySet[Notice]:
    """The actor's own notices, newest first; the system and people without an account have none."""
    # allow: visibility — one's own, whoever asks
    own = Notice.objects.filter(user=actor.id) if actor.id else Notice.objects.none()
    return own.order_by("-created_at", "-pk")


def unread_notices(actor: Actor) -> QuerySet[Notice]:
    """Those not read yet: the number at the bell."""
    return find_notices(actor).filter(read_at=None)


def before(notices: QuerySet[Notice], last: tuple[dt.datetime, UUID] | None) -> QuerySet[Notice]:
    """Those after that one in the order of `find_notices`; all, where there is none."""
    if last is None:
        return notices
    at, id = last
    return notices.filter(Q(created_at__lt=at) | Q(created_at=at, pk__lt=id))


def count_unread(actor: Actor) -> int:
    """How many are new."""
    return unread_notices(actor).count()


def get_notice(actor: Actor, id: UUID) -> Notice:
    """One own notice. Raises `NotFound`."""
    found = find_notices(actor).filter(pk=id).first()
    if found is None:
        raise NotFound(noun="notifications.notice", id=str(id))
    return found


def drawn(actor: Actor, notices: Sequence[Notice]) -> list[Drawn]:
    """The notices in words; of a record that is closed to the reader by now nothing but that there was one.

    Nor is anything told of a row on its page that the reader does not see any more.
    """
    titles = _titles(actor, {(n.page_noun, n.page) for n in notices} | {(n.noun, n.subject) for n in notices})
    return [_drawn(actor, one, titles) for one in notices]


def _titles(actor: Actor, wanted: Iterable[tuple[str, UUID]]) -> dict[tuple[str, UUID], str]:
    by_noun: dict[str, set[UUID]] = {}
    for key, id in wanted:
        by_noun.setdefault(key, set()).add(id)
    found: dict[tuple[str, UUID], str] = {}
    for key, ids in by_noun.items():
        entry = noun(key)
        if entry.may_view(actor):
            rows = entry.register.show(actor, entry.among(actor).filter(pk__in=ids), ())
            found |= {(key, row.id): row.title for row in rows}
    return found


def _drawn(actor: Actor, one: Notice, titles: dict[tuple[str, UUID], str]) -> Drawn:
    kind = kind_named(one.kind)
    title, about = titles.get((one.page_noun, one.page)), titles.get((one.noun, one.subject), "")
    is_open = title is not None
    by = "" if is_unnamed("accounts.user", actor) and one.by != actor.id else one.by_label
    day = _day(one)
    return Drawn(
        one.pk, words_of(one, by, actor) if is_open else gettext("A record that is no longer open to you"), title or "",
        one.path if is_open else "", about if is_open and one.page != one.subject else "",
        tuple(_values(actor, one, titles)) if is_open else (), str(WHY.get(one.why, "")), kind.icon if kind else "bell",
        one.note if is_open else "", by, one.created_at, one.read_at is None, is_open, one.page_noun, one.page, one.kind,
        bool(day and day < clock.today(actor.zone)),
    )  # fmt: skip


def _day(one: Notice) -> dt.date | None:
    return dt.date.fromisoformat(one.facts["day"]) if one.kind.startswith(REMIND) and one.facts.get("day") else None


def words_of(one: Notice, by: str, actor: Actor) -> str:
    """The sentence of a notice in the language of now."""
    if one.kind.startswith(REMIND):
        return _reminder_words(one, actor)
    kind = kind_named(one.kind)
    if kind is None:
        return gettext("Something happened to this record")
    facts = {name: value for name, value in one.facts.items() if isinstance(value, str | int)}
    try:
        return gettext(kind.words) % (facts | {"by": by or "Hetong"})
    except (KeyError, ValueError):
        return str(kind.label)


def _reminder_words(one: Notice, actor: Actor) -> str:
    try:
        what = deadline(one.facts["deadline"])
    except (KeyError, NotFound):
        return gettext("A day to remember")
    day = dt.date.fromisoformat(one.facts["day"])
    params = {
        "what": what.what,
        "label": what.label,
        "day": date_format(day, "DATE_FORMAT"),
        "when": in_days(day, actor),
    }
    return gettext("%(what)s – %(label)s %(day)s, %(when)s") % params


def in_days(day: dt.date, actor: Actor) -> str:
    """How far a day is from today, in words."""
    left = (day - clock.today(actor.zone)).days
    if left == 0:
        return gettext("today")
    if left > 0:
        return ngettext("in %(n)s day", "in %(n)s days", left) % {"n": left}
    return ngettext("%(n)s day ago", "%(n)s days ago", -left) % {"n": -left}


def _values(actor: Actor, one: Notice, titles: Mapping[tuple[str, UUID], str]) -> Iterable[tuple[str, Any]]:
    """What was told of the row and of the page it stands on, by the rights of now: a paper of a kind that was closed since says nothing."""
    seen = {key for key, id in ((one.page_noun, one.page), (one.noun, one.subject)) if (key, id) in titles}
    for key, name, value in one.values:
        if key not in seen:
            continue
        register = noun(key).register
        field = register.all().get(name)
        if field is not None and register.level(actor, name, one.company) > Level.HIDDEN:
            yield str(field.label), _typed(actor, field, value)


def _typed(actor: Actor, field: Field, value: Any) -> Any:
    match field.kind:
        case Kind.MONEY if isinstance(value, dict):
            return Money.of(value["amount"], value["currency"])
        case Kind.DATE if isinstance(value, str):
            return dt.date.fromisoformat(value)
        case Kind.REFERENCE if isinstance(value, dict):
            id = UUID(value["id"])
            return Ref(id, "" if is_unnamed(field.to, actor) else value["title"], noun(field.to).url(id), field.to)
        case Kind.CHOICE:
            return choice_of(field, str(value))
    return value


@dataclass
class Grouped:
    """The notices of one record, newest first."""

    title: str
    url: str
    page_noun: str
    page: UUID
    rows: list[Drawn]
    is_muted: bool = False

    @property
    def new(self) -> int:
        return sum(row.is_new for row in self.rows)


def grouped(rows: Iterable[Drawn], muted: set[tuple[str, UUID]]) -> list[Grouped]:
    """Notices by record, the record with the newest first."""
    found: dict[tuple[str, UUID], Grouped] = {}
    for row in rows:
        key = (row.page_noun, row.page)
        if key not in found:
            # what has no page of its own in a section (a task) is opened where its notice leads
            url = noun(row.page_noun).url(row.page) or row.url if row.is_open else ""
            found[key] = Grouped(row.title, url, *key, [], key in muted)
        found[key].rows.append(row)
    return list(found.values())
