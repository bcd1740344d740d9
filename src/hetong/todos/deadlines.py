"""What people gave each other to do by a day."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from hetong.kernel.deadlines import Deadline, People
from hetong.todos.models import Todo
from hetong.todos.policy import NOUN
from hetong.todos.states import TASK, TodoState


def doers(ids: Collection[UUID]) -> People:
    """Who has the task in hand."""
    # allow: visibility — whom to ask, not what is read
    return {id: (user,) for id, user in Todo.objects.filter(pk__in=ids).values_list("pk", "assignee")}


DEADLINES: tuple[Deadline, ...] = (
    Deadline(
        "todos.task", NOUN, _("Due"), _("Do the task"), "due_on", Q(rule=TASK, state=TodoState.OPEN, due_on__isnull=False), doers,
        anchor="/todos/{id}/", offsets=(3, 0, -3, -7), settled_by=_("the task being done"), escalates=-7, has_todo=False,
        company="company_id", icon="check",
    ),
)  # fmt: skip
