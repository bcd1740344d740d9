from __future__ import annotations

import datetime as dt
import time

from hetong.jobs.worker import run_timed
from hetong.kernel import clock
from hetong.notifications.models import Notice

from .measuring import Figure, Figures, noise
from .rows import prepare

BUDGET_S = 60.0
"""What follows from the day over 100,000 contracts, on an ordinary day."""


def days(rows: int) -> Figures:
    """What follows from the day: the first run, which catches up with everything, and the one of the next working day."""
    from hetong.config.wiring import OF_THE_DAY

    prepare(rows)
    yield from noise()
    first = clock.now() + dt.timedelta(days=1)
    for what, moment in (
        ("first", first),
        ("next day", first + dt.timedelta(days=1)),
        ("again", first + dt.timedelta(days=1)),
    ):
        before, started = Notice.objects.count(), time.perf_counter()
        with clock.set_to(moment):
            for name in OF_THE_DAY:
                run_timed(name)
        took = round(time.perf_counter() - started, 1)
        yield Figure(
            f"daily, {Notice.objects.count() - before:,} told",
            what,
            took,
            "s",
            BUDGET_S if what != "first" else None,
            rows=rows,
        )
