from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.ui.lists import Shipped, Table
from hetong.ui.lists.table import Action

TAXES = Table(
    noun="reference.tax_rate",
    columns=("country", "labels", "percent", "code", "valid_from", "valid_to"),
    views=(Shipped("now", _("Valid now"), "valid_from.lte=today&valid_to.empty=true"),),
    sort="country,-percent",
    new="reference:tax_add",
    new_label=_("Add tax rate"),
    phone=("labels", "country", "", "", "percent"),
    title=_("Tax rates"),
)

CALENDARS = Table(
    noun="reference.calendar_day",
    columns=("day", "name", "country", "calendar", "is_working"),
    sort="-day",
    new="reference:day_add",
    new_label=_("Add day"),
    actions=(Action(_("Public holidays"), "reference:holidays", "calendar"),),
    phone=("name", "country", "day"),
    title=_("Working calendars"),
)
