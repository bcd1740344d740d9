"""Milestones of contracts in force: they are reached on a day, and that can be taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company
from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.contracts.events import Act, MilestonesReached, MilestonesUnreached
from hetong.contracts.fields import CONTRACT, MILESTONE
from hetong.contracts.models import Contract, Milestone
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.services.plan import contracts_of
from hetong.contracts.states import IN_FORCE
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, Problem, refuse
from hetong.kernel.events import Event, Fact
from hetong.kernel.rows import locked, write
from hetong.kernel.text import clean_line, clean_text

LONGEST_NOTE = 500
LONGEST_REASON = 2000


class NotInForce(Conflict):
    """The contract has not come into force yet, or all is settled."""

    code = "not_in_force"
    text = N_("“%(title)s” is not in force, so this cannot be noted now.")
    then = N_("Take the contract into force first, or take it out of the archive.")


class AlreadyReached(Conflict):
    """The milestone was reached before."""

    code = "already_reached"
    text = N_("“%(title)s” was marked as reached on %(day)s.")
    then = N_("Take that back first if it was wrong.")


class NotReached(Conflict):
    """The milestone has not been reached, so nothing can be taken back."""

    code = "not_reached"
    text = N_("“%(title)s” is not marked as reached.")
    then = N_("Reload the page and look at it again.")


@transaction.atomic
def reach_milestones(
    actor: Actor, ids: Collection[UUID], *, reached_on: dt.date | None = None, note: str = "",
    versions: Mapping[UUID, int] | None = None,
) -> list[Milestone]:  # fmt: skip
    """Mark milestones of contracts in force as reached on a day (today where none is given), all or none.

    Raises `NotFound`, `Forbidden`, `NotInForce`, `AlreadyReached`, `Stale`, `Invalid` (a day ahead).
    """
    contracts, rows = _performed(actor, ids)
    check_versions(rows, versions)
    today = _days(contracts)
    kept = clean_line(note, max_length=LONGEST_NOTE)
    problems = []
    for row in rows:
        if row.reached_on is not None:
            raise AlreadyReached(title=row.title, day=row.reached_on.isoformat())
        row.reached_on = reached_on or today[row.company_id]
        if row.reached_on > today[row.company_id]:
            problems.append(Problem("day_ahead", N_("This day has not come yet."), field="reached_on"))
        row.note = kept or row.note
    refuse(problems)
    _keep(actor, rows, Act.MILESTONES_REACHED, MilestonesReached, kept)
    return rows


@transaction.atomic
def unreach_milestones(
    actor: Actor, ids: Collection[UUID], *, reason: str, versions: Mapping[UUID, int] | None = None
) -> list[Milestone]:  # fmt: skip
    """Take back that milestones were reached, with the reason; dues that were billed since stay as they are."""
    kept = clean_text(reason, max_length=LONGEST_REASON)
    if not kept:
        refuse([Problem("required", N_("Say why, so that others can follow."), field="reason")])
    _contracts, rows = _performed(actor, ids)
    check_versions(rows, versions)
    was = {row.pk: row.reached_on for row in rows}
    for row in rows:
        if row.reached_on is None:
            raise NotReached(title=row.title)
        row.reached_on = None
    _keep(actor, rows, Act.MILESTONES_UNREACHED, MilestonesUnreached, kept, was)
    return rows


def _performed(actor: Actor, ids: Collection[UUID]) -> tuple[list[Contract], list[Milestone]]:
    """The contracts in force and their milestones, locked in this order, which this actor may write about."""
    contracts = locked(Contract.objects.visible_to(actor), contracts_of(Milestone.objects.visible_to(actor), ids))
    require(actor, Can.PERFORM, contracts)
    check_editable_by(actor, contracts)
    for one in contracts:
        if one.stage not in IN_FORCE:
            raise NotInForce(title=one.title)
    return contracts, locked(Milestone.objects.visible_to(actor), ids)


def _days(contracts: Sequence[Contract]) -> dict[UUID, dt.date]:
    """Today in each company of the contracts."""
    companies = Company.objects.filter(pk__in={one.company_id for one in contracts})
    return {one.pk: clock.today(one.zone) for one in companies}


def _keep(
    actor: Actor, rows: Sequence[Milestone], act: Act, event: type[Event], reason: str,
    was: Mapping[UUID, dt.date | None] | None = None,
) -> None:  # fmt: skip
    """Save, record and tell: the rows of the event are the contracts, for they are what others wait for."""
    before = MILESTONE.snapshot(rows)
    write(rows, ("reached_on", "note"))
    after = MILESTONE.snapshot(rows)
    record_many(
        actor, act, [Change(MILESTONE.noun, r.pk, r.title, r.company_id, before[r.pk], after[r.pk]) for r in rows], reason=reason
    )  # fmt: skip
    facts = []
    for row in rows:
        day = row.reached_on or (was or {}).get(row.pk)
        told = {"milestone": str(row.pk), "reached_on": day.isoformat() if day else ""}
        facts.append(Fact(CONTRACT.noun, row.contract_id, row.company_id, told))
    publish(event(actor, tuple(facts)))
