"""A simulated year: every day is reminded of in time, none twice, none after it was settled (S2-12, S2-13; trust A11)."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from functools import lru_cache
from typing import Any
from uuid import UUID

import pytest

from hetong.contracts.models import Contract, RenewalDecision
from hetong.contracts.services import decide_renewals
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, put_into
from hetong.kernel import clock
from hetong.kernel.deadlines import deadline
from hetong.kernel.ids import new_id
from hetong.notifications.models import Notice, Reminder
from hetong.notifications.services import remind, reminders
from hetong.reference.queries import back_to_working_day

pytestmark = pytest.mark.django_db
FIRST, LAST = dt.date(2026, 1, 5), dt.date(2027, 1, 4)
DOWN = {dt.date(2026, 5, 19), dt.date(2026, 5, 20), dt.date(2026, 5, 21)}
MARKS = (90, 60, 30, 7, 0)
KEY = "contracts.notice_by"


def days() -> Iterator[dt.date]:
    day = FIRST
    while day <= LAST:
        yield day
        day += dt.timedelta(days=1)


def many(cast: Any, count: int, luck: random.Random) -> list[Contract]:
    """Contracts in force of two owners, each with a day of notice within some 500 days."""
    model = put_into(make_contract(cast.ada), Stage.ACTIVE)
    rows = []
    for n in range(count):
        one = Contract.objects.get(pk=model.pk) if n == 0 else rows[0].__class__(**_copied(rows[0]))
        one.pk, one.number = new_id(), f"Y-{n}"
        one.owner_id = cast.users["ada" if n % 2 else "olle"].pk
        one.notice_by = FIRST + dt.timedelta(days=luck.randrange(-20, 480))
        one.ends_on = one.notice_by + dt.timedelta(days=90)
        rows.append(one)
    Contract.objects.bulk_create(rows)
    Contract.objects.filter(pk=model.pk).delete()
    return rows


def _copied(one: Contract) -> dict[str, Any]:
    return {
        field.attname: getattr(one, field.attname) for field in Contract._meta.concrete_fields if not field.primary_key
    }


@lru_cache(maxsize=2000)
def worked(day: dt.date) -> dt.date:
    """The day or the last working day before it, in Sweden; no days of the house's own are set here."""
    return back_to_working_day("SE", day)


def expected(one: Contract, decided: dict[UUID, dt.date]) -> list[tuple[int, dt.date]]:
    """Mark and day on which its owner hears of it, worked out day by day without the engine."""
    told: list[tuple[int, dt.date]] = []
    assert one.notice_by
    marks = {m: worked(one.notice_by - dt.timedelta(days=m)) for m in MARKS}
    for day in days():
        if day in DOWN or (one.pk in decided and day >= decided[one.pk]):
            continue
        passed = [m for m in MARKS if marks[m] <= day]
        if passed and (not told or passed[-1] < told[-1][0]):
            told.append((passed[-1], day))
    return told


def live(cast: Any, decided: dict[UUID, dt.date]) -> None:
    """Run the job through the year: down for three days, twice on some, with a clock that jumps back."""
    for day in days():
        noon = dt.datetime(day.year, day.month, day.day, 12, tzinfo=dt.UTC)
        with clock.set_to(noon - dt.timedelta(hours=2)):
            if ids := [id for id, when in decided.items() if when == day]:
                decide_renewals(cast.lin, ids, "lapse", reason="They leave")
        for moment in () if day in DOWN else (noon, noon, noon - dt.timedelta(days=2)) if day.day == 15 else (noon,):
            with clock.set_to(moment):
                remind()


def simulate(cast: Any, count: int) -> None:
    luck = random.Random(20260105)  # noqa: S311 - dice for a test
    rows = many(cast, count, luck)
    decided = {one.pk: FIRST + dt.timedelta(days=luck.randrange(20, 360)) for one in rows[::3]}
    live(cast, decided)
    heard: dict[UUID, list[tuple[int, dt.date]]] = {one.pk: [] for one in rows}
    owners = {one.pk: one.owner_id for one in rows}
    for row in Reminder.objects.filter(deadline=KEY).order_by("at", "pk"):
        if row.user_id == owners[row.subject]:
            heard[row.subject].append((row.mark, row.at.date()))
    wrong = {one.number: (heard[one.pk], told) for one in rows if heard[one.pk] != (told := expected(one, decided))}
    assert not wrong
    assert Notice.objects.filter(kind="remind.contracts").count() == Reminder.objects.count(), "each once"
    assert RenewalDecision.objects.count() == len(decided)


def test_a_year_with_days_down_clock_jumps_and_decisions(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also the nights in which an hour is left out or counted twice lie in that year."""
    monkeypatch.setattr(reminders, "deadlines", lambda: [deadline(KEY), deadline("contracts.act_by")])
    simulate(cast, 48)


@pytest.mark.long
def test_a_year_over_ten_thousand_contracts(cast: Any) -> None:
    simulate(cast, 10_000)
