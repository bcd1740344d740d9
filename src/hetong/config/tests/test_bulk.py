"""Many rows at once are written as one by one they would be, and refused in the same words, on both engines."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction

from hetong.accounts.models import Company
from hetong.contracts.models import Contract
from hetong.contracts.states import Term
from hetong.contracts.testing import make_contract
from hetong.kernel.bulk import made
from hetong.kernel.rows import insert, write

pytestmark = pytest.mark.django_db
MANY = 25


def companies(names: list[str]) -> list[Company]:
    return [made(Company, name=name, country="SE", currency="SEK", zone="Europe/Stockholm") for name in names]


@pytest.mark.parametrize("count", [1, MANY])
def test_new_rows_hold_what_they_were_given(count: int) -> None:
    names = [f'N {n} \\ \t "合同" \\N 100 %s' for n in range(count)]
    rows = companies(names)
    rows[-1].number = ""
    insert(rows)
    kept = Company.objects.filter(pk__in=[one.pk for one in rows]).order_by("pk")
    for one, name, given in zip(kept, names, rows, strict=True):
        values = {f.attname: getattr(one, f.attname) for f in Company._meta.concrete_fields}
        assert values == {f.attname: getattr(given, f.attname) for f in Company._meta.concrete_fields}
        assert one.name == name


@pytest.mark.parametrize("count", [1, MANY])
def test_what_the_database_refuses_is_refused_as_ever_and_the_rest_goes_on(count: int) -> None:
    rows = companies([f"North {n}" for n in range(count)])
    insert(rows)
    with pytest.raises(IntegrityError), transaction.atomic():
        insert([made(Company, **{**vars_of(one), "name": f"Again {one.name}"}) for one in rows])
    assert Company.objects.filter(name__startswith="North").count() == count
    assert not Company.objects.filter(name__startswith="Again").exists()


def vars_of(row: Company) -> dict[str, Any]:
    return {f.attname: getattr(row, f.attname) for f in Company._meta.concrete_fields}


def test_many_rows_are_changed_each_to_its_own_values(cast: Any) -> None:
    """Days and nothing, texts and members of an enumeration, objects, large and small numbers in one column."""
    rows = [make_contract(cast.ada, title=f"Pumps {n}") for n in range(3)]
    rows[0].ends_on, rows[1].ends_on, rows[2].ends_on = dt.date(2030, 1, 31), None, dt.date(2031, 2, 28)
    rows[0].term, rows[1].term = next(one for one in Term if one != Term.FIXED), "fixed"
    rows[0].custom, rows[1].custom = {"a": [1, None]}, {}
    rows[0].gross_minor, rows[1].gross_minor, rows[2].gross_minor = 10**15, None, 7
    rows[0].is_abnormal = True
    names = ("ends_on", "term", "custom", "gross_minor", "is_abnormal")
    write(rows, names)
    kept = {one.pk: one for one in Contract.objects.all()}
    for one in rows:
        assert {name: getattr(kept[one.pk], name) for name in (*names, "version")} == {
            name: getattr(one, name) for name in (*names, "version")
        }


def test_a_text_that_is_too_long_is_refused_and_never_cut_off(cast: Any) -> None:
    contracts = [make_contract(cast.ada, title=f"Meters {n}") for n in range(2)]
    if connection.vendor == "sqlite":
        pytest.skip("SQLite knows no lengths; forms and services do")
    for one in contracts:
        one.title = "x" * 250
    with pytest.raises(DataError), transaction.atomic():
        write(contracts, ("title",))
