"""UUID version 7 (RFC 9562 §5.7): ids that sort by the millisecond they were made in."""

from __future__ import annotations

import copyreg
import os
import struct
import threading
import uuid

from . import clock

_lock = threading.Lock()
_last = 0
DRAWN = 256
"""Random numbers are asked for so many at a time: asking is what costs."""
_drawn: list[int] = []
os.register_at_fork(after_in_child=_drawn.clear)  # no two processes give the same
_MILLIS, _LOW = (1 << 48) - 1, (1 << 62) - 1


def new_id() -> uuid.UUID:
    """A fresh UUIDv7, strictly increasing within this process even when the clock stands or goes back.

    The 12 bits after the version continue the millisecond as a counter (RFC 9562 §6.2, method 1).
    """
    global _last
    with _lock:
        tick = _last = max(clock.milliseconds() << 12, _last + 1)
        if not _drawn:
            _drawn.extend(_chances(DRAWN))
        chance = _drawn.pop()
    return id_of(_number(tick, chance))


def new_ids(count: int) -> list[uuid.UUID]:
    """So many fresh ids in their order, drawn at once."""
    global _last
    with _lock:
        first = max(clock.milliseconds() << 12, _last + 1)
        _last = first + count - 1
    return [id_of(_number(tick, chance)) for tick, chance in enumerate(_chances(count), first)]


def _chances(count: int) -> tuple[int, ...]:
    return struct.unpack(f">{count}Q", os.urandom(8 * count))


def _number(tick: int, chance: int) -> int:
    """The id of a tick: milliseconds, then a counter of 12 bits, then chance."""
    return (tick >> 12 & _MILLIS) << 80 | 0x7 << 76 | (tick & 0xFFF) << 64 | 0b10 << 62 | chance & _LOW


def id_of(number: int) -> uuid.UUID:
    """The id of that number, without the checks that its making does for numbers from elsewhere."""
    made = _new(uuid.UUID)
    _set_int(made, number)
    _set_is_safe(made, _UNKNOWN)
    return made


_new, _UNKNOWN = object.__new__, uuid.SafeUUID.unknown
_set_int, _set_is_safe = (vars(uuid.UUID)[slot].__set__ for slot in ("int", "is_safe"))
copyreg.pickle(uuid.UUID, lambda id: (id_of, (id.int,)))  # thousands of them go from one process to another
