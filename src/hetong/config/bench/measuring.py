"""How one page is measured: as in production, many times, beside what the machine itself does meanwhile."""

from __future__ import annotations

import gzip
import os
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from django.db import close_old_connections, connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hetong.accounts.models import User

Figures = Iterator[tuple[str, float, str, float | None]]
ROUNDS, WARM = 20, 3
PAGE_KB = 60


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
    p95 = statistics.quantiles(wall, n=20)[-1] if len(wall) > 1 else wall[0]
    return Took(round(statistics.median(wall), 1), round(p95, 1), round(statistics.median(cpu), 1))


def noise() -> Figures:
    """How steady the machine is: a fixed loop's p95 over its median; far above 1, the figures below say little."""
    took = repeated(lambda: sum(n * n for n in range(60_000)), rounds=60)
    yield (f"machine: fixed loop, load {os.getloadavg()[0]:.1f}: median", took.median, "ms", None)
    yield ("machine: p95 of the loop over its median (1.0 is quiet)", round(took.p95 / took.median, 2), "×", None)


def page(label: str, url: str, user: User, *, budget: float | None, queries: int) -> Figures:
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
        yield (f"{label}: answered {answer.status_code}", 0, "ms", -1)
        return
    yield (f"{label}: median", took.median, "ms", None)
    yield (f"{label}: p95", took.p95, "ms", budget)
    yield (f"{label}: processor", took.cpu, "ms", None)
    yield (f"{label}: queries", len(captured), "queries", queries)
    yield (f"{label}: page", round(len(gzip.compress(answer.content)) / 1024, 1), "KB gz", PAGE_KB)
