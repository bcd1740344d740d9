from __future__ import annotations

import random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from hetong.audit.testing import entries_of, values_of
from hetong.contracts import services
from hetong.contracts.models import Contract, Line
from hetong.contracts.queries import value_of
from hetong.contracts.states import EDITABLE, Stage
from hetong.contracts.testing import make_contract, make_line, make_type
from hetong.kernel.errors import Conflict, Forbidden, Invalid, NotFound

pytestmark = pytest.mark.django_db
METERS = {"title": "Meter", "quantity": "3", "unit_price": "1999.00", "discount": "5", "tax_rate": "13"}


def totals_of(contract: Contract) -> tuple[int | None, int | None, int | None]:
    found = Contract.objects.get(pk=contract.pk)
    return found.net_minor, found.tax_minor, found.gross_minor


def test_the_value_follows_from_the_lines(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.add_lines(cast.ada, [METERS | {"contract": str(contract.pk)}])
    assert totals_of(contract) == (569715, 74063, 643778)
    line = Line.objects.get(contract=contract)
    assert (line.net_minor, line.tax_minor, line.gross_minor) == (569715, 74063, 643778)


def test_prices_with_tax_give_the_same_total(cast: Any) -> None:
    contract = make_contract(cast.ada, prices_include_tax=True)
    services.add_lines(cast.ada, [METERS | {"contract": contract.pk, "unit_price": "2258.87"}])
    assert totals_of(contract) == (569715, 74063, 643778)


def test_two_tax_rates_stand_side_by_side_and_order_changes_nothing(cast: Any) -> None:
    book = METERS | {"title": "Book", "quantity": "7", "unit_price": "19.99", "tax_rate": "6"}
    lines = [METERS, book, METERS | {"title": "Third", "discount": ""}]
    seen = set()
    for turn in range(4):
        contract = make_contract(cast.ada, title=f"Turn {turn}")
        shuffled = random.Random(turn).sample(lines, len(lines))  # noqa: S311 - the same order every time
        services.add_lines(cast.ada, [one | {"contract": contract.pk} for one in shuffled])
        seen.add(totals_of(contract))
    assert len(seen) == 1


def test_the_explanation_ends_in_the_value(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract, **METERS)
    explained, notes = value_of(Contract.objects.get(pk=contract.pk), list(Line.objects.filter(contract=contract)))
    assert explained is not None
    assert (explained.value.minor, notes) == (643778, [])


def test_editing_and_removing_lines_moves_the_value(cast: Any) -> None:
    contract = make_contract(cast.ada)
    line = make_line(cast.ada, contract)
    assert totals_of(contract) == (10000, 2500, 12500)
    services.edit_lines(cast.ada, [line.pk], {"quantity": "2", "discount": "10"})
    assert totals_of(contract) == (18000, 4500, 22500)
    services.remove_lines(cast.ada, [line.pk])
    assert totals_of(contract) == (None, None, None)
    assert entries_of(line.pk) == ["contracts.lines_added", "contracts.lines_edited", "contracts.lines_removed"]
    assert values_of(contract.pk, "gross")[-1] == ({"amount": "225.00", "currency": "SEK"}, None)
    assert Contract.objects.get(pk=contract.pk).version == 1


def test_optional_lines_are_no_part_of_the_value(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    make_line(cast.ada, contract, title="Spare", is_optional=True)
    assert totals_of(contract) == (10000, 2500, 12500)


def test_a_line_without_a_tax_rate_takes_the_types(cast: Any) -> None:
    contract = make_contract(cast.ada, type=make_type(tax_percent=120_000).pk)
    line = services.add_lines(
        cast.ada, [{"contract": contract.pk, "title": "Food", "unit_price": "10", "quantity": "1"}]
    )[0]
    assert line.tax_percent == 120_000


@pytest.mark.parametrize("stage", [s for s in Stage if s not in EDITABLE])
def test_lines_change_on_the_drafting_table_only(cast: Any, stage: Stage) -> None:
    contract = make_contract(cast.ada)
    line = make_line(cast.ada, contract)
    Contract.objects.filter(pk=contract.pk).update(stage=stage)
    for act in (
        lambda: services.add_lines(cast.ada, [METERS | {"contract": contract.pk}]),
        lambda: services.edit_lines(cast.ada, [line.pk], {"quantity": "2"}),
        lambda: services.remove_lines(cast.ada, [line.pk]),
    ):
        with pytest.raises(Conflict):
            act()
    assert totals_of(contract) == (10000, 2500, 12500)


@pytest.mark.parametrize(
    ("over", "code"),
    [
        ({"discount": "100.0001"}, "discount_range"),
        ({"discount": "-1"}, "discount_range"),
        ({"tax_rate": "101"}, "tax_range"),
        ({"quantity": "0"}, "no_quantity"),
        ({"quantity": ""}, "required"),
        ({"unit_price": "1.0000001"}, "unreadable"),
        ({"unit_price": "NaN"}, "unreadable"),
        ({"title": ""}, "required"),
        ({"starts_on": "2027-01-02", "ends_on": "2027-01-01"}, "ends_before_start"),
    ],
)
def test_absurd_lines_are_refused(cast: Any, over: dict[str, str], code: str) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Invalid) as refused:
        services.add_lines(cast.ada, [METERS | {"contract": contract.pk} | over])
    assert [problem.code for problem in refused.value.problems] == [code]
    assert totals_of(contract) == (None, None, None)


def test_an_amount_beyond_all_reason_is_refused_and_nothing_is_kept(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Invalid):
        services.add_lines(
            cast.ada, [METERS | {"contract": contract.pk, "quantity": "9000000", "unit_price": "9000000000"}]
        )
    assert not Line.objects.exists()


def test_lines_of_a_contract_out_of_sight_do_not_exist(cast: Any) -> None:
    contract = make_contract(cast.ada)
    line = make_line(cast.ada, contract)
    for act in (
        lambda: services.add_lines(cast.dora, [METERS | {"contract": contract.pk}]),
        lambda: services.edit_lines(cast.dora, [line.pk], {"quantity": "2"}),
        lambda: services.remove_lines(cast.dora, [line.pk]),
    ):
        with pytest.raises(NotFound):
            act()
    assert not Line.objects.visible_to(cast.dora).exists()
    assert Line.objects.visible_to(cast.ben).exists()


def test_who_reads_only_does_not_write_lines(cast: Any) -> None:
    line = make_line(cast.ada, make_contract(cast.ada))
    with pytest.raises(Forbidden):
        services.edit_lines(cast.cleo, [line.pk], {"quantity": "2"})


def test_agents_do_not_see_what_a_line_costs(cast: Any) -> None:
    from hetong.contracts.fields import LINE

    contract = make_contract(cast.gus)
    line = make_line(cast.gus, contract)
    assert "unit_cost" not in LINE.show(cast.gus, [line.pk])[0]
    assert "unit_cost" in LINE.show(cast.admin, [line.pk])[0]


class Totals(TestCase):
    """Whatever the lines are, the cached totals are their sums."""

    @settings(max_examples=25, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(1, 9999), st.integers(0, 10**9), st.integers(0, 1_000_000), st.sampled_from([0, 60000, 130000, 250000])),
            min_size=1, max_size=6,
        ),
        st.booleans(),
    )  # fmt: skip
    def test_the_cached_totals_are_the_sums_of_the_lines(
        self, lines: list[tuple[int, int, int, int]], inclusive: bool
    ) -> None:
        from hetong.accounts.services import seed_roles
        from hetong.accounts.testing import forget_access, make_cast
        from hetong.config.roles import ROLES

        seed_roles(ROLES)
        forget_access()
        ada = make_cast().ada
        contract = make_contract(ada, prices_include_tax=inclusive)
        services.add_lines(
            ada,
            [
                {"contract": contract.pk, "title": "L", "quantity": str(q), "unit_price": f"{p // 100}.{p % 100:02d}",
                 "discount": f"{d // 10**4}.{d % 10**4:04d}", "tax_rate": str(t // 10**4)}
                for q, p, d, t in lines
            ],
        )  # fmt: skip
        rows = list(Line.objects.filter(contract=contract))
        sums = tuple(sum(getattr(row, f"{name}_minor") for row in rows) for name in ("net", "tax", "gross"))
        assert totals_of(contract) == sums
        assert sums[0] + sums[1] == sums[2]
