"""The states of dues, invoices and payments."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.states import Machine


class DueKind(StrEnum):
    """Whether money comes in, goes out, or only an invoice is planned (contracts with an invoice plan of their own)."""

    COLLECT = "collect"
    PAY = "pay"
    INVOICE = "invoice"


class DueState(StrEnum):
    """``planned``: its day has not come; ``held``: it waits for a milestone or was stopped; ``open``: it may be
    invoiced and settled; ``skipped``: waived; ``reversed``: it never was."""

    PLANNED = "planned"
    HELD = "held"
    OPEN = "open"
    SKIPPED = "skipped"
    REVERSED = "reversed"


class Direction(StrEnum):
    """``out``: our invoice, our payment; ``in``: theirs."""

    IN = "in"
    OUT = "out"


class InvoiceKind(StrEnum):
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class PaymentState(StrEnum):
    """Only confirmed payments count."""

    REPORTED = "reported"
    CONFIRMED = "confirmed"
    REJECTED = "rejected"
    REVERSED = "reversed"


def _due(*states: DueState) -> frozenset[DueState]:
    return frozenset(states)


DUE: Machine[DueState] = Machine(
    {
        "open": (_due(DueState.PLANNED, DueState.HELD), DueState.OPEN),
        "hold": (_due(DueState.PLANNED, DueState.OPEN), DueState.HELD),
        "release": (_due(DueState.HELD), DueState.PLANNED),
        "skip": (_due(DueState.PLANNED, DueState.HELD, DueState.OPEN), DueState.SKIPPED),
        "unskip": (_due(DueState.SKIPPED), DueState.PLANNED),
        "reverse": (_due(DueState.PLANNED, DueState.HELD, DueState.OPEN, DueState.SKIPPED), DueState.REVERSED),
    }
)

PAYMENT: Machine[PaymentState] = Machine(
    {
        "confirm": (frozenset({PaymentState.REPORTED}), PaymentState.CONFIRMED),
        "reject": (frozenset({PaymentState.REPORTED}), PaymentState.REJECTED),
        "reverse": (frozenset({PaymentState.CONFIRMED}), PaymentState.REVERSED),
    }
)
