"""Which percentage a tax code stands for on a day."""

from __future__ import annotations

import datetime as dt

from django.db.models import Q, QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict
from hetong.reference.models import TaxRate


class NoTaxRate(Conflict):
    """The country has no tax rate of that code on that day."""

    code = "no_tax_rate"
    text = N_("%(country)s has no tax rate “%(rate)s” on %(on)s.")
    then = N_("Choose another rate, or ask an administrator to add it in the settings under Taxes.")


def _valid(on: dt.date) -> Q:
    return Q(valid_from__lte=on) & (Q(valid_to__isnull=True) | Q(valid_to__gte=on))


def tax_rate(country: str, code: str, on: dt.date) -> TaxRate:
    """The tax rate that the code stands for in the country on the day. Raises `NoTaxRate`."""
    found = TaxRate.objects.filter(_valid(on), country=country, code=code).first()
    if found is None:
        raise NoTaxRate(country=country, rate=code, on=on.isoformat())
    return found


def find_tax_rates(actor: Actor, country: str = "", on: dt.date | None = None) -> QuerySet[TaxRate]:
    """Tax rates, of one country or all, valid on a day or ever; highest first."""
    rates = TaxRate.objects.visible_to(actor)
    if country:
        rates = rates.filter(country=country)
    if on is not None:
        rates = rates.filter(_valid(on))
    return rates.order_by("country", "-percent", "-valid_from")
