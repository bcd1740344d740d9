"""Deciding what comes after a contract's day of notice: renew, renegotiate or let lapse; why it lapses has to be said."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.contracts.events import Act, RenewalsDecided
from hetong.contracts.fields import CONTRACT
from hetong.contracts.fields.words import RENEWALS
from hetong.contracts.models import Contract, RenewalDecision
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.states import Renewal, Stage
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.rows import insert, locked
from hetong.kernel.text import clean_text

RUNNING = (Stage.ACTIVE, Stage.SUSPENDED)


class NothingToDecide(Conflict):
    """The contract is not in force, or it has neither a day of notice nor an end."""

    code = "nothing_to_decide"
    text = N_(
        "There is nothing to decide on “%(title)s”: it is not in force, or has neither an end nor a day of notice."
    )
    then = N_("Look at its dates and its stage.")


@transaction.atomic
def decide_renewals(
    actor: Actor, ids: Collection[UUID], decision: str, *, reason: str = "", versions: Mapping[UUID, int] | None = None
) -> list[RenewalDecision]:
    """Keep what was decided for the next day of notice of contracts (their end, where there is none).

    It ends the reminders of that day; a later decision takes its place, and the same one again does nothing.
    Raises `NotFound`, `Forbidden`, `NothingToDecide`, `Invalid` (no such decision, or a lapse without a reason), `Stale`.
    """
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.MOVE, contracts)
    check_editable_by(actor, contracts)
    check_versions(contracts, versions)
    why = clean_text(reason, max_length=500)
    refuse(_problems(decision, why))
    for one in contracts:
        day_of(one)
    known = _standing(ids)
    rows = [
        RenewalDecision(
            contract=one, day=day_of(one), decision=decision, reason=why, by=actor.id,
            by_label=actor.label[:200], at=clock.now(),
        )
        for one in contracts
        if known.get(one.pk) != (one.notice_by or one.ends_on, decision, why)
    ]  # fmt: skip
    insert(rows)
    what = [Change(CONTRACT.noun, r.contract_id, r.contract.title, r.contract.company_id) for r in rows]
    record_many(actor, Act.RENEWAL_DECIDED, what, reason=why, params={"decision": decision})
    facts = [
        Fact(CONTRACT.noun, r.contract_id, r.contract.company_id, {"decision": decision, "day": r.day.isoformat()})
        for r in rows
    ]
    publish(RenewalsDecided(actor, tuple(facts)))
    return rows


def _standing(ids: Collection[UUID]) -> dict[UUID, tuple[object, ...]]:
    """The newest decision on each contract: its day, what, why."""
    # allow: visibility — of the contracts that are held
    rows = RenewalDecision.objects.filter(contract__in=list(ids)).order_by("at", "pk")
    return {one.contract_id: (one.day, one.decision, one.reason) for one in rows}


def day_of(one: Contract) -> dt.date:
    """The day that is decided on: that of notice, else the end. Raises `NothingToDecide`."""
    day = one.notice_by or one.ends_on
    if one.stage not in RUNNING or one.terminated_on or day is None:
        raise NothingToDecide(title=one.title)
    return day


def _problems(decision: str, why: str) -> list[Problem]:
    found = []
    if decision not in RENEWALS:
        found.append(Problem("required", N_("Choose what is to come of it."), field="decision"))
    if decision == Renewal.LAPSE and not why:
        found.append(Problem("required", N_("Say why, so that others can follow."), field="reason"))
    return found
