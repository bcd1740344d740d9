"""Who may decide: whoever was asked and holds the permission. Reading a round needs no more than reading its record."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from hetong.approvals.states import RoundState, TaskState
from hetong.kernel.routes import Route, form, get, post

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping
    from uuid import UUID

    from hetong.kernel.actors import Actor

TASK, ROUND = "approvals.task", "approvals.round"
OWN_REQUEST, CHOSEN_LEAD = "approvals.own_request", "approvals.chosen_lead"
"""Duties kept apart: asking and deciding; saying who decides and deciding."""
STAND_IN = "approvals"
"""What a stand-in is named for, where not for everything."""


class Can(StrEnum):
    DECIDE = "approvals.decide"


def may_decide(actor: Actor, raw: Mapping[str, Any], away: Callable[[], Collection[UUID]]) -> bool:
    """Whether the task is this actor's to decide now: asked, open, permitted, and not the actor's own request.

    ``away`` gives the people in whose place the actor acts; asked for only where it matters.
    """
    return (
        actor.id is not None
        and raw["round__opened_by"] != actor.id
        and raw["state"] == TaskState.WAITING
        and raw["round__state"] == RoundState.OPEN
        and actor.may(Can.DECIDE, raw["round__company_id"])
        and (raw["assignee_id"] == actor.id or raw["assignee_id"] in away())
    )


ROUTES: tuple[Route, ...] = (
    get("approvals:inbox"),
    get("approvals:done"),
    get("approvals:mine"),
    get("approvals:card", noun=TASK),
    post("approvals:approve", noun=TASK),
    form("approvals:reject", noun=TASK),
    get("approvals:panel"),
    get("api:approvals"),
    get("api:approval", noun=TASK),
    post("api:approval_approve", Can.DECIDE, noun=TASK),
    post("api:approval_reject", Can.DECIDE, noun=TASK),
)
