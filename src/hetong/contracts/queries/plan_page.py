"""The plan as a reader may see it: stages with their amounts and reasons, sums, milestones, what comes up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, QuerySet
from django.utils.translation import gettext, ngettext

from hetong.contracts.fields import CONTRACT, INSTALMENT, LINE, MILESTONE
from hetong.contracts.models import Contract, Instalment, Line, Milestone
from hetong.contracts.queries.plan import PlannedShare, days_of, plan_in, stages_of
from hetong.contracts.queries.plan_check import PlanSum, plan_sums, problems_in
from hetong.contracts.states import OVER, PlanKind, Stated, Trigger
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import DomainError, Problem
from hetong.kernel.explain import Explained
from hetong.kernel.fields import Register, Row
from hetong.kernel.money import Money
from hetong.kernel.values import Unreadable, read

Given = Mapping[str, Any]


@dataclass(frozen=True)
class PlannedRow:
    """One stage as the page lists it; ``stage`` is None for the one share of a contract without stages."""

    stage: Row | None
    share: PlannedShare
    due: str
    """When it falls due, in words."""
    waits: str
    why: Explained[Money] | None
    net: Money
    tax: Money
    gross: Money
    is_late: bool
    """It was expected on a day that has passed."""


@dataclass(frozen=True)
class PlanTable:
    """One plan of a contract: its rows, their sums, and what is wrong with it."""

    total: PlanSum
    rows: Sequence[PlannedRow]
    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True)
class Plan:
    """All that the plan page shows of one contract."""

    tables: Sequence[PlanTable]
    milestones: Sequence[Row]
    problems: Sequence[Problem]
    has_recurring: bool
    has_one_off: bool
    is_told: bool
    """Whether this reader may read amounts."""

    @property
    def count(self) -> int:
        return sum(one.total.count for one in self.tables)


def plan_page(actor: Actor, contract: Contract, *, today: dt.date) -> Plan:
    """The plan of a visible contract, reduced to what this reader may read."""
    lines = list(Line.objects.visible_to(actor).filter(contract=contract.pk).order_by("position", "pk"))
    stages = stages_of([contract.pk])[contract.pk]
    shown = INSTALMENT.show(actor, Instalment.objects.visible_to(actor).filter(contract=contract.pk, is_retired=False))
    rows = {one.id: one for one in shown}
    told = may_read_amounts(actor, contract)
    shares = plan_in(contract, lines, stages)
    tables = []
    for total in plan_sums(contract, lines, stages):
        own = [one for one in shares if one.kind == total.kind]
        listed = [_row(actor, contract, one, rows, today, told=told) for one in own]
        sums = [Money(sum(getattr(one, name) for one in own), contract.currency) for name in ("net", "tax", "gross")]
        tables.append(PlanTable(total, listed, *sums))
    milestones = Milestone.objects.visible_to(actor).filter(contract=contract.pk).order_by("position", "pk")
    return Plan(
        tables, MILESTONE.show(actor, milestones), list(problems_in(contract, lines, stages, actor=actor)),
        any(one.kind == "recurring" and not one.is_optional for one in lines),
        any(one.kind != "recurring" and not one.is_optional for one in lines), told,
    )  # fmt: skip


def _row(
    actor: Actor, contract: Contract, share: PlannedShare, rows: dict[UUID, Row], today: dt.date, *, told: bool
) -> PlannedRow:  # fmt: skip
    why = share.explanation.visible_for(_readable(actor, contract)) if told else None
    stage = share.instalment
    due = gettext("On the day it comes into force") if stage is None else ""
    if stage is not None and may_read(actor, contract, *TRIGGER):
        due = due_words(stage)
    dated = may_read(actor, contract, *TRIGGER, *DAYS)
    late = dated and share.is_waiting and share.expected_on is not None and share.expected_on < today
    waits = _waiting_words(share) if dated else ""
    net, tax, gross = (Money(minor, contract.currency) for minor in (share.net, share.tax, share.gross))
    return PlannedRow(rows.get(stage.pk) if stage else None, share, due, waits, why, net, tax, gross, late)


AMOUNTS = tuple((one, name) for one in (CONTRACT, LINE, INSTALMENT) for name in ("net", "tax", "gross"))
"""The fields from each of which the others of a plan could be worked out."""
TRIGGER = (
    *((INSTALMENT, name) for name in ("trigger", "on", "milestone", "days_after")), (MILESTONE, "title"),
)  # fmt: skip
DAYS = (
    *((MILESTONE, name) for name in ("due_on", "reached_on")), *((CONTRACT, name) for name in ("signed_on", "effective_on", "starts_on")),
)  # fmt: skip


def may_read(actor: Actor, contract: Contract, *fields: tuple[Register, str]) -> bool:
    """Whether all of these fields are open to the reader."""
    return all(one.level(actor, name, contract.company_id, contract.stage) > Level.HIDDEN for one, name in fields)


def may_read_amounts(actor: Actor, contract: Contract) -> bool:
    """Whether the reader may know what the plan of a contract comes to."""
    return may_read(actor, contract, *AMOUNTS)


def _readable(actor: Actor, contract: Contract) -> Callable[[str], bool]:
    """Whether a field that an explanation names may be read, of the contract, its lines and its stages."""

    def readable(name: str) -> bool:
        known = [(one, name) for one in (CONTRACT, LINE, INSTALMENT) if name in one.all()]
        return may_read(actor, contract, *known)

    return readable


def due_words(stage: Instalment) -> str:
    """What makes a stage fall due, as a sentence would say it."""
    days = stage.days_after
    if stage.trigger == Trigger.MILESTONE:
        title = stage.milestone.title if stage.milestone else "–"
        if not days:
            return gettext("When “%(milestone)s” is reached") % {"milestone": title}
        text = ngettext("%(days)s day after “%(milestone)s”", "%(days)s days after “%(milestone)s”", days)
        return text % {"days": days, "milestone": title}
    if stage.trigger == Trigger.SIGNING:
        if not days:
            return gettext("At signing")
        return ngettext("%(days)s day after signing", "%(days)s days after signing", days) % {"days": days}
    if stage.on is None:
        return gettext("On a day that is not set")
    day = stage.on.isoformat()
    if not days:
        return gettext("On %(day)s") % {"day": day}
    return ngettext("%(days)s day after %(day)s", "%(days)s days after %(day)s", days) % {"days": days, "day": day}


def _waiting_words(share: PlannedShare) -> str:
    """The day that follows from the trigger, or for which it is expected."""
    stage = share.instalment
    if share.on is not None:
        is_plain = stage is not None and stage.trigger == Trigger.DATE and not stage.days_after
        return "" if is_plain else share.on.isoformat()
    if share.expected_on is not None:
        return gettext("expected %(day)s") % {"day": share.expected_on.isoformat()}
    return gettext("waits")


@dataclass(frozen=True)
class Ahead:
    """Something that a plan has ahead: a day, and what is then."""

    day: dt.date
    what: str
    is_late: bool = False


def plan_ahead(actor: Actor, contract: Contract, *, today: dt.date) -> list[Ahead]:
    """Milestones that are not reached and stages that fall due on a day from today on, for what comes up."""
    found: list[Ahead] = []
    if contract.stage in OVER:
        return found
    goals = Milestone.objects.visible_to(actor).filter(contract=contract.pk, reached_on=None, due_on__isnull=False)
    if may_read(actor, contract, *((MILESTONE, name) for name in ("title", "due_on", "reached_on"))):
        found = [Ahead(one.due_on, one.title, one.due_on < today) for one in goals if one.due_on]
    if not may_read(actor, contract, *TRIGGER, *DAYS, (INSTALMENT, "title")):
        return found
    stages = Instalment.objects.visible_to(actor).filter(contract=contract.pk, is_retired=False)
    for stage in stages.exclude(trigger=Trigger.MILESTONE).order_by("position", "pk"):
        day = days_of(contract, stage)[1]
        if day is not None and day >= today:
            found.append(Ahead(day, gettext("Due: %(stage)s") % {"stage": stage.title}))
    return found


def count_stages(actor: Actor, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """How many stages the plan of each of these contracts has, for the tab."""
    rows = Instalment.objects.visible_to(actor).filter(contract__in=ids, is_retired=False).order_by()
    return rows.values_list("contract").annotate(count=Count("pk"))


def typed_sums(
    actor: Actor, contract: Contract, typed: Mapping[UUID | None, Given], *, gone: Collection[UUID] = ()
) -> list[PlanSum]:  # fmt: skip
    """The sums of a contract's plans with some stages as they are being typed, by id; an unknown id is a new one.

    What cannot be read yet counts as nothing. Raises nothing and writes nothing: it is asked while somebody types.
    """
    lines = list(Line.objects.visible_to(actor).filter(contract=contract.pk))
    stages = {one.pk: one for one in stages_of([contract.pk])[contract.pk]}
    for absent in gone:
        stages.pop(absent, None)
    for id, given in typed.items():
        stage = _typed_stage(contract, stages.get(id) if id else None, given, actor.language)
        stages[stage.pk] = stage
    return plan_sums(contract, lines, list(stages.values()))


def _typed_stage(contract: Contract, stage: Instalment | None, given: Given, language: str) -> Instalment:
    stated = Stated(given.get("stated") or Stated.REST)
    typed = Instalment(contract=contract, kind=str(given.get("kind") or (stage.kind if stage else PlanKind.SETTLE)))
    if stage is not None:
        typed.pk = stage.pk
    typed.stated = stated
    if stated == Stated.PERCENT:
        typed.percent = _read("percent", given, contract.currency, language)
    if stated == Stated.AMOUNT:
        typed.amount_minor = _read("amount", given, contract.currency, language)
    return typed


def _read(name: str, given: Given, currency: str, language: str) -> int:
    try:
        found = read(INSTALMENT.fields[name], given.get(name), locale=language, currency=currency)
    except (Unreadable, DomainError):
        return 0
    return found.minor if isinstance(found, Money) else int(found or 0)
