from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.kernel import clock
from hetong.ui.forms import add_page, edit_page
from hetong.ui.http import Request
from hetong.ui.lists import list_page

from . import queries, services
from .tables import CALENDARS, TAXES

TAX_FIELDS = ("country", "labels", "code", "percent", "category", "valid_from", "valid_to")
DAY_FIELDS = ("country", "calendar", "day", "name", "is_working")
FIRST_YEAR, LAST_YEAR = 1990, 2100


def rates(request: Request) -> HttpResponse:
    """The newest rates, with their day and source, and how newer ones come in."""
    newest = queries.newest_day()
    quotes = queries.quotes_on(newest, request.actor.language) if newest else []
    is_old = newest is None or clock.today(request.actor.zone) - newest > queries.OLDEST
    return render(request, "reference/rates.html", {"newest": newest, "quotes": quotes, "is_old": is_old})


def taxes(request: Request) -> HttpResponseBase:
    """Tax rates by country."""
    return list_page(request, TAXES)


def tax_add(request: Request) -> HttpResponse:
    """Another tax rate."""
    title, start = _("Add tax rate"), {"category": "S"}
    back = "/settings/taxes/"
    return add_page(
        request, "reference.tax_rate", names=TAX_FIELDS, title=title, submit=title, initial=start, back=back
    )


def tax_edit(request: Request, tax_id: UUID) -> HttpResponse:
    """What a tax rate is called and until when it holds."""
    return edit_page(request, "reference.tax_rate", tax_id, names=TAX_FIELDS, back="/settings/taxes/")


def calendars(request: Request) -> HttpResponseBase:
    """Days on which calendars differ from their countries'."""
    return list_page(request, CALENDARS)


def day_add(request: Request) -> HttpResponse:
    """Another own day."""
    title, back = _("Add day"), "/settings/calendars/"
    return add_page(request, "reference.calendar_day", names=DAY_FIELDS, title=title, submit=title, back=back)


def day_edit(request: Request, day_id: UUID) -> HttpResponse:
    """An own day of a calendar."""
    return edit_page(request, "reference.calendar_day", day_id, names=DAY_FIELDS, back="/settings/calendars/")


def day_remove(request: Request, day_id: UUID) -> HttpResponse:
    """Take an own day out again."""
    services.remove_calendar_days(request.actor, [day_id])
    messages.success(request, _("Removed."))
    return redirect("reference:calendars")


def holidays(request: Request) -> HttpResponse:
    """The public holidays of a country in a year, as the dates of contracts are reckoned with."""
    country = request.GET.get("country", "SE").upper()[:2]
    given = request.GET.get("year", "")
    year = int(given) if given.isdecimal() and len(given) == 4 else clock.today(request.actor.zone).year
    year = min(max(year, FIRST_YEAR), LAST_YEAR)
    days = [queries.day_facts(country, day) for day in queries.unusual_days(country, year)]
    context = {
        "country": country,
        "year": year,
        "countries": queries.countries(request.actor.language),
        "days": days,
        "is_published": queries.is_published(country, year),
    }
    return render(request, "reference/holidays.html", context)
