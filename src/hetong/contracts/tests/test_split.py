"""A8: the parts of a plan add up to the value, by stage and by tax rate, and no part is negative."""

from __future__ import annotations

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.contracts.queries.split import HUNDRED, Column, Part, amounts_of, split_both_ways, split_over_rates
from hetong.contracts.states import Stated
from hetong.kernel.rounding import round_half_up
from hetong.kernel.scaled import PERCENT, Scaled

LARGEST = 10**13


def rate(units: int) -> Scaled:
    return Scaled(units, PERCENT.exponent)


@st.composite
def columns(draw: st.DrawFn) -> list[Column]:
    """Up to five tax rates with what was agreed at each."""
    rates = draw(st.lists(st.integers(0, 300_000), min_size=1, max_size=5, unique=True))
    nets = [draw(st.integers(0, LARGEST)) for _ in rates]
    nets[0] += 1
    taxed = [(one, net, round_half_up(net * one, HUNDRED)) for one, net in zip(rates, nets, strict=True)]
    return [Column(rate(one), "", net, tax) for one, net, tax in taxed]


@st.composite
def parts(draw: st.DrawFn, total: int) -> list[Part]:
    """Percentages and amounts that leave something, and one rest that takes it."""
    left, found = total, []
    for at in range(draw(st.integers(0, 12))):
        if draw(st.booleans()):
            units = draw(st.integers(0, HUNDRED * left // total if total else 0) | st.just(333_333))
            if units > HUNDRED * left // total - 1:
                continue
            found.append(Part(f"k{at:02}", Stated.PERCENT, units))
            left -= total * units // HUNDRED + 1
        else:
            units = draw(st.integers(0, max(left, 0)))
            found.append(Part(f"k{at:02}", Stated.AMOUNT, units))
            left -= units
        left = max(left, 0)
    return [*found, Part("rest", Stated.REST)]


@given(data=st.data(), with_tax=st.booleans())
def test_whatever_is_stated_rows_add_up_to_stages_and_columns_to_the_value(
    data: st.DataObject, *, with_tax: bool
) -> None:
    given_columns = data.draw(columns())
    total = sum(one.net + (one.tax if with_tax else 0) for one in given_columns)
    stated = data.draw(parts(total))
    amounts = amounts_of(total, stated)
    cells = split_over_rates(amounts, given_columns, with_tax=with_tax)
    assert sum(amounts.values()) == total
    for key, amount in amounts.items():
        assert amount >= 0
        assert amount == sum(one.net + (one.tax if with_tax else 0) for one in cells[key])
        assert all(one.net >= 0 and one.tax >= 0 for one in cells[key])
    for at, column in enumerate(given_columns):
        assert column.net == sum(of[at].net for of in cells.values())
        assert column.tax == sum(of[at].tax for of in cells.values())


@given(data=st.data(), with_tax=st.booleans(), random=st.randoms(use_true_random=False))
def test_the_order_of_the_stages_changes_nothing(data: st.DataObject, random: Random, *, with_tax: bool) -> None:
    given_columns = data.draw(columns())
    total = sum(one.net + (one.tax if with_tax else 0) for one in given_columns)
    stated = data.draw(parts(total))
    shuffled = random.sample(stated, len(stated))
    amounts, again = amounts_of(total, stated), amounts_of(total, shuffled)
    assert amounts == again
    assert split_over_rates(amounts, given_columns, with_tax=with_tax) == split_over_rates(
        again, given_columns, with_tax=with_tax
    )


@given(total=st.integers(0, 10**15), cuts=st.lists(st.integers(0, HUNDRED), max_size=40))
def test_percentages_of_a_hundred_are_all_of_it(total: int, cuts: list[int]) -> None:
    edges = [0, *sorted(cuts), HUNDRED]
    stated = [Part(f"{at:03}", Stated.PERCENT, end - start) for at, (start, end) in enumerate(pairwise(edges))]
    amounts = amounts_of(total, stated)
    assert sum(amounts.values()) == total
    for one in stated:
        assert abs(amounts[one.key] * HUNDRED - total * one.units) < HUNDRED


@given(data=st.data())
def test_a_table_rounds_each_cell_to_a_neighbour_of_its_exact_value(data: st.DataObject) -> None:
    rows = data.draw(st.lists(st.integers(0, 40), min_size=1, max_size=9))
    total, columns_of = sum(rows), []
    for _ in range(data.draw(st.integers(0, 5))):
        columns_of.append(data.draw(st.integers(0, max(total - sum(columns_of), 0))))
    columns_of.append(total - sum(columns_of))
    table = split_both_ways(rows, columns_of)
    assert [sum(row) for row in table] == rows
    assert [sum(row[at] for row in table) for at in range(len(columns_of))] == columns_of
    for row, own in zip(rows, table, strict=True):
        for column, cell in zip(columns_of, own, strict=True):
            assert total == 0 or abs(cell * total - row * column) < total


def test_a_plan_that_does_not_add_up_yet_still_shows_each_stage_with_its_tax() -> None:
    cells = split_over_rates({"a": 40, "b": 10}, [Column(rate(250_000), "", 100, 25)], with_tax=False)
    assert [(one.net, one.tax) for one in (*cells["a"], *cells["b"])] == [(40, 10), (10, 3)]


def test_a_discount_at_a_rate_of_its_own_is_spread_too() -> None:
    given_columns = [Column(rate(250_000), "", 1_000, 250), Column(rate(0), "credit", -100, 0)]
    cells = split_over_rates(
        amounts_of(900, [Part("a", Stated.PERCENT, 333_333), Part("b", Stated.REST)]), given_columns, with_tax=False
    )
    assert [sum(of[at].net for of in cells.values()) for at in (0, 1)] == [1_000, -100]
    assert [sum(one.net for one in cells[key]) for key in ("a", "b")] == [300, 600]


def test_a_rate_whose_lines_cancel_out_gets_nothing() -> None:
    given_columns = [Column(rate(250_000), "", 0, 0), Column(rate(60_000), "", 101, 6)]
    cells = split_over_rates({"a": 50, "b": 51}, given_columns, with_tax=False)
    assert [(of[0].net, of[0].tax) for of in cells.values()] == [(0, 0), (0, 0)]
    assert sum(of[1].tax for of in cells.values()) == 6


@pytest.mark.parametrize(("with_tax", "total"), [(False, 3), (True, 4)])
def test_currencies_without_decimals_split_like_the_others(total: int, *, with_tax: bool) -> None:
    thirds = [Part("a", Stated.PERCENT, 333_333), Part("b", Stated.PERCENT, 333_333), Part("c", Stated.REST)]
    amounts = amounts_of(total, thirds)
    cells = split_over_rates(amounts, [Column(rate(250_000), "", 3, 1)], with_tax=with_tax)
    assert sum(of[0].net + of[0].tax for of in cells.values()) == 4
    assert min(amounts.values()) == 1
