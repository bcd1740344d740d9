from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from hetong.config import my_work
from hetong.kernel import clock

pytestmark = pytest.mark.django_db


def test_everybody_has_a_first_page(cast: Any) -> None:
    for name in ("ada", "ben", "fia", "gus", "cleo", "dora", "admin"):
        client = Client()
        client.force_login(cast.users[name])
        answer = client.get("/")
        assert answer.status_code == 200, name
        assert "My work" in answer.content.decode()


def test_the_first_page_asks_few_questions(cast: Any, django_assert_max_num_queries: Any) -> None:
    client = Client()
    client.force_login(cast.users["ada"])
    client.get("/")
    with django_assert_max_num_queries(25):
        client.get("/")


def test_the_calendar_holds_three_months_from_monday_on() -> None:
    months = my_work.months(dt.date(2026, 11, 19), [])
    assert [m["name"] for m in months] == ["November 2026", "December", "January 2027"]
    assert [d.number if d else 0 for d in months[0]["weeks"][0]] == [0, 0, 0, 0, 0, 0, 1]


def test_the_day_is_the_readers_own() -> None:
    with clock.set_to(dt.datetime(2026, 11, 19, 23, 30, tzinfo=dt.UTC)):
        assert my_work.day_title(clock.today("Europe/Stockholm")) == "Friday 20 November 2026, week 47"
