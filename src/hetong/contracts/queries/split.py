"""Splitting a value into stages and each stage over the tax rates, so that nothing is lost and nothing is negative.

Pure whole-number arithmetic in minor units. What a stage gets depends on what was stated and on its key,
never on the order in which the stages are given.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from hetong.contracts.states import Stated
from hetong.kernel.rounding import allocate, round_half_up, spread
from hetong.kernel.scaled import PERCENT, Scaled

HUNDRED = 100 * 10**PERCENT.exponent
"""100 % in the units in which a percentage is kept."""

Matrix = list[list[int]]


@dataclass(frozen=True)
class Part:
    """What one stage states: ``units`` of a percentage or of an amount in minor units; nothing for the rest."""

    key: str
    stated: Stated
    units: int = 0


@dataclass(frozen=True)
class Column:
    """The amounts of one tax rate (minor units) that are split over the stages."""

    rate: Scaled
    code: str
    net: int
    tax: int


@dataclass(frozen=True)
class Cell:
    """One stage's share of one tax rate, in minor units."""

    rate: Scaled
    code: str
    net: int
    tax: int


def amounts_of(total: int, parts: Sequence[Part]) -> dict[str, int]:
    """The amount of each stage, by key, in the order given.

    Percentages are of ``total``; their sum is rounded once and split by largest remainder, so that 100 % is
    all of it. A rest takes what the others leave, less than nothing too: that is for the caller to refuse.
    """
    percents = sorted((one for one in parts if one.stated == Stated.PERCENT), key=lambda one: one.key)
    exact = [total * one.units for one in percents]
    rounded = spread(round_half_up(sum(exact), HUNDRED), exact, HUNDRED)
    found = {one.key: amount for one, amount in zip(percents, rounded, strict=True)}
    found |= {one.key: one.units for one in parts if one.stated == Stated.AMOUNT}
    left = total - sum(found.values())
    rests = sorted(one.key for one in parts if one.stated == Stated.REST)
    found |= dict(zip(rests, allocate(left, [1] * len(rests)), strict=True)) if rests else {}
    return {one.key: found[one.key] for one in parts}


def split_over_rates(amounts: Mapping[str, int], columns: Sequence[Column], *, with_tax: bool) -> dict[str, list[Cell]]:
    """Each stage's share of each tax rate.

    ``amounts`` are stated with tax or without. Where they add up to the columns, a stage's cells add up to its
    amount and the stages' cells to each column, net and tax; while a plan does not add up yet, only the former holds.
    """
    keys = sorted(amounts)
    base = [one.net + one.tax if with_tax else one.net for one in columns]
    stated = split_both_ways([amounts[key] for key in keys], base)
    is_whole = sum(amounts.values()) == sum(base)
    cells: dict[str, list[Cell]] = {key: [] for key in keys}
    for at, column in enumerate(columns):
        own = [row[at] for row in stated]
        other = column.net if with_tax else column.tax
        shares = allocate(other, own) if is_whole else [_of(other, one, base[at]) for one in own]
        for key, one, share in zip(keys, own, shares, strict=True):
            net, tax = (share, one - share) if with_tax else (one, share)
            cells[key].append(Cell(column.rate, column.code, net, tax))
    return {key: cells[key] for key in amounts}


def _of(other: int, part: int, whole: int) -> int:
    return round_half_up(other * part, whole) if whole else 0


def split_both_ways(rows: Sequence[int], columns: Sequence[int]) -> Matrix:
    """The table ``rows`` × ``columns`` ÷ total in whole numbers whose rows and columns add up to those given.

    Each cell is its exact value rounded down or up, so no cell is negative where no row and column is. Rows
    that do not add up to the columns are split one by one, and then only they add up.
    """
    total = sum(columns)
    if sum(rows) != total or total <= 0:
        return [_alone(row, columns) for row in rows]
    exact = [[divmod(row * column, total) for column in columns] for row in rows]
    rounded = _Rounding(exact, rows, columns)
    rounded.fill()
    return rounded.table


def _alone(row: int, columns: Sequence[int]) -> list[int]:
    if sum(columns) == 0 and any(columns):
        columns = [abs(one) for one in columns]
    return allocate(row, columns) if columns else []


class _Rounding:
    """Which cells of a table are rounded up: every row and column has a number of units to give out.

    There always is a way (the exact table is one, in fractions): the largest remainders are served first, and
    what that leaves over is placed by moving units along a chain of cells.
    """

    def __init__(self, exact: list[list[tuple[int, int]]], rows: Sequence[int], columns: Sequence[int]) -> None:
        self.table: Matrix = [[floor for floor, _ in row] for row in exact]
        self.open = {(i, j) for i, row in enumerate(exact) for j, (_, rest) in enumerate(row) if rest}
        self.up: set[tuple[int, int]] = set()
        self.order = sorted(self.open, key=lambda at: (-exact[at[0]][at[1]][1], at))
        self.of_row = [row - sum(own) for row, own in zip(rows, self.table, strict=True)]
        self.of_column = [
            column - sum(row[j] for row in self.table) for j, column in enumerate(columns)
        ]  # fmt: skip

    def fill(self) -> None:
        """Give out every unit."""
        for i, j in self.order:
            if self.of_row[i] and self.of_column[j]:
                self._raise(i, j)
                self.of_row[i], self.of_column[j] = self.of_row[i] - 1, self.of_column[j] - 1
        for i, _ in enumerate(self.of_row):
            while self.of_row[i]:
                self._move(i)

    def _raise(self, i: int, j: int) -> None:
        self.up.add((i, j))
        self.table[i][j] += 1

    def _move(self, start: int) -> None:
        """Place one unit of a row, moving others out of its way."""
        row_of: dict[int, int] = {}
        column_of: dict[int, int] = {}
        rows = [start]
        for i in rows:
            for j in sorted(j for k, j in self.open - self.up if k == i and j not in row_of):
                row_of[j] = i
                if self.of_column[j]:
                    self._take(start, j, row_of, column_of)
                    return
                further = sorted(k for k, at in self.up if at == j and k != start and k not in column_of)
                column_of |= dict.fromkeys(further, j)
                rows += further
        raise AssertionError("a table of exact shares can always be rounded")

    def _take(self, start: int, j: int, row_of: Mapping[int, int], column_of: Mapping[int, int]) -> None:
        """Walk the chain back from column ``j`` to the row it began at."""
        self.of_row[start], self.of_column[j] = self.of_row[start] - 1, self.of_column[j] - 1
        i = row_of[j]
        self._raise(i, j)
        while i != start:
            j = column_of[i]
            self.up.discard((i, j))
            self.table[i][j] -= 1
            i = row_of[j]
            self._raise(i, j)
