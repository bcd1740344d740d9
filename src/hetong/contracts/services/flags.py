"""Marking contracts abnormal and resolving that; a flag may stop invoicing or signing while it stands."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count

from hetong.accounts.models import Team
from hetong.audit.services import Change, record_many
from hetong.contracts.events import Act, ContractsFlagged, ContractsUnflagged
from hetong.contracts.fields import CONTRACT, FLAG
from hetong.contracts.models import AbnormalFlag, Contract
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.states import FlagState, Stage
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.input import parse
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_text

FIELDS = ("is_abnormal", "abnormal_reason", "stops_invoicing", "stops_signing")
LONGEST = 500


class AlreadyFlagged(Conflict):
    """One flag at a time stands on a contract."""

    code = "already_flagged"
    text = N_("“%(title)s” is marked abnormal already.")
    then = N_("Resolve that first, or add what is new to its discussion.")


class NotFlagged(Conflict):
    """There is nothing to resolve."""

    code = "not_flagged"
    text = N_("“%(title)s” is not marked abnormal.")


@transaction.atomic
def flag_contracts(
    actor: Actor, ids: Collection[UUID], given: Mapping[str, Any], *, locale: str = ""
) -> list[Contract]:
    """Mark contracts abnormal: ``reason`` is needed; ``owner``, ``due_on``, ``stops_invoicing``, ``stops_signing`` are not.

    Raises `NotFound`, `Forbidden`, `AlreadyFlagged`, `UnknownField`, `Invalid`.
    """
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.FLAG, contracts)
    check_editable_by(actor, contracts)
    for one in contracts:
        if one.is_abnormal or one.stage in (Stage.DISCARDED, Stage.ARCHIVED):
            raise AlreadyFlagged(title=one.title) if one.is_abnormal else NotFlagged(title=one.title)
    values = _read(actor, given, locale, contracts)
    before = CONTRACT.snapshot(contracts, FIELDS)
    insert(_flags(actor, contracts, values))
    for one in contracts:
        one.is_abnormal, one.abnormal_reason = True, values["reason"]
        one.stops_invoicing = bool(values.get("stops_invoicing"))
        one.stops_signing = bool(values.get("stops_signing"))
    write(contracts, FIELDS)
    _tell(actor, contracts, before, Act.FLAGGED, "")  # the reason is a field, which not everybody reads
    publish(ContractsFlagged(actor, tuple(Fact(CONTRACT.noun, c.pk, c.company_id) for c in contracts)))
    return contracts


def _read(actor: Actor, given: Mapping[str, Any], locale: str, contracts: Sequence[Contract]) -> dict[str, Any]:
    values = parse(FLAG, actor, given, locale=locale, partial=False)
    problems = []
    if len(values["reason"]) > LONGEST:
        problems.append(
            Problem("too_long", N_("This is too long: at most %(limit)s characters fit."), {"limit": LONGEST}, "reason")
        )
    if values.get("due_on") and values["due_on"] < clock.today(actor.zone):
        problems.append(Problem("in_the_past", N_("This day has passed."), field="due_on"))
    refuse(problems)
    return values


def _flags(actor: Actor, contracts: Sequence[Contract], values: Mapping[str, Any]) -> list[AbnormalFlag]:
    ids = [one.pk for one in contracts]
    earlier = dict(AbnormalFlag.objects.filter(contract__in=ids).values_list("contract").annotate(n=Count("pk")))
    leads = dict(Team.objects.filter(pk__in={c.team_id for c in contracts}).values_list("pk", "lead"))
    return [
        AbnormalFlag(
            contract_id=one.pk, reason=values["reason"], owner_id=values.get("owner"), due_on=values.get("due_on"),
            stops_invoicing=bool(values.get("stops_invoicing")), stops_signing=bool(values.get("stops_signing")),
            opened_at=clock.now(), opened_by=actor.id, opened_by_label=actor.label[:200],
            reopened_count=earlier.get(one.pk, 0), told=_told(one, values.get("owner"), leads.get(one.team_id)),
        )
        for one in contracts
    ]  # fmt: skip


def _told(contract: Contract, owner: UUID | None, lead: UUID | None) -> list[str]:
    """Whom a flag is made known to: who follows it up, who owns the contract, who leads the team."""
    return [str(id) for id in dict.fromkeys((owner, contract.owner_id, lead)) if id]


@transaction.atomic
def unflag_contracts(actor: Actor, ids: Collection[UUID], *, outcome: str) -> list[Contract]:
    """Resolve the abnormal flags of contracts; what came of it has to be said."""
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.FLAG, contracts)
    check_editable_by(actor, contracts)
    for one in contracts:
        if not one.is_abnormal:
            raise NotFlagged(title=one.title)
    said = clean_text(outcome, max_length=LONGEST)
    if not said:
        refuse([Problem("required", N_("Say what came of it."), field="outcome")])
    before = CONTRACT.snapshot(contracts, FIELDS)
    AbnormalFlag.objects.filter(contract__in=[one.pk for one in contracts], state=FlagState.OPEN).update(
        state=FlagState.RESOLVED, outcome=said, resolved_at=clock.now(), resolved_by_label=actor.label[:200]
    )
    for one in contracts:
        one.is_abnormal, one.abnormal_reason, one.stops_invoicing, one.stops_signing = False, "", False, False
    write(contracts, FIELDS)
    _tell(actor, contracts, before, Act.UNFLAGGED, said)
    publish(ContractsUnflagged(actor, tuple(Fact(CONTRACT.noun, c.pk, c.company_id) for c in contracts)))
    return contracts


def _tell(
    actor: Actor, contracts: Sequence[Contract], before: Mapping[UUID, Mapping[str, Any]], act: Act, why: str
) -> None:
    after = CONTRACT.snapshot(contracts, FIELDS)
    what = [Change(CONTRACT.noun, c.pk, c.title, c.company_id, before[c.pk], after[c.pk]) for c in contracts]
    record_many(actor, act, what, reason=why)
