"""Keeping to-dos true to what records ask for now. Nothing is told twice: the state of now decides, whatever happened in between."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hetong.accounts.models import Company
from hetong.jobs.announcing import announce
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.deadlines import Deadline, deadlines
from hetong.kernel.events import Event
from hetong.kernel.nouns import noun
from hetong.kernel.rows import insert, write
from hetong.todos.models import Todo
from hetong.todos.states import TASK, TodoState

CHUNK = 500
AT_LEAST = 7
"""Days ahead at which a dated thing becomes a to-do, where it reminds nobody earlier."""
Named = Mapping[str, Collection[UUID]]
COLUMNS = (
    "assignee", "asked", "due_on", "state", "done_at", "done_by_label", "page", "company", "snoozed_until", "passed_by",
    "passed_by_label", "passed_note",
)  # fmt: skip


@dataclass(frozen=True)
class Wanted:
    """What one row asks for now: of whom, by which day, on which record's page."""

    row: UUID
    day: dt.date
    page: UUID | None
    company: UUID | None
    user: UUID


def refresh_named(actor: Actor, event: Event) -> None:
    """After whatever happened: refresh the to-dos of the records it names."""
    named: dict[str, set[UUID]] = {}
    for fact in event.rows:
        named.setdefault(fact.noun, set()).add(fact.id)
        key, subject = fact.facts.get("noun"), fact.facts.get("subject")
        if key and subject:
            named.setdefault(str(key), set()).add(UUID(str(subject)))
    for one in deadlines():
        if one.has_todo and (one.noun in named or one.page_noun in named):
            _refresh(actor, one, named)


def refresh_all() -> str:
    """What came near since the last time, and whatever was missed; for the schedule."""
    actor = Actor.system()
    changed = sum(_refresh(actor, one, None) for one in deadlines() if one.has_todo)
    known = [one.key for one in deadlines() if one.has_todo]
    # allow: visibility — of deadlines that are no more
    gone = list(Todo.objects.filter(state=TodoState.OPEN).exclude(rule__in=[TASK, *known]))
    with transaction.atomic():
        _settle(gone, TodoState.DROPPED)
    return f"{changed + len(gone)} to-dos changed"


def _refresh(actor: Actor, one: Deadline, named: Named | None) -> int:
    """Make the open to-dos of one deadline what it asks for now, of the named rows or of all; returns how many changed."""
    changed = 0
    with transaction.atomic():
        held = {(todo.row, todo.occurrence): todo for todo in _held(one, named)}
        for chunk in _chunks(_wanted(one, named)):
            changed += _keep(actor, one, chunk, held)
        changed += _settle([todo for todo in held.values() if todo.state == TodoState.OPEN], TodoState.DONE, actor)
    return changed


def _of(one: Deadline, named: Named, row: str, page: str) -> Q:
    """The rows of the deadline that are named, themselves or by the record they hang on."""
    found = Q(**{f"{row}__in": list(named.get(one.noun, ()))})
    return found | Q(**{f"{page}__in": list(named.get(one.page_noun, ()))}) if one.page_noun in named else found


def _held(one: Deadline, named: Named | None) -> list[Todo]:
    """The to-dos there are, locked: the open ones, and of what is named also those that are done."""
    # allow: visibility — to-dos follow their records, whoever looks
    rows = Todo.objects.select_for_update().filter(rule=one.key).order_by("pk")
    if named is None:
        return list(rows.filter(state=TodoState.OPEN))
    return list(rows.filter(_of(one, named, "row", "page")))


def _wanted(one: Deadline, named: Named | None) -> Iterator[Wanted]:
    """What the deadline asks for now and near enough, each with the person who does it; rows that ask nobody are left out."""
    entry = noun(one.noun)
    latest = clock.today(clock.FIRST_ZONE) + dt.timedelta(days=max(AT_LEAST, *one.offsets))
    # allow: visibility — what there is to do follows from the records, whoever looks
    rows = entry.model._default_manager.annotate(due_day=one.day_by(_zones(one)))
    rows = rows.filter(one.is_open, due_day__lte=latest).order_by("pk")
    if named is not None:
        rows = rows.filter(_of(one, named, "pk", one.page_path))
    paths = ("pk", "due_day", one.page_path, entry.register.company or "pk")
    for chunk in _chunks(rows.values_list(*paths).iterator(CHUNK)):
        people = one.people([raw[0] for raw in chunk])
        for row, day, page, company in chunk:
            first = next(iter(people.get(row, ())), None)
            if first is not None:
                yield Wanted(row, day, page, company if entry.register.company else None, first)


def _zones(one: Deadline) -> list[tuple[Q, str]]:
    """The zone of the company of a deadline's rows, or of the first where they belong to none."""
    path = one.company or noun(one.noun).register.company
    companies = Company.objects.order_by("pk").values_list(
        "pk", "zone"
    )  # allow: visibility — a zone, which is not shown
    return [(Q(**{path: pk}) if path else Q(pk__isnull=False), zone) for pk, zone in companies]


def _chunks(found: Iterable[Any]) -> Iterator[list[Any]]:
    chunk: list[Any] = []
    for one in found:
        chunk.append(one)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _keep(actor: Actor, one: Deadline, wanted: Iterable[Wanted], held: dict[tuple[UUID | None, str], Todo]) -> int:
    """Add what is missing and put right what differs; what was kept is taken out of ``held``."""
    now, new, changed = clock.now(), [], []
    wanted = list(wanted)
    missing = [w for w in wanted if (w.row, w.day.isoformat()) not in held]
    # allow: visibility — as above; done ones of the same day are opened again rather than doubled
    earlier = Todo.objects.filter(rule=one.key, row__in=[w.row for w in missing])
    held |= {(todo.row, todo.occurrence): todo for todo in earlier}
    for want in wanted:
        todo = held.pop((want.row, want.day.isoformat()), None)
        if todo is None:
            new.append(Todo(
                rule=one.key, row=want.row, occurrence=want.day.isoformat(), page_noun=one.page_noun, page=want.page,
                company_id=want.company, assignee_id=want.user, asked=want.user, is_ask=one.is_ask, due_on=want.day, created_at=now,
                created_by_label=actor.cause.label[:200] if actor.cause else "",
            ))  # fmt: skip
        elif _put_right(todo, want):
            changed.append(todo)
    insert(new)
    write(changed, COLUMNS)
    announce({str(todo.assignee_id) for todo in (*new, *changed)})
    return len(new) + len(changed)


def _put_right(todo: Todo, want: Wanted) -> bool:
    """Let a to-do say what is wanted now; True where it said something else. Who it was passed on to keeps it."""
    before = (todo.assignee_id, todo.asked, todo.state, todo.page, todo.company_id)
    if todo.state != TodoState.OPEN:
        todo.state, todo.done_at, todo.done_by_label = TodoState.OPEN.value, None, ""
        todo.assignee_id, todo.passed_by, todo.passed_by_label, todo.passed_note = want.user, None, "", ""
    if todo.asked != want.user:  # the record has other hands now
        todo.assignee_id, todo.passed_by, todo.passed_by_label, todo.passed_note = want.user, None, "", ""
    todo.asked, todo.page, todo.company_id = want.user, want.page, want.company
    return before != (todo.assignee_id, todo.asked, todo.state, todo.page, todo.company_id)


def _settle(todos: Collection[Todo], state: TodoState, actor: Actor | None = None) -> int:
    """Close what nobody is asked for any more; who brought that about is named."""
    who = (actor.cause.label if actor and actor.cause else "")[:200]
    for todo in todos:
        todo.state, todo.done_at, todo.done_by_label, todo.snoozed_until = state.value, clock.now(), who, None
    write(todos, ("state", "done_at", "done_by_label", "snoozed_until"))
    announce({str(todo.assignee_id) for todo in todos})
    return len(todos)
