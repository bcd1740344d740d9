from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import Sum
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.contracts.fields import words
from hetong.contracts.fields.contract import DRAFTING
from hetong.contracts.fields.line import LineRegister
from hetong.contracts.models import Instalment, Milestone
from hetong.contracts.policy import Can, can_edit, can_reach
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Field, Kind, Raw, Register, Verb


def _stage_verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    if can_edit(actor, {"stage": raw["contract__stage"], "company_id": raw["company_id"]}):
        base = f"/contracts/{raw['contract_id']}/plan/{raw['pk']}/"
        yield Verb("edit", _("Edit stage"), base, "pencil", asks="edit")
        yield Verb("remove", _("Remove stage"), f"{base}remove/", "trash", danger=True)


def _milestone_verbs(actor: Actor, raw: Raw) -> Iterable[Verb]:
    row = {"stage": raw["contract__stage"], "company_id": raw["company_id"]}
    base = f"/contracts/{raw['contract_id']}/milestones/{raw['pk']}/"
    if can_edit(actor, row):
        yield Verb("edit", _("Edit milestone"), base, "pencil", asks="edit")
        yield Verb("remove", _("Remove milestone"), f"{base}remove/", "trash", danger=True)
    if can_reach(actor, row):
        if raw["reached_on"]:
            yield Verb("unreach", _("Take back"), f"{base}unreach/", "arrow-back-up", asks="unreach")
        else:
            yield Verb("reach", _("Mark reached"), f"{base}reach/", "check", asks="reach")


def _amount(name: str, label: Any, **more: Any) -> Field:
    return Field(name, label, Kind.MONEY, f"{name}_minor", currency="currency", column=True, **more)


def _of_contract() -> Field:
    return Field(
        "contract", _("Contract"), Kind.REFERENCE, "contract_id", to="contracts.contract", title="contract__title",
        key="contract__title_key", write=True, required=True,
    )  # fmt: skip


class PlanRegister(LineRegister):
    """A stage's amounts are the contract's value in parts."""

    valued = frozenset({"amount", "net", "tax", "gross"})


INSTALMENT = PlanRegister(
    "contracts.instalment",
    Instalment,
    [
        Field(
            "title", pgettext_lazy("of a plan", "Stage"), path="title", key="title_key", write=True, required=True, material=True,
            column=True, max_length=200,
        ),
        _of_contract(),
        Field("position", _("Position"), Kind.NUMBER, "position", write=True),
        Field(
            "kind", _("Plan of"), Kind.CHOICE, "kind", choices=lambda: words.offered(words.PLAN_KINDS), write=True, material=True,
            help=_("Stages for invoices exist only where invoices follow a plan of their own."),
        ),
        Field("stated", _("Stated as"), Kind.CHOICE, "stated", choices=lambda: words.offered(words.STATED), write=True, material=True),
        Field("percent", _("Share %"), Kind.PERCENT, "percent", write=True, material=True, column=True),
        _amount("amount", _("Amount"), write=True, material=True),
        Field(
            "trigger", _("Falls due"), Kind.CHOICE, "trigger", choices=lambda: words.offered(words.TRIGGERS), write=True, material=True,
            column=True,
        ),
        Field("on", _("Day"), Kind.DATE, "on", write=True, material=True, column=True),
        Field(
            "milestone", _("Milestone"), Kind.REFERENCE, "milestone_id", to="contracts.milestone", title="milestone__title",
            key="milestone__title_key", write=True, material=True, column=True,
        ),
        Field("days_after", _("Days after that"), Kind.NUMBER, "days_after", write=True, material=True),
        Field(
            "is_retention", _("Retention"), Kind.FLAG, "is_retention", write=True, material=True, column=True,
            help=_("Kept back until then, against faults that show later."),
        ),
        _amount("net", _("Net"), aggregate=Sum),
        _amount("tax", _("Tax"), aggregate=Sum),
        _amount("gross", _("Gross"), aggregate=Sum),
        Field("is_retired", _("Taken out of the plan"), Kind.FLAG, "is_retired"),
    ],
    heading="title",
    facts=("contract_id", "contract__stage"),
    verbs=_stage_verbs,
    stage="contract__stage",
    checked_at=DRAFTING,
    parent=("contract_id", "contracts.contract"),
    edit=Can.EDIT,
)  # fmt: skip

MILESTONE = Register(
    "contracts.milestone",
    Milestone,
    [
        Field(
            "title", _("Milestone"), path="title", key="title_key", write=True, required=True, material=True, column=True,
            max_length=200,
        ),
        _of_contract(),
        Field("position", _("Position"), Kind.NUMBER, "position", write=True),
        Field("due_on", _("Planned"), Kind.DATE, "due_on", write=True, material=True, column=True),
        Field("reached_on", _("Reached"), Kind.DATE, "reached_on", column=True),
        Field("note", _("Note"), path="note", write=True, max_length=500, sortable=False),
    ],
    heading="title",
    facts=("contract_id", "contract__stage", "reached_on"),
    verbs=_milestone_verbs,
    stage="contract__stage",
    checked_at=DRAFTING,
    parent=("contract_id", "contracts.contract"),
    edit=Can.EDIT,
)  # fmt: skip
