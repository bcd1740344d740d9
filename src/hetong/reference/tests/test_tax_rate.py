from __future__ import annotations

import datetime as dt

import pytest

from hetong.audit.testing import last_entry
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid
from hetong.reference.models import TaxRate
from hetong.reference.queries import NoTaxRate, find_tax_rates, tax_rate
from hetong.reference.services import add_tax_rates, edit_tax_rates, seed_tax_rates

SYSTEM = Actor.system()
pytestmark = pytest.mark.django_db
GIVEN = {"country": "NO", "code": "standard", "labels": "MVA 25 %", "percent": "25", "category": "S"}


@pytest.mark.parametrize(
    ("country", "code", "on", "percent"),
    [
        ("SE", "standard", "2026-11-21", 25),
        ("SE", "reduced", "2026-11-21", 12),
        ("SE", "low", "2026-11-21", 6),
        ("CN", "standard", "2026-01-01", 13),
        ("CN", "standard", "2019-03-31", 16),
        ("CN", "standard", "2018-04-30", 17),
        ("CN", "services", "2026-01-01", 6),
        ("CN", "small_reduced", "2026-01-01", 1),
        ("DE", "standard", "2020-12-31", 16),
        ("DE", "standard", "2021-01-01", 19),
        ("GB", "standard", "2026-01-01", 20),
        ("JP", "reduced", "2026-01-01", 8),
        ("US", "none", "2026-01-01", 0),
    ],
)
def test_a_code_stands_for_the_percentage_of_the_day(country: str, code: str, on: str, percent: int):
    seed_tax_rates()
    assert tax_rate(country, code, dt.date.fromisoformat(on)).percent == percent * 10**4


def test_a_day_outside_every_validity_is_refused():
    seed_tax_rates()
    with pytest.raises(NoTaxRate):
        tax_rate("CN", "small_reduced", dt.date(2028, 1, 1))


def test_seeding_twice_changes_nothing():
    assert seed_tax_rates() > 20
    TaxRate.objects.filter(country="SE", code="low").update(percent=70_000)
    assert seed_tax_rates() == 0
    assert tax_rate("SE", "low", dt.date(2026, 1, 1)).percent == 70_000


def test_every_shipped_rate_has_a_name_in_four_languages():
    seed_tax_rates()
    assert all(set(row.labels) == {"en", "sv", "zh-hans", "zh-hant"} for row in TaxRate.objects.all())


def test_the_days_of_a_code_never_overlap():
    first, *_rest = add_tax_rates(SYSTEM, [{**GIVEN, "valid_from": "2005-01-01"}])
    with pytest.raises(Invalid) as refused:
        add_tax_rates(SYSTEM, [{**GIVEN, "valid_from": "2026-01-01", "percent": "26"}])
    assert [p.code for p in refused.value.problems] == ["overlaps"]
    edit_tax_rates(SYSTEM, [first.pk], {"valid_to": "2025-12-31"})
    add_tax_rates(SYSTEM, [{**GIVEN, "valid_from": "2026-01-01", "percent": "26"}])
    assert tax_rate("NO", "standard", dt.date(2026, 5, 1)).percent == 260_000
    assert last_entry(first.pk)[0] == "reference.tax_rate_edited"


def test_the_list_is_narrowed_by_country_and_day():
    seed_tax_rates()
    found = find_tax_rates(SYSTEM, "SE", dt.date(2026, 1, 1))
    assert [row.percent // 10**4 for row in found] == [25, 12, 6, 0]
