"""A real ledger comes in as it is: the state's procurement of gBizINFO (S1-11, trust E)."""

from __future__ import annotations

import datetime as dt
import os
from pathlib import Path

import pytest
from django.db.models import Sum

from hetong.audit.models import Entry
from hetong.contracts.models import Contract
from hetong.contracts.services import seed_setup
from hetong.exchange.services import import_now
from hetong.exchange.testing import begin_file
from hetong.jobs.worker import drain_outbox
from hetong.parties.models import Party, PartyId

CUT = Path("tests/data/ledger/procurement_first500.csv")
FULL = os.environ.get("TEST_LEDGER", "")
"""The first 15,000 rows of the same file, for the full figures."""


@pytest.fixture
def setup(cast):
    seed_setup()
    return cast


def totals(counts):
    return {name: counts[name] for name in ("rows", "created", "updated", "unchanged", "duplicates", "errors")}


def test_every_row_becomes_an_expense_contract_that_is_in_force(setup):
    import_id = begin_file(setup.lin, "contracts", CUT, profile="gbizinfo")

    counts = import_now(setup.lin, import_id)

    assert totals(counts) == {"rows": 500, "created": 500, "updated": 0, "unchanged": 0, "duplicates": 80, "errors": 0}
    contracts = Contract.objects.all()
    assert contracts.aggregate(sum=Sum("gross_minor"))["sum"] == 13_587_687_683
    assert set(contracts.values_list("class_of", "stage", "currency", "signature", "ends_on")) == {
        ("expense", "active", "JPY", "both", None)
    }
    assert Party.objects.count() == 317


def test_days_are_those_of_japan_and_suppliers_are_known_by_corporate_number(setup):
    import_now(setup.lin, begin_file(setup.lin, "contracts", CUT, profile="gbizinfo"))

    first = Contract.objects.get(title="平成３０年度定期刊行物の購入", gross_minor=128974)

    assert (first.signed_on, first.starts_on, first.source) == (dt.date(2018, 4, 2), dt.date(2018, 4, 2), "文部科学省")
    assert first.counterparty.name == "1010001034053"
    assert list(PartyId.objects.filter(party=first.counterparty_id).values_list("scheme", "normalised")) == [
        ("jp_corporate", "1010001034053")
    ]
    assert list(first.counterparty.kinds.values_list("key", flat=True)) == ["supplier"]


def test_the_second_import_changes_nothing(setup):
    import_now(setup.lin, begin_file(setup.lin, "contracts", CUT, profile="gbizinfo"))
    drain_outbox()
    before = Entry.objects.exclude(noun="").count()

    counts = import_now(setup.lin, begin_file(setup.lin, "contracts", CUT, profile="gbizinfo"))

    assert totals(counts) == {"rows": 500, "created": 0, "updated": 0, "unchanged": 500, "duplicates": 80, "errors": 0}
    assert Entry.objects.exclude(noun="").count() == before


def test_rows_that_stand_twice_can_be_left_out(setup):
    counts = import_now(setup.lin, begin_file(setup.lin, "contracts", CUT, profile="gbizinfo", duplicates="skip"))

    assert totals(counts) == {"rows": 500, "created": 420, "updated": 0, "unchanged": 0, "duplicates": 80, "errors": 0}


def test_all_that_one_import_did_is_one_batch_of_the_journal(setup):
    import_now(setup.lin, begin_file(setup.lin, "contracts", CUT, profile="gbizinfo"))

    acts = Entry.objects.filter(noun__in=["contracts.contract", "parties.party"])

    assert acts.values("batch").distinct().count() == 1
    assert set(acts.values_list("actor_id", flat=True)) == {setup.lin.id}


@pytest.mark.long
@pytest.mark.skipif(not FULL, reason="TEST_LEDGER names no file")
def test_the_full_ledger_comes_out_to_the_yen(setup):
    counts = import_now(setup.lin, begin_file(setup.lin, "contracts", Path(FULL), profile="gbizinfo"))

    assert totals(counts) == {
        "rows": 15_000, "created": 15_000, "updated": 0, "unchanged": 0, "duplicates": 2_831, "errors": 0,
    }  # fmt: skip
    assert Contract.objects.aggregate(sum=Sum("gross_minor"))["sum"] == 1_090_048_645_605
    assert Party.objects.count() == 3_594
    days = Contract.objects.order_by("signed_on").values_list("signed_on", flat=True)
    assert (days.first(), days.last()) == (dt.date(2017, 1, 16), dt.date(2020, 11, 27))
    again = import_now(setup.lin, begin_file(setup.lin, "contracts", Path(FULL), profile="gbizinfo"))
    assert (again["created"], again["unchanged"]) == (0, 15_000)


@pytest.mark.long
@pytest.mark.skipif(not FULL, reason="TEST_LEDGER names no file")
def test_the_full_ledger_without_its_duplicates(setup):
    counts = import_now(
        setup.lin, begin_file(setup.lin, "contracts", Path(FULL), profile="gbizinfo", duplicates="skip")
    )

    assert (counts["created"], counts["duplicates"]) == (12_169, 2_831)
    assert Contract.objects.aggregate(sum=Sum("gross_minor"))["sum"] == 863_518_511_149
