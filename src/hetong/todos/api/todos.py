"""To-dos in the API: one's own list, tasks for oneself and others, putting off and passing on."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, Problem
from hetong.kernel.nouns import noun_of_section
from hetong.kernel.schemas import in_schema, out_schema, page_schema
from hetong.todos import services
from hetong.todos.fields import TODO
from hetong.todos.models import Todo as TodoRow
from hetong.todos.policy import NOUN
from hetong.ui.http import Request
from hetong.ui.rest import (
    act_answer,
    added_answer,
    body_of,
    describes_act,
    describes_body,
    describes_edit,
    describes_list,
    edit_answer,
    list_answer,
    show_answer,
)

router = Router(tags=["todos"])
Todo = out_schema(TODO, "Todo")
RECORD = {
    "section": {
        "type": "string",
        "description": "With `record`: the kind of record it belongs to, as in its address: contracts.",
    },
    "record": {"type": "string", "format": "uuid", "description": "The id of that record."},
}


def _adds() -> dict[str, Any]:
    schema = in_schema(TODO, "TaskAdd", partial=False)
    schema["properties"] |= RECORD
    return schema


@router.get("/todos", url_name="todos", response=page_schema(Todo, "TodoPage"), openapi_extra=describes_list(TODO))
def todos_list(request: Request) -> HttpResponse:
    """To-dos that you see; `assignee=me&state=open` is your own list, `when=overdue` what is late of it."""
    return list_answer(request, NOUN)


@router.post("/todos", url_name="todos", response={201: Todo}, openapi_extra=describes_body(_adds()))
def todos_add(request: Request) -> HttpResponse:
    """Give a task to yourself or a colleague, free or on a record."""
    given = body_of(request)
    on = _record({name: given.pop(name, "") for name in RECORD})
    [task] = services.add_tasks(request.actor, [given], on=on)
    return added_answer(request, NOUN, task.pk)


def _record(named: Mapping[str, Any]) -> tuple[str, UUID] | None:
    """The record that a task belongs to. Raises `NotFound`, `Invalid`."""
    section, record = str(named["section"] or ""), str(named["record"] or "")
    if not section and not record:
        return None
    try:
        return noun_of_section(section).key, UUID(record)
    except ValueError:
        words = N_("Name the record by its section and its id.")
        raise Invalid(problems=[Problem("no_record", words, field="record")]) from None


@router.get("/todos/{uuid:todo_id}", url_name="todo", response=Todo)
def todo_show(request: Request, todo_id: UUID) -> HttpResponse:
    """One to-do."""
    return show_answer(request, NOUN, todo_id)


@router.patch("/todos/{uuid:todo_id}", url_name="todo", response=Todo, openapi_extra=describes_edit(TODO, "TaskEdit"))
def todo_edit(request: Request, todo_id: UUID) -> HttpResponse:
    """Change a task; what a record asks for is changed there."""
    return edit_answer(request, NOUN, todo_id)


@router.post("/todos/{uuid:todo_id}/tick", url_name="todo_tick", response=Todo, openapi_extra=describes_act())
def todo_tick(request: Request, todo_id: UUID) -> HttpResponse:
    """Tick a task off."""
    return act_answer(request, NOUN, todo_id, services.tick)


@router.post("/todos/{uuid:todo_id}/untick", url_name="todo_untick", response=Todo, openapi_extra=describes_act())
def todo_untick(request: Request, todo_id: UUID) -> HttpResponse:
    """Take a task up again."""
    return act_answer(request, NOUN, todo_id, services.untick)


@router.post("/todos/{uuid:todo_id}/wake", url_name="todo_wake", response=Todo, openapi_extra=describes_act())
def todo_wake(request: Request, todo_id: UUID) -> HttpResponse:
    """Take up again what was put off."""
    return act_answer(request, NOUN, todo_id, services.wake)


@router.post(
    "/todos/{uuid:todo_id}/pass", url_name="todo_pass", response=Todo, openapi_extra=describes_act("to", "note")
)  # fmt: skip
def todo_pass(request: Request, todo_id: UUID) -> HttpResponse:
    """Pass a to-do on to a colleague (`to`: their id)."""
    return act_answer(request, NOUN, todo_id, _pass, takes=("to", "note"))


@router.post(
    "/todos/{uuid:todo_id}/snooze", url_name="todo_snooze", response=Todo, openapi_extra=describes_act("until", "reason")
)  # fmt: skip
def todo_snooze(request: Request, todo_id: UUID) -> HttpResponse:
    """Put a to-do off until a day (ISO), saying why."""
    return act_answer(request, NOUN, todo_id, _snooze, takes=("until", "reason"))


def _pass(
    actor: Actor, ids: Collection[UUID], *, to: str = "", note: str = "", versions: Mapping[UUID, int] | None = None
) -> list[TodoRow]:
    try:
        who = UUID(to) if to else None
    except ValueError:
        raise Invalid(problems=[Problem("no_id", N_("This must be the id of a person."), field="to")]) from None
    return services.pass_on(actor, ids, who, note=note[:600], versions=versions)


def _snooze(
    actor: Actor,
    ids: Collection[UUID],
    *,
    until: str = "",
    reason: str = "",
    versions: Mapping[UUID, int] | None = None,
) -> list[TodoRow]:
    try:
        day = dt.date.fromisoformat(until) if until else None
    except ValueError:
        raise Invalid(problems=[Problem("no_day", N_("This must be a day, as 2026-03-31."), field="until")]) from None
    return services.snooze(actor, ids, day, reason=reason[:600], versions=versions)
