"""The strip at the foot of a list: how many rows there are in all, and their sums, never across currencies."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hetong.kernel.fields import Text

from .state import State
from .sums import Sums, added_sums, summed_fields, sums_of


@dataclass(frozen=True)
class Totals:
    """The exact count and the sums of a list; ``labels`` name what is added up, in the order of a line's amounts."""

    count: int
    labels: tuple[Text, ...]
    sums: Sums | None
    added: tuple[tuple[Text, Sums], ...] = ()
    """The same of amounts that the house added, each by itself."""

    @property
    def lines(self) -> list[dict[str, Any]]:
        """One per currency: its code, how many rows, and each sum; labelled where there are several."""
        labels = self.labels if len(self.labels) > 1 or self.added else ("",) * len(self.labels)
        own = [(labels, one) for one in (self.sums.lines if self.sums else ())]
        more = [((label,), one) for label, sums in self.added for one in sums.lines]
        return [
            {"currency": one.currency, "count": one.count, "parts": list(zip(named, one.amounts, strict=True))}
            for named, one in own + more
        ]

    @property
    def blank(self) -> int:
        return self.sums.blank if self.sums else 0


def totals_of(state: State) -> Totals:
    """Count and sums of all rows that answer, in one query, and one more for each amount of the house that is shown."""
    named = state.table.totals or (state.table.total,)
    fields = summed_fields(state.register, state.actor, named, state.columns)
    sums = sums_of(state.actor, state.register, state.rows, fields).get((), Sums())
    added = added_sums(state.actor, state.register, state.rows, state.columns)
    more = tuple((one.label, found) for one, found in added)
    return Totals(sums.count, tuple(one.label for one in fields), sums if fields else None, more)
