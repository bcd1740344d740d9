"""Number series: written as wanted before their first number, untouched after it (issue 3 point 6, trust A6)."""

from __future__ import annotations

import pytest

from hetong.accounts.models import Series
from hetong.accounts.services import remove_series, set_series, take_numbers
from hetong.accounts.services.series import SeriesInUse
from hetong.accounts.testing import Cast
from hetong.audit.models import Entry
from hetong.kernel.errors import Invalid, NotFound


def test_a_series_is_set_before_its_first_number_and_then_stays(cast: Cast) -> None:
    company = cast.north.pk
    made = set_series(cast.fia, company, "invoice", 2027, prefix="f", digits=5, first_number=501)
    set_series(cast.fia, company, "invoice", 2027, prefix="F", digits=5, first_number=700)
    assert take_numbers(company, "invoice", 2027, 2, prefix="", is_gapless=True) == ["F-2027-00700", "F-2027-00701"]
    with pytest.raises(SeriesInUse) as refused:
        set_series(cast.fia, company, "invoice", 2027, prefix="X")
    assert refused.value.params["count"] == 2
    with pytest.raises(SeriesInUse):
        remove_series(cast.fia, [made.pk])
    assert Series.objects.get(pk=made.pk).next_number == 702
    assert Entry.objects.filter(code="accounts.series_set").count() == 2


def test_an_unused_series_is_removed(cast: Cast) -> None:
    made = set_series(cast.fia, cast.north.pk, "invoice", 2027, prefix="")
    remove_series(cast.fia, [made.pk])
    assert not Series.objects.exists()
    with pytest.raises(NotFound):
        remove_series(cast.fia, [made.pk])


@pytest.mark.parametrize(
    "odd", [{"prefix": "1A"}, {"prefix": "Å"}, {"prefix": "A" * 13}, {"digits": 0}, {"digits": 10}, {"first_number": 0}]
)
def test_odd_series_are_refused(cast: Cast, odd: dict[str, object]) -> None:
    with pytest.raises(Invalid):
        set_series(cast.fia, cast.north.pk, "invoice", 2027, **({"prefix": ""} | odd))  # type: ignore[arg-type]


def test_the_first_number_only_rises_and_no_two_series_write_alike(cast: Cast) -> None:
    set_series(cast.fia, cast.north.pk, "invoice", 2027, prefix="A", first_number=10)
    with pytest.raises(Invalid):
        set_series(cast.fia, cast.north.pk, "invoice", 2027, prefix="A", first_number=9)
    with pytest.raises(Invalid) as refused:
        set_series(cast.fia, cast.north.pk, "credit_note", 2027, prefix="A")
    assert refused.value.problems[0].code == "prefix_taken"
    set_series(cast.fia, cast.south.pk, "credit_note", 2027, prefix="A")


def test_numbers_without_a_prefix_begin_with_the_year(cast: Cast) -> None:
    assert take_numbers(cast.north.pk, "invoice", 2027, 1, prefix="", is_gapless=True) == ["2027-0001"]
    assert take_numbers(cast.north.pk, "contract", 2027, 1) == ["HT-2027-0001"]
