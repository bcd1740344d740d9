"""SQLite whose writers of one process take turns in the order in which they came, and whose connections stay open.

SQLite lets one transaction write at a time, and those that wait look again after pauses of their own, so that
under steady writing one of them may wait for its whole timeout and fail while others pass it again and again.
The embedded engine is one process: here its threads queue up before they ask SQLite, and nobody is passed.
Another process (a command beside the server) still waits as SQLite lets it.

Opening a connection means reading the description of every table anew, a fifth of what a page takes. A request runs in a
thread of its own, so what it has opened is kept for the next one: ``KEEP`` connections, each for ``KEEP_SECONDS``.
"""

from __future__ import annotations

import atexit
import sqlite3
import threading
import time
from collections import deque
from queue import Empty, Full, LifoQueue
from typing import Any
from weakref import WeakSet

from django.db.backends.sqlite3 import base, operations
from django.db.utils import OperationalError

from hetong.kernel.ids import id_of

from .checkpoints import of_process as checkpoints

WAIT_SECONDS = 20


class Turns:
    """A queue for one thing that one writer holds at a time; whoever came first is next."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._waiting: deque[threading.Lock] = deque()
        self._is_taken = False

    def take(self, timeout: int) -> bool:
        """Wait for one's turn; False when it did not come within ``timeout`` seconds."""
        with self._mutex:
            if not self._is_taken:
                self._is_taken = True
                return True
            turn = threading.Lock()
            turn.acquire()
            self._waiting.append(turn)
        if turn.acquire(timeout=timeout):
            return True
        with self._mutex:
            if turn not in self._waiting:  # it was handed over at the last moment
                return True
            self._waiting.remove(turn)
            return False

    def hand_on(self) -> None:
        """Give the turn to whoever waits longest."""
        with self._mutex:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._is_taken = False

    def waiting(self) -> int:
        """How many stand in the queue."""
        with self._mutex:
            return len(self._waiting)


_turns: dict[str, Turns] = {}
_making = threading.Lock()


def turns_of(name: str) -> Turns:
    """The queue of one database file."""
    with _making:
        return _turns.setdefault(name, Turns())


KEEP_SECONDS = 600
"""What SQLite knows of how many rows there are is read when a connection is opened; the nightly weighing renews it."""
Kept = LifoQueue[tuple[sqlite3.Connection, int]]
"""Open connections nobody uses, each with the second it was opened in; the one that was used last is taken first."""
_kept: dict[str, Kept] = {}


def kept_of(name: str, most: int) -> Kept:
    """Those of one database file, ``most`` at a time."""
    with _making:
        return _kept.setdefault(name, LifoQueue(most))


@atexit.register
def close_kept() -> None:
    """Close them all: the last one to be closed takes what stands beside the file into it."""
    for kept in _kept.values():
        while not kept.empty():
            kept.get_nowait()[0].close()


class DatabaseOperations(operations.DatabaseOperations):
    """Reads ids without the checks that are for text from elsewhere: the columns hold what was written as ids."""

    def convert_uuidfield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else id_of(int(value.replace("-", ""), 16))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues up before it begins a transaction, hands its turn on when that is over, and stays open."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._held: Turns | None = None
        self._opened, self._counted = 0, 0
        self._cursors: WeakSet[Any] = WeakSet()

    def _kept(self) -> Kept | None:
        most = int(self.settings_dict.get("KEEP", 0))
        return kept_of(str(self.settings_dict["NAME"]), most) if most else None

    def get_new_connection(self, conn_params: Any) -> Any:
        """One that was left open, if it is not too old; else a new one."""
        kept, self._counted = self._kept(), 0
        while kept is not None:
            try:
                connection, self._opened = kept.get_nowait()
            except Empty:
                break
            if time.monotonic() < self._opened + KEEP_SECONDS:
                self._counted = connection.total_changes
                return connection
            connection.close()
        self._opened = int(time.monotonic())
        return super().get_new_connection(conn_params)

    def create_cursor(self, name: Any = None) -> Any:
        """A cursor that is known until it is gone."""
        cursor = super().create_cursor(name)
        self._cursors.add(cursor)
        return cursor

    def _start_transaction_under_autocommit(self) -> None:
        turns = turns_of(str(self.settings_dict["NAME"]))
        if not turns.take(int(self.settings_dict["OPTIONS"].get("timeout", WAIT_SECONDS))):
            raise OperationalError("database is locked")
        self._held = turns
        try:
            super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._let_go()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]  # not in the stubs; a commit that fails is rolled back by its caller, and the turn handed on there
        self._let_go()
        changed = self.connection.total_changes
        if not self.is_in_memory_db():
            checkpoints.count(str(self.settings_dict["NAME"]), changed - self._counted)
        self._counted = changed

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_go()

    def _close(self) -> None:
        try:
            if not self._leave_open():
                super()._close()  # type: ignore[misc]
        finally:
            self._let_go()

    def _leave_open(self) -> bool:
        """Leave the connection to the next one who needs it; not in a transaction, or after a failure."""
        kept, connection = self._kept(), self.connection
        if kept is None or connection is None or self.errors_occurred or connection.in_transaction:
            return False
        for cursor in list(self._cursors):
            cursor.close()  # an answer read in part would show its state of the data to the next one
        try:
            kept.put_nowait((connection, self._opened))
        except Full:
            return False
        return True

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.hand_on()
