"""Exchange rates for days and currencies that the shipped file of the ECB does not have, marked as made up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from hetong.kernel.actors import Actor
from hetong.reference.models import Rate
from hetong.reference.services import load_rates

SOURCE = "demo"
"""Stands beside every conversion, so that nobody takes these rates for real ones."""
USUAL = {"SEK": 111_000, "CNY": 82_000, "USD": 11_600, "GBP": 8_700, "NOK": 116_000, "JPY": 1_780_000, "TWD": 348_000}
"""What a euro costs where no rate is known to go on from, in 10^-4."""
WAVE = (0, 9, 17, 23, 26, 24, 18, 10, 1, -8, -16, -22, -25, -23, -17, -9)
"""How the rates move from working day to working day, in 10^-4 of themselves."""
SATURDAY = 5


def load_demo_rates(actor: Actor, first: dt.date, last: dt.date) -> int:
    """Give every working day from ``first`` to ``last`` (inclusive) a rate in each currency of the demo."""
    rows = Rate.objects.filter(currency__in=USUAL).order_by("day").values_list("currency", "day", "rate")
    known = {(currency, day) for currency, day, _units in rows}
    base = USUAL | {currency: units // 10**6 for currency, _day, units in rows}
    lines = [",".join(["Date", *USUAL])]
    for at, day in enumerate(_working_days(first, last)):
        figures = ["N/A" if (one, day) in known else _moved(base[one], at) for one in USUAL]
        lines.append(",".join([day.isoformat(), *figures]))
    return load_rates(actor, "\n".join(lines).encode(), source=SOURCE).count


def _moved(usual: int, at: int) -> str:
    units = usual * (10_000 + WAVE[at % len(WAVE)]) // 10_000
    return f"{units // 10_000}.{units % 10_000:04d}"


def _working_days(first: dt.date, last: dt.date) -> Iterator[dt.date]:
    for shift in range((last - first).days + 1):
        day = first + dt.timedelta(days=shift)
        if day.weekday() < SATURDAY:
            yield day
