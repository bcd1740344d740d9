"""How one piece of work is measured: as in production, many times, beside what the machine itself does meanwhile."""

from __future__ import annotations

import gzip
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hetong.accounts.models import User

ROUNDS, WARM = 60, 10
"""PostgreSQL plans a prepared statement anew its first five times, and of twenty rounds p95 would be the slowest but one."""
PAGE_KB = 60


@dataclass(frozen=True)
class Figure:
    """One measured figure beside its budget.

    ``unit`` says which way is better: what ends in "/s" up, all else (ms, s, MB, KB gz, queries, ×) down.
    """

    work: str
    """What was done: "contracts by owner", "import of contracts"."""
    what: str
    """Which figure of it: "median", "p95", "processor", "queries", "rate"."""
    value: float
    unit: str
    budget: float | None = None
    who: str = ""
    """As whom, where that matters."""
    rows: int = 0
    """Over how many records."""

    @property
    def is_met(self) -> bool | None:
        if self.budget is None:
            return None
        return self.value >= self.budget if self.unit.endswith("/s") else self.value <= self.budget

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"met": self.is_met}

    def as_line(self) -> str:
        """The figure as a line of the table."""
        sign = "≥" if self.unit.endswith("/s") else "≤"
        budget = "" if self.budget is None else f"{sign} {self.budget:g}"
        mark = {None: "", True: "ok", False: "MISSED"}[self.is_met]
        place = f"{self.who:6} {f'{self.rows:,}' if self.rows else '':>9}"
        return f"{self.work:44} {place} {self.what:10} {self.value:>10,g} {self.unit:8} {budget:>8} {mark}".rstrip()


Figures = Iterator[Figure]


@dataclass(frozen=True)
class Took:
    """What repeated requests took, in ms: on the clock, and of this process's processor time."""

    median: float
    p95: float
    cpu: float


def repeated(work: Callable[[], object], rounds: int = ROUNDS, warm: int = WARM) -> Took:
    """Run ``work`` ``rounds`` times after ``warm`` unmeasured ones."""
    wall, cpu = [], []
    for attempt in range(warm + rounds):
        started, used = time.perf_counter(), time.process_time()
        work()
        if attempt >= warm:
            wall.append((time.perf_counter() - started) * 1000)
            cpu.append((time.process_time() - used) * 1000)
    p95 = statistics.quantiles(wall, n=20, method="inclusive")[-1] if len(wall) > 1 else wall[0]
    return Took(round(statistics.median(wall), 1), round(p95, 1), round(statistics.median(cpu), 1))


def noise() -> Figures:
    """How steady the machine is: a fixed loop's p95 over its median; far above 1, the figures below say little."""
    took = repeated(lambda: sum(n * n for n in range(60_000)), rounds=60)
    loop = f"machine: a fixed loop, load {os.getloadavg()[0]:.1f}"
    yield Figure(loop, "median", took.median, "ms")
    yield Figure(loop, "p95/median", round(took.p95 / took.median, 2), "×")


def page(work: str, url: str, user: User, *, who: str, rows: int, budget: float | None, queries: int) -> Figures:
    """One address as one reader: time, processor time, statements, size."""
    client = Client(headers={"host": "localhost"})
    client.force_login(user)

    def ask() -> None:
        client.get(url)
        close_old_connections()  # as the server does after every request

    took = repeated(ask)
    with CaptureQueriesContext(connection) as captured:
        answer = client.get(url)
    if answer.status_code != 200:
        yield Figure(f"{work}: answered {answer.status_code}", "p95", 0, "ms", -1, who, rows)
        return
    yield Figure(work, "median", took.median, "ms", None, who, rows)
    yield Figure(work, "p95", took.p95, "ms", budget, who, rows)
    yield Figure(work, "processor", took.cpu, "ms", None, who, rows)
    yield Figure(work, "queries", len(captured), "queries", queries, who, rows)
    yield Figure(work, "page", round(len(gzip.compress(answer.content)) / 1024, 1), "KB gz", PAGE_KB, who, rows)
