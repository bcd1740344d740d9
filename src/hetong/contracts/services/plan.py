"""Stages and milestones of contracts on the drafting table; the stages' amounts follow in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any, TypeVar
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Model, QuerySet

from hetong.audit.services import Change, add_rows, edit_rows, record_many
from hetong.contracts.events import (
    Act,
    InstalmentsAdded,
    InstalmentsEdited,
    InstalmentsRemoved,
    MilestonesAdded,
    MilestonesEdited,
    MilestonesRemoved,
)
from hetong.contracts.fields import INSTALMENT, MILESTONE
from hetong.contracts.models import Contract, Instalment, Milestone, Original
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import check_editable_by, check_open
from hetong.contracts.services.contracts import as_id
from hetong.contracts.services.stage_rules import complete_given, settle_stage, stage_problems
from hetong.contracts.services.upkeep import refresh_shares
from hetong.contracts.states import IN_FORCE
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, Invalid, NotFound, Problem
from hetong.kernel.events import Fact
from hetong.kernel.fields import Register
from hetong.kernel.rows import locked, write

Given = Mapping[str, Any]
Hangs = TypeVar("Hangs", Instalment, Milestone, Original)
Planned = TypeVar("Planned", Instalment, Milestone)


class StillAwaited(Conflict):
    """Stages of the plan wait for the milestone."""

    code = "still_awaited"
    text = N_("“%(title)s” cannot be removed: stages of the plan wait for it.")
    then = N_("Give those stages another trigger first.")


def opened(actor: Actor, ids: Collection[UUID]) -> list[Contract]:
    """The contracts, locked, whose plan this actor may write now."""
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.EDIT, contracts)
    check_editable_by(actor, contracts)
    check_open(contracts)
    return contracts


def named_ids(givens: Sequence[Given]) -> list[UUID]:
    """The contracts that new rows name. Raises `Invalid` where one names none."""
    wanted = [id for given in givens if (id := as_id(given.get("contract")))]
    if len(wanted) != len(givens):
        raise Invalid(problems=[Problem("required", N_("This is needed."), field="contract")])
    return wanted


def contracts_of(rows: QuerySet[Hangs], ids: Collection[UUID]) -> list[UUID]:
    """The contracts of visible rows, each once. Raises `NotFound`."""
    found = dict(rows.filter(pk__in=ids).values_list("pk", "contract"))
    if len(found) != len(set(ids)):
        raise NotFound(noun=rows.model._meta.label_lower)
    return list(dict.fromkeys(found.values()))


# -- stages ----------------------------------------------------------------------------------------


@transaction.atomic
def add_instalments(actor: Actor, givens: Sequence[Given], *, locale: str = "", reason: str = "") -> list[Instalment]:
    """Add stages to the plans of contracts on the drafting table; each given names its ``contract``.

    What is stated follows from what is given: a percentage, an amount, else the rest; so does the trigger.
    An amount without a currency is in the contract's. Raises `NotFound`, `Forbidden`, `Settled`, `Invalid`.
    """
    contracts = {one.pk: one for one in opened(actor, named_ids(givens))}
    rows = insert_stages(actor, contracts, givens, can=Can.EDIT, locale=locale, reason=reason)
    refresh_shares(list(contracts.values()))
    return rows


def insert_stages(
    actor: Actor, contracts: Mapping[UUID, Contract], givens: Sequence[Given], *, can: str, locale: str = "", reason: str = ""
) -> list[Instalment]:  # fmt: skip
    """Add stages to locked contracts, whatever their stage of life; the caller brings the amounts up to date."""
    last = _last(Instalment.objects.all(), contracts)
    milestones = milestones_of(contracts)

    def prepare(row: Instalment, values: Given) -> list[Problem]:
        contract = contracts[row.contract_id]
        row.company_id = contract.company_id
        row.position = row.position or _next(last, contract.pk)
        settle_stage(row, values)
        return stage_problems(row, contract, milestones)

    completed = [complete_given(one, contracts[as_id(one.get("contract")) or UUID(int=0)].currency) for one in givens]
    return add_rows(
        INSTALMENT, actor, completed, can=can, code=Act.STAGES_ADDED, event=InstalmentsAdded, locale=locale, reason=reason,
        make=lambda values: Instalment(created_at=clock.now(), stated="", trigger=""), prepare=prepare,
    )  # fmt: skip


@transaction.atomic
def edit_instalments(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Instalment]:  # fmt: skip
    """Give stages the same new values, all or none; their contracts must be on the drafting table."""
    contracts = opened(actor, contracts_of(Instalment.objects.visible_to(actor), ids))
    rows = update_stages(
        actor, {one.pk: one for one in contracts}, ids, given, can=Can.EDIT, locale=locale, versions=versions, reason=reason
    )  # fmt: skip
    refresh_shares(contracts)
    return rows


def update_stages(
    actor: Actor, contracts: Mapping[UUID, Contract], ids: Collection[UUID], given: Given, *, can: str, locale: str = "",
    versions: Mapping[UUID, int] | None = None, reason: str = "",
) -> list[Instalment]:  # fmt: skip
    """Change stages of locked contracts, whatever their stage of life."""
    rows = locked(Instalment.objects.visible_to(actor).filter(is_retired=False), ids)
    was = {row.pk: row.contract_id for row in rows}
    milestones = milestones_of(contracts)
    currencies = {one.currency for one in contracts.values()}
    currency = currencies.pop() if len(currencies) == 1 else ""

    def prepare(row: Instalment, values: Given) -> list[Problem]:
        if row.contract_id != was[row.pk]:
            return [Problem("immutable", N_("A stage does not move to another contract."), field="contract")]
        settle_stage(row, values)
        return stage_problems(row, contracts[row.contract_id], milestones)

    return edit_rows(
        INSTALMENT, actor, rows, complete_given(given, currency), can=can, code=Act.STAGES_EDITED, event=InstalmentsEdited,
        locale=locale, versions=versions, reason=reason, prepare=prepare,
        also=("kind", "stated", "percent", "amount_minor", "trigger", "on", "milestone", "days_after", "position", "currency"),
    )  # fmt: skip


@transaction.atomic
def remove_instalments(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> None:
    """Take stages out of plans on the drafting table; the journal keeps what they said."""
    contracts = opened(actor, contracts_of(Instalment.objects.visible_to(actor), ids))
    rows = locked(Instalment.objects.visible_to(actor), ids)
    _delete(actor, INSTALMENT, rows, Act.STAGES_REMOVED, reason)
    publish(InstalmentsRemoved(actor, _facts(INSTALMENT, rows)))
    refresh_shares(contracts)


@transaction.atomic
def shift_instalment(actor: Actor, id: UUID, by: int) -> Instalment:
    """Move a stage ``by`` places down (up when negative) within its plan; at the edge it stays."""
    opened(actor, contracts_of(Instalment.objects.visible_to(actor), [id]))
    row = locked(Instalment.objects.visible_to(actor), [id])[0]
    order = list(
        Instalment.objects.filter(contract=row.contract_id, kind=row.kind, is_retired=False).order_by("position", "pk")
    )
    at = next(place for place, one in enumerate(order) if one.pk == id)
    to = min(max(at + by, 0), len(order) - 1)
    if to == at:
        return row
    before = INSTALMENT.snapshot([id], ("position",))
    order.insert(to, order.pop(at))
    for position, one in enumerate(order, 1):
        one.position = position
    write(order, ("position",))
    after = INSTALMENT.snapshot([id], ("position",))
    moved = Change(INSTALMENT.noun, id, row.title, row.company_id, before[id], after[id])
    record_many(actor, Act.STAGES_EDITED, [moved] if moved.fields() else [])
    publish(InstalmentsEdited(actor, _facts(INSTALMENT, [row])))
    return order[to]


# -- milestones ------------------------------------------------------------------------------------


def opened_for_milestones(actor: Actor, ids: Collection[UUID], reason: str) -> tuple[list[Contract], Can]:
    """The contracts, locked, whose milestones this actor may write now, and by which right.

    On the drafting table they are written like all that is agreed; in force by who runs the contract, with a reason.
    """
    contracts = locked(Contract.objects.visible_to(actor), ids)
    if not contracts or any(one.stage not in IN_FORCE for one in contracts):
        return opened(actor, ids), Can.EDIT
    require(actor, Can.RUN, contracts)
    check_editable_by(actor, contracts)
    if not reason.strip():
        raise Invalid(problems=[Problem("required", N_("Say why, so that others can follow."), field="reason")])
    return contracts, Can.RUN


@transaction.atomic
def add_milestones(actor: Actor, givens: Sequence[Given], *, locale: str = "", reason: str = "") -> list[Milestone]:
    """Add milestones to contracts that are drafted, or with a reason that are in force; each names its ``contract``."""
    found, can = opened_for_milestones(actor, named_ids(givens), reason)
    contracts = {one.pk: one for one in found}
    last = _last(Milestone.objects.all(), contracts)

    def prepare(row: Milestone, values: Given) -> list[Problem]:
        row.company_id = contracts[row.contract_id].company_id
        row.position = row.position or _next(last, row.contract_id)
        return []

    return add_rows(
        MILESTONE, actor, givens, can=can, code=Act.MILESTONES_ADDED, event=MilestonesAdded, locale=locale, reason=reason,
        make=lambda values: Milestone(created_at=clock.now()), prepare=prepare,
    )  # fmt: skip


@transaction.atomic
def edit_milestones(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Milestone]:  # fmt: skip
    """Give milestones the same new values, all or none; in force with a reason."""
    _contracts, can = opened_for_milestones(actor, contracts_of(Milestone.objects.visible_to(actor), ids), reason)
    rows = locked(Milestone.objects.visible_to(actor), ids)
    was = {row.pk: row.contract_id for row in rows}

    def prepare(row: Milestone, values: Given) -> list[Problem]:
        if row.contract_id != was[row.pk]:
            return [Problem("immutable", N_("A milestone does not move to another contract."), field="contract")]
        row.position = row.position or 0
        return []

    return edit_rows(
        MILESTONE, actor, rows, given, can=can, code=Act.MILESTONES_EDITED, event=MilestonesEdited, locale=locale,
        versions=versions, reason=reason, prepare=prepare, also=("position",),
    )  # fmt: skip


@transaction.atomic
def remove_milestones(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> None:
    """Remove milestones for which no stage waits; in force with a reason. Raises `StillAwaited`."""
    opened_for_milestones(actor, contracts_of(Milestone.objects.visible_to(actor), ids), reason)
    rows = locked(Milestone.objects.visible_to(actor), ids)
    awaited = set(Instalment.objects.filter(milestone__in=ids).values_list("milestone", flat=True))
    for row in rows:
        if row.pk in awaited:
            raise StillAwaited(title=row.title)
    _delete(actor, MILESTONE, rows, Act.MILESTONES_REMOVED, reason)
    publish(MilestonesRemoved(actor, _facts(MILESTONE, rows)))


def milestones_of(ids: Collection[UUID]) -> dict[UUID, UUID]:
    """The contract of each milestone of these contracts."""
    return dict(Milestone.objects.filter(contract__in=list(ids)).values_list("pk", "contract"))


def _last(rows: QuerySet[Any], contracts: Collection[UUID]) -> dict[UUID, int]:
    found = rows.filter(contract__in=list(contracts)).order_by().values_list("contract").annotate(last=Max("position"))
    return dict(found)


def _next(last: dict[UUID, int], contract: UUID) -> int:
    last[contract] = (last.get(contract) or 0) + 1
    return last[contract]


def _delete(actor: Actor, register: Register, rows: Sequence[Planned], code: str, reason: str) -> None:
    """Remove rows; the journal keeps what they said."""
    before = register.snapshot(rows)
    gone = [Change(register.noun, row.pk, row.title, row.company_id, before[row.pk]) for row in rows]
    type(rows[0]).objects.filter(pk__in=[row.pk for row in rows]).delete()
    record_many(actor, code, gone, reason=reason)


def _facts(register: Register, rows: Sequence[Model]) -> tuple[Fact, ...]:
    return tuple(Fact(register.noun, row.pk, row.company_id) for row in rows)  # type: ignore[attr-defined]  # both have one
