"""Checkpoints beside the work: a thread takes what was committed from the log into the database file.

Left to itself, SQLite lets the commit that finds a thousand pages in the log carry them over and wait for the disk: whoever saves at
that moment pays for those before, and a batch pays at every one of its commits. Nothing is less safe by it: what is committed is
in the log and on the disk, and stays there until it is in the file too (https://www.sqlite.org/wal.html#ckpt).
"""

from __future__ import annotations

import sqlite3
import threading
from contextlib import closing
from pathlib import Path
from queue import SimpleQueue

ROWS = 5_000
"""So many changed rows are worth a checkpoint."""
MOST_PAGES = 16_000
"""Pages in the log at which a commit carries them over itself, should the thread not keep up: 64 MB."""


class Checkpoints:
    """One thread for all database files of the process, which starts with the first checkpoint that is due."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._changed: dict[str, int] = {}
        self._asked: SimpleQueue[str] = SimpleQueue()
        self._thread: threading.Thread | None = None

    def count(self, name: str, rows: int) -> None:
        """So many rows of the database file ``name`` were changed and are committed."""
        with self._mutex:
            changed = self._changed.get(name, 0) + rows
            self._changed[name] = changed if changed < ROWS else 0
            if changed < ROWS:
                return
            if self._thread is None or not self._thread.is_alive():
                thread = threading.Thread(target=self._work, name="checkpoints", daemon=True)
                try:
                    thread.start()
                except (
                    RuntimeError
                ):  # the system gives no more threads; what was committed is committed, and carried over later
                    return
                self._thread = thread
        self._asked.put(name)

    def _work(self) -> None:
        while True:
            name = self._asked.get()
            if self._asked.empty():  # else whoever comes next finds more to carry
                checkpoint(name)


def checkpoint(name: str) -> None:
    """Take what no reader needs from the log of the file ``name`` into it. Nobody waits for it; where it fails, the next one does it."""
    try:
        with closing(sqlite3.connect(f"{Path(name).absolute().as_uri()}?mode=rw", uri=True)) as connection:
            connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()
    except sqlite3.Error:
        return


of_process = Checkpoints()
