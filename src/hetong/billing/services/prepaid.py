"""Money that came before the invoice: it settles a due, and the invoice that is issued on it then counts as settled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from hetong.billing.models import Allocation, Due, Invoice
from hetong.billing.services.drafts import Draft
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.rows import insert


@dataclass(frozen=True)
class Move:
    """So much of an allocation without an invoice belongs to this invoice now."""

    allocation: Allocation
    invoice: Invoice
    minor: int


class Prepaid:
    """The allocations of locked dues that no invoice has claimed yet."""

    def __init__(self, dues: Sequence[Due]) -> None:
        settled = [due.pk for due in dues if due.settled_minor > 0]
        self._left: dict[UUID, int] = {}
        self._of_due: dict[UUID, list[Allocation]] = {}
        if not settled:
            return
        rows = Allocation.objects.filter(due__in=settled, invoice=None, reverses=None, reversed_by=None)
        for one in rows.order_by("pk"):
            self._of_due.setdefault(one.due_id, []).append(one)
            self._left[one.pk] = one.amount_minor

    def claim(self, made: Draft) -> list[Move]:
        """Let an invoice be settled by what came before it, in memory."""
        moves: list[Move] = []
        billed: dict[UUID, int] = {}
        for due, part in made.parts:
            billed[due.pk] = billed.get(due.pk, 0) + part.gross
        for due_id, wanted in billed.items():
            for one in self._of_due.get(due_id, ()):
                minor = min(wanted, self._left[one.pk])
                if minor > 0:
                    moves.append(Move(one, made.invoice, minor))
                    self._left[one.pk] -= minor
                    wanted -= minor
        made.invoice.settled_minor = sum(one.minor for one in moves)
        return moves

    def keep(self, actor: Actor, moves: Sequence[Move]) -> None:
        """Write it: each allocation is taken back and made again, for the invoices and for what is left of it."""
        rows: list[Allocation] = []
        now = clock.now()
        for old in {move.allocation.pk: move.allocation for move in moves}.values():
            same = {
                "payment_id": old.payment_id, "due_id": old.due_id, "company_id": old.company_id, "currency": old.currency,
                "on": old.on, "at": now, "by_label": actor.label[:200],
            }  # fmt: skip
            rows.append(Allocation(amount_minor=-old.amount_minor, reverses=old, **same))
            own = [move for move in moves if move.allocation.pk == old.pk]
            rows += [Allocation(amount_minor=move.minor, invoice=move.invoice, **same) for move in own]
            if self._left[old.pk]:
                rows.append(Allocation(amount_minor=self._left[old.pk], **same))
        insert(rows)
