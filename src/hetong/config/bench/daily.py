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
        before, started, used = Notice.objects.count(), time.perf_counter(), time.process_time()
        with clock.set_to(moment):
            for name in OF_THE_DAY:
                run_timed(name)
        took, used = time.perf_counter() - started, time.process_time() - used
        budget = BUDGET_S if what != "first" else None
        told = f"daily, {Notice.objects.count() - before:,} told"
        yield Figure(told, what, round(took, 1), "s", budget, rows=rows)
        yield Figure(told, f"{what}, processor", round(used, 1), "s", budget, rows=rows)
