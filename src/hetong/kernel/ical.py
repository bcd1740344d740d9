"""Days as a calendar that other programs subscribe to: iCalendar text after RFC 5545, all-day events only.

Nothing here knows a record. A title, a text and an address come worded; what they may hold was decided before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the library takes a while to load, and few processes write calendars
    from icalendar import Event, Timezone

FRESH = dt.timedelta(hours=4)
"""How often a calendar program is asked to look again."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")


@dataclass(frozen=True)
class DayEvent:
    """Something that falls on one day. ``uid`` stays the same as long as it is the same thing; ``url`` is absolute."""

    uid: str
    day: dt.date
    title: str
    text: str = ""
    url: str = ""


def calendar_text(name: str, events: Iterable[DayEvent], at: dt.datetime, *, about: str = "") -> bytes:
    """The calendar as it leaves, in UTF-8: lines folded and ended as the standard asks. ``at`` is the moment it was made."""
    from icalendar import Calendar

    calendar = Calendar()
    for key, value in (
        ("VERSION", "2.0"),
        ("PRODID", "-//Hetong//Hetong//EN"),
        ("CALSCALE", "GREGORIAN"),
        ("METHOD", "PUBLISH"),
    ):
        calendar.add(key, value)
    for key, text in (("NAME", name), ("X-WR-CALNAME", name), ("DESCRIPTION", about), ("X-WR-CALDESC", about)):
        if text:
            calendar.add(key, _plain(text))
    calendar.add("REFRESH-INTERVAL", FRESH, parameters={"VALUE": "DURATION"})
    calendar.add("X-PUBLISHED-TTL", "PT4H")
    for one in events:
        calendar.add_component(_event(one, at))
    if not calendar.subcomponents:
        calendar.add_component(_utc())
    written: bytes = calendar.to_ical(sorted=False)
    return written


def _event(one: DayEvent, at: dt.datetime) -> Event:
    from icalendar import Event

    event = Event()
    event.add("UID", one.uid)
    event.add("DTSTAMP", at.astimezone(dt.UTC))
    event.add("DTSTART", one.day)
    event.add("DTEND", one.day + dt.timedelta(days=1))  # exclusive
    event.add("SUMMARY", _plain(one.title))
    if one.text:
        event.add("DESCRIPTION", _plain(one.text))
    if one.url:
        event.add("URL", CONTROLS.sub("", one.url).replace("\n", ""))
    event.add("CLASS", "PRIVATE")
    event.add("TRANSP", "TRANSPARENT")  # a deadline makes nobody busy
    return event


def _utc() -> Timezone:
    """A calendar holds at least one component (RFC 5545 §3.6), also where there are no events."""
    from icalendar import Timezone, TimezoneStandard

    zone, standard = Timezone(), TimezoneStandard()
    zone.add("TZID", "Etc/UTC")
    standard.add("DTSTART", dt.datetime(1970, 1, 1))  # noqa: DTZ001 - local time, as §3.6.5 asks
    standard.add("TZOFFSETFROM", dt.timedelta())
    standard.add("TZOFFSETTO", dt.timedelta())
    zone.add_component(standard)
    return zone


def _plain(text: str) -> str:
    """Text without the control codes that a value must not hold (§3.3.11)."""
    return CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
