"""Changing the plan of a contract in force: only what is not billed yet, and what is planned still adds up."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.contracts.events import Act, InstalmentsRemoved, PlanChanged
from hetong.contracts.fields import CONTRACT, INSTALMENT
from hetong.contracts.models import Contract, Instalment
from hetong.contracts.policy import Can
from hetong.contracts.queries.plan_check import plan_problems
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.services.milestones import NotInForce
from hetong.contracts.services.plan import insert_stages, update_stages
from hetong.contracts.services.upkeep import refresh_shares
from hetong.contracts.states import IN_FORCE
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, Invalid, NotFound, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked, write
from hetong.kernel.text import clean_text

Given = Mapping[str, Any]
Billed = Callable[[Collection[UUID]], Collection[UUID]]
LONGEST_REASON = 2000


class AlreadyBilled(Conflict):
    """A stage was invoiced or paid, so the plan of it is history."""

    code = "already_billed"
    text = N_("“%(stage)s” is invoiced or paid already and stays as it is.")
    then = N_("Change the stages that are still ahead, or credit the invoice first.")


class _Floor:
    """What floors above tell about stages; handed in at start, since contracts know nothing of invoices."""

    def __init__(self) -> None:
        self.billed: Billed = lambda ids: ()


_floor = _Floor()


def register_billed(billed: Billed) -> None:
    """Take the question which of these stages are invoiced or settled, wholly or in part."""
    _floor.billed = billed


def billed_stages(ids: Collection[UUID]) -> set[UUID]:
    """Those of the stages that can no longer change."""
    return set(_floor.billed(ids)) if ids else set()


@transaction.atomic
def replan(
    actor: Actor, id: UUID, *, reason: str, add: Sequence[Given] = (), edit: Mapping[UUID, Given] | None = None,
    remove: Collection[UUID] = (), locale: str = "", versions: Mapping[UUID, int] | None = None,
) -> Contract:  # fmt: skip
    """Change the plan of a contract in force in one go: add, edit and remove stages, with the reason.

    Afterwards the plan adds up to the one-off lines again, or nothing is changed. Raises `NotFound`, `Forbidden`,
    `NotInForce`, `AlreadyBilled`, `Stale`, `Invalid`.
    """
    edits = dict(edit or {})
    kept = clean_text(reason, max_length=LONGEST_REASON)
    refuse([] if kept else [Problem("required", N_("Say why, so that others can follow."), field="reason")])
    contract = _in_force(actor, id)
    stages = {one.pk: one for one in locked(_standing(actor, id), _standing(actor, id).values_list("pk", flat=True))}
    _check_free(stages, {*edits, *remove})
    check_versions(stages.values(), versions)
    before, seen = _told(stages), _as_it_stands(stages)
    refuse(_rewrite(actor, contract, edits, add, locale=locale, reason=kept))
    _retire(actor, [stages[pk] for pk in dict.fromkeys(remove)], kept)
    refuse(plan_problems([contract], actor=actor))
    refresh_shares([contract])
    if add or _as_it_stands(stages) != seen:  # a plan that is sent again as it stands is no change
        _tell(actor, contract, before, kept)
    return contract


def _rewrite(
    actor: Actor, contract: Contract, edits: Mapping[UUID, Given], add: Sequence[Given], *, locale: str, reason: str
) -> list[Problem]:  # fmt: skip
    """Write each stage; what is wrong names the stage by its id, a new one by its place: ``new1``, ``new2``."""
    problems: list[Problem] = []
    for pk, given in edits.items():
        try:
            update_stages(actor, {contract.pk: contract}, [pk], given, can=Can.RUN, locale=locale, reason=reason)
        except Invalid as refused:
            problems += [replace(one, row=str(pk)) for one in refused.problems]
    for place, given in enumerate(add, 1):
        full = [{**given, "contract": str(contract.pk)}]
        try:
            insert_stages(actor, {contract.pk: contract}, full, can=Can.RUN, locale=locale, reason=reason)
        except Invalid as refused:
            problems += [replace(one, row=f"new{place}") for one in refused.problems]
    return problems


def _standing(actor: Actor, id: UUID) -> Any:
    return Instalment.objects.visible_to(actor).filter(contract=id, is_retired=False)


def _in_force(actor: Actor, id: UUID) -> Contract:
    contract = locked(Contract.objects.visible_to(actor), [id])[0]
    require(actor, Can.RUN, [contract])
    check_editable_by(actor, [contract])
    if contract.stage not in IN_FORCE:
        raise NotInForce(title=contract.title)
    return contract


def _check_free(stages: Mapping[UUID, Instalment], touched: Collection[UUID]) -> None:
    """Raise where a stage is none of this contract's, or is billed."""
    for pk in touched:
        if pk not in stages:
            raise NotFound(noun=INSTALMENT.noun, id=str(pk))
    billed = billed_stages(touched)
    for pk in touched:
        if pk in billed:
            raise AlreadyBilled(stage=stages[pk].title)


def _retire(actor: Actor, rows: Sequence[Instalment], reason: str) -> None:
    """Take stages out of the plan and keep them as rows, since dues of the past refer to them."""
    if not rows:
        return
    before = INSTALMENT.snapshot(rows)
    for row in rows:
        row.is_retired = True
    write(rows, ("is_retired",))
    after = INSTALMENT.snapshot(rows)
    what = [Change(INSTALMENT.noun, r.pk, r.title, r.company_id, before[r.pk], after[r.pk]) for r in rows]
    record_many(actor, Act.STAGES_REMOVED, what, reason=reason)
    publish(InstalmentsRemoved(actor, tuple(Fact(INSTALMENT.noun, r.pk, r.company_id) for r in rows)))


def _as_it_stands(ids: Collection[UUID]) -> dict[UUID, dict[str, Any]]:
    return INSTALMENT.snapshot(Instalment.objects.filter(pk__in=list(ids), is_retired=False))


def _told(ids: Collection[UUID]) -> dict[str, str]:
    """What dues depend on in each stage, to see which of them changed."""
    said = {}
    for one in Instalment.objects.filter(pk__in=list(ids), is_retired=False).order_by("kind", "position", "pk"):
        facts = (one.position, one.title, one.net_minor, one.gross_minor, one.trigger, one.on, one.days_after)
        said[str(one.pk)] = f"{facts} {one.milestone_id} {one.is_retention}"
    return said


def _tell(actor: Actor, contract: Contract, before: Mapping[str, str], reason: str) -> None:
    now = Instalment.objects.filter(contract=contract.pk, is_retired=False).values_list("pk", flat=True)
    after = _told(list(now))
    touched = sorted({pk for pk in {*before, *after} if before.get(pk) != after.get(pk)})
    record_many(
        actor, Act.PLAN_CHANGED, [Change(CONTRACT.noun, contract.pk, contract.title, contract.company_id)], reason=reason
    )  # fmt: skip
    publish(
        PlanChanged(actor, (Fact(CONTRACT.noun, contract.pk, contract.company_id, {"instalments": touched}),))
    )  # fmt: skip
