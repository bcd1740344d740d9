"""The plan of a contract: which share of its one-off lines falls due when, and why that much."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from hetong.contracts.models import Contract, Instalment, Line
from hetong.contracts.queries.split import Cell, Column, Part, amounts_of, split_over_rates
from hetong.contracts.queries.value import tax_of
from hetong.contracts.states import Basis, PlanKind, Stated, Trigger
from hetong.kernel.dates import add_days
from hetong.kernel.explain import HALF_UP, LARGEST_REMAINDER, Explained, Operand, Source, Step, register_labels
from hetong.kernel.money import Money
from hetong.kernel.scaled import PERCENT, Scaled
from hetong.kernel.tax import Taxed, TaxSubtotal

SHARE, STATED, REST, WHOLE = "plan.share", "plan.stated", "plan.rest", "plan.whole"
RATE, GROSS = "plan.rate", "plan.gross"

register_labels(
    {
        SHARE: _("Share of the one-off lines"),
        STATED: _("Amount as stated"),
        REST: _("One-off lines − the other stages"),
        WHOLE: _("All one-off lines at once"),
        RATE: _("The stage’s part of this tax rate"),
        GROSS: _("Net + tax of the stage"),
        "plan.base_net": _("One-off lines without tax"),
        "plan.base_gross": _("One-off lines with tax"),
        "plan.percent": _("Share %"),
        "plan.others": _("Other stages"),
    }
)


@dataclass(frozen=True)
class PlannedShare:
    """One stage's share of a contract's one-off lines; amounts in minor units of the contract's currency.

    ``instalment`` is None where the contract has no stages: then this is all of it. ``taxes`` lists {rate, code,
    net, tax} per tax rate (the rate in 10^-4 %) and adds up to ``net`` and ``tax``. ``on`` is the day on which it may
    be billed, None while it waits for a signature or a milestone (``is_waiting``); ``expected_on`` is that day, or
    the one it is planned for. ``amount`` is the share as the plan states it, in the contract's plan basis.
    """

    instalment: Instalment | None
    position: int
    title: str
    kind: str
    net: int
    tax: int
    gross: int
    amount: int
    taxes: list[dict[str, Any]]
    on: dt.date | None
    expected_on: dt.date | None
    is_waiting: bool
    is_retention: bool
    explanation: Explained[Money]


def one_off_totals(contract: Contract) -> Taxed | None:
    """Net, tax and gross of the contract's agreed one-off lines; None where there are none."""
    return one_off_of(contract, Line.objects.filter(contract=contract.pk).order_by("position", "pk"))


def one_off_of(contract: Contract, lines: Iterable[Line]) -> Taxed | None:
    """The one-off lines' exact share of what the contract's lines come to; None where no line is one-off."""
    agreed = [line for line in lines if not line.is_optional]
    once = {str(line.pk) for line in agreed if line.kind != "recurring"}
    taxed = tax_of(contract, agreed) if once else None
    if taxed is None:
        return None
    pairs = [(stated, own) for stated, own in zip(taxed.stated, taxed.lines, strict=True) if own.key in once]
    zero = Money.zero(contract.currency)
    rates: dict[tuple[int, str], TaxSubtotal] = {}
    for stated, own in pairs:
        key = (stated.tax_rate.units, stated.category)
        so_far = rates.get(key) or TaxSubtotal(stated.category, stated.tax_rate, zero, zero, zero)
        rates[key] = replace(so_far, net=so_far.net + own.net, tax=so_far.tax + own.tax, gross=so_far.gross + own.gross)
    return replace(
        taxed, lines=tuple(own for _stated, own in pairs), stated=tuple(stated for stated, _own in pairs),
        subtotals=tuple(rates[key] for key in sorted(rates)), net=sum((own.net for _s, own in pairs), zero),
        tax=sum((own.tax for _s, own in pairs), zero), gross=sum((own.gross for _s, own in pairs), zero),
    )  # fmt: skip


def plan_of(ids: Collection[UUID]) -> dict[UUID, list[PlannedShare]]:
    """The planned shares of each contract, in their order; a contract without stages has one share of all of it.

    The shares of a kind add up to the one-off lines exactly, in all and per tax rate, once the plan adds up.
    A contract without one-off lines has none. Recurring lines are no part of a plan: they fall due by period.
    """
    contracts = {one.pk: one for one in Contract.objects.filter(pk__in=ids)}
    lines: dict[UUID, list[Line]] = {id: [] for id in contracts}
    for line in Line.objects.filter(contract__in=contracts).order_by("position", "pk"):
        lines[line.contract_id].append(line)
    stages = stages_of(contracts)
    return {id: plan_in(contracts[id], lines[id], stages[id]) for id in ids if id in contracts}


def stages_of(ids: Collection[UUID]) -> dict[UUID, list[Instalment]]:
    """The stages of each contract in their order, with their milestones, in one query."""
    found: dict[UUID, list[Instalment]] = {id: [] for id in ids}
    standing = Instalment.objects.filter(contract__in=list(ids), is_retired=False).select_related("milestone")
    for one in standing.order_by("position", "pk"):
        found[one.contract_id].append(one)
    return found


def kinds_of(contract: Contract) -> tuple[PlanKind, ...]:
    """The plans that a contract has: one for all, or one for its invoices beside the one for its money."""
    return (PlanKind.SETTLE, PlanKind.INVOICE) if contract.has_invoice_plan else (PlanKind.SETTLE,)


def plan_in(contract: Contract, lines: Sequence[Line], stages: Sequence[Instalment]) -> list[PlannedShare]:
    """The planned shares of one contract from its lines and stages."""
    totals = one_off_of(contract, lines)
    shares: list[PlannedShare] = []
    for kind in kinds_of(contract):
        own = [one for one in stages if one.kind == kind]
        if own:
            shares += _staged(contract, totals, own)
        elif totals is not None:
            shares.append(_whole(contract, totals, kind))
    return shares


def base_of(contract: Contract, totals: Taxed | None) -> Money:
    """What the stages of a contract have to add up to, in its plan basis."""
    if totals is None:
        return Money.zero(contract.currency)
    return totals.gross if contract.plan_basis == Basis.GROSS else totals.net


def part_of(stage: Instalment) -> Part:
    """What a stage states, as the arithmetic takes it."""
    units = stage.percent if stage.stated == Stated.PERCENT else stage.amount_minor
    return Part(str(stage.pk), Stated(stage.stated), (units or 0) if stage.stated != Stated.REST else 0)


def _columns(totals: Taxed | None) -> list[Column]:
    rates = totals.subtotals if totals else ()
    return [Column(one.rate, one.category, one.net.minor, one.tax.minor) for one in rates]


def _staged(contract: Contract, totals: Taxed | None, stages: Sequence[Instalment]) -> list[PlannedShare]:
    base = base_of(contract, totals)
    amounts = amounts_of(base.minor, [part_of(one) for one in stages])
    columns = _columns(totals) or [Column(Scaled(0, PERCENT.exponent), "", 0, 0)]
    cells = split_over_rates(amounts, columns, with_tax=contract.plan_basis == Basis.GROSS)
    planned = sum(amounts.values())
    shares = []
    for position, stage in enumerate(stages, 1):
        key = str(stage.pk)
        others = Money(planned - amounts[key], contract.currency)
        first = _why_amount(contract, stage, base, Money(amounts[key], contract.currency), others)
        on, expected = days_of(contract, stage)
        shares.append(
            _share(
                contract, cells[key], first, instalment=stage, position=position, title=stage.title, kind=stage.kind,
                amount=amounts[key], on=on, expected_on=expected, is_waiting=on is None, is_retention=stage.is_retention,
            )
        )  # fmt: skip
    return shares


def _whole(contract: Contract, totals: Taxed, kind: PlanKind) -> PlannedShare:
    """One share of 100 %, on the day of effect, else of the start, else of signing."""
    on = contract.effective_on or contract.starts_on or contract.signed_on
    base = base_of(contract, totals)
    cells = [Cell(one.rate, one.code, one.net, one.tax) for one in _columns(totals)]
    return _share(
        contract, cells, Step(WHOLE, (_base_operand(contract, base),), result=base), instalment=None, position=1,
        title=contract.title, kind=kind, amount=base.minor, on=on, expected_on=on, is_waiting=on is None, is_retention=False,
    )  # fmt: skip


def _share(contract: Contract, cells: Sequence[Cell], first: Step, **more: Any) -> PlannedShare:
    """A share from its cells: their sums, and the steps that led to them."""
    net, tax = sum(one.net for one in cells), sum(one.tax for one in cells)
    told = [one for one in cells if one.net or one.tax] or list(cells[:1])
    gross = Money(net + tax, contract.currency)
    rates = tuple(_why_rate(one, contract.currency) for one in told)
    sums = (
        Operand("net", "tax.net", Money(net, contract.currency)),
        Operand("tax", "tax.tax", Money(tax, contract.currency)),
    )
    explanation = Explained(gross, (Step(GROSS, sums, result=gross, steps=(first, *rates)),))
    taxes = [{"rate": one.rate.units, "code": one.code, "net": one.net, "tax": one.tax} for one in told]
    return PlannedShare(net=net, tax=tax, gross=net + tax, taxes=taxes, explanation=explanation, **more)


def _base_operand(contract: Contract, base: Money) -> Operand:
    name = str(contract.plan_basis)
    return Operand(name, f"plan.base_{name}", base)


def _why_amount(contract: Contract, stage: Instalment, base: Money, amount: Money, others: Money) -> Step:
    """How the amount of a stage follows from what it states."""
    source = Source("contracts.instalment", str(stage.pk))
    if stage.stated == Stated.AMOUNT:
        return Step(STATED, (Operand("amount", STATED, amount),), result=amount, source=source)
    if stage.stated == Stated.REST:
        operands = (_base_operand(contract, base), Operand("amount", "plan.others", others))
        return Step(REST, operands, result=amount, source=source)
    percent = Scaled(stage.percent or 0, PERCENT.exponent)
    operands = (_base_operand(contract, base), Operand("percent", "plan.percent", percent))
    return Step(SHARE, operands, result=amount, rounding=LARGEST_REMAINDER, source=source)


def _why_rate(cell: Cell, currency: str) -> Step:
    """The part of one tax rate that lies in a share."""
    operands = (
        Operand("net", "tax.net", Money(cell.net, currency)),
        Operand("tax_rate", "tax.rate", cell.rate),
    )
    rounding = HALF_UP if cell.net == 0 else LARGEST_REMAINDER
    return Step(RATE, operands, result=Money(cell.tax, currency), rounding=rounding)


def days_of(contract: Contract, stage: Instalment) -> tuple[dt.date | None, dt.date | None]:
    """The day on which a stage may be billed (None while it waits), and the day on which that is expected."""
    actual, planned = _trigger_days(contract, stage)
    after = stage.days_after
    return (add_days(actual, after) if actual else None), (add_days(planned, after) if planned else None)


def _trigger_days(contract: Contract, stage: Instalment) -> tuple[dt.date | None, dt.date | None]:
    if stage.trigger == Trigger.SIGNING:
        return contract.signed_on, contract.signed_on or contract.effective_on or contract.starts_on
    if stage.trigger == Trigger.MILESTONE:
        milestone = stage.milestone
        reached, due = (milestone.reached_on, milestone.due_on) if milestone else (None, None)
        return reached, reached or due
    return stage.on, stage.on


def sums_of(shares: Iterable[PlannedShare]) -> Mapping[str, int]:
    """The planned amount of each plan, in minor units of the plan basis."""
    found: dict[str, int] = {}
    for one in shares:
        found[one.kind] = found.get(one.kind, 0) + one.amount
    return found
