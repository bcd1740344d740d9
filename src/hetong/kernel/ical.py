"""Days as a calendar that other programs subscribe to: iCalendar text after RFC 5545, all-day events only.

Nothing here knows a record. A title, a text and an address come worded; what they may hold was decided before.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

WIDTH = 75
"""Octets of one line, its break not counted (RFC 5545 §3.1)."""
FRESH = "PT4H"
"""How often a calendar program is asked to look again."""
CONTROLS = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
EMPTY = (
    "BEGIN:VTIMEZONE", "TZID:Etc/UTC", "BEGIN:STANDARD", "DTSTART:19700101T000000", "TZOFFSETFROM:+0000", "TZOFFSETTO:+0000",
    "END:STANDARD", "END:VTIMEZONE",
)  # fmt: skip
"""A calendar holds at least one component (§3.6), also where there are no events."""


@dataclass(frozen=True)
class DayEvent:
    """Something that falls on one day. ``uid`` stays the same as long as it is the same thing; ``url`` is absolute."""

    uid: str
    day: dt.date
    title: str
    text: str = ""
    url: str = ""


def calendar_text(name: str, events: Iterable[DayEvent], at: dt.datetime, *, about: str = "") -> str:
    """The calendar as it leaves: lines folded and ended as the standard asks. ``at`` is the moment it was made."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Hetong//Hetong//EN", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines += [f"NAME:{escaped(name)}", f"X-WR-CALNAME:{escaped(name)}"]
    lines += [f"DESCRIPTION:{escaped(about)}", f"X-WR-CALDESC:{escaped(about)}"] if about else []
    lines += [f"REFRESH-INTERVAL;VALUE=DURATION:{FRESH}", f"X-PUBLISHED-TTL:{FRESH}"]
    stamp = at.astimezone(dt.UTC).strftime("%Y%m%dT%H%M%SZ")
    drawn = [line for one in events for line in _event(one, stamp)]
    lines += [*(drawn or EMPTY), "END:VCALENDAR"]
    return "".join(f"{part}\r\n" for line in lines for part in folded(line))


def _event(one: DayEvent, stamp: str) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{one.uid}"
    yield f"DTSTAMP:{stamp}"
    yield f"DTSTART;VALUE=DATE:{one.day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{one.day + dt.timedelta(days=1):%Y%m%d}"  # exclusive
    yield f"SUMMARY:{escaped(one.title)}"
    if one.text:
        yield f"DESCRIPTION:{escaped(one.text)}"
    if one.url:
        yield f"URL:{CONTROLS.sub('', one.url)}"
    yield "CLASS:PRIVATE"
    yield "TRANSP:TRANSPARENT"  # a deadline makes nobody busy
    yield "END:VEVENT"


def escaped(text: str) -> str:
    """Text as a value (§3.3.11); control codes are left out."""
    plain = CONTROLS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    return plain.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")


def folded(line: str) -> Iterator[str]:
    """One line as lines of at most 75 octets; those after the first begin with a space; no character is cut."""
    part, size = "", 0
    for character in line:
        octets = len(character.encode())
        if size + octets > WIDTH:
            yield part
            part, size = " ", 1
        part, size = part + character, size + octets
    yield part
