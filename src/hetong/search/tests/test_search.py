from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from hetong.kernel import nouns as table
from hetong.search.queries import find_recent, search

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _teams_are_searched() -> Any:
    before = table.nouns()
    table.install([replace(entry, is_searched=entry.key == "accounts.team") for entry in before])
    yield
    table.install(before)


def titles(actor: Any, text: str) -> list[str]:
    return [hit.title for hit in search(actor, text)]


def test_titles_that_begin_with_the_words_come_first(cast: Any) -> None:
    assert titles(cast.admin, "sales")[-1] == "Far sales"
    assert set(titles(cast.admin, "SALES")) == {"Sales", "Sales two", "Far sales"}


def test_nobody_finds_what_they_may_not_see(cast: Any) -> None:
    assert titles(cast.dora, "sales") == ["Far sales"]
    assert "Far sales" not in titles(cast.ada, "sales")


def test_every_word_must_occur(cast: Any) -> None:
    assert titles(cast.admin, "two sales") == ["Sales two"]
    assert titles(cast.admin, "two delivery") == []


def test_signs_of_the_pattern_language_are_plain_characters(cast: Any) -> None:
    assert titles(cast.admin, "%") == []
    assert titles(cast.admin, "_") == []
    assert titles(cast.admin, "\x00") == []


def test_the_pages_answer_within_rights(cast: Any) -> None:
    client = Client()
    client.force_login(cast.users["ada"])
    page = client.get("/search/?q=sales")
    assert page.status_code == 200
    assert "Sales two" in page.content.decode()
    assert "Far sales" not in page.content.decode()
    palette = client.get("/search/palette?q=sales&at=/").content.decode()
    assert 'role="option"' in palette
    assert "Far sales" not in palette
    assert client.get("/search/palette?q=").status_code == 200


def test_recent_records_are_those_i_acted_on_and_still_see(cast: Any) -> None:
    table.noun("accounts.team").edit(cast.admin, [cast.sales.pk], {"name": "Sales A"})
    assert [hit.title for hit in find_recent(cast.admin)][:1] == ["Sales A"]
    assert find_recent(cast.ada) == []
