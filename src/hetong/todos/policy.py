"""Whose to-dos one may see and settle. A task asks for no permission: whoever signs in has things to do."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hetong.kernel.routes import Open, Route, form, get, post
from hetong.todos.states import TASK, TodoState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hetong.kernel.actors import Actor

NOUN = "todos.todo"


class Can(StrEnum):
    """What is a right of its own: giving tasks to others."""

    ASSIGN = "todos.assign"


def is_own_task(raw: Mapping[str, Any]) -> bool:
    """Whether a person gave it, so that a person ticks it off."""
    return bool(raw["rule"] == TASK)


def may_tick(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor ticks the task off, or takes that back: who does it, or who gave it."""
    return is_own_task(raw) and actor.id is not None and actor.id in (raw["assignee_id"], raw["created_by"])


def may_edit(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may change the task: as long as it is open, the same people."""
    return raw["state"] == TodoState.OPEN and may_tick(actor, raw)


def may_pass(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may give the to-do to somebody else: it is theirs or was given by them, and asks nobody in person."""
    if raw["state"] != TodoState.OPEN or raw["is_ask"] or not actor.may(Can.ASSIGN, raw["company_id"]):
        return False
    return actor.id is not None and actor.id in (raw["assignee_id"], raw["created_by"], raw["passed_by"])


def may_snooze(actor: Actor, raw: Mapping[str, Any]) -> bool:
    """Whether the actor may put it off: it is theirs."""
    return raw["state"] == TodoState.OPEN and actor.id is not None and raw["assignee_id"] == actor.id


ROUTES: tuple[Route, ...] = (
    get("todos:mine"),
    get("todos:delegated"),
    get("todos:team"),
    get("todos:done"),
    get("todos:all"),
    form("todos:add"),
    get("todos:card", noun=NOUN),
    form("todos:edit", noun=NOUN),
    post("todos:tick", noun=NOUN),
    post("todos:untick", noun=NOUN),
    form("todos:pass", Can.ASSIGN, noun=NOUN),
    form("todos:snooze", noun=NOUN),
    post("todos:wake", noun=NOUN),
    get("todos:panel"),
    get("todos:feed", open_to=Open.ANYONE),
    form("todos:feeds"),
    post("todos:feed_renew"),
    post("todos:feed_revoke"),
    get("api:todos"),
    post("api:todos"),
    get("api:todo", noun=NOUN),
    Route("api:todo", ("PATCH",), (), NOUN),
    post("api:todo_tick", noun=NOUN),
    post("api:todo_untick", noun=NOUN),
    post("api:todo_pass", Can.ASSIGN, noun=NOUN),
    post("api:todo_snooze", noun=NOUN),
    post("api:todo_wake", noun=NOUN),
    get("api:feeds"),
    post("api:feeds"),
    post("api:feed_renew"),
    post("api:feed_revoke"),
)
