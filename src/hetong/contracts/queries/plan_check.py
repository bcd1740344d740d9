"""What is wrong with a plan, in words: sums that miss the value, triggers without their day, stages of nothing."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from copy import copy
from dataclasses import dataclass
from uuid import UUID

from django.utils.functional import lazy
from django.utils.translation import get_language

from hetong.contracts.fields import CONTRACT, INSTALMENT
from hetong.contracts.models import Contract, Instalment, Line
from hetong.contracts.queries.plan import base_of, kinds_of, one_off_of, part_of, stages_of
from hetong.contracts.queries.split import HUNDRED, amounts_of
from hetong.contracts.states import PlanKind, Stated, Trigger
from hetong.kernel import numerals
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import N_, Problem
from hetong.kernel.money import Money
from hetong.kernel.scaled import PERCENT, Scaled


def _money(value: Money) -> str:
    return numerals.format_money(value, get_language() or "en")


def _number(value: Scaled) -> str:
    return numerals.format_number(value, get_language() or "en")


money_words, number_words = lazy(_money, str), lazy(_number, str)
"""An amount or a number in the language of whoever reads the sentence it stands in."""


@dataclass(frozen=True)
class PlanSum:
    """How far one plan of a contract has come: what its stages add up to, and what they have to."""

    kind: PlanKind
    planned: Money
    wanted: Money
    count: int
    percent: int | None = None
    """The sum of the percentages (10^-4 %), where every stage states one."""

    @property
    def difference(self) -> Money:
        """What is missing; negative where it is too much."""
        return self.wanted - self.planned

    @property
    def excess(self) -> Money:
        """What is too much; negative where something is missing."""
        return self.planned - self.wanted

    @property
    def percent_scaled(self) -> Scaled:
        """The sum of the percentages, to be shown."""
        return Scaled(self.percent or 0, PERCENT.exponent)

    @property
    def is_right(self) -> bool:
        """Whether nothing is missing; a plan without stages is one of 100 %."""
        return not self.count or (not self.difference and self.percent in (None, HUNDRED))


def plan_sums(contract: Contract, lines: Sequence[Line], stages: Sequence[Instalment]) -> list[PlanSum]:
    """The sum of each plan of the contract against the value it has to reach."""
    wanted = base_of(contract, one_off_of(contract, lines))
    found = []
    for kind in kinds_of(contract):
        own = [one for one in stages if one.kind == kind]
        amounts = amounts_of(wanted.minor, [part_of(one) for one in own])
        only_percents = own and all(one.stated == Stated.PERCENT for one in own)
        percent = sum(one.percent or 0 for one in own) if only_percents else None
        found.append(PlanSum(kind, Money(sum(amounts.values()), contract.currency), wanted, len(own), percent))
    return found


def plan_problems(contracts: Collection[Contract], *, actor: Actor | None = None) -> list[Problem]:
    """Everything that keeps the plans of these contracts from being agreed; amounts only as far as ``actor`` reads them."""
    stages = stages_of([one.pk for one in contracts])
    planned = [one for one in contracts if stages[one.pk]]  # a plan without stages is one of 100 %
    lines: dict[UUID, list[Line]] = {one.pk: [] for one in planned}
    for line in Line.objects.filter(contract__in=list(lines)).order_by("position", "pk") if planned else ():
        lines[line.contract_id].append(line)
    return [found for one in planned for found in problems_in(one, lines[one.pk], stages[one.pk], actor=actor)]


def problems_in(
    contract: Contract, lines: Sequence[Line], stages: Sequence[Instalment], *, actor: Actor | None = None
) -> Iterator[Problem]:
    """What is wrong with the plan of one contract."""
    row = str(contract.pk)
    is_told = actor is None or all(
        one.level(actor, name, contract.company_id) > Level.HIDDEN for one in (CONTRACT, INSTALMENT) for name in ("net", "gross")
    )  # fmt: skip
    if actor is not None and INSTALMENT.level(actor, "title", contract.company_id) is Level.HIDDEN:
        stages = [_unnamed(one, place) for place, one in enumerate(stages, 1)]
    for total in plan_sums(contract, lines, stages):
        own = [one for one in stages if one.kind == total.kind]
        if sum(one.stated == Stated.REST for one in own) > 1:
            yield Problem("two_rests", N_("Only one stage can take the rest."), field="instalments", row=row)
        yield from _sum_problems(total, row, is_told=is_told)
        yield from _empty_problems(contract, total, own, row)
    for stage in stages:
        yield from trigger_problems(stage, row)
    if not contract.has_invoice_plan and any(one.kind == PlanKind.INVOICE for one in stages):
        yield Problem(
            "unused_invoice_plan",
            N_("There are stages for invoices, but the invoices have no plan of their own. Remove these stages."),
            field="instalments", row=row,
        )  # fmt: skip


def _unnamed(stage: Instalment, place: int) -> Instalment:
    """The stage under its place in the plan, for a reader who may not know what it is called."""
    nameless = copy(stage)
    nameless.title = str(place)
    return nameless


def _sum_problems(total: PlanSum, row: str, *, is_told: bool) -> Iterator[Problem]:
    if total.is_right:
        return
    if total.percent is not None and total.percent != HUNDRED:
        percent = number_words(Scaled(total.percent, PERCENT.exponent))
        text = N_("The percentages of the stages add up to %(percent)s %%, not to 100 %%.")
        yield Problem("percent_sum", text, {"percent": percent}, "instalments", row)
        return
    if not is_told:
        text = N_("The stages of the plan do not add up to the value of the one-off lines.")
        yield Problem("plan_sum", text, field="instalments", row=row)
        return
    short = total.difference.minor > 0
    text = (
        N_("The stages plan %(planned)s of %(wanted)s: %(difference)s is missing.")
        if short
        else N_("The stages plan %(planned)s of %(wanted)s: %(difference)s too much.")
    )
    params = {
        "planned": money_words(total.planned),
        "wanted": money_words(total.wanted),
        "difference": money_words(abs(total.difference)),
    }
    yield Problem("plan_sum", text, params, "instalments", row)


def _empty_problems(contract: Contract, total: PlanSum, own: Sequence[Instalment], row: str) -> Iterator[Problem]:
    """Stages that would be worth nothing, or less."""
    if not own:
        return
    if total.wanted.minor <= 0:
        yield Problem(
            "nothing_to_plan",
            N_("There are stages, but no one-off lines that they could share."),
            field="instalments",
            row=row,
        )
        return
    amounts = amounts_of(total.wanted.minor, [part_of(one) for one in own])
    for stage in own:
        if amounts[str(stage.pk)] <= 0:
            text = N_("“%(stage)s” would be worth nothing. Every stage needs a share of the value.")
            yield Problem("empty_stage", text, {"stage": stage.title}, "instalments", row)


def trigger_problems(stage: Instalment, row: str = "") -> Iterator[Problem]:
    """Why a stage could never fall due."""
    if stage.trigger == Trigger.DATE and stage.on is None:
        yield Problem(
            "no_day", N_("“%(stage)s” needs the day on which it falls due."), {"stage": stage.title}, "on", row
        )
    if stage.trigger == Trigger.MILESTONE and stage.milestone_id is None:
        text = N_("“%(stage)s” needs the milestone that it waits for.")
        yield Problem("no_milestone", text, {"stage": stage.title}, "milestone", row)
