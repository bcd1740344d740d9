"""What happens to the reference data: journal codes with their sentences, and events."""

from __future__ import annotations

from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from hetong.kernel.events import Event


class Act(StrEnum):
    RATES_LOADED = "reference.rates_loaded"
    TAX_RATE_ADDED = "reference.tax_rate_added"
    TAX_RATE_EDITED = "reference.tax_rate_edited"
    CALENDAR_DAY_ADDED = "reference.calendar_day_added"
    CALENDAR_DAY_EDITED = "reference.calendar_day_edited"
    CALENDAR_DAY_REMOVED = "reference.calendar_day_removed"


SENTENCES = {
    Act.RATES_LOADED: _("loaded %(count)s exchange rates up to %(until)s"),
    Act.TAX_RATE_ADDED: _("added the tax rate"),
    Act.TAX_RATE_EDITED: _("changed the tax rate"),
    Act.CALENDAR_DAY_ADDED: _("added the calendar day"),
    Act.CALENDAR_DAY_EDITED: _("changed the calendar day"),
    Act.CALENDAR_DAY_REMOVED: _("removed the calendar day"),
}


class TaxRatesChanged(Event):
    """Tax rates were added or changed."""

    code = "reference.tax_rates_changed"


class CalendarChanged(Event):
    """Days of a working calendar were added, changed or removed."""

    code = "reference.calendar_changed"
