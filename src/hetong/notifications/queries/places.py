"""Whose calendar counts for a day: that of the company of its record, and of the first where it belongs to none."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from hetong.accounts.models import Company
from hetong.kernel import clock
from hetong.kernel.deadlines import Deadline
from hetong.kernel.nouns import noun
from hetong.reference.queries import back_to_working_day, forward_to_working_day

ONE_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Here:
    """One of our companies (None: what belongs to none), its country, its zone, and its day of now."""

    company: UUID | None
    country: str
    zone: str
    today: dt.date

    @cached_property
    def horizon(self) -> dt.date:
        """The last day whose mark is due by now."""
        return horizon(self.country, self.today)

    def told_on(self, day: dt.date, mark: int) -> dt.date:
        """The working day on which a mark of that day comes; the other side of `horizon`."""
        return back_to_working_day(self.country, day - dt.timedelta(days=mark))


def places() -> dict[UUID | None, Here]:
    """Every company with its day; for what belongs to none (a task, a customer) the day of the first."""
    found: dict[UUID | None, Here] = {}
    # allow: visibility — zone and calendar of a record's company, which is not shown
    for company in Company.objects.order_by("pk"):
        here = Here(company.pk, company.country, company.zone, clock.today(company.zone))
        found[here.company] = here
        found.setdefault(None, Here(None, here.country, here.zone, here.today))
    return found


def company_of(what: Deadline) -> str:
    """The ORM path of the company whose calendar counts for a deadline's rows; empty where they belong to none."""
    return what.company or noun(what.noun).register.company


def horizon(country: str, today: dt.date) -> dt.date:
    """The last day of the run of days off that follows: what falls on those is told on the working day before them."""
    return forward_to_working_day(country, today + ONE_DAY) - ONE_DAY
