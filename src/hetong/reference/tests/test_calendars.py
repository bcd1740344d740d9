from __future__ import annotations

import csv
import datetime as dt
from collections import defaultdict
from pathlib import Path

import pytest
from django.utils import translation

from hetong.audit.testing import entries_of
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid
from hetong.reference.queries import (
    add_working_days,
    back_to_working_day,
    calendar_names,
    day_facts,
    forward_to_working_day,
    is_published,
    is_working_day,
    public_holidays,
    worked_weekends,
)
from hetong.reference.services import add_calendar_days, remove_calendar_days

SYSTEM = Actor.system()
PUBLISHED = Path(__file__).parent / "data" / "holidays_SE_US_CN_GB_DE_2023-2027.csv"
pytestmark = pytest.mark.django_db


def _published() -> dict[tuple[str, int, str], set[dt.date]]:
    days: dict[tuple[str, int, str], set[dt.date]] = defaultdict(set)
    with PUBLISHED.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            day = dt.date.fromisoformat(row["date"])
            days[row["country"], day.year, row["kind"]].add(day)
    return days


@pytest.mark.parametrize("country", ["SE", "US", "CN", "GB", "DE"])
@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_holidays_and_worked_weekends_are_those_published(country: str, year: int):
    published = _published()
    assert set(public_holidays(country, year)) == published[country, year, "holiday"]
    assert worked_weekends(country, year) == published[country, year, "workday"]


@pytest.mark.parametrize("year", [2023, 2024, 2025, 2026])
def test_every_day_of_china_is_as_published(year: int):
    published = _published()
    day = dt.date(year, 1, 1)
    while day.year == year:
        is_worked = day in published["CN", year, "workday"] or (
            day.weekday() < 5 and day not in published["CN", year, "holiday"]
        )
        assert is_working_day("CN", day) == is_worked, day
        day += dt.timedelta(days=1)


def test_a_year_that_is_not_published_counts_weekends_and_says_so():
    assert not is_published("CN", 2027)
    labour_day = day_facts("CN", dt.date(2027, 5, 3))
    assert (labour_day.is_working, labour_day.is_published) == (True, False)
    assert not is_working_day("CN", dt.date(2027, 5, 1))
    assert is_published("SE", 2027)
    assert not day_facts("XX", dt.date(2026, 1, 1)).is_published


def test_swedish_eves_are_no_working_days():
    assert not is_working_day("SE", dt.date(2026, 6, 19))
    assert not is_working_day("SE", dt.date(2026, 12, 24))
    assert not is_working_day("SE", dt.date(2026, 12, 31))


def test_a_weekend_is_not_saturday_and_sunday_everywhere():
    assert is_working_day("SA", dt.date(2026, 11, 22))
    assert not is_working_day("SA", dt.date(2026, 11, 20))


@pytest.mark.parametrize(
    ("country", "day", "back", "forward"),
    [
        ("SE", "2026-12-27", "2026-12-23", "2026-12-28"),
        ("SE", "2026-11-20", "2026-11-20", "2026-11-20"),
        ("CN", "2026-02-20", "2026-02-14", "2026-02-24"),
    ],
)
def test_a_day_moves_to_the_nearest_working_day(country: str, day: str, back: str, forward: str):
    asked = dt.date.fromisoformat(day)
    assert back_to_working_day(country, asked).isoformat() == back
    assert forward_to_working_day(country, asked).isoformat() == forward


def test_working_days_are_added_and_taken_away():
    friday = dt.date(2026, 11, 20)
    assert add_working_days("SE", friday, 1) == dt.date(2026, 11, 23)
    assert add_working_days("SE", friday, 0) == friday
    assert add_working_days("SE", dt.date(2026, 11, 23), -1) == friday
    later = add_working_days("SE", friday, 250)
    days = (friday + dt.timedelta(days=n) for n in range(1, (later - friday).days + 1))
    assert sum(is_working_day("SE", day) for day in days) == 250
    assert add_working_days("SE", later, -250) == friday


def test_an_own_calendar_adds_to_its_country():
    [day] = add_calendar_days(
        SYSTEM, [{"country": "SE", "calendar": "Kiruna", "day": "2026-11-20", "name": "Plant closed"}]
    )
    friday = dt.date(2026, 11, 20)
    assert is_working_day("SE", friday)
    assert not is_working_day("SE", friday, "Kiruna")
    assert back_to_working_day("SE", friday, "Kiruna") == dt.date(2026, 11, 19)
    assert calendar_names("SE") == ["Kiruna"]
    remove_calendar_days(SYSTEM, [day.pk])
    assert is_working_day("SE", friday, "Kiruna")
    assert entries_of(day.pk) == ["reference.calendar_day_added", "reference.calendar_day_removed"]


def test_a_worked_holiday_is_worked():
    add_calendar_days(SYSTEM, [{"country": "SE", "day": "2026-12-24", "name": "Stocktaking", "is_working": True}])
    assert is_working_day("SE", dt.date(2026, 12, 24))


def test_a_day_stands_once_in_a_calendar():
    given = {"country": "SE", "day": "2026-12-24", "name": "Stocktaking"}
    add_calendar_days(SYSTEM, [given])
    with pytest.raises(Invalid):
        add_calendar_days(SYSTEM, [given])


@pytest.mark.parametrize(
    ("language", "name"), [("sv", "Nationaldag"), ("en", "National Day"), ("zh-hans", "National Day")]
)
def test_holidays_are_named_in_the_readers_language(language: str, name: str):
    with translation.override(language):
        assert name in day_facts("SE", dt.date(2026, 6, 6)).name


def test_chinese_holidays_have_chinese_names():
    with translation.override("zh-hans"):
        assert day_facts("CN", dt.date(2026, 10, 1)).name == "国庆节"
