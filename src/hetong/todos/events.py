"""What happens to to-dos: journal codes with their sentences, and events. What records ask for is not journalled: it follows from them."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    GIVEN = "todos.given"
    EDITED = "todos.edited"
    TICKED = "todos.ticked"
    UNTICKED = "todos.unticked"
    PASSED = "todos.passed"
    SNOOZED = "todos.snoozed"
    WOKEN = "todos.woken"
    FEED_MADE = "todos.feed_made"
    FEED_RENEWED = "todos.feed_renewed"
    FEED_REVOKED = "todos.feed_revoked"


SENTENCES = {
    Act.GIVEN: _("gave a task"),
    Act.EDITED: _("changed a task"),
    Act.TICKED: _("ticked a task off"),
    Act.UNTICKED: _("took up a task again"),
    Act.PASSED: _("passed a to-do on"),
    Act.SNOOZED: _("put a to-do off"),
    Act.WOKEN: _("took a to-do up again that was put off"),
    Act.FEED_MADE: _("made a calendar address"),
    Act.FEED_RENEWED: _("renewed a calendar address"),
    Act.FEED_REVOKED: _("revoked a calendar address"),
}


class TodosChanged(Event):
    """Something happened to to-dos. Facts: ``assignee`` (who has it now), ``was`` (who had it, where it changed)."""

    code = "todos.changed"


class TasksGiven(TodosChanged):
    code = Act.GIVEN


class TodosEdited(TodosChanged):
    code = Act.EDITED


class TodosTicked(TodosChanged):
    code = Act.TICKED


class TodosUnticked(TodosChanged):
    code = Act.UNTICKED


class TodosPassed(TodosChanged):
    code = Act.PASSED


class TodosSnoozed(TodosChanged):
    code = Act.SNOOZED


class TodosWoken(TodosChanged):
    code = Act.WOKEN
