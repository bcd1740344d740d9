"""Loading exchange rates, keeping tax rates and own calendar days."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hetong.audit.services import Change, add_rows, edit_rows, record, record_many
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem
from hetong.kernel.events import Fact
from hetong.kernel.rows import insert, locked

from .events import Act, CalendarChanged, TaxRatesChanged
from .fields import CALENDAR_DAY, TAX_RATE
from .gateways import SHIPPED, Quote, read_rates
from .models import CalendarDay, Rate, TaxRate
from .policy import Can
from .shipped import RATES_SINCE, TAX_RATES

Given = Mapping[str, Any]


@dataclass(frozen=True)
class Loaded:
    """What a load did: how many rates, from which day to which."""

    count: int
    first: dt.date | None
    last: dt.date | None


@transaction.atomic
def load_rates(actor: Actor, content: bytes, *, since: dt.date | None = None, source: str = "ECB") -> Loaded:
    """Take over the rates of a file of the ECB, from ``since`` on; a rate that is known already is corrected.

    Raises `NotRates`.
    """
    actor.require(Can.MANAGE)
    quotes = [one for one in read_rates(content) if since is None or one[1] >= since]
    _write_rates(quotes, source)
    days = [day for _currency, day, _units in quotes]
    loaded = Loaded(len(quotes), min(days, default=None), max(days, default=None))
    record(actor, Act.RATES_LOADED, count=loaded.count, until=str(loaded.last or ""))
    return loaded


def _write_rates(quotes: Iterable[Quote], source: str) -> None:
    rows = [Rate(currency=currency, day=day, rate=units, source=source) for currency, day, units in quotes]
    Rate.objects.bulk_create(
        rows,
        batch_size=2_000,
        update_conflicts=True,
        unique_fields=["currency", "day"],
        update_fields=["rate", "source"],
    )


def seed(*, rates: bool = True) -> None:
    """Give a new installation the shipped tax rates and, unless there are any, the exchange rates since 2024.

    Runs after every migration: what exists is left as it is, so an administrator's changes stay.
    """
    seed_tax_rates()
    if rates and not Rate.objects.exists():
        load_rates(Actor.system(), SHIPPED.read_bytes(), since=RATES_SINCE)


@transaction.atomic
def seed_tax_rates() -> int:
    """Add the shipped tax rates whose country, code and first day are not there yet; returns how many."""
    known = {(r.country, r.code, r.valid_from) for r in TaxRate.objects.all()}
    rows = []
    for country, code, percent, category, first, last, labels in TAX_RATES:
        day = dt.date.fromisoformat(first)
        if (country, code, day) in known:
            continue
        until = dt.date.fromisoformat(last) if last else None
        row = TaxRate(country=country, code=code, labels=labels, percent=percent, category=category, valid_from=day)
        row.valid_to = until
        rows.append(row)
    insert(rows)
    return len(rows)


def _check_validity(row: TaxRate, values: Given) -> list[Problem]:
    if row.valid_to and row.valid_to < row.valid_from:
        return [Problem("ends_before_start", N_("This day is before “valid from”."), field="valid_to")]
    until = Q() if row.valid_to is None else Q(valid_from__lte=row.valid_to)
    since = Q(valid_to__isnull=True) | Q(valid_to__gte=row.valid_from)
    others = TaxRate.objects.filter(until, since, country=row.country, code=row.code).exclude(pk=row.pk)
    if others.exists():
        text = N_("Another rate of this code is valid on some of these days. End that one first.")
        return [Problem("overlaps", text, field="valid_from")]
    return []


@transaction.atomic
def add_tax_rates(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[TaxRate]:
    """Add tax rates; the days of one country's code never overlap."""
    return add_rows(
        TAX_RATE,
        actor,
        givens,
        can=Can.MANAGE,
        code=Act.TAX_RATE_ADDED,
        event=TaxRatesChanged,
        make=lambda values: TaxRate(),
        locale=locale,
        prepare=_check_validity,
    )


@transaction.atomic
def edit_tax_rates(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[TaxRate]:
    """Change tax rates; what was computed with the old one keeps it."""
    rows = locked(TaxRate.objects.visible_to(actor), ids)
    return edit_rows(
        TAX_RATE,
        actor,
        rows,
        given,
        can=Can.MANAGE,
        code=Act.TAX_RATE_EDITED,
        event=TaxRatesChanged,
        locale=locale,
        versions=versions,
        reason=reason,
        prepare=_check_validity,
    )


def _check_day(row: CalendarDay, values: Given) -> list[Problem]:
    same = CalendarDay.objects.filter(country=row.country, calendar=row.calendar, day=row.day).exclude(pk=row.pk)
    return [Problem("day_taken", N_("This day is in the calendar already."), field="day")] if same.exists() else []


@transaction.atomic
def add_calendar_days(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[CalendarDay]:
    """Add days on which a calendar differs from its country's."""
    return add_rows(
        CALENDAR_DAY,
        actor,
        givens,
        can=Can.MANAGE,
        code=Act.CALENDAR_DAY_ADDED,
        event=CalendarChanged,
        make=lambda values: CalendarDay(),
        locale=locale,
        prepare=_check_day,
    )


@transaction.atomic
def edit_calendar_days(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[CalendarDay]:
    """Change own days of calendars."""
    rows = locked(CalendarDay.objects.visible_to(actor), ids)
    return edit_rows(
        CALENDAR_DAY,
        actor,
        rows,
        given,
        can=Can.MANAGE,
        code=Act.CALENDAR_DAY_EDITED,
        event=CalendarChanged,
        locale=locale,
        versions=versions,
        reason=reason,
        prepare=_check_day,
    )


@transaction.atomic
def remove_calendar_days(actor: Actor, ids: Collection[UUID]) -> None:
    """Take own days out of their calendars; the country's own holidays stand again."""
    actor.require(Can.MANAGE)
    rows = locked(CalendarDay.objects.visible_to(actor), ids)
    before = CALENDAR_DAY.snapshot(rows)
    CalendarDay.objects.filter(pk__in=[row.pk for row in rows]).delete()
    gone = [Change(CALENDAR_DAY.noun, row.pk, row.name, None, before[row.pk], {}) for row in rows]
    record_many(actor, Act.CALENDAR_DAY_REMOVED, gone)
    publish(CalendarChanged(actor, tuple(Fact(CALENDAR_DAY.noun, row.pk) for row in rows)))
