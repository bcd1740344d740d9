"""The rules of one stage of a plan in memory: what it states, what it waits for, what is absurd."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from hetong.contracts.models import Contract, Instalment
from hetong.contracts.queries.split import HUNDRED
from hetong.contracts.states import PlanKind, Stated, Trigger
from hetong.kernel.errors import N_, Problem

Given = Mapping[str, Any]
MOST_DAYS = 3650
MOST_POSITIONS = 1_000_000


def complete_given(given: Given, currency: str) -> Given:
    """Raw input whose amount names its currency: a bare number is in the contract's."""
    amount = given.get("amount")
    if not currency or not isinstance(amount, str) or not amount.strip() or amount.strip()[:3].isalpha():
        return given
    return {**given, "amount": f"{currency} {amount.strip()}"}


def settle_stage(row: Instalment, values: Given) -> None:
    """Let what is stated and what is waited for follow from what was given, and drop what no longer counts."""
    if not row.kind:
        row.kind = PlanKind.SETTLE
    if not values.get("stated"):
        row.stated = _stated(row, values)
    if not values.get("trigger"):
        row.trigger = _trigger(row, values)
    if row.stated != Stated.PERCENT and not values.get("percent"):
        row.percent = None
    if row.stated != Stated.AMOUNT and not values.get("amount"):
        row.amount_minor = None
    if row.trigger != Trigger.DATE and not values.get("on"):
        row.on = None
    if row.trigger != Trigger.MILESTONE and not values.get("milestone"):
        row.milestone_id = None
    row.days_after, row.position = row.days_after or 0, row.position or 0


def _stated(row: Instalment, values: Given) -> str:
    if values.get("percent") is not None:
        return Stated.PERCENT
    if values.get("amount") is not None:
        return Stated.AMOUNT
    return row.stated or Stated.REST


def _trigger(row: Instalment, values: Given) -> str:
    if values.get("milestone"):
        return Trigger.MILESTONE
    return (Trigger.DATE if values.get("on") else "") or row.trigger or Trigger.SIGNING


def stage_problems(row: Instalment, contract: Contract, milestones: Mapping[UUID, UUID]) -> list[Problem]:
    """Everything that is wrong with one stage; ``milestones``: the contract of each that could be meant."""
    problems = [*_share_problems(row, contract), *_due_problems(row, milestones)]
    if row.kind == PlanKind.INVOICE and not contract.has_invoice_plan:
        text = N_("Invoices follow the plan of the money here. Let them have a plan of their own first.")
        problems.append(Problem("no_invoice_plan", text, field="kind"))
    row.currency = contract.currency
    return problems


def _share_problems(row: Instalment, contract: Contract) -> Iterator[Problem]:
    percent, amount = row.percent, row.amount_minor
    if percent is not None and row.stated != Stated.PERCENT:
        yield _unused("percent")
    if amount is not None and row.stated != Stated.AMOUNT:
        yield _unused("amount")
    if row.stated == Stated.PERCENT and (percent is None or not 0 < percent <= HUNDRED):
        yield Problem("percent_range", N_("A share lies above 0 and at most at 100 %%."), field="percent")
    if row.stated == Stated.AMOUNT and (amount is None or amount <= 0):
        yield Problem("amount_range", N_("An amount above 0 is needed."), field="amount")
    if amount is not None and row.currency and row.currency != contract.currency:
        text = N_("The contract is in %(currency)s.")
        yield Problem("other_currency", text, {"currency": contract.currency}, "amount")


def _due_problems(row: Instalment, milestones: Mapping[UUID, UUID]) -> Iterator[Problem]:
    if row.on is not None and row.trigger != Trigger.DATE:
        yield _unused("on")
    if row.milestone_id is not None and row.trigger != Trigger.MILESTONE:
        yield _unused("milestone")
    if row.milestone_id is not None and milestones.get(row.milestone_id) != row.contract_id:
        yield Problem("other_contract", N_("This milestone belongs to another contract."), field="milestone")
    if not 0 <= row.days_after <= MOST_DAYS:
        yield Problem("days_range", N_("Choose between 0 and %(most)s days."), {"most": MOST_DAYS}, "days_after")
    if not 0 <= row.position <= MOST_POSITIONS:
        yield Problem("position_range", N_("This position does not exist."), field="position")


def _unused(field: str) -> Problem:
    text = N_("This does not go with what the stage states or waits for. Leave it empty.")
    return Problem("unused", text, field=field)
