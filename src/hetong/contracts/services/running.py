"""While a contract is in force, and how it ends: suspend, resume, terminate, expire, supersede."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hetong.accounts.models import Company
from hetong.contracts.models import Contract
from hetong.contracts.services.moving import Extras, checked_reason, move, taken
from hetong.contracts.states import Stage, Term
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem, refuse
from hetong.kernel.rows import locked

Versions = Mapping[UUID, int] | None
CHUNK = 200


@transaction.atomic
def suspend_contracts(actor: Actor, ids: Collection[UUID], *, reason: str, versions: Versions = None) -> list[Contract]:
    """Let contracts rest; nothing of theirs falls due until they are resumed."""
    contracts = taken(actor, ids, "suspend", versions=versions)
    return move(actor, contracts, "suspend", reason=checked_reason("suspend", reason))


@transaction.atomic
def resume_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Bring suspended contracts back into force."""
    contracts = taken(actor, ids, "resume", versions=versions)
    return move(actor, contracts, "resume", reason=checked_reason("resume", reason))


@transaction.atomic
def terminate_contracts(
    actor: Actor, ids: Collection[UUID], *, on: dt.date | None, reason: str, versions: Versions = None
) -> list[Contract]:
    """End contracts before their time. ``on`` is their last day (inclusive), past or ahead; what is due after it falls away.

    Raises `NotFound`, `Forbidden`, `NotNow`, `Stale`, `Invalid` (no reason, no day, or a day outside the contract).
    """
    contracts = taken(actor, ids, "terminate", versions=versions)
    refuse([*(problem for one in contracts for problem in _day_problems(one, on)), *_no_reason(reason)])
    for one in contracts:
        one.terminated_on = on
    facts = {one.pk: {"on": str(on)} for one in contracts}
    extras = Extras(("terminated_on",), ("terminated_on",), facts)
    return move(actor, contracts, "terminate", reason=checked_reason("terminate", reason), extras=extras)


def _no_reason(reason: str) -> Iterator[Problem]:
    if not reason.strip():
        yield Problem("required", N_("Say why, so that others can follow."), field="reason")


def _day_problems(contract: Contract, on: dt.date | None) -> Iterator[Problem]:
    if on is None:
        yield Problem("required", N_("Say which day is the last one."), field="on")
        return
    first = contract.starts_on or contract.effective_on or contract.signed_on
    if first and on < first:
        yield Problem(
            "before_start", N_("The contract begins on %(first)s; it cannot end before."), {"first": first.isoformat()}, "on"
        )  # fmt: skip
    if contract.ends_on and on > contract.ends_on:
        yield Problem(
            "after_end", N_("The contract ends on %(last)s anyway; choose an earlier day."),
            {"last": contract.ends_on.isoformat()}, "on",
        )  # fmt: skip


@transaction.atomic
def supersede_contracts(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> list[Contract]:
    """Mark contracts as replaced; for services that put another contract in their place."""
    return move(actor, taken(actor, ids, "supersede"), "supersede", reason=checked_reason("supersede", reason))


def expire_ended() -> str:
    """Let every active contract of fixed term expire on the day after its end; run daily, late runs lose nothing."""
    actor, expired, done = Actor.system(), 0, False
    while not done:
        with transaction.atomic():
            count = _expire_chunk(actor)
        expired, done = expired + count, count < CHUNK
    return f"{expired} contracts expired"


def _expire_chunk(actor: Actor) -> int:
    ended = Q(pk__in=[])
    for company in Company.objects.all():
        ended |= Q(company=company.pk, ends_on__lt=clock.today(company.zone))
    over = Contract.objects.visible_to(actor).filter(ended, stage=Stage.ACTIVE, term=Term.FIXED)
    contracts = locked(over, list(over.order_by("pk").values_list("pk", flat=True)[:CHUNK]))
    ready = [one for one in contracts if one.stage == Stage.ACTIVE and one.ends_on]
    on = {one.pk: one.ends_on + dt.timedelta(days=1) for one in ready if one.ends_on}
    if ready:
        move(actor, ready, "expire", extras=Extras(on=on))
    return len(contracts)
