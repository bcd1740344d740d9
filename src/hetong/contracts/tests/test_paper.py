"""S0-32: originals on paper are numbered, stamped, lent and taken back."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.audit.testing import entries_of, values_of
from hetong.contracts import services
from hetong.contracts.fields import ORIGINAL
from hetong.contracts.models import Contract, Loan, Original
from hetong.contracts.queries import find_overdue_loans, originals_out
from hetong.contracts.services.paper import AlreadyLent, HasLoans, InArchive, NotLent
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_original, put_into
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 6, 1)
LENT = {"borrower": "Wang Fang", "until": "2026-06-10"}


@pytest.fixture(autouse=True)
def a_day(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(clock, "today", lambda zone="UTC": TODAY)


@pytest.fixture
def original(cast: Any) -> Original:
    return make_original(cast.ada, make_contract(cast.ada), place="Safe 2")


def test_copies_are_numbered_as_they_come(cast: Any) -> None:
    contract = make_contract(cast.ada)
    assert [make_original(cast.ada, contract).copy_no for _turn in range(3)] == [1, 2, 3]
    with pytest.raises(Forbidden):
        make_original(cast.max, contract)
    with pytest.raises(NotFound):
        make_original(cast.dora, contract)


def test_a_stamp_names_its_day_and_who_used_the_seal(cast: Any, original: Original) -> None:
    services.stamp_originals(cast.ada, [original.pk], {"stamped_on": "2026-05-30", "stamped_by": "Li Lei"})
    assert (
        values_of(original.pk, "stamped_by") == [(None, "Li Lei")]
        or values_of(original.pk, "stamped_by")[-1][1] == "Li Lei"
    )
    for given in ({"stamped_on": "2026-05-30"}, {"stamped_on": "2026-06-02", "stamped_by": "Li Lei"}):
        with pytest.raises(Invalid):
            services.stamp_originals(cast.ada, [original.pk], given)


def test_an_original_is_lent_once_and_comes_back(cast: Any, original: Original) -> None:
    services.lend_originals(cast.ada, [original.pk], LENT | {"purpose": "Bank"})
    shown = ORIGINAL.show(cast.ada, Original.objects.visible_to(cast.ada))[0]
    assert (shown["lent_to"], shown["lent_until"]) == ("Wang Fang", dt.date(2026, 6, 10))
    assert {verb.name for verb in shown.verbs} == {"edit", "stamp", "return"}
    with pytest.raises(AlreadyLent):
        services.lend_originals(cast.ada, [original.pk], LENT)
    assert originals_out([original.contract_id]) == {original.contract_id: [original]}
    services.return_originals(cast.ada, [original.pk], place="Safe 3")
    assert not originals_out([original.contract_id])
    assert Original.objects.get(pk=original.pk).place == "Safe 3"
    with pytest.raises(NotLent):
        services.return_originals(cast.ada, [original.pk])
    assert entries_of(original.pk)[1:] == ["contracts.originals_lent", "contracts.originals_returned"]


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"borrower": "", "until": "2026-06-10"}, "required"),
        ({"borrower": "Wang Fang"}, "required"),
        ({"borrower": "Wang Fang", "until": "2026-05-31"}, "ends_before_start"),
        ({"borrower": "Wang Fang", "until": "2026-06-10", "lent_on": "2026-06-02"}, "day_ahead"),
    ],
)
def test_an_absurd_loan_is_refused(cast: Any, original: Original, given: dict[str, str], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.lend_originals(cast.ada, [original.pk], given)
    assert code in {one.code for one in refused.value.problems}
    assert not Loan.objects.exists()


@pytest.mark.parametrize("day", [dt.date(2026, 5, 31), dt.date(2026, 6, 2)])
def test_it_comes_back_between_the_day_it_went_and_today(cast: Any, original: Original, day: dt.date) -> None:
    services.lend_originals(cast.ada, [original.pk], LENT)
    with pytest.raises(Invalid):
        services.return_originals(cast.ada, [original.pk], returned_on=day)
    assert originals_out([original.contract_id])


def test_loans_past_their_day_are_found_by_those_who_see_the_contract(
    cast: Any, original: Original, monkeypatch: pytest.MonkeyPatch
) -> None:
    services.lend_originals(cast.ada, [original.pk], LENT)
    assert not find_overdue_loans(cast.ada)
    monkeypatch.setattr(clock, "today", lambda zone="UTC": dt.date(2026, 6, 11))
    assert [one.borrower for one in find_overdue_loans(cast.ada)] == ["Wang Fang"]
    assert not find_overdue_loans(cast.dora)


def test_from_the_archive_originals_are_only_lent_and_taken_back(cast: Any, original: Original) -> None:
    put_into(Contract.objects.get(pk=original.contract_id), Stage.ARCHIVED)
    for act in (
        lambda: make_original(cast.ada, original.contract),
        lambda: services.edit_originals(cast.ada, [original.pk], {"place": "Elsewhere"}),
        lambda: services.remove_originals(cast.ada, [original.pk]),
    ):
        with pytest.raises(InArchive):
            act()
    services.lend_originals(cast.ada, [original.pk], LENT)
    services.return_originals(cast.ada, [original.pk])


def test_what_was_ever_lent_is_not_removed(cast: Any, original: Original) -> None:
    services.lend_originals(cast.ada, [original.pk], LENT)
    services.return_originals(cast.ada, [original.pk])
    with pytest.raises(HasLoans):
        services.remove_originals(cast.ada, [original.pk])
    other = make_original(cast.ada, original.contract)
    services.remove_originals(cast.ada, [other.pk])
    assert entries_of(other.pk)[-1] == "contracts.originals_removed"
