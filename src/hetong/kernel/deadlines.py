"""What has to be done by a day: one `Deadline` per dated fact of a noun. The table is ``config/deadlines.py``.

Reminders, to-dos, the calendar feeds and the dates of the first page all read it. A deadline is a
question about the records of now: it keeps nothing, so what was settled stops asking by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Case, DateField, F, Q, When
from django.db.models.expressions import Combinable
from django.db.models.functions import TruncDate

from .errors import NotFound
from .fields import Text

People = Mapping[UUID, tuple[UUID, ...]]
"""Users by record id; the first does it, the others are told. A record without people is left out."""

USUAL = (90, 60, 30, 7)


@dataclass(frozen=True)
class Deadline:
    """One thing that records of a noun need by a day (inclusive).

    ``day`` is the ORM path of that day on the noun's model (a date, or the ``__date`` of an instant: its company's day);
    ``is_open`` the rows that still need it. ``offsets`` are days before the day (negative: after it)
    on which people are reminded where no rule of an administrator says otherwise; from ``escalates``
    on (an offset) the manager is told too. An *ask* has no day of its own: its day is the one on
    which somebody was asked.
    """

    key: str
    """Such as ``contracts.notice_by``."""
    noun: str
    label: Text
    """What the day is called: Notice by."""
    what: Text
    """What is to be done, as a verb first: Decide whether to renew."""
    day: str
    is_open: Q
    people: Callable[[Collection[UUID]], People]
    anchor: str = ""
    """Where its link lands, after the address of the record's page; ``{id}`` is the id of the row itself."""
    offsets: tuple[int, ...] = USUAL
    settled_by: str | Text = ""
    """What makes it go away, in words."""
    page: tuple[str, str] = ("", "")
    """The noun and the ORM path of the id of the record on whose page it is done; empty: the row itself."""
    fields: tuple[str, ...] = ()
    """Fields of the noun that a reminder shows beside the day, each only to who may read it."""
    named: tuple[str, ...] = ()
    """Fields of the noun that say which of the rows on one page a to-do is about, each only to who may read it."""
    kind: str = ""
    """The ORM path of what a rule of reminders may be made for, such as the contract's type; empty: one rule for all."""
    escalates: int | None = None
    is_ask: bool = False
    has_todo: bool = True
    """Whether it is a task of its own; one that only warns ahead of another day is not."""
    icon: str = "calendar"
    company: str = ""
    """The ORM path of the company whose calendar counts, where the noun's register names none."""

    @property
    def page_noun(self) -> str:
        """The noun of the record on whose page it is done."""
        return self.page[0] or self.noun

    @property
    def page_path(self) -> str:
        """The ORM path of that record's id."""
        return self.page[1] or "pk"

    def day_by(self, zones: Iterable[tuple[Q, str]]) -> Combinable:
        """Its day in a query; that of an instant is the day in the zone of the rows which each condition finds."""
        path, _gap, last = self.day.rpartition("__")
        if last != "date":
            return F(self.day)
        days = [When(rows, then=TruncDate(path, tzinfo=ZoneInfo(zone))) for rows, zone in zones]
        return Case(*days, default=TruncDate(path), output_field=DateField())

    def link(self, url: str, id: UUID) -> str:
        """The address where it is done: ``url`` is that of the record's page; an anchor that starts with / is one of its own."""
        place = self.anchor.format(id=id)
        return place if place.startswith("/") else url + place if url else ""


_deadlines: dict[str, Deadline] = {}


def install(table: Iterable[Deadline]) -> None:
    """Make ``config/deadlines.py`` known; called once at start."""
    _deadlines.clear()
    _deadlines.update((entry.key, entry) for entry in table)


def deadlines() -> tuple[Deadline, ...]:
    """All deadlines, in the order of the table."""
    return tuple(_deadlines.values())


def deadline(key: str) -> Deadline:
    """The deadline of that key; an unknown key is `NotFound` (it may come from a row of an app that is gone)."""
    try:
        return _deadlines[key]
    except KeyError:
        raise NotFound(noun=key) from None
