"""The registers of tax rates and of own calendar days."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from hetong.kernel.fields import Choice, Field, Kind, Register

from .models import CalendarDay, TaxRate
from .places import countries


def country_choices() -> Sequence[Choice]:
    """Every country, in the reader's language."""
    return countries()


def _categories() -> Sequence[Choice]:
    """The VAT categories of EN 16931 (UNCL 5305) that a rate can have."""
    return (
        Choice("S", _("Standard or reduced rate")),
        Choice("Z", _("Zero rate")),
        Choice("E", _("Exempt")),
        Choice("AE", _("Reverse charge")),
        Choice("O", _("Outside the scope of VAT")),
    )


TAX_RATE = Register(
    "reference.tax_rate",
    TaxRate,
    [
        Field("labels", _("Name"), Kind.LABELS, path="labels", write=True, required=True, column=True, sortable=False),
        Field(
            "country",
            _("Country"),
            Kind.CHOICE,
            path="country",
            write=True,
            required=True,
            column=True,
            choices=country_choices,
        ),
        Field("code", _("Code"), path="code", write=True, required=True, column=True, max_length=20),
        Field("percent", _("Percent"), Kind.PERCENT, path="percent", write=True, required=True, column=True),
        Field("category", _("Category"), Kind.CHOICE, path="category", write=True, required=True, choices=_categories),
        Field("valid_from", _("Valid from"), Kind.DATE, path="valid_from", write=True, required=True, column=True),
        Field("valid_to", _("Valid to"), Kind.DATE, path="valid_to", write=True, column=True),
    ],
    heading="labels",
    company="",
)

CALENDAR_DAY = Register(
    "reference.calendar_day",
    CalendarDay,
    [
        Field("name", _("Name"), path="name", key="name_key", write=True, required=True, column=True, max_length=120),
        Field(
            "country",
            _("Country"),
            Kind.CHOICE,
            path="country",
            write=True,
            required=True,
            column=True,
            choices=country_choices,
        ),
        Field("calendar", _("Calendar"), path="calendar", write=True, column=True, max_length=80),
        Field("day", _("Day"), Kind.DATE, path="day", write=True, required=True, column=True),
        Field("is_working", _("Worked"), Kind.FLAG, path="is_working", write=True, column=True),
    ],
    heading="name",
    company="",
)
