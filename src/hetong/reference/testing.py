"""For tests of higher floors: a handful of exchange rates and the shipped tax rates."""

from __future__ import annotations

import datetime as dt

from hetong.kernel.scaled import RATE, Scaled

from .models import Rate
from .services import seed_tax_rates

__all__ = ["make_rate", "seed_tax_rates"]


def make_rate(currency: str, day: dt.date, per_euro: str) -> Rate:
    """What one euro cost on a day, such as ("SEK", 2024-12-31, "11.459")."""
    return Rate.objects.create(currency=currency, day=day, rate=Scaled.of(per_euro, RATE).units, source="test")
