"""What was billed so far of some contracts, per due and per line, so that the next bill takes only what is left."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from uuid import UUID

from django.db.models import Sum

from hetong.billing.models import Due, InvoiceLine
from hetong.billing.services.amounts import Agreed, Billed, OfRate, Rate, bill, left_of
from hetong.billing.states import InvoiceKind
from hetong.contracts.models import Line
from hetong.kernel.rounding import round_half_up


class Books:
    """The agreed lines of contracts and what invoices less credit notes say of them; kept up in memory while billing.

    Two statements, whatever the number of contracts. The caller holds the locks.
    """

    def __init__(self, contracts: Collection[UUID]) -> None:
        self.lines: dict[UUID, Line] = {}
        self.of_contract: dict[UUID, list[Line]] = {id: [] for id in contracts}
        for line in Line.objects.filter(contract__in=contracts, is_optional=False).order_by("position", "pk"):
            self.lines[line.pk] = line
            self.of_contract[line.contract_id].append(line)
        self._of_line: dict[UUID, int] = {}
        self._of_due: dict[UUID, list[tuple[UUID | None, Rate, int, int]]] = {}
        told = InvoiceLine.objects.filter(due__contract__in=contracts).order_by()
        rows = told.values_list("due", "line", "tax_percent", "tax_code", "invoice__kind")
        for due, own, percent, code, kind, gross, tax in rows.annotate(Sum("gross_minor"), Sum("tax_minor")):
            sign = -1 if kind == InvoiceKind.CREDIT_NOTE else 1
            self._note(due, own, (percent, code), sign * gross, sign * tax)

    def _note(self, due: UUID, line: UUID | None, rate: Rate, gross: int, tax: int) -> None:
        if line is not None:
            self._of_line[line] = self._of_line.get(line, 0) + gross
        self._of_due.setdefault(due, []).append((line, rate, gross, tax))

    def bill(self, due: Due, gross: int) -> list[Billed]:
        """A part of a due as lines of a bill, noted as billed."""
        left = self._left(due)
        lines = bill(gross, left, self._agreed(due, sum(one.gross for one in left)))
        for one in lines:
            self._note(due.pk, one.line, one.rate, one.gross, one.tax)
        return lines

    def is_whole(self, line: UUID, gross: int) -> bool:
        """Whether that amount, noted already, is all of the line and the only bill of it."""
        return bool(gross == self.lines[line].gross_minor == self._of_line.get(line, 0))

    def _agreed(self, due: Due, left: int) -> Sequence[Agreed]:
        if due.line_id is not None:
            own = self.lines[due.line_id]
            return [Agreed(own.pk, _rate(own), left)]
        return [
            Agreed(one.pk, _rate(one), one.gross_minor - self._of_line.get(one.pk, 0))
            for one in self.of_contract[due.contract_id]
            if one.kind != "recurring"
        ]

    def _left(self, due: Due) -> list[OfRate]:
        """What is left of a due per agreed rate; what was billed at another one counts for its line's own."""
        agreed = {(int(one["rate"]), str(one["code"])): one for one in due.taxes}
        billed: dict[Rate, tuple[int, int]] = {}
        for line, rate, gross, tax in self._of_due.get(due.pk, ()):
            own = _rate(self.lines[line]) if line in self.lines and line is not None else rate
            if own != rate and own in agreed:
                one = agreed[own]
                tax = round_half_up(one["tax"] * gross, one["net"] + one["tax"]) if one["tax"] else 0
            so_far = billed.get(own, (0, 0))
            billed[own] = (so_far[0] + gross, so_far[1] + tax)
        return left_of(due.taxes, billed)


def _rate(line: Line) -> Rate:
    return (line.tax_percent, line.tax_code)
