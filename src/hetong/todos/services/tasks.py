"""Tasks that people give, and what can be done with any to-do: passing it on, putting it off."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import User
from hetong.accounts.policy import Can as Accounts
from hetong.accounts.queries import find_colleagues
from hetong.audit.services import changes, record_many
from hetong.audit.services.editing import check_versions
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Forbidden, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.input import assign, parse
from hetong.kernel.joined import index
from hetong.kernel.nouns import must_see, noun
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_line
from hetong.todos.events import (
    Act,
    TasksGiven,
    TodosChanged,
    TodosEdited,
    TodosPassed,
    TodosSnoozed,
    TodosTicked,
    TodosUnticked,
    TodosWoken,
)
from hetong.todos.fields import TODO
from hetong.todos.models import Todo
from hetong.todos.policy import NOUN, Can, may_edit, may_pass, may_snooze, may_tick
from hetong.todos.queries import can_reach, in_hands_of
from hetong.todos.states import TASK, TodoState

Given = Mapping[str, Any]
Versions = Mapping[UUID, int] | None
LONGEST_SNOOZE, LATE_SNOOZE = dt.timedelta(days=366), dt.timedelta(days=7)
LONGEST = 500


class DoneThere(Conflict):
    """A record asks for it, so it is done on the record."""

    code = "done_there"
    text = N_("This goes away by being done on its record, not by being ticked off.")
    then = N_("Open it from the list: the link leads to the place.")


class AskedInPerson(Conflict):
    """Somebody was asked by name, and only they can answer."""

    code = "asked_in_person"
    text = N_("This was asked of one person, so it cannot be passed on here.")
    then = N_("Name a stand-in in your settings, or give the record to somebody else.")


class NotYourTodo(Forbidden):
    """Somebody else has it."""

    code = "not_your_todo"
    text = N_("Only who has to do this, or who gave it, can change it.")
    then = N_("Ask them.")


class TodoOver(Conflict):
    """It is done, or no longer needed."""

    code = "todo_over"
    text = N_("This to-do is over.")
    then = N_("Reload the page: it shows what is open now.")


@transaction.atomic
def add_tasks(
    actor: Actor, givens: Sequence[Given], *, locale: str = "", on: tuple[str, UUID] | None = None
) -> list[Todo]:
    """Give tasks: ``title`` is needed, ``assignee`` (oneself where not said), ``due_on`` and ``note`` are not; all or none.

    ``on`` names the record they belong to; whoever gets one must see it. Raises `NotFound`, `UnknownField`, `Invalid`.
    """
    if on is not None:
        must_see(actor, *on)
    company = _company_of(actor, on)
    tasks = [_task(actor, given, on, company, locale) for given in givens]
    refuse(problem for task in tasks for problem in _problems(actor, task))
    insert(tasks)
    index(TODO, tasks, {name for given in givens for name in given})
    _tell(actor, Act.GIVEN, TasksGiven, tasks, {})
    return tasks


def _company_of(actor: Actor, on: tuple[str, UUID] | None) -> UUID | None:
    path = noun(on[0]).register.company if on else ""
    if on is None or not path:
        return None
    company: UUID | None = noun(on[0]).among(actor).filter(pk=on[1]).values_list(path, flat=True).first()
    return company


def _task(actor: Actor, given: Given, on: tuple[str, UUID] | None, company: UUID | None, locale: str) -> Todo:
    """A task that is not saved yet, read by the register."""
    task = Todo(
        rule=TASK, page_noun=on[0] if on else "", page=on[1] if on else None, company_id=company, created_at=clock.now(),
        created_by=actor.id, created_by_label=actor.label[:200],
    )  # fmt: skip
    if actor.id is not None:
        task.assignee_id = actor.id
    values = parse(TODO, actor, given, company=company, locale=locale, partial=False)
    assign(TODO, task, {name: value for name, value in values.items() if value is not None or name != "assignee"})
    return task


def _problems(actor: Actor, task: Todo) -> Iterable[Problem]:
    """Why the task cannot be given so."""
    if task.due_on is not None and task.due_on < clock.today(actor.zone) - LONGEST_SNOOZE:
        yield Problem("long_past", N_("This day is long past."), field="due_on")
    if task.assignee_id is not None and task.assignee_id != actor.id:
        yield from _hands(actor, task, task.assignee_id, "assignee")
    elif task.assignee_id is None:
        yield Problem("required", N_("Choose who does it."), field="assignee")


def _hands(actor: Actor, todo: Todo, to: UUID, field: str) -> Iterable[Problem]:
    """Why a to-do cannot be put into that person's hands."""
    if not actor.may(Can.ASSIGN, todo.company_id):
        yield Problem("not_to_others", N_("Your role gives tasks to nobody but yourself."), field=field)
    user: User | None = find_colleagues(actor).filter(pk=to).first()
    if user is None:
        yield Problem("no_such_record", N_("There is no such record, or you have no access to it."), field=field)
    elif todo.page is not None and not can_reach(user, todo.page_noun, todo.page):
        words = N_("%(name)s cannot see the record that this is about. Share it with them first.")
        yield Problem("cannot_see", words, {"name": user.name}, field)


@transaction.atomic
def edit_tasks(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Versions = None, reason: str = ""
) -> list[Todo]:
    """Change tasks. Raises `DoneThere` for what a record asks, `NotYourTodo`, `TodoOver`, `Stale`, `Invalid`."""
    todos = _held(actor, ids, versions, may_edit)
    before, columns = TODO.snapshot(todos), set[str]()
    for todo in todos:
        columns |= assign(TODO, todo, parse(TODO, actor, given, company=todo.company_id, locale=locale))
    refuse(problem for todo in todos for problem in _problems(actor, todo))
    write(todos, columns)
    index(TODO, todos, given)
    _tell(actor, Act.EDITED, TodosEdited, todos, before, reason=reason)
    return todos


def _held(
    actor: Actor, ids: Collection[UUID], versions: Versions, may: Callable[[Actor, Mapping[str, Any]], bool], *, is_task: bool = True
) -> list[Todo]:  # fmt: skip
    """The to-dos, locked, that the actor may do this with. Raises `NotFound`, `Stale`, `DoneThere`, `TodoOver`, `NotYourTodo`."""
    todos = locked(Todo.objects.visible_to(actor), ids)
    check_versions(todos, versions)
    for todo in todos:
        if is_task and todo.rule != TASK:
            raise DoneThere
        if may is not may_tick and todo.state != TodoState.OPEN:
            raise TodoOver
        if not actor.is_system and not may(actor, vars(todo)):
            raise NotYourTodo
    return todos


@transaction.atomic
def tick(actor: Actor, ids: Collection[UUID], *, versions: Versions = None) -> list[Todo]:
    """Tick tasks off; what is ticked off already stays so. Raises `DoneThere` for what a record asks."""
    todos = [one for one in _held(actor, ids, versions, may_tick) if one.state == TodoState.OPEN]
    return _set(actor, todos, Act.TICKED, TodosTicked, {
        "state": TodoState.DONE.value, "done_at": clock.now(), "done_by_label": actor.label[:200], "snoozed_until": None,
    })  # fmt: skip


@transaction.atomic
def untick(actor: Actor, ids: Collection[UUID], *, versions: Versions = None) -> list[Todo]:
    """Take tasks up again that were ticked off."""
    todos = [one for one in _held(actor, ids, versions, may_tick) if one.state != TodoState.OPEN]
    return _set(
        actor, todos, Act.UNTICKED, TodosUnticked, {"state": TodoState.OPEN.value, "done_at": None, "done_by_label": ""}
    )


@transaction.atomic
def pass_on(
    actor: Actor, ids: Collection[UUID], to: UUID | None, *, note: str = "", versions: Versions = None
) -> list[Todo]:
    """Put to-dos into a colleague's hands, with a note; they must see the record. Raises `AskedInPerson`, `Invalid`."""
    todos = _held(actor, ids, versions, _anybody, is_task=False)
    if any(todo.is_ask for todo in todos):
        raise AskedInPerson
    if not actor.is_system and not all(may_pass(actor, vars(todo)) for todo in todos):
        raise NotYourTodo
    if to is None:
        refuse([Problem("required", N_("Choose who does it."), field="to")])
        return []
    refuse(problem for todo in todos for problem in _hands(actor, todo, to, "to"))
    return _set(actor, todos, Act.PASSED, TodosPassed, {
        "assignee_id": to, "passed_by": actor.id, "passed_by_label": actor.label[:200], "snoozed_until": None,
        "passed_note": clean_line(note, max_length=LONGEST),
    })  # fmt: skip


def _anybody(actor: Actor, raw: Mapping[str, Any]) -> bool:
    return True


@transaction.atomic
def snooze(
    actor: Actor, ids: Collection[UUID], until: dt.date | None, *, reason: str, versions: Versions = None
) -> list[Todo]:
    """Put to-dos off until a day (on which they are back), saying why; never past the day by which they must be done.

    What is late already, or was asked in person, is put off for a week at most. Raises `NotYourTodo`, `Invalid`.
    """
    todos = _held(actor, ids, versions, may_snooze, is_task=False)
    said = clean_line(reason, max_length=LONGEST)
    problems = [] if said else [Problem("required", N_("Say why, so that others understand."), field="reason")]
    refuse([*problems, *(problem for todo in todos for problem in _too_far(actor, todo, until))])
    return _set(actor, todos, Act.SNOOZED, TodosSnoozed, {"snoozed_until": until, "snooze_reason": said})


def _too_far(actor: Actor, todo: Todo, until: dt.date | None) -> Iterable[Problem]:
    today = clock.today(actor.zone)
    if until is None:
        yield Problem("required", N_("Choose a day."), field="until")
        return
    latest = today + LONGEST_SNOOZE
    if todo.due_on is not None:
        is_pressing = todo.is_ask or todo.due_on <= today
        latest = today + LATE_SNOOZE if is_pressing else todo.due_on
    if not today < until <= latest:
        params = {"first": (today + dt.timedelta(days=1)).isoformat(), "last": latest.isoformat()}
        yield Problem("out_of_range", N_("Choose a day from %(first)s to %(last)s."), params, "until")


@transaction.atomic
def wake(actor: Actor, ids: Collection[UUID], *, versions: Versions = None) -> list[Todo]:
    """Take up again what was put off."""
    todos = [one for one in _held(actor, ids, versions, may_snooze, is_task=False) if one.snoozed_until is not None]
    return _set(actor, todos, Act.WOKEN, TodosWoken, {"snoozed_until": None, "snooze_reason": ""})


def _set(actor: Actor, todos: Sequence[Todo], act: Act, event: type[TodosChanged], values: Given) -> list[Todo]:
    """Give to-dos the same new values, journal it and tell."""
    before = TODO.snapshot(todos)
    hands = {todo.pk: todo.assignee_id for todo in todos}
    for todo in todos:
        for name, value in values.items():
            setattr(todo, name, value)
    write(todos, {name.removesuffix("_id") for name in values})
    _tell(actor, act, event, todos, before, was=hands)
    return list(todos)


def _tell(
    actor: Actor, act: Act, event: type[TodosChanged], todos: Sequence[Todo], before: Mapping[UUID, Given], *,
    reason: str = "", was: Mapping[UUID, UUID] | None = None,
) -> None:  # fmt: skip
    if not todos:
        return
    companies = {todo.pk: todo.company_id for todo in todos}
    record_many(actor, act, changes(TODO, before, TODO.snapshot(todos), companies), reason=reason)
    publish(event(actor, tuple(
        Fact(NOUN, todo.pk, todo.company_id, {
            "assignee": str(todo.assignee_id), "was": str((was or {}).get(todo.pk, "")), "by": str(actor.id or ""),
        })
        for todo in todos
    )))  # fmt: skip


@transaction.atomic
def take_over(actor: Actor, user_id: UUID, to: UUID) -> int:
    """Give a colleague all open to-dos that are in the hands of somebody who leaves; returns how many.

    What records ask for follows the records, so that is tasks and what was passed on. For who manages people.
    """
    actor.require(Accounts.MANAGE_USERS)
    todos = locked(
        Todo.objects.visible_to(Actor.system(actor)), list(in_hands_of(user_id).values_list("pk", flat=True))
    )
    _set(actor, todos, Act.PASSED, TodosPassed, {
        "assignee_id": to, "passed_by": actor.id, "passed_by_label": actor.label[:200], "snoozed_until": None, "passed_note": "",
    })  # fmt: skip
    return len(todos)
