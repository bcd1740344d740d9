"""The strip at the foot of a list: how many rows there are in all, and their sums, never across currencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hetong.kernel.fields import Text

from .state import State
from .sums import Sums, summed_field, sums_of


@dataclass(frozen=True)
class Totals:
    """The exact count and the sums of a list."""

    count: int
    label: Text
    sums: Sums | None

    @property
    def lines(self) -> list[tuple[int, Any]]:
        return self.sums.lines if self.sums else []

    @property
    def blank(self) -> int:
        return self.sums.blank if self.sums else 0


def totals_of(state: State) -> Totals:
    """Count and sums of all rows that answer, in one query."""
    one = summed_field(state.register, state.actor, state.table.total, state.columns)
    sums = sums_of(state.actor, state.register, state.rows, one).get((), Sums())
    return Totals(sums.count, one.label if one else "", sums if one else None)
