"""The words of states, kinds and reasons; one place, so that tab, list, form and history agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.billing.states import Direction, DueKind, DueState, InvoiceKind, PaymentState
from hetong.kernel.fields import Choice, Text

DUE_KINDS: Mapping[str, Text] = {
    DueKind.COLLECT: _("To collect"),
    DueKind.PAY: _("To pay"),
    DueKind.INVOICE: _("To invoice only"),
}
DIRECTIONS: Mapping[str, Text] = {
    Direction.OUT: pgettext_lazy("invoice", "Issued"),
    Direction.IN: pgettext_lazy("invoice", "Received"),
}
FLOWS: Mapping[str, Text] = {
    Direction.IN: pgettext_lazy("payment", "Received"),
    Direction.OUT: pgettext_lazy("payment", "Paid out"),
}
INVOICE_KINDS: Mapping[str, Text] = {
    InvoiceKind.INVOICE: _("Invoice"),
    InvoiceKind.CREDIT_NOTE: _("Credit note"),
}
METHODS: Mapping[str, Text] = {
    "bank": _("Bank transfer"),
    "giro": _("Giro"),
    "card": _("Card"),
    "cash": _("Cash"),
    "cheque": _("Cheque"),
    "acceptance": _("Bank acceptance bill"),
    "online": _("Online payment"),
    "set_off": _("Set-off"),
    "other": _("Other"),
}
"""How money moves."""

WAITING: Final = ":waiting"
SUSPENDED: Final = ":suspended"
TERMINATED: Final = ":terminated"
BILLED_BEFORE: Final = ":billed_before"
REASONS: Mapping[str, Text] = {
    WAITING: _("Waits for its milestone or for the signing day"),
    SUSPENDED: _("The contract is suspended"),
    TERMINATED: _("The contract was terminated"),
    BILLED_BEFORE: _("Billed before the contract was entered here"),
}
"""Reasons that the product gives itself; people's are kept as they wrote them."""


def reason_words(reason: str) -> Text:
    """Why a due is held or was skipped, in words."""
    return REASONS.get(reason, reason)


def due_states() -> Sequence[Choice]:
    """The states of a due as they are stored."""
    return (
        Choice(DueState.PLANNED, pgettext_lazy("due", "Planned"), "draft", "faint"),
        Choice(DueState.HELD, pgettext_lazy("due", "On hold"), "suspended", "ochre"),
        Choice(DueState.OPEN, pgettext_lazy("due", "Open"), "active", "indigo"),
        Choice(DueState.SKIPPED, pgettext_lazy("due", "Waived"), "discarded", "faint"),
        Choice(DueState.REVERSED, pgettext_lazy("due", "Withdrawn"), "void", "faint"),
    )


DUE_VERBS: Mapping[str, Text] = {
    "hold": _("Hold"),
    "release": _("Release"),
    "skip": _("Waive"),
    "unskip": _("Take up again"),
}


def label_of_due(state: str) -> Text:
    """The words of a due's stored state."""
    return next(one.label for one in due_states() if one.code == state)


def label_of_payment(state: str) -> Text:
    """The words of a payment's state."""
    return next(one.label for one in payment_states() if one.code == state)


def due_conditions() -> Sequence[Choice]:
    """What a reader wants to know of a due: its state, and once it is open how far it has come."""
    planned, held, _open, skipped, withdrawn = due_states()
    return (
        planned,
        held,
        Choice("billable", _("To invoice"), "draft", "indigo"),
        Choice("part_invoiced", _("Partly invoiced"), "approval", "indigo"),
        Choice("invoiced", _("Invoiced"), "approved", "indigo"),
        Choice("unpaid", _("To be settled"), "draft", "indigo"),
        Choice("partial", _("Partly settled"), "closing", "ochre"),
        Choice("late", _("Overdue"), "expired", "carmine"),
        Choice("settled", _("Settled"), "closed", "malachite"),
        skipped,
        withdrawn,
    )


def invoice_conditions() -> Sequence[Choice]:
    """What became of an invoice or credit note."""
    return (
        Choice("open", pgettext_lazy("invoice", "Open"), "approved", "indigo"),
        Choice("partial", _("Partly settled"), "closing", "ochre"),
        Choice("late", _("Overdue"), "expired", "carmine"),
        Choice("settled", _("Settled"), "closed", "malachite"),
        Choice("credited", _("Credited"), "void", "faint"),
        Choice("credit", _("Credit note"), "superseded", "faint"),
    )


def payment_states() -> Sequence[Choice]:
    """The states of a payment."""
    return (
        Choice(PaymentState.REPORTED, pgettext_lazy("payment", "Reported"), "review", "indigo"),
        Choice(PaymentState.CONFIRMED, pgettext_lazy("payment", "Confirmed"), "closed", "malachite"),
        Choice(PaymentState.REJECTED, pgettext_lazy("payment", "Rejected"), "rejected", "carmine"),
        Choice(PaymentState.REVERSED, pgettext_lazy("payment", "Reversed"), "void", "faint"),
    )


def offered(words: Mapping[str, Text]) -> Sequence[Choice]:
    """Words as choices."""
    return [Choice(code, word) for code, word in words.items()]
