"""What approvers are asked for, from the day they were asked."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hetong.approvals.models import Task
from hetong.approvals.states import RoundState, TaskState
from hetong.kernel.deadlines import Deadline, People


def assignees(ids: Collection[UUID]) -> People:
    """Who is asked to decide."""
    return {
        id: (user,) for id, user in Task.objects.filter(pk__in=ids).values_list("pk", "assignee")
    }  # allow: visibility — whom to ask


DEADLINES: tuple[Deadline, ...] = (
    Deadline(
        "approvals.task", "approvals.task", _("Asked on"), _("Approve or reject"), "asked_at__date",
        Q(state=TaskState.WAITING, round__state=RoundState.OPEN), assignees, anchor="/approvals/{id}/", offsets=(-1, -3, -7),
        settled_by=_("a decision"), fields=("opened_by",), escalates=-3, is_ask=True, page=("contracts.contract", "round__subject"),
        icon="rubber-stamp",
    ),
)  # fmt: skip
