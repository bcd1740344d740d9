"""The rules of one line of a contract in memory."""

from __future__ import annotations

from hetong.contracts.models import Line
from hetong.kernel.errors import N_, Problem
from hetong.kernel.scaled import PERCENT

FULL = 100 * 10**PERCENT.exponent


def line_problems(row: Line) -> list[Problem]:
    """Fill what was left open, and say what is wrong with one line."""
    row.discount = row.discount or 0
    row.tax_percent = row.tax_percent or 0
    row.position = row.position or 0
    problems = []
    if not 0 <= row.discount <= FULL:
        problems.append(Problem("discount_range", N_("A discount lies between 0 and 100 %%."), field="discount"))
    if not 0 <= row.tax_percent <= FULL:
        problems.append(Problem("tax_range", N_("A tax rate lies between 0 and 100 %%."), field="tax_rate"))
    if row.quantity == 0:
        problems.append(Problem("no_quantity", N_("A quantity of 0 sells nothing."), field="quantity"))
    if row.position < 0 or row.position > 1_000_000:
        problems.append(Problem("position_range", N_("This position does not exist."), field="position"))
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        problems.append(
            Problem(
                "ends_before_start",
                N_("The end lies before the start %(starts)s."),
                {"starts": row.starts_on.isoformat()},
                "ends_on",
            )
        )
    return problems
