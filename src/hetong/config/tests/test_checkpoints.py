"""A14: what a batch committed to the embedded engine is carried into its file by a thread, and is never less safe by that."""

from __future__ import annotations

import shutil
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from queue import Queue
from typing import Any

import pytest
from django.db import connections

from hetong.config.databases import database
from hetong.config.environment import Environment
from hetong.config.sqlite import base, checkpoints

Write = Callable[[int], None]


@pytest.fixture
def write(tmp_path: Path, django_db_blocker: Any) -> Iterator[Write]:
    """Commits so many rows to a file of its own."""
    entry = connections.configure_settings({"default": database(Environment({}), tmp_path, "command")})["default"]
    with django_db_blocker.unblock():
        connection = base.DatabaseWrapper(entry, "default")
        with connection.cursor() as cursor:
            cursor.execute("CREATE TABLE word (text TEXT)")

            def commit(rows: int) -> None:
                connection.set_autocommit(False)
                cursor.executemany("INSERT INTO word VALUES (%s)", [(f"word {number}" * 20,) for number in range(rows)])
                connection.commit()
                connection.set_autocommit(True)

            yield commit
        connection.close()


def words_in(path: Path, folder: Path) -> int:
    """How many rows the database file holds by itself, without the log beside it."""
    alone = folder / "alone.db"
    shutil.copyfile(path, alone)
    with closing(sqlite3.connect(alone)) as copy:
        try:
            return int(copy.execute("SELECT COUNT(*) FROM word").fetchone()[0])
        except sqlite3.OperationalError:
            return 0


def test_a_batch_asks_for_a_checkpoint_and_small_saves_once_they_add_up(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: Queue[str] = Queue()
    monkeypatch.setattr(checkpoints, "checkpoint", asked.put)
    monkeypatch.setattr(base, "checkpoints", checkpoints.Checkpoints())
    write(checkpoints.ROWS - 2)
    write(1)
    assert asked.empty()
    write(1)
    assert asked.get(timeout=20) == str(tmp_path / "hetong.db")
    write(checkpoints.ROWS)
    assert asked.get(timeout=20) == str(tmp_path / "hetong.db")


def test_a_commit_leaves_the_file_to_the_checkpoint(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(base, "checkpoints", checkpoints.Checkpoints())
    monkeypatch.setattr(checkpoints.Checkpoints, "count", lambda *_: None)
    write(20_000)
    file, copies = tmp_path / "hetong.db", tmp_path / "copies"
    copies.mkdir()
    assert words_in(file, copies) == 0, "the commit carried 1,000 pages over itself"
    checkpoints.checkpoint(str(file))
    assert words_in(file, copies) == 20_000


def test_a_commit_is_no_failure_where_the_system_gives_no_thread(
    write: Write, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refused(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(base, "checkpoints", checkpoints.Checkpoints())
    monkeypatch.setattr(threading.Thread, "start", refused)
    write(checkpoints.ROWS)
    with closing(sqlite3.connect(tmp_path / "hetong.db")) as reader:
        assert reader.execute("SELECT COUNT(*) FROM word").fetchone() == (checkpoints.ROWS,)


def test_a_file_that_is_gone_is_not_made_anew(tmp_path: Path) -> None:
    checkpoints.checkpoint(str(tmp_path / "gone #1?.db"))
    assert not list(tmp_path.iterdir())
