"""Measured speed: each figure beside its budget (DESIGN §9). Figures never decide a test; they are for reading.

Runs on whatever database the settings name, which should be empty: `make bench` gives it one of its own.
A bench is a function of the number of rows that yields `measuring.Figure`s; its name stands here.
"""

from __future__ import annotations

from collections.abc import Callable

from . import daily, doctor, imports, invoices, live, pages, papers, searching
from .measuring import Figure, Figures

Bench = Callable[[int], Figures]
BENCHES: dict[str, Bench] = {
    "list": pages.lists,
    "card": pages.cards,
    "search": searching.searches,
    "import": imports.imports,
    "invoice": invoices.invoices,
    "live": live.live,
    "daily": daily.days,
    "doctor": doctor.checks,
    "pdf": papers.papers,
}


def run(name: str, rows: int) -> Figures:
    """The figures of one bench over ``rows`` records, as they are measured."""
    yield from BENCHES[name](rows)


__all__ = ["BENCHES", "Bench", "Figure", "run"]
