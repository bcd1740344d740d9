"""A14: connections of the embedded engine stay open between requests, and carry nothing from one to the next."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections

from hetong.config.databases import database
from hetong.config.environment import Environment
from hetong.config.sqlite import base

Opened = Callable[[], base.DatabaseWrapper]


@pytest.fixture
def opened(tmp_path: Path, django_db_blocker: Any) -> Iterator[Opened]:
    """Makes what a request's thread has: a connection to one file, which keeps two of them open."""
    entry = connections.configure_settings({"default": database(Environment({}), tmp_path, "web")})["default"]
    made: list[base.DatabaseWrapper] = []

    def another() -> base.DatabaseWrapper:
        made.append(base.DatabaseWrapper({**entry, "KEEP": 2}, "default"))
        made[-1].connect()
        return made[-1]

    with django_db_blocker.unblock():
        first = another()
        ask(first, "CREATE TABLE word (text TEXT UNIQUE)")
        first.close()
        yield another
        for one in made:
            one.close()
    base.close_kept()


def ask(one: base.DatabaseWrapper, sql: str) -> list[Any]:
    """What the database answers."""
    with one.cursor() as cursor:
        return list(cursor.execute(sql).fetchall())


def test_the_next_request_takes_what_the_last_one_left(opened: Opened) -> None:
    first = opened()
    raw = first.connection
    ask(first, "INSERT INTO word VALUES ('one')")
    first.close()
    second, third = opened(), opened()
    assert second.connection is raw
    assert third.connection is not raw
    assert ask(second, "SELECT text FROM word") == ask(third, "SELECT text FROM word") == [("one",)]
    assert ask(second, "PRAGMA foreign_keys") == [(1,)]


def test_an_answer_read_in_part_does_not_show_the_next_one_old_data(opened: Opened) -> None:
    first, writer = opened(), opened()
    ask(writer, "INSERT INTO word VALUES ('one'), ('two'), ('three')")
    half = first.cursor()
    half.execute("SELECT text FROM word")
    assert half.fetchone() == ("one",)
    first.close()
    ask(writer, "DELETE FROM word")
    assert ask(opened(), "SELECT text FROM word") == []


def test_nothing_is_kept_of_an_open_transaction_or_after_a_failure(opened: Opened) -> None:
    first = opened()
    raw = first.connection
    first.set_autocommit(False)
    ask(first, "INSERT INTO word VALUES ('lost')")
    first.close()
    second = opened()
    assert second.connection is not raw
    assert ask(second, "SELECT text FROM word") == []
    raw = second.connection
    with pytest.raises(OperationalError):
        ask(second, "SELECT text FROM nowhere")
    second.close()
    assert opened().connection is not raw


def test_few_are_kept_and_none_for_long(opened: Opened, monkeypatch: pytest.MonkeyPatch) -> None:
    many = [opened() for _ in range(4)]
    raws = [one.connection for one in many]
    for one in many:
        one.close()
    assert [opened().connection, opened().connection] == [raws[1], raws[0]]  # the other two were closed
    monkeypatch.setattr(base, "KEEP_SECONDS", 0)
    late = opened()
    raw = late.connection
    late.close()
    assert opened().connection is not raw


def test_a_command_keeps_none(tmp_path: Path) -> None:
    assert database(Environment({}), tmp_path, "web")["KEEP"]
    assert not database(Environment({}), tmp_path, "command")["KEEP"]
