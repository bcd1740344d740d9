from __future__ import annotations

import time

from hetong.config.doctor import CHECKS

from .measuring import Figure, Figures, noise
from .rows import prepare


def checks(rows: int) -> Figures:
    """Every check of the doctor over that many contracts and parties, once each."""
    prepare(rows)
    yield from noise()
    for name, check in CHECKS.items():
        started = time.perf_counter()
        found = len(list(check()))
        took = round(time.perf_counter() - started, 2)
        yield Figure(f"doctor {name}, {found} findings", "once", took, "s", rows=rows)
