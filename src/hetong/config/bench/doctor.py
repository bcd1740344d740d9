from __future__ import annotations

import time
from collections.abc import Iterator

from hetong.config.doctor import CHECKS

from .rows import prepare


def checks(rows: int) -> Iterator[tuple[str, float, str, float | None]]:
    """Every check of the doctor over that many contracts and parties."""
    prepare(rows)
    for name, check in CHECKS.items():
        started = time.perf_counter()
        found = len(list(check()))
        yield (f"doctor {name}, {rows:,} rows, {found} findings", round(time.perf_counter() - started, 2), "s", None)
