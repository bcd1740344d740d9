"""Who keeps the reference data."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route, form, get, post


class Can(StrEnum):
    MANAGE = "reference.manage"


ROUTES: tuple[Route, ...] = (
    get("reference:rates", Can.MANAGE),
    get("reference:taxes", Can.MANAGE),
    form("reference:tax_add", Can.MANAGE),
    form("reference:tax_edit", Can.MANAGE, noun="reference.tax_rate"),
    get("reference:calendars", Can.MANAGE),
    form("reference:day_add", Can.MANAGE),
    form("reference:day_edit", Can.MANAGE, noun="reference.calendar_day"),
    post("reference:day_remove", Can.MANAGE, noun="reference.calendar_day"),
    get("reference:holidays", Can.MANAGE),
)
