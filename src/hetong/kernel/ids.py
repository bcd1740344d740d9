"""UUID version 7 (RFC 9562 §5.7): ids that sort by the millisecond they were made in."""

from __future__ import annotations

import os
import threading
import uuid

from . import clock

_lock = threading.Lock()
_last = 0


def new_id() -> uuid.UUID:
    """A fresh UUIDv7, strictly increasing within this process even when the clock stands or goes back.

    The 12 bits after the version continue the millisecond as a counter (RFC 9562 §6.2, method 1).
    """
    return new_ids(1)[0]


def new_ids(count: int) -> list[uuid.UUID]:
    """So many fresh ids in their order."""
    global _last
    with _lock:
        first = max(int(clock.now().timestamp() * 1000) << 12, _last + 1)
        _last = first + count - 1
    random = os.urandom(8 * count)
    return [_id(first + n, random[8 * n : 8 * n + 8]) for n in range(count)]


def _id(tick: int, random: bytes) -> uuid.UUID:
    """The id of a tick: milliseconds, then a counter of 12 bits."""
    millis, counter = tick >> 12, tick & 0xFFF
    low = int.from_bytes(random, "big") & ((1 << 62) - 1)
    return uuid.UUID(int=(millis & ((1 << 48) - 1)) << 80 | 0x7 << 76 | counter << 64 | 0b10 << 62 | low)
