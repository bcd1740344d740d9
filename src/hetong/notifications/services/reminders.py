"""Reminding people of days: each mark of each day once, nothing after it was settled, nothing lost while nobody ran it.

A mark is a number of days before a deadline's day (negative: after it). It is due on that day, or on the
last working day before it in the company's calendar. Whoever was away is caught up with the newest mark that
has passed, never with those before it.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import reduce
from itertools import pairwise
from operator import or_
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Exists, Model, OuterRef, Q, QuerySet, SmallIntegerField, Value, When

from hetong.accounts.people import acting, administrators, managers
from hetong.kernel import clock
from hetong.kernel.collisions import once_more
from hetong.kernel.deadlines import Deadline, deadlines
from hetong.kernel.nouns import noun
from hetong.kernel.rows import insert
from hetong.notifications.models import Pause, Reminder, ReminderRule
from hetong.notifications.queries.places import Here, company_of, places
from hetong.notifications.queries.rules import Rule, rules_of
from hetong.notifications.table import NoticeKind, kind_of_deadline

from .saying import say_reminders
from .telling import Word, put

CHUNK = 500


@dataclass(frozen=True)
class Task:
    """One rule of one deadline, and the kind of notice its reminders are."""

    deadline: Deadline
    kind: NoticeKind
    rule: Rule


@dataclass(frozen=True)
class Late:
    """A row whose newest mark has passed and of which nobody was told yet."""

    id: UUID
    day: dt.date
    mark: int
    here: Here
    page: UUID


def remind() -> str:
    """Remind of everything whose mark has come; run often, late runs lose nothing and double nothing."""
    here, told = places(), 0
    stored = list(ReminderRule.objects.all())
    for one in deadlines():
        kind = kind_of_deadline(one.key)
        for rule in rules_of(one, stored) if kind and here else ():
            task, last = Task(one, kind, rule), None  # type: ignore[arg-type]  # there is a kind
            while rule.offsets and (found := _chunk(task, here, last))[1] is not None:
                told, last = told + found[0], found[1]
    return f"{told} reminders"


def _at(company: str, here: Here) -> Q:
    """The rows of one company, or those of none."""
    return Q(**{company: here.company}) if company else Q(pk__isnull=here.company is not None)


def _due(task: Task, places: Mapping[UUID | None, Here]) -> QuerySet[Model]:
    """The open rows with their newest passed mark (``due_mark``), of which nobody was reminded at it or a later one."""
    entry, what = noun(task.deadline.noun), task.deadline
    company = company_of(what)
    passed = reduce(
        or_, (_at(company, one) & Q(due_day__lte=_last(one, task.rule.offsets[0])) for one in places.values())
    )
    day = what.day_by((_at(company, one), one.zone) for one in places.values())
    rows: QuerySet[Model] = entry.model._default_manager.annotate(due_day=day).filter(
        what.is_open, passed, task.rule.where(what)
    )
    rows = rows.annotate(due_mark=Case(*_marks(task, company, places), output_field=SmallIntegerField()))
    # The same row, the same day: another day of the row is another thing to be reminded of.
    done = Reminder.objects.filter(
        deadline=what.key, subject=OuterRef("pk"), occurrence=OuterRef("due_day"), mark__lte=OuterRef("due_mark")
    )
    today = min(one.today for one in places.values())
    paused = Pause.objects.filter(deadline=what.key, subject=OuterRef("pk"), ended_at=None, until__gte=today)
    return rows.filter(~Exists(done), ~Exists(paused))


def _marks(task: Task, company: str, places: Mapping[UUID | None, Here]) -> Iterator[When]:
    """Which mark is a row's newest, by company: it lasts until the next one has passed too."""
    for one in places.values():
        for mark, following in pairwise(task.rule.offsets):
            yield When(_at(company, one) & Q(due_day__gt=_last(one, following)), then=Value(mark))
        yield When(_at(company, one), then=Value(task.rule.offsets[-1]))


def _last(here: Here, mark: int) -> dt.date:
    """The last day of which this mark has come by now."""
    return here.horizon + dt.timedelta(days=mark)


@once_more
@transaction.atomic
def _chunk(task: Task, places: Mapping[UUID | None, Here], after: UUID | None) -> tuple[int, UUID | None]:
    """Remind of up to a chunk of rows after one; returns how many reminders, and the last row (None: there was none).

    What nobody could be told of is left for the next run.
    """
    due = _due(task, places)
    due = (due.filter(pk__gt=after) if after else due).order_by("pk")
    company, page = company_of(task.deadline), task.deadline.page_path
    found = due.values(*{"pk", "due_day", "due_mark", page, company or "pk"})[:CHUNK]
    rows = {
        one["pk"]: Late(one["pk"], one["due_day"], one["due_mark"], places[one.get(company)], one[page] or one["pk"])
        for one in found
    }
    if not rows:
        return 0, None
    words = list(_words(task, rows, _people(task, rows)))
    told = {(one.subject, one.user_id) for one in put(words)}
    silent = set(rows) - {id for id, _user in told}
    if silent:  # nothing is told to nobody
        last = {id: dict.fromkeys(administrators(), "told") for id in silent}
        told |= {(one.subject, one.user_id) for one in put(_words(task, rows, last))}
    heard = {id for id, _user in told}
    say_reminders(word for word in words if word.subject in heard)
    now, key = clock.now(), task.deadline.key
    insert([
        Reminder(deadline=key, subject=id, occurrence=rows[id].day, mark=rows[id].mark, user_id=user, at=now)
        for id, user in sorted(told)
    ])  # fmt: skip
    return len(told), max(rows)


def _people(task: Task, rows: Mapping[UUID, Late]) -> Mapping[UUID, Mapping[UUID, str]]:
    """Whom to remind of each row and why: who does it or acts for them, who is told, late on the manager too."""
    asked = {id: people for id, people in task.deadline.people(list(rows)).items() if people}
    from_on = task.rule.escalates
    late = {id for id in asked if from_on is not None and rows[id].mark <= from_on}
    instead = acting(
        {user for people in asked.values() for user in people}, max(one.here.today for one in rows.values()),
        task.deadline.key.partition(".")[0],
    )  # fmt: skip
    leads = managers({asked[id][0] for id in late}) if late else {}
    found: dict[UUID, dict[UUID, str]] = {}
    for id, (doer, *others) in asked.items():
        told = {one: "doer" if one == doer else "stand_in" for one in instead.get(doer, ())}
        for user in others:
            for one in instead.get(user, ()):
                told.setdefault(one, "told" if one == user else "stand_in")
        if id in late and doer in leads:
            told.setdefault(leads[doer], "manager")
        found[id] = told
    return found


def _words(task: Task, rows: Mapping[UUID, Late], people: Mapping[UUID, Mapping[UUID, str]]) -> Iterator[Word]:
    what, section = task.deadline, noun(task.deadline.page_noun)
    for id, told in people.items():
        row = rows[id]
        facts = {"deadline": what.key, "day": row.day.isoformat(), "mark": row.mark}
        once, path = f"{what.key}:{id}:{row.day}:{row.mark}", what.link(section.url(row.page), id)
        for user, why in told.items():
            yield Word(
                task.kind, user, why, what.noun, id, what.page_noun, row.page, once, path, row.here.company, facts=facts,
                fields=what.fields,
            )  # fmt: skip


def reminded(ids: Collection[UUID]) -> dict[tuple[str, UUID, dt.date], list[Any]]:
    """What was reminded of these rows, by deadline, row and day."""
    found: dict[tuple[str, UUID, dt.date], list[Any]] = {}
    for one in Reminder.objects.filter(subject__in=ids).select_related("user").order_by("-mark", "user__name_key"):
        found.setdefault((one.deadline, one.subject, one.occurrence), []).append(one)
    return found
