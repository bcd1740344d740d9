from __future__ import annotations

from uuid import UUID

from django.db.models import F

from hetong.accounts.models import Company, Series


def take_numbers(
    company_id: UUID, kind: str, year: int, count: int, *, prefix: str = "", is_gapless: bool = False
) -> list[str]:
    """The next ``count`` numbers of a company's series, as ``PREFIX-2026-0001``.

    Taken in one UPDATE that holds the series' row until the caller's transaction ends, so numbers are
    unique, and gapless when everything that was numbered commits. Call it last (lock order: series last).
    """
    if count == 0:
        return []
    series = Series.objects.filter(company=company_id, kind=kind, year=year)
    if not series.update(next_number=F("next_number") + count):
        text = prefix or Company.objects.values_list("contract_prefix", flat=True).get(pk=company_id)
        Series.objects.bulk_create(
            [Series(company_id=company_id, kind=kind, year=year, prefix=text, is_gapless=is_gapless)],
            ignore_conflicts=True,
        )
        series.update(next_number=F("next_number") + count)
    row = series.get()
    first = row.next_number - count
    return [f"{row.prefix}-{year}-{n:0{row.digits}d}" for n in range(first, row.next_number)]
