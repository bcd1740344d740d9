"""Measured speed: each figure beside its budget (DESIGN §9). Figures never decide a test; they are for reading.

Runs on whatever database the settings name, which should be empty: `make bench` gives it one of its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass

from . import doctor, pages, papers


@dataclass(frozen=True)
class Figure:
    """One measured figure with its budget; ``unit`` says which way is better: ms and MB down, rows/s up."""

    work: str
    value: float
    unit: str
    budget: float | None = None

    @property
    def is_met(self) -> bool | None:
        if self.budget is None:
            return None
        return self.value >= self.budget if self.unit.endswith("/s") else self.value <= self.budget

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"met": self.is_met}


Bench = Callable[[int], Iterator[tuple[str, float, str, float | None]]]
BENCHES: dict[str, Bench] = {
    "list": pages.lists,
    "card": pages.cards,
    "search": pages.searches,
    "doctor": doctor.checks,
    "pdf": papers.papers,
}


def run(name: str, rows: int) -> Iterator[Figure]:
    """The figures of one bench over ``rows`` contracts and as many parties."""
    for work, value, unit, budget in BENCHES[name](rows):
        yield Figure(work, value, unit, budget)


__all__ = ["BENCHES", "Figure", "run"]
