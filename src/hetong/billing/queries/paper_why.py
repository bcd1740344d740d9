"""How an amount was computed, in the words of the paper: the kept steps of the dues that are billed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from django.utils.translation import gettext as _

from hetong.billing.models import Due, InvoiceLine
from hetong.contracts.queries.plan import REST, SHARE
from hetong.files.typeset.writing import Pen
from hetong.kernel.dates import Period
from hetong.kernel.explain import Explained, Operand, Step, Value
from hetong.kernel.money import Money
from hetong.kernel.proration import PIECE, PRORATED
from hetong.kernel.rounding import Ratio
from hetong.kernel.scaled import PERCENT, Scaled

MOST: Final = 6
"""Computations that fit the box; an invoice over more dues says them on the screen."""

_TOLD: Final = (PRORATED, SHARE, REST)
"""Steps that a customer would ask about. What is stated, and what is whole, needs no explanation."""


def how_computed(pen: Pen, lines: Sequence[InvoiceLine]) -> dict[str, Any] | None:
    """The box "how we computed"; None where nothing had to be computed, or only a part of what was is billed here."""
    dues: dict[Any, Due] = {line.due_id: line.due for line in lines}
    whole = [
        due
        for key, due in dues.items()
        if sum(one.gross_minor for one in lines if one.due_id == key) == due.gross_minor
    ]
    rows = [row for due in whole for row in _rows(pen, due, named=len(dues) > 1)]
    return {"title": _("How we computed"), "rows": rows[:MOST]} if rows else None


def _rows(pen: Pen, due: Due, *, named: bool) -> Iterator[dict[str, Any]]:
    if not due.explanation.get("steps"):
        return
    for step in _told(Explained.from_json(due.explanation).steps):
        text = [due.title] if named else []
        text += [_piece(pen, piece) for piece in step.steps if piece.code == PIECE] or [str(step.label)]
        yield {"text": text, "sum": f"{_operation(pen, step)} =", "result": _value(pen, step.result)}


def _told(steps: Sequence[Step]) -> Iterator[Step]:
    for step in steps:
        if step.code in _TOLD and not step.is_masked:
            yield step
        else:
            yield from _told(step.steps)


def _operation(pen: Pen, step: Step) -> str:
    first, second = step.operands[0], step.operands[1]
    if step.code == REST:
        return f"{_value(pen, first.value)} − {_value(pen, second.value)}"
    return f"{_value(pen, first.value)} × {_factor(pen, second)}"


def _factor(pen: Pen, operand: Operand) -> str:
    """A share as people compute it: 81 ÷ 92, or 30 %."""
    match operand.value:
        case Ratio(numerator=top, denominator=bottom):
            return pen.number(top) if bottom == 1 else f"{pen.number(top)} ÷ {pen.number(bottom)}"
        case Scaled(units=units, exponent=PERCENT.exponent):
            return pen.percent(units)
        case other:
            return _value(pen, other)


def _piece(pen: Pen, piece: Step) -> str:
    """The sentence of one price period: which days are charged, of which full period."""
    part, full = piece.operands[0].value, piece.operands[1].value
    if not isinstance(part, Period) or not isinstance(full, Period) or part.ends is None or full.ends is None:
        return str(piece.label)
    return _("%(starts)s to %(ends)s: %(days)s of the %(all)s days of the full period, first and last day included.") % {
        "starts": pen.day(part.starts), "ends": pen.day(part.ends), "days": (part.ends - part.starts).days + 1,
        "all": (full.ends - full.starts).days + 1,
    }  # fmt: skip


def _value(pen: Pen, value: Value) -> str:
    match value:
        case Money():
            return pen.amount(value.minor, value.currency)
        case Scaled() | int():
            return pen.number(value)
        case None:
            return ""
        case _:
            return str(value)
