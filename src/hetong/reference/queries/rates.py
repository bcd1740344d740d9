"""Exchange rates: the newest on or before a day, at most ten days old, crossed over the euro."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from hetong.kernel.errors import N_, Conflict
from hetong.kernel.explain import HALF_UP, Explained, Operand, Step, register_labels
from hetong.kernel.money import Money, places
from hetong.kernel.numerals import format_number
from hetong.kernel.rounding import round_to_money
from hetong.kernel.scaled import RATE, Scaled
from hetong.reference.models import Rate
from hetong.reference.places import currency_name

OLDEST: Final = dt.timedelta(days=10)
"""A rate may be this much older than the day it is used for: the longest run of days without fixing is five."""

EURO: Final = "EUR"
_ONE: Final = Scaled(10**RATE.exponent, RATE.exponent)

register_labels(
    {
        "reference.convert": _("Converted at the reference rate"),
        "reference.amount": _("Amount"),
        "reference.per_euro_from": _("One euro in the currency of the amount"),
        "reference.per_euro_to": _("One euro in the currency asked for"),
        "reference.rate_day": _("Day of the rate"),
        "reference.rate_source": _("Source"),
    }
)


class NoRate(Conflict):
    """There is no rate for the currency on the day, nor in the ten days before."""

    code = "no_rate"
    text = N_("There is no exchange rate %(source)s → %(target)s for %(on)s, nor for the ten days before it.")
    then = N_("Ask an administrator to load the newest rates: hetong rates load FILE, with the file of the ECB.")


@dataclass(frozen=True)
class Conversion:
    """How amounts of one currency become another: both prices of a euro on ``day``, exact."""

    source: str
    target: str
    day: dt.date
    per_euro_source: Scaled
    per_euro_target: Scaled
    published_by: str

    @property
    def fraction(self) -> Fraction:
        """What one unit of the source costs in the target, exact."""
        return self.per_euro_target.fraction / self.per_euro_source.fraction

    @property
    def rate(self) -> Scaled:
        """The same, to the ten decimals that a record keeps."""
        return Scaled.nearest(self.fraction, RATE)

    def apply(self, amount: Money) -> Money:
        """The amount in the target currency, rounded once."""
        major = Fraction(amount.minor, 10 ** places(amount.currency))
        return round_to_money(major * self.fraction, self.target)


def rate(source: str, target: str, on: dt.date) -> Conversion:
    """The newest rate on or before ``on``, at most ten days old. Raises `NoRate`, `UnknownCurrency`.

    Both currencies are taken from the same day, the newest that has both.
    """
    places(source), places(target)
    asked = {source, target} - {EURO}
    if source == target or not asked:
        return Conversion(source, target, on, _ONE, _ONE, "")
    rows = Rate.objects.filter(currency__in=asked, day__range=(on - OLDEST, on)).order_by("-day")
    by_day: dict[dt.date, dict[str, tuple[int, str]]] = {}
    for currency, day, units, published_by in rows.values_list("currency", "day", "rate", "source"):
        by_day.setdefault(day, {})[currency] = (units, published_by)
    for day, found in by_day.items():
        if len(found) == len(asked):
            prices = {currency: RATE.from_units(units) for currency, (units, _by) in found.items()}
            sources = ", ".join(sorted({by for _units, by in found.values()}))
            return Conversion(source, target, day, prices.get(source, _ONE), prices.get(target, _ONE), sources)
    raise NoRate(source=source, target=target, on=on.isoformat())


def convert(amount: Money, target: str, on: dt.date) -> Explained[Money]:
    """The amount in another currency at the reference rate of a day, with how. Raises `NoRate`."""
    if amount.currency == target:
        return Explained(amount)
    used = rate(amount.currency, target, on)
    result = used.apply(amount)
    operands = (
        Operand("", "reference.amount", amount),
        Operand("", "reference.per_euro_from", used.per_euro_source),
        Operand("", "reference.per_euro_to", used.per_euro_target),
        Operand("", "reference.rate_day", used.day),
        Operand("", "reference.rate_source", used.published_by),
    )
    return Explained(result, (Step("reference.convert", operands, result, rounding=HALF_UP),))


def newest_day() -> dt.date | None:
    """The newest day that rates are known for; None when nothing was loaded yet."""
    newest: dt.date | None = Rate.objects.aggregate(newest=Max("day"))["newest"]
    return newest


@dataclass(frozen=True)
class Quote:
    """What one euro cost in a currency, as shown to a reader."""

    currency: str
    name: str
    rate: str
    source: str


def quotes_on(day: dt.date, language: str) -> list[Quote]:
    """Every rate of one day, with the currencies' names."""
    rows = Rate.objects.filter(day=day).order_by("currency").values_list("currency", "rate", "source")
    return [
        Quote(code, currency_name(code, language), format_number(RATE.from_units(units), language), source)
        for code, units, source in rows
    ]
