"""What a calendar tells: the days of a person's to-dos, or of the records of a saved view, with the rights of now.

A calendar is copied to other people's servers, so it holds no amount, whoever reads it: what is due, when, of which
record, and the way there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from hetong.accounts.queries import actor_for, digest_of
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.deadlines import Deadline, deadlines
from hetong.kernel.errors import DomainError, NotFound
from hetong.kernel.fields import Field, Kind, Register, Row
from hetong.kernel.ical import DayEvent
from hetong.kernel.nouns import Noun, noun
from hetong.kernel.where import Where, narrow
from hetong.todos.fields import TODO
from hetong.todos.models import Feed, Todo
from hetong.todos.policy import NOUN
from hetong.todos.queries import may_read_day, mine
from hetong.todos.states import TASK, TodoState
from hetong.ui.lists.question import ask, rows_of
from hetong.ui.models import SavedView
from hetong.ui.queries import views_of

BEFORE, AHEAD = dt.timedelta(days=90), dt.timedelta(days=3 * 365)
"""What lies further back or ahead is left out."""
MOST = 1000
"""Days of one kind in one calendar, the earliest first."""
ABOUT = ("number", "counterparty", "party", "contract")
"""What the text says of a record, as far as its register has it and the reader may read it."""


def dated() -> tuple[Deadline, ...]:
    """The deadlines that have a day of their own."""
    return tuple(one for one in deadlines() if not one.is_ask)


def nouns_with_days() -> frozenset[str]:
    """The kinds of record that have days, or whose parts have; not to-dos, whose days are those of other records,
    each with a right of its own: they are told by one's own calendar."""
    return frozenset({one.noun for one in dated()} | {one.page_noun for one in dated()}) - {NOUN}


def views_with_days(actor: Actor) -> QuerySet[SavedView]:
    """The reader's saved views that a calendar can be made of, by name."""
    return views_of(actor).filter(noun__in=nouns_with_days()).order_by("name_key", "pk")


def find_feeds(actor: Actor) -> QuerySet[Feed]:
    """The actor's own calendars that are not revoked, the oldest first."""
    # allow: visibility — one's own
    own = Feed.objects.filter(user=actor.id, revoked_at=None) if actor.id else Feed.objects.none()
    return own.order_by("created_at", "pk")


def feed_of(secret: str) -> tuple[Feed, Actor]:
    """The calendar of that address and its owner as an actor. Raises `NotFound` for an unknown or revoked address,
    for an owner who may no longer sign in, and for a view that is no longer theirs."""
    # allow: visibility — the secret is the right
    feed = Feed.objects.select_related("user").filter(digest=digest_of(secret), revoked_at=None).first()
    if feed is None or not feed.user.is_active or feed.user.kind != "staff":
        raise NotFound(noun="todos.feed")
    actor = actor_for(feed.user, via=f"calendar:{feed.pk}")
    if feed.view is not None and _view(actor, feed) is None:
        raise NotFound(noun="todos.feed")
    return feed, actor


def _view(actor: Actor, feed: Feed) -> SavedView | None:
    return views_with_days(actor).filter(pk=feed.view).first() if feed.view else None


def name_of(actor: Actor, feed: Feed) -> str:
    """What the calendar is called: by its view, or as one's own; empty where the view is gone."""
    if feed.view is None:
        return _("My deadlines")
    view = _view(actor, feed)
    return view.name if view else ""


def days_of(actor: Actor, feed: Feed) -> list[DayEvent]:
    """The events of a calendar, the earliest first."""
    view = _view(actor, feed) if feed.view else None
    found = _of_view(actor, view) if view else _of_person(actor)
    return sorted(found, key=lambda one: (one.day, one.uid))


def _window(actor: Actor) -> tuple[dt.date, dt.date]:
    today = clock.today(actor.zone)
    return today - BEFORE, today + AHEAD


def _of_person(actor: Actor) -> Iterator[DayEvent]:
    """The to-dos of one's own that have a day, then what will be one's own to do on one's records, and their other days."""
    todos = mine(actor).filter(is_ask=False, due_on__range=_window(actor))[:MOST]
    kept = {one.pk: one for one in todos}
    for row in TODO.show(actor, list(kept), ("what", "about", "context", "due_on")):
        about, what, todo = row.get("about"), str(row.get("what") or ""), kept[row.id]
        if not may_read_day(actor, todo.rule, todo.company_id):
            continue
        title, url = (f"{what}: {about.title}", about.url) if about else (what, f"/todos/{row.id}/")
        uid = f"task-{row.id}" if todo.rule == TASK else f"{todo.rule}-{todo.row}"
        yield _event(uid, row["due_on"], title, [str(row.get("context") or "")], url)
    told = {(todo.rule, todo.row) for todo in kept.values()}
    for one in dated():
        rows = _owned(actor, one)
        if rows is not None:
            yield from _open(actor, one, rows, lambda ids, one=one: _for_me(actor, one, ids, told))  # type: ignore[misc]  # bound now


def _owned(actor: Actor, one: Deadline) -> QuerySet[Any] | None:
    """The rows of a deadline on records that the actor owns; None where such records have no owner."""
    entry, page = noun(one.noun), noun(one.page_noun)
    owned = entry if "owner" in entry.register.fields else page
    if "owner" not in owned.register.fields or not (entry.may_view(actor) and owned.may_view(actor)):
        return None
    try:
        found = narrow(owned.register, actor, owned.visible_to(actor), Where.parse({"owner": ["me"]}))
    except DomainError:  # who may not read the owner is not told by it
        return None
    return found if owned is entry else entry.visible_to(actor).filter(**{f"{one.page_path}__in": found.values("pk")})


def _for_me(actor: Actor, one: Deadline, ids: Collection[UUID], told: Collection[tuple[str, UUID | None]]) -> set[UUID]:
    """Which of these rows are the actor's to do and are not told yet; a colleague who took one over has it."""
    if not one.has_todo:
        return set(ids)
    # allow: visibility — of rows that the actor sees: whether somebody else has them in hand
    others = Todo.objects.filter(rule=one.key, row__in=list(ids), state=TodoState.OPEN).exclude(assignee=actor.id)
    taken = set(others.values_list("row", flat=True)) | {row for rule, row in told if rule == one.key}
    return {id for id, people in one.people(ids).items() if people[:1] == (actor.id,)} - taken


def _of_view(actor: Actor, view: SavedView) -> Iterator[DayEvent]:
    """The days of the records that the view finds, and the open ones of what stands on their pages."""
    entry = noun(view.noun)
    question = ask(actor, entry.register, view.query)
    if not entry.may_view(actor) or question.cannot_answer:
        return
    rows = rows_of(actor, entry, "", question.where)
    yield from _key_dates(actor, entry, rows)
    for one in dated():
        part = noun(one.noun)
        if one.noun != view.noun and one.page_noun == view.noun and part.may_view(actor):
            yield from _open(actor, one, part.visible_to(actor).filter(**{f"{one.page_path}__in": rows.values("pk")}))


def _key_dates(actor: Actor, entry: Noun, rows: QuerySet[Any]) -> Iterator[DayEvent]:
    """Every day of the records themselves that somebody is reminded of, whether or not it still asks for something."""
    paths = {one.day for one in dated() if one.noun == entry.key}
    fields = [one for one in entry.register.readable(actor) if one.kind is Kind.DATE and one.path in paths]
    first, last = _window(actor)
    ids: set[UUID] = set()
    for field in fields:
        near = rows.filter(**{f"{field.path}__range": (first, last)}).order_by(str(field.path), "pk")
        ids.update(near.values_list("pk", flat=True)[:MOST])
    for row in _shown(actor, entry.register, ids, fields):
        for field in fields:
            day = row.get(field.name)
            if day is not None and first <= day <= last:
                uid, title = f"{entry.key}.{field.name}-{row.id}", f"{field.label}: {row.title}"
                yield _event(uid, day, title, _about(row), row.url)


def _open(
    actor: Actor,
    one: Deadline,
    rows: QuerySet[Any],
    chosen: Callable[[Collection[UUID]], Collection[UUID]] = lambda ids: ids,
) -> Iterator[DayEvent]:
    """One deadline of the chosen ones of these rows, where it is still open and its day is readable."""
    entry, page = noun(one.noun), noun(one.page_noun)
    near = rows.filter(one.is_open, **{f"{one.day}__range": _window(actor)}).order_by(one.day, "pk")
    found = {id: (day, on) for id, day, on in near.values_list("pk", one.day, one.page_path)[:MOST]}
    found = {id: found[id] for id in chosen(found)} if found else {}
    fields = [field for field in entry.register if field.path == one.day]
    on_pages = {on for _day, on in found.values()} if page is not entry else set()
    pages = {row.id: row for row in _shown(actor, page.register, on_pages, ())} if page.may_view(actor) else {}
    for row in _shown(actor, entry.register, found, fields):
        day, on = found[row.id]
        if (on_pages and on not in pages) or any(row.get(field.name) is None for field in fields):
            continue
        names = [f"{one.label}: {row.title}", *([pages[on].title] if on in pages else [])]
        said = [str(one.what), *_about(pages.get(on, row))]
        yield _event(f"{one.key}-{row.id}", day, " – ".join(names), said, one.link(page.url(on), row.id))


def _shown(actor: Actor, register: Register, ids: Collection[UUID], fields: Iterable[Field]) -> list[Row]:
    """The rows among these that the actor may see, with their names and these fields."""
    names = {field.name for field in fields} | {name for name in (register.heading, *ABOUT) if name in register.fields}
    return register.show(actor, noun(register.noun).among(actor).filter(pk__in=list(ids)), names) if ids else []


def _about(row: Row) -> list[str]:
    return [str(row[name]) for name in ABOUT if row.get(name) and str(row[name]) != row.title]


def _event(uid: str, day: dt.date, title: str, said: Iterable[str], url: str) -> DayEvent:
    return DayEvent(f"{uid}@hetong", day, title, "\n".join(filter(None, said)), settings.BASE_URL + url if url else "")
