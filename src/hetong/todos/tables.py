from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.ui.lists import Shipped, Table

TODOS = Table(
    noun="todos.todo",
    columns=("what", "about", "assignee", "due_on", "state", "created_by"),
    views=(
        Shipped("mine", _("Mine"), "assignee=me&state=open"),
        Shipped("open", _("Open"), "state=open"),
        Shipped("late", _("Late"), "when=overdue"),
    ),
    sort="due_on",
    new="todos:add",
    new_label=_("New task"),
    phone=("what", "about", "", "state", "", "due_on", "assignee"),
    title=_("All to-dos"),
)
