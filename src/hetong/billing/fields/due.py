from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import BooleanField, Case, F, Q, Value, When
from django.db.models.expressions import Combinable
from django.utils.translation import gettext_lazy as _

from hetong.billing.fields import words
from hetong.billing.fields.amounts import MoneyRegister, amount, filling_in, link
from hetong.billing.models import Due
from hetong.billing.policy import DUE as NOUN
from hetong.billing.policy import Can
from hetong.billing.states import DUE as MACHINE
from hetong.billing.states import DueKind, DueState
from hetong.contracts.states import Class, Stage
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Choice, Field, Kind, Raw, Register, Verb

BILLS = Case(
    When(Q(contract__has_invoice_plan=True) & ~Q(kind=DueKind.INVOICE), then=Value(False)), default=Value(True), output_field=BooleanField()
)  # fmt: skip
"""Whether invoices are made of it: not of what an independent invoice plan stands beside."""
SETTLED = Q(settled_minor=F("gross_minor"))
INVOICED = Q(invoiced_minor=F("gross_minor"))


def _condition(actor: Actor) -> Combinable:
    """The condition in SQL, for filters and order; `condition_of` says the same of a row."""
    late = Q(due_on__lt=clock.today(actor.zone))
    settles = ~Q(kind=DueKind.INVOICE)
    alone = Q(contract__has_invoice_plan=True)
    return Case(
        When(Q(state__in=[DueState.SKIPPED, DueState.REVERSED]), then=F("state")),
        When(settles & SETTLED, then=Value("settled")),
        When(~settles & INVOICED, then=Value("invoiced")),
        When(settles & ~alone & late & Q(invoiced_minor__gt=F("settled_minor")), then=Value("late")),
        When(settles & alone & late & Q(state=DueState.OPEN), then=Value("late")),
        When(settles & Q(settled_minor__gt=0), then=Value("partial")),
        When(settles & ~alone & INVOICED, then=Value("invoiced")),
        When(Q(invoiced_minor__gt=0), then=Value("part_invoiced")),
        When(Q(state=DueState.OPEN) & settles & alone, then=Value("unpaid")),
        When(Q(state=DueState.OPEN), then=Value("billable")),
        default=F("state"),
    )


def condition_of(raw: Raw, today: Any) -> str:
    """How far a due has come: its state until it is open, then how much of it was invoiced and settled."""
    state, kind, alone = raw["state"], raw["kind"], raw["contract__has_invoice_plan"]
    gross, invoiced, settled = raw["gross_minor"], raw["invoiced_minor"], raw["settled_minor"]
    if state in (DueState.SKIPPED, DueState.REVERSED):
        return str(state)
    is_late = raw["due_on"] is not None and raw["due_on"] < today
    if kind != DueKind.INVOICE:
        found = _settling(state, (gross, invoiced, settled), is_alone=alone, is_late=is_late)
    else:
        found = "invoiced" if invoiced == gross else ""
    if found:
        return found
    if invoiced:
        return "part_invoiced"
    if state != DueState.OPEN:
        return str(state)
    return "unpaid" if alone and kind != DueKind.INVOICE else "billable"


def _settling(state: str, amounts: tuple[int, int, int], *, is_alone: bool, is_late: bool) -> str:
    gross, invoiced, settled = amounts
    if settled == gross:
        return "settled"
    if is_late and (state == DueState.OPEN if is_alone else invoiced > settled):
        return "late"
    if settled:
        return "partial"
    return "invoiced" if not is_alone and invoiced == gross else ""


def _shown_condition(raw: Raw, actor: Actor) -> Choice:
    code = condition_of(raw, clock.today(actor.zone))
    return next(one for one in words.due_conditions() if one.code == code)


def _reason(raw: Raw, actor: Actor) -> str | None:
    return str(words.reason_words(raw["reason"])) or None


def can_invoice(raw: Raw) -> bool:
    """Whether something of an open due is left to be invoiced (an expense's: to be received)."""
    if raw["contract__has_invoice_plan"] and raw["kind"] != DueKind.INVOICE:
        return False
    return bool(raw["state"] == DueState.OPEN and raw["gross_minor"] > raw["invoiced_minor"])


def can_settle(raw: Raw) -> bool:
    """Whether money may still be received or paid for it."""
    is_live = raw["state"] not in (DueState.SKIPPED, DueState.REVERSED)
    return bool(is_live and raw["kind"] != DueKind.INVOICE and raw["gross_minor"] > raw["settled_minor"])


def _verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    base, company = f"/billing/dues/{raw['pk']}/", raw["company_id"]
    if raw["contract__stage"] == Stage.ARCHIVED:
        return
    if can_invoice(raw) and actor.may(Can.INVOICE, company):
        if raw["contract__class_of"] == Class.EXPENSE:
            yield Verb("receive", _("Register invoice"), f"{base}receive/", "file-plus", primary=True, asks="receive")
        elif not raw["contract__stops_invoicing"]:
            yield Verb(
                "invoice", _("Issue invoice"), f"{base}invoice/", "receipt", primary=True, binding=True, asks="invoice"
            )
    if can_settle(raw) and actor.may(Can.REPORT, company):
        yield Verb("pay", _("Report payment"), f"{base}pay/", "cash", asks="pay")
    if actor.may(Can.PLAN, company):
        yield from _planning(base, raw)
        yield from filling_in(DUE, base)


def _planning(base: str, raw: Raw) -> Iterable[Verb]:
    possible = MACHINE.verbs_from(DueState(raw["state"]))
    if "hold" in possible:
        yield Verb("hold", _("Hold"), f"{base}hold/", "player-pause", asks="hold")
    if "release" in possible and raw["reason"] not in (words.WAITING, words.SUSPENDED):
        yield Verb("release", _("Release"), f"{base}release/", "player-play")
    if "skip" in possible and raw["invoiced_minor"] <= raw["settled_minor"]:
        yield Verb("skip", _("Waive"), f"{base}skip/", "ban", danger=True, asks="skip")
    if "unskip" in possible:
        yield Verb("unskip", _("Take up again"), f"{base}unskip/", "rotate-clockwise")


DUE: Register = MoneyRegister(
    NOUN,
    Due,
    [
        Field("title", _("Stage"), path="title", column=True, sortable=False),
        link("contract", _("Contract"), "contracts.contract", "title"),
        Field("contract_number", _("Contract no."), path="contract__number", key="contract__number_key", column=True),
        link("party", _("Party"), "parties.party"),
        link("company", _("Our company"), "accounts.company"),
        Field("kind", _("Kind"), Kind.CHOICE, "kind", choices=lambda: words.offered(words.DUE_KINDS), column=True),
        Field(
            "condition", _("State"), Kind.CHOICE, _condition, choices=words.due_conditions, column=True, compute=_shown_condition,
            needs=(
                "state", "kind", "due_on", "contract__has_invoice_plan", "gross_minor", "invoiced_minor", "settled_minor",
            ),
        ),
        Field("state", _("Stored state"), Kind.CHOICE, "state", choices=words.due_states),
        Field("on", _("Bill on"), Kind.DATE, "on", column=True),
        Field("due_on", _("Due"), Kind.DATE, "due_on", column=True),
        amount("net", _("Net")),
        amount("tax", _("Tax")),
        amount("gross", _("Amount")),
        amount("invoiced", _("Invoiced")),
        amount("settled", _("Settled")),
        amount("uninvoiced", _("To invoice"), F("gross_minor") - F("invoiced_minor")),
        amount("unsettled", _("To be settled"), F("gross_minor") - F("settled_minor")),
        Field("currency", _("Currency"), path="currency"),
        Field("bills", _("Is invoiced"), Kind.FLAG, BILLS, sortable=False, help=_("Not where another plan of its contract is invoiced.")),
        Field("is_retention", _("Retention money"), Kind.FLAG, "is_retention", column=True),
        Field("service_from", _("For the time from"), Kind.DATE, "service_from"),
        Field("service_to", _("For the time to"), Kind.DATE, "service_to"),
        Field("reason", _("Why"), needs=("reason",), compute=_reason),
        Field("position", _("Position"), Kind.NUMBER, "position"),
        Field("created_at", _("Created"), Kind.INSTANT, "created_at"),
    ],
    heading="title",
    facts=(
        "contract_id", "contract__stage", "contract__class_of", "contract__stops_invoicing", "contract__has_invoice_plan",
        "state", "kind", "reason", "gross_minor", "invoiced_minor", "settled_minor",
    ),
    verbs=_verbs,
    edit=Can.PLAN,
    parent=("contract_id", "contracts.contract"),
)  # fmt: skip
