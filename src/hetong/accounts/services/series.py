"""Number series: numbers that are unique, and without gaps where the law asks for it (Mervärdesskattelag 17:24)."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db import transaction
from django.db.models import F

from hetong.accounts.events import Act
from hetong.accounts.models import Company, Series
from hetong.audit.services import record
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, InUse, Problem, refuse
from hetong.kernel.rows import locked

MOST_DIGITS, MOST_NUMBER = 9, 1_000_000_000


class SeriesInUse(InUse):
    """Numbers of the series were given out."""

    code = "series_in_use"
    text = N_("The series %(series)s has given out %(count)s numbers; it can neither be deleted nor written otherwise.")
    then = N_("Numbers that were given out stay. The next year begins a series of its own.")


def take_numbers(
    company_id: UUID, kind: str, year: int, count: int, *, prefix: str | None = None, is_gapless: bool = False
) -> list[str]:
    """The next ``count`` numbers of a company's series, as ``PREFIX-2026-0001``; an empty prefix gives ``2026-0001``.

    ``prefix`` is for a series that does not exist yet; None takes the company's prefix of contracts. Taken in
    one UPDATE that holds the series' row until the caller's transaction ends, so numbers are unique, and gapless
    when everything that was numbered commits. Call it last (lock order: series last).
    """
    if count == 0:
        return []
    series = Series.objects.filter(company=company_id, kind=kind, year=year)
    if not series.update(next_number=F("next_number") + count):
        text = (
            Company.objects.values_list("contract_prefix", flat=True).get(pk=company_id) if prefix is None else prefix
        )
        Series.objects.bulk_create(
            [Series(company_id=company_id, kind=kind, year=year, prefix=text, is_gapless=is_gapless)],
            ignore_conflicts=True,
        )
        series.update(next_number=F("next_number") + count)
    row = series.get()
    first = row.next_number - count
    return [written(row, n) for n in range(first, row.next_number)]


def written(series: Series, number: int) -> str:
    """One number of a series as it is printed."""
    start = f"{series.prefix}-" if series.prefix else ""
    return f"{start}{series.year}-{number:0{series.digits}d}"


@transaction.atomic
def set_series(
    actor: Actor, company_id: UUID, kind: str, year: int, *, prefix: str, digits: int = 4, first_number: int = 1
) -> Series:
    """Say how a series of gapless numbers will be written, before its first number is given out.

    The caller has asked for the right. Raises `SeriesInUse` for one that has given out a number, `Invalid`.
    """
    row = _held(company_id, kind, year) or Series(company_id=company_id, kind=kind, year=year, is_gapless=True)
    _check_unused([row])
    prefix = prefix.strip().upper()
    refuse(_problems(row, prefix, digits, first_number))
    before = f"{written(row, row.first_number)}" if row.pk else ""
    row.prefix, row.digits, row.first_number, row.next_number = prefix, digits, first_number, first_number
    row.save()
    record(actor, Act.SERIES_SET, "accounts.company", company_id, company=company_id, label=f"{kind} {year}",
           was=before, now=written(row, first_number))  # fmt: skip
    return row


def _held(company_id: UUID, kind: str, year: int) -> Series | None:
    found = Series.objects.filter(company=company_id, kind=kind, year=year).values_list("pk", flat=True)
    return locked(Series.objects.all(), list(found))[0] if found else None


def _problems(row: Series, prefix: str, digits: int, first_number: int) -> list[Problem]:
    problems = []
    if prefix and not (len(prefix) <= 12 and prefix.isascii() and prefix.isalnum() and prefix[0].isalpha()):
        why = N_("A prefix is made of letters and digits, at most 12, and begins with a letter.")
        problems.append(Problem("prefix", why, field="prefix"))
    if not 1 <= digits <= MOST_DIGITS:
        problems.append(Problem("digits", N_("Choose between 1 and %(most)s digits."), {"most": MOST_DIGITS}, "digits"))
    if not 1 <= first_number < MOST_NUMBER or (row.is_gapless and first_number < row.first_number):
        why = N_("The first number may only be raised, from %(now)s up.")
        problems.append(Problem("first_number", why, {"now": row.first_number}, "first_number"))
    twin = Series.objects.filter(company=row.company_id, year=row.year, prefix=prefix, is_gapless=row.is_gapless)
    if twin.exclude(kind=row.kind).exists():
        why = N_("Another series of this company and year has this prefix: two numbers would be alike.")
        problems.append(Problem("prefix_taken", why, field="prefix"))
    return problems


@transaction.atomic
def remove_series(actor: Actor, ids: Collection[UUID]) -> None:
    """Delete series that never gave out a number. The caller has asked for the right. Raises `SeriesInUse`."""
    rows = locked(Series.objects.all(), ids)
    _check_unused(rows)
    for row in rows:
        record(actor, Act.SERIES_REMOVED, "accounts.company", row.company_id, company=row.company_id,
               label=f"{row.kind} {row.year}")  # fmt: skip
    Series.objects.filter(pk__in=[row.pk for row in rows]).delete()


def _check_unused(rows: Collection[Series]) -> None:
    for row in rows:
        if row.next_number > row.first_number:
            raise SeriesInUse(series=f"{row.kind} {row.year}", count=row.next_number - row.first_number)
