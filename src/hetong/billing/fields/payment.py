from __future__ import annotations

from collections.abc import Iterable

from django.db.models import F
from django.utils.translation import gettext_lazy as _

from hetong.billing.fields import words
from hetong.billing.fields.amounts import MoneyRegister, amount, filling_in, link
from hetong.billing.models import Allocation, Payment
from hetong.billing.policy import PAYMENT as NOUN
from hetong.billing.policy import Can
from hetong.billing.states import PAYMENT as MACHINE
from hetong.billing.states import PaymentState
from hetong.contracts.states import Stage
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Raw, Register, Verb


def _verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    base, company = f"/billing/payments/{raw['pk']}/", raw["company_id"]
    if raw["contract__stage"] == Stage.ARCHIVED:
        return
    if actor.may(Can.CONFIRM, company):
        yield from _deciding(actor, raw, base)
    if actor.may(Can.REPORT, company):
        yield from filling_in(PAYMENT, base)


def _deciding(actor: Actor, raw: Raw, base: str) -> Iterable[Verb]:
    possible = MACHINE.verbs_from(PaymentState(raw["state"]))
    if "confirm" in possible and (raw["reported_by"] is None or raw["reported_by"] != actor.id):
        yield Verb("confirm", _("Confirm"), f"{base}confirm/", "check", primary=True, binding=True)
    if "reject" in possible:
        yield Verb("reject", _("Reject"), f"{base}reject/", "x", asks="reject")
    if raw["state"] == PaymentState.CONFIRMED and raw["amount_minor"] > raw["allocated_minor"]:
        yield Verb("allocate", _("Allocate"), f"{base}allocate/", "link", primary=True, asks="allocate")
    if raw["state"] == PaymentState.CONFIRMED and raw["allocated_minor"]:
        yield Verb("unallocate", _("Put back on account"), f"{base}unallocate/", "unlink", asks="unallocate")
    if "reverse" in possible:
        yield Verb("reverse", _("Reverse"), f"{base}reverse/", "ban", danger=True, asks="reverse")


PAYMENT: Register = MoneyRegister(
    NOUN,
    Payment,
    [
        Field("reference", _("Reference"), path="reference", key="reference_key", column=True, searchable=True, max_length=120),
        Field("state", _("State"), Kind.CHOICE, "state", choices=words.payment_states, column=True),
        Field("direction", _("Direction"), Kind.CHOICE, "direction", choices=lambda: words.offered(words.FLOWS), column=True),
        link("party", _("Party"), "parties.party", searchable=True),
        link("contract", _("Contract"), "contracts.contract", "title"),
        Field("contract_number", _("Contract no."), path="contract__number", key="contract__number_key", column=True),
        link("company", _("Our company"), "accounts.company"),
        Field("on", _("Paid on"), Kind.DATE, "on", column=True),
        amount("amount", _("Amount")),
        amount("allocated", _("Allocated")),
        amount("on_account", _("On account"), F("amount_minor") - F("allocated_minor")),
        Field("currency", _("Currency"), path="currency"),
        Field("method", _("Method"), Kind.CHOICE, "method", choices=lambda: words.offered(words.METHODS), column=True),
        Field("note", _("Note"), path="note", sortable=False),
        Field("reported_by", _("Reported by"), path="reported_by_label", column=True, sortable=False),
        Field("reported_at", _("Reported"), Kind.INSTANT, "reported_at"),
        Field("decided_by", _("Decided by"), path="decided_by_label", sortable=False),
        Field("decided_at", _("Decided"), Kind.INSTANT, "decided_at"),
        Field("reason", _("Reason"), path="reason", sortable=False),
        Field("reversed_at", _("Reversed on"), Kind.INSTANT, "reversed_at"),
        Field("reversed_by", _("Reversed by"), path="reversed_by_label", sortable=False),
    ],
    heading="reference",
    facts=("state", "reported_by", "amount_minor", "allocated_minor", "contract_id", "contract__stage"),
    verbs=_verbs,
    edit=Can.REPORT,
    parent=("contract_id", "contracts.contract"),
)  # fmt: skip

ALLOCATION: Register = MoneyRegister(
    "billing.allocation",
    Allocation,
    [
        Field("on", _("Allocated on"), Kind.DATE, "on", column=True),
        Field("payment", _("Payment"), Kind.REFERENCE, "payment_id", to=NOUN, title="payment__reference", key="payment__reference_key"),
        Field("due", _("Stage"), Kind.REFERENCE, "due_id", to="billing.due", title="due__title", sortable=False, column=True),
        Field(
            "invoice", _("Invoice"), Kind.REFERENCE, "invoice_id", to="billing.invoice", title="invoice__number",
            key="invoice__number_key", column=True,
        ),
        amount("amount", _("Amount")),
        Field(
            "reverses", _("Takes back"), Kind.REFERENCE, "reverses_id", to="billing.allocation", title="reverses__by_label",
            sortable=False,
        ),
        Field("by", _("By"), path="by_label", column=True, sortable=False),
        Field("at", _("Entered"), Kind.INSTANT, "at"),
    ],
    heading="by",
    parent=("payment_id", NOUN),
    versioned=False,
)  # fmt: skip
