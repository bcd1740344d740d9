"""What appears where: the rail in the order of the work, the + New menu, the panels of records."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.audit.policy import Can as Audit
from hetong.ui.navigation import Group, Item, Panel

GROUPS: tuple[Group, ...] = (
    Group("", (Item("home", _("Home"), "home", "home", on_phone=True),)),
)

CREATE: tuple[Item, ...] = ()

PANELS: tuple[Panel, ...] = (
    Panel(("*",), "history", _("History"), "audit:history", (Audit.VIEW_HISTORY,), order=90),
)
