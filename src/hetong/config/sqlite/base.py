"""SQLite whose writers of one process take turns in the order in which they came.

SQLite lets one transaction write at a time, and those that wait look again after pauses of their own, so that
under steady writing one of them may wait for its whole timeout and fail while others pass it again and again.
The embedded engine is one process: here its threads queue up before they ask SQLite, and nobody is passed.
Another process (a command beside the server) still waits as SQLite lets it.
"""

from __future__ import annotations

import threading
from collections import deque
from typing import Any

from django.db.backends.sqlite3 import base, operations
from django.db.utils import OperationalError

from hetong.kernel.ids import id_of

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


class DatabaseOperations(operations.DatabaseOperations):
    """Reads ids without the checks that are for text from elsewhere: the columns hold what was written as ids."""

    def convert_uuidfield_value(self, value: Any, expression: Any, connection: Any) -> Any:
        return None if value is None else id_of(int(value.replace("-", ""), 16))


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection that queues up before it begins a transaction, and hands its turn on when that is over."""

    ops_class = DatabaseOperations

    def __init__(self, *args: Any, **more: Any) -> None:
        super().__init__(*args, **more)
        self._held: Turns | None = None

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

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._let_go()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._let_go()

    def _let_go(self) -> None:
        held, self._held = self._held, None
        if held is not None:
            held.hand_on()
