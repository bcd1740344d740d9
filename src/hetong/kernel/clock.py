"""The only clock. Machine time is aware UTC; contract time is a date in a company's zone.

``set_to`` moves it for a block (tests, ``--as-of``): from there time runs on at its own pace
unless ``frozen``. Nothing else in the product asks the system for the time.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from time import time_ns
from zoneinfo import ZoneInfo

FIRST_ZONE, LAST_ZONE = "Pacific/Kiritimati", "Etc/GMT+12"
"""Where a day begins before it begins anywhere else, and where it ends last."""
_shift: ContextVar[timedelta] = ContextVar("shift", default=timedelta())
_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)


def now() -> datetime:
    """The present instant, aware, in UTC."""
    return _frozen.get() or datetime.now(UTC) + _shift.get()


def is_moved() -> bool:
    """Whether the clock was moved, as other processes do not know."""
    return _frozen.get() is not None or bool(_shift.get())


def milliseconds() -> int:
    """Whole milliseconds of now since 1970, for what asks by the thousand."""
    if not is_moved():
        return time_ns() // 1_000_000
    return int(now().timestamp() * 1000)


def today(zone: str = "UTC") -> date:
    """The calendar day of now in ``zone`` (an IANA name)."""
    return day_of(now(), zone)


def day_of(moment: datetime, zone: str) -> date:
    """The calendar day of an aware instant in ``zone``."""
    return moment.astimezone(ZoneInfo(zone)).date()


@contextmanager
def set_to(moment: datetime | date, *, frozen: bool = True) -> Iterator[None]:
    """Move the clock to ``moment`` (a date means noon UTC of that day) for the block."""
    if not isinstance(moment, datetime):
        moment = datetime(moment.year, moment.month, moment.day, 12, tzinfo=UTC)
    shift = _shift.set(moment - datetime.now(UTC))
    still = _frozen.set(moment if frozen else None)
    try:
        yield
    finally:
        _frozen.reset(still)
        _shift.reset(shift)
