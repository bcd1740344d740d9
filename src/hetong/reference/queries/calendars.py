"""Working days by country: weekends, public holidays, China's exchanged weekends, own days.

A year whose holidays no authority has published yet counts weekends only, and `is_published` says so.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

import chinese_calendar
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from hetong.kernel.errors import N_, Invalid
from hetong.reference.models import CalendarDay

_DAY: Final = dt.timedelta(days=1)
_FURTHEST: Final = 3 * 366
"""Days to search before giving up: a calendar that closes longer than this is a mistake."""

_WEEKENDS: Final = {
    **dict.fromkeys(("AE",), frozenset({5, 6})),
    **dict.fromkeys(["BH", "DZ", "EG", "IQ", "JO", "KW", "LY", "OM", "QA", "SA", "SD", "SY", "YE"], frozenset({4, 5})),
    "IL": frozenset({4, 5}),
    "IR": frozenset({3, 4}),
    "NP": frozenset({5}),
}
"""Days of the weekend where it is not Saturday and Sunday (Monday is 0)."""

_CLOSED_EVES: Final = {"SE": ("de_facto",)}
"""Sweden counts Midsummer's, Christmas and New Year's Eve with the holidays when a term ends (lag 1930:173, 2 §)."""


_NAMES: Final = {"en": "en_US", "sv": "sv", "zh-hans": "zh_CN", "zh-hant": "zh_TW"}
"""Our languages as the library of holidays calls them."""


class NoWorkingDay(Invalid):
    """The calendar has no working day in three years."""

    code = "no_working_day"
    text = N_("The calendar of %(country)s has no working day near %(day)s.")
    then = N_("Check the days that were added to it in the settings under Calendars.")


@dataclass(frozen=True)
class DayFacts:
    """What a calendar says of one day. ``is_published``: whether the year's holidays are known at all."""

    day: dt.date
    is_working: bool
    name: str = ""
    is_published: bool = True


def public_holidays(country: str, year: int) -> dict[dt.date, str]:
    """The public holidays of a country in a year, named in the page's language; empty where none are known.

    China: those of the State Council's notice, the days taken in exchange included.
    """
    if country == "CN" and not is_published("CN", year):
        return {}
    return _named(country, year, get_language() or "en")


@lru_cache(maxsize=800)
def _named(country: str, year: int, language: str, *categories: str) -> dict[dt.date, str]:
    """Holidays of some categories (none: public ones), named in the language or, where it is not known, in English."""
    import holidays  # the library takes a while to load, and few processes ask it

    chosen: dict[str, Any] = {"categories": categories} if categories else {}
    try:
        found = holidays.country_holidays(country, years=year, **chosen)
        wanted = _NAMES.get(language, "en_US")
        known = found.supported_languages or ()
        name = wanted if wanted in known else "en_US" if "en_US" in known else None
        if name:
            found = holidays.country_holidays(country, years=year, language=name, **chosen)
    except NotImplementedError:
        return {}
    return {day: name for day, name in sorted(found.items()) if day.year == year}


@lru_cache(maxsize=100)
def worked_weekends(country: str, year: int) -> frozenset[dt.date]:
    """Weekend days that are worked in exchange for a longer holiday (调休); China only."""
    if country != "CN" or not is_published(country, year):
        return frozenset()
    days = (dt.date(year, 1, 1) + n * _DAY for n in range(366))
    return frozenset(d for d in days if d.year == year and d.weekday() >= 5 and chinese_calendar.is_workday(d))


@lru_cache(maxsize=400)
def is_published(country: str, year: int) -> bool:
    """Whether the country's holidays of that year are known; China publishes them each autumn for the next year."""
    import holidays

    if country == "CN":
        try:
            chinese_calendar.is_workday(dt.date(year, 12, 31))
        except NotImplementedError:
            return False
        return True
    return country in holidays.list_supported_countries(include_aliases=False)


def _closed_eves(country: str, year: int) -> dict[dt.date, str]:
    if country not in _CLOSED_EVES:
        return {}
    return _named(country, year, get_language() or "en", *_CLOSED_EVES[country])


def _country_day(country: str, day: dt.date) -> DayFacts:
    known = is_published(country, day.year)
    if day in worked_weekends(country, day.year):
        return DayFacts(day, is_working=True, name=_("Worked in exchange"))
    name = public_holidays(country, day.year).get(day) or _closed_eves(country, day.year).get(day, "")
    if name:
        return DayFacts(day, is_working=False, name=name, is_published=known)
    weekend = day.weekday() in _WEEKENDS.get(country, frozenset({5, 6}))
    return DayFacts(day, is_working=not weekend, is_published=known)


class _Calendar:
    """One country's calendar with the own days of a stretch of time, read in one query."""

    def __init__(self, country: str, calendar: str, first: dt.date, last: dt.date) -> None:
        self.country = country
        names = ["", calendar] if calendar else [""]
        rows = CalendarDay.objects.filter(country=country, calendar__in=names, day__range=(first, last))
        # An own calendar goes before its country's: the later of two keys wins.
        self.own = {row.day: row for row in rows.order_by("calendar")}

    def facts(self, day: dt.date) -> DayFacts:
        if day in self.own:
            row = self.own[day]
            return DayFacts(day, row.is_working, row.name)
        return _country_day(self.country, day)


def day_facts(country: str, day: dt.date, calendar: str = "") -> DayFacts:
    """Whether a day is worked, why not, and whether its year is published."""
    return _Calendar(country, calendar, day, day).facts(day)


def is_working_day(country: str, day: dt.date, calendar: str = "") -> bool:
    """Whether people work on the day in the country, or by the named own calendar."""
    return day_facts(country, day, calendar).is_working


def _walk(country: str, day: dt.date, step: int, count: int, calendar: str) -> dt.date:
    """The ``count``-th working day met when walking from ``day``; a count of 0 takes the day itself if worked."""
    reach = dt.timedelta(days=_FURTHEST + 3 * count)
    known = _Calendar(country, calendar, min(day, day + step * reach), max(day, day + step * reach))
    left = count
    for _step in range(_FURTHEST + 3 * count):
        if count == 0 and known.facts(day).is_working:
            return day
        day += step * _DAY
        if count and known.facts(day).is_working:
            left -= 1
            if left == 0:
                return day
    raise NoWorkingDay(country=country, day=day.isoformat())


def back_to_working_day(country: str, day: dt.date, calendar: str = "") -> dt.date:
    """The day itself when it is worked, else the last working day before it."""
    return _walk(country, day, -1, 0, calendar)


def forward_to_working_day(country: str, day: dt.date, calendar: str = "") -> dt.date:
    """The day itself when it is worked, else the first working day after it."""
    return _walk(country, day, 1, 0, calendar)


def add_working_days(country: str, day: dt.date, count: int, calendar: str = "") -> dt.date:
    """The day ``count`` working days after (negative: before) ``day``; 0 is the day itself, worked or not."""
    if count == 0:
        return day
    return _walk(country, day, 1 if count > 0 else -1, abs(count), calendar)


def unusual_days(country: str, year: int) -> list[dt.date]:
    """The days of a year that are not what their weekday says: holidays, eves, worked weekends, own days."""
    own = CalendarDay.objects.filter(country=country, calendar="", day__year=year).values_list("day", flat=True)
    found = {*public_holidays(country, year), *_closed_eves(country, year), *worked_weekends(country, year), *own}
    return sorted(day for day in found if day.year == year)


def calendar_names(country: str) -> list[str]:
    """The own calendars that exist beside the country's."""
    named = CalendarDay.objects.filter(country=country).exclude(calendar="")
    return list(named.order_by("calendar").values_list("calendar", flat=True).distinct())
