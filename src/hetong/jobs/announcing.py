"""Telling open pages that records have changed: names of what changed, never what it is now.

Whoever hears a name asks for the page's part again and gets what they may read. A name is a record's id, a person's id, a
noun or ``noun/company`` (a record of that kind, there), a company's id or ``any`` (something there, anywhere). On SQLite
the threads of the one process tell each other; on PostgreSQL every process listens to one channel, which speaks when
the transaction commits.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from typing import Any
from uuid import UUID

from django.db import connection, transaction

from hetong.kernel.events import Fact

CHANNEL = "hetong_live"
LONGEST = 7500
"""Bytes of one notification; PostgreSQL takes 8,000."""
MOST_NAMED = 200
"""Records of one event that are named; where there are more, whoever hears anything hears of it, as where names do not fit."""
ALL = "*"
"""Too much has changed to name it."""
ANY = "any"
"""Something has changed somewhere: for those who see every company."""
AGAIN_SECONDS, QUIET_SECONDS = 2, 30
_LOG = logging.getLogger("hetong.live")


class Hearer:
    """One open page: the names it waits for, and those it has heard and not passed on yet."""

    def __init__(self, names: Collection[str]) -> None:
        self.names = frozenset(names)
        self.heard: set[str] = set()
        self.is_over = False
        self._bell = asyncio.Event()

    def hear(self, names: Collection[str]) -> None:
        """Keep the names; only in the event loop of the page."""
        self.heard.update(names)
        self._bell.set()

    async def next(self, quiet: float) -> set[str]:
        """The names heard since the last time; empty after ``quiet`` seconds without one, or when all is over."""
        try:
            await asyncio.wait_for(self._bell.wait(), quiet)
        except TimeoutError:
            return set()
        self._bell.clear()
        heard, self.heard = self.heard, set()
        return heard


class Hub:
    """The open pages of this process, by the names they wait for."""

    def __init__(self) -> None:
        self._mutex = threading.Lock()
        self._hearers: defaultdict[str, set[Hearer]] = defaultdict(set)
        self._loop: asyncio.AbstractEventLoop | None = None
        self.count = 0

    def join(self, hearer: Hearer) -> None:
        """Let a page hear; called in its event loop, of which a process has one."""
        with self._mutex:
            self._loop = asyncio.get_running_loop()
            self.count += 1
            for name in {*hearer.names, ALL}:
                self._hearers[name].add(hearer)

    def leave(self, hearer: Hearer) -> None:
        """The page is gone."""
        with self._mutex:
            self.count -= 1
            for name in {*hearer.names, ALL}:
                self._hearers[name].discard(hearer)
                if not self._hearers[name]:
                    del self._hearers[name]

    def tell(self, names: Collection[str]) -> None:
        """Pass names on to the pages that wait for them; from any thread."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._pass_on, tuple(names))

    def end(self) -> None:
        """Let every open page end, so that the process can."""
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._end)

    def _pass_on(self, names: Collection[str]) -> None:
        with self._mutex:
            found: defaultdict[Hearer, set[str]] = defaultdict(set)
            for name in names:
                for hearer in self._hearers.get(name, ()):
                    found[hearer].add(name)
        for hearer, heard in found.items():
            hearer.hear(heard)

    def _end(self) -> None:
        with self._mutex:
            hearers = list(self._hearers.get(ALL, ()))
        for hearer in hearers:
            hearer.is_over = True
            hearer.hear(())


HUB = Hub()


def names_of(rows: Iterable[Fact]) -> set[str]:
    """The names of what an event is about: its records, those its facts name, their kinds and companies."""
    facts = list(rows)
    if len(facts) > MOST_NAMED:
        return {ALL}
    names = {str(fact.id) for fact in facts} | {fact.noun for fact in facts} | ({ANY} if facts else set())
    names.update(str(value) for fact in facts if fact.facts for value in fact.facts.values() if _is_id(value))
    places = {(fact.noun, id(fact.company)): fact.company for fact in facts if fact.company}
    for (noun, _where), company in places.items():
        names.update((str(company), f"{noun}/{company}"))
    return names


def of_kind(noun: str, companies: Collection[UUID] | None) -> list[str]:
    """The names under which a reader of these companies (None: all of them) hears of records of a kind."""
    return [noun] if companies is None else [f"{noun}/{company}" for company in sorted(companies)]


def of_companies(companies: Collection[UUID] | None) -> list[str]:
    """The names under which a reader of these companies (None: all of them) hears of anything there."""
    return [ANY] if companies is None else [str(company) for company in sorted(companies)]


def _is_id(value: Any) -> bool:
    if isinstance(value, UUID):
        return True
    if not isinstance(value, str) or len(value) != 36:
        return False
    try:
        UUID(value)
    except ValueError:
        return False
    return True


def announce(names: Iterable[str]) -> None:
    """Tell the open pages of all processes, once what is being done commits."""
    told = sorted({*names})
    if not told:
        return
    if connection.vendor == "postgresql":
        text = " ".join(told)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, %s)", [CHANNEL, text if len(text) <= LONGEST else ALL])
    else:
        transaction.on_commit(lambda: HUB.tell(told))


class Listening:
    """The one connection of a process on which PostgreSQL speaks; begun with the first open page."""

    def __init__(self, hub: Hub) -> None:
        self._hub, self._mutex = hub, threading.Lock()
        self._thread: threading.Thread | None = None

    def begin(self) -> None:
        """Listen from now on, where the database can speak."""
        if connection.vendor != "postgresql":
            return
        with self._mutex:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, name="hetong-live", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        pause, connect = threading.Event(), _connector()
        while True:
            try:
                with connect() as held:
                    held.execute(f"LISTEN {CHANNEL}")
                    self._hub.tell((ALL,))  # what was said meanwhile was not heard
                    while True:
                        for one in held.notifies(timeout=QUIET_SECONDS):
                            self._hub.tell(one.payload.split())
                        held.execute("SELECT 1")
            except connection.Database.Error as error:  # type: ignore[attr-defined]  # the driver, loaded where it is used
                _LOG.warning("live pages do not hear the database: %s", error)
            pause.wait(AGAIN_SECONDS)


def _connector() -> Callable[[], Any]:
    """How to reach the database outside the pool, which is for requests."""
    known = {"dbname", "user", "password", "host", "port", "options", "sslmode", "sslrootcert", "sslcert", "sslkey"}
    params = {name: value for name, value in connection.get_connection_params().items() if name in known}
    return lambda: connection.Database.connect(**params, autocommit=True, application_name="hetong live")  # type: ignore[attr-defined]


LISTENING = Listening(HUB)
