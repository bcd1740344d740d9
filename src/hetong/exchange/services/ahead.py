"""Contracts of a large file, worked out by a helper process while this one reads the next rows and writes those before.

Working a chunk out (reading the input, rules, prices, journal) is Python, writing it is the database: one after the other they hold the
database for as long as both take, on one core. The helper calls the same service as anybody, with a connection that cannot write, and
hands back the rows to be inserted (`kernel.bulk.held_back`). Whatever it cannot do so is done here, as if there were no helper.
"""

from __future__ import annotations

import hashlib
import logging
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import IO, Any
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction

from hetong.contracts.models import Contract
from hetong.contracts.services import add_contracts
from hetong.exchange.models import Import
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.bulk import Later, held_back

MANY = 3_000
"""Rows from which on a helper is worth its start, which takes as long as some 2,000 of them."""
BYTES_A_ROW = 100
"""For files whose rows nobody has counted yet."""
SECONDS = 120
"""How long a chunk may take the helper before it is given up."""
PIPE = 2**19
"""Bytes that a pipe holds where its size may be chosen, so that an answer is said without waiting for who listens."""
PACKAGES = str(Path(__file__).parents[3])
"""Where this package lies, for a process that may not know."""
_LOG = logging.getLogger("hetong.exchange")


@dataclass(frozen=True)
class Job:
    """What `add_contracts` is to be called with."""

    actor: Actor
    givens: Sequence[Mapping[str, Any]]
    lines: Sequence[Sequence[Mapping[str, Any]]]
    numbers: Sequence[str]
    adopted: Mapping[int, str]
    adopted_because: str

    def done(self) -> list[Contract]:
        """The contracts that are added by it. Raises as the service does."""
        return add_contracts(
            self.actor, self.givens, lines=self.lines, numbers=self.numbers, adopted=self.adopted, adopted_because=self.adopted_because
        )  # fmt: skip


@dataclass(frozen=True)
class Worked:
    """The contracts that came of a job, by id and version, and what is to be stored for them."""

    made: Sequence[tuple[UUID, int]]
    held: Sequence[Later]


@dataclass(frozen=True)
class _House:
    """What the helper must have in common with whoever started it."""

    database: str
    key: str

    @classmethod
    def of_here(cls) -> _House:
        key = hashlib.sha256(settings.SECRET_KEY.encode()).hexdigest()
        return cls(str(connection.settings_dict["NAME"]), key)


class Helper:
    """The helper process as this one sees it. It is started when it is first looked for."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._threads: list[threading.Thread] = []
        self._questions: SimpleQueue[Any] = SimpleQueue()
        self._answers: SimpleQueue[Any] = SimpleQueue()
        self._has_spoken = threading.Event()
        self._is_over = self._is_given_up = False

    def _start(self) -> None:
        path = os.pathsep.join(filter(None, (PACKAGES, os.environ.get("PYTHONPATH"))))
        try:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "hetong.exchange"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                env=os.environ | {"PYTHONPATH": path},
                pipesize=PIPE,
            )
        except OSError as full:  # no room for another process, or for such pipes
            _LOG.warning("an import has no helper: %s", full)
            self._is_over = True
            self._has_spoken.set()
            return
        self._questions.put(_House.of_here())
        self._threads = [
            threading.Thread(target=each, name="import helper", daemon=True) for each in (self._listen, self._speak)
        ]
        for one in self._threads:
            one.start()

    def _listen(self) -> None:
        """Take what it says as it comes, so that it never waits for this process. What cannot be understood is the last that is heard."""
        try:
            while True:
                said = pickle.load(self._pipes()[1])  # noqa: S301 - from our own child
                if self._has_spoken.is_set():
                    self._answers.put(said)
                self._has_spoken.set()
        except Exception as broken:
            if not isinstance(broken, EOFError):
                _LOG.warning("an import goes on without its helper: %r", broken)
        finally:
            self._is_over = True
            self.kill()
            self._has_spoken.set()
            self._answers.put(None)
            self._questions.put(None)

    def _speak(self) -> None:
        """Ask it what is to be asked, at its own pace: this process never waits for it to listen."""
        pipe = self._pipes()[0]
        with suppress(OSError):  # a helper that is gone says so where it is listened to
            while (question := self._questions.get()) is not None:
                _say(question, pipe)
        with suppress(OSError):
            pipe.close()

    @property
    def is_ready(self) -> bool:
        """Whether it has started and may be asked."""
        return self.wait(0)

    def wait(self, seconds: int = SECONDS) -> bool:
        """Whether it may be asked by then."""
        if self._process is None and not self._is_over:
            self._start()
        self._has_spoken.wait(seconds)
        return self._has_spoken.is_set() and not self._is_over

    def ask(self, job: Job) -> None:
        """Let it work a job out; answers come in the order of the questions."""
        self._questions.put(job)

    def answer(self) -> Worked | None:
        """What came of the oldest job that it was asked; None where that is to be done here."""
        if self._is_given_up or (self._is_over and self._answers.empty()):
            return None
        try:
            said = self._answers.get(timeout=SECONDS)
        except Empty:  # what it says from now on would be taken for the answer to the next question
            self._is_given_up = True
            self.kill()
            return None
        if isinstance(said, str):
            _LOG.info("rows of an import are worked out without the helper: %s", said)
            return None
        return said if isinstance(said, Worked) else None

    def kill(self) -> None:
        """End it at once."""
        if self._process is not None:
            self._process.kill()
            self._process.wait()

    def end(self) -> None:
        """Send it home; it goes of its own accord, and by force where it does not or has not begun yet."""
        if self._process is None:
            return
        self._questions.put(None)
        try:
            self._process.wait(5 if self._has_spoken.is_set() else 0)
        except subprocess.TimeoutExpired:
            self.kill()
        for one in self._threads:
            one.join()
        self._pipes()[1].close()

    def _pipes(self) -> tuple[IO[bytes], IO[bytes]]:
        if self._process is None or self._process.stdin is None or self._process.stdout is None:
            raise AssertionError("it is asked before it was started")
        return self._process.stdin, self._process.stdout


@contextmanager
def helper_for(of: Import) -> Iterator[Helper | None]:
    """A helper for the import, as long as the block runs; None where the file is small or another process could not help."""
    if not (_is_large(of) and _can_be_helped()):
        yield None
        return
    helper = Helper()
    try:
        yield helper
    finally:
        helper.end()


def _is_large(of: Import) -> bool:
    rows = int(of.counts.get("rows", 0)) or of.blob.size // BYTES_A_ROW
    return rows >= MANY


def _can_be_helped() -> bool:
    """Another process sees what is committed, at the time of day that it is; and there is a core for it."""
    in_memory = connection.vendor == "sqlite" and connection.is_in_memory_db()  # type: ignore[attr-defined]  # SQLite's own
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return cores > 1 and not in_memory and not connection.in_atomic_block and not clock.is_moved()


# -- in the helper -------------------------------------------------------------------------------------


def help_out(asked: IO[bytes], said: IO[bytes]) -> None:
    """Work out what comes in until nothing comes any more; ``said`` is buffered, so that an answer is said to its end."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever asked ends first
    sys.stdout = sys.stderr  # what is printed by mistake is no answer
    house: _House = pickle.load(asked)  # noqa: S301 - from whoever started this
    connection.settings_dict["NAME"] = house.database
    if house != _House.of_here():
        return
    _say("ready", said)
    with suppress(EOFError, OSError):
        while True:
            _say(_worked(pickle.load(asked)), said)  # noqa: S301 - as above


def _worked(job: Job) -> Worked | str:
    """The rows that come of a job; or why it cannot be worked out here."""
    try:
        with transaction.atomic():
            with held_back() as held:
                rows = job.done()
            transaction.set_rollback(True)
        return Worked([(one.pk, one.version) for one in rows], held)
    except Exception as broken:
        return f"{type(broken).__name__}: {broken}"[:500]


def _say(what: Any, pipe: IO[bytes]) -> None:
    pickle.dump(what, pipe, protocol=pickle.HIGHEST_PROTOCOL)
    pipe.flush()
