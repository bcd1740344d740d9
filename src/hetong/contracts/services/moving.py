"""One step of a contract's lifecycle: what every verb checks first, and what every step leaves behind."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from hetong.accounts.models import Company
from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.contracts import events
from hetong.contracts.events import Act
from hetong.contracts.fields import CONTRACT, words
from hetong.contracts.models import Contract, StageMove
from hetong.contracts.policy import NEEDS
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.services.setup import default_statuses
from hetong.contracts.services.upkeep import set_next
from hetong.contracts.states import LIFECYCLE, NEED_REASON, OFFERED, Stage
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.bulk import made
from hetong.kernel.errors import N_, IllegalMove, Problem, refuse
from hetong.kernel.events import Event, Fact
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_text

LONGEST_REASON = 2000
HAPPENINGS: Mapping[str, tuple[Act, type[Event]]] = {
    "review": (Act.REVIEWED, events.ContractsSentToReview),
    "return": (Act.RETURNED, events.ContractsReturned),
    "submit": (Act.SUBMITTED, events.ContractsSubmitted),
    "withdraw": (Act.WITHDRAWN, events.ContractsWithdrawn),
    "approve": (Act.APPROVED, events.ContractsApproved),
    "reject": (Act.REJECTED, events.ContractsRejected),
    "revise": (Act.REVISED, events.ContractsRevised),
    "send_to_sign": (Act.SENT_TO_SIGN, events.ContractsSentToSign),
    "recall": (Act.RECALLED, events.ContractsRecalled),
    "mark_signed": (Act.SIGNED, events.ContractsSigned),
    "activate": (Act.ACTIVATED, events.ContractsActivated),
    "adopt": (Act.ADOPTED, events.ContractsAdopted),
    "adopt_closed": (Act.ADOPTED_CLOSED, events.ContractsAdoptedClosed),
    "suspend": (Act.SUSPENDED, events.ContractsSuspended),
    "resume": (Act.RESUMED, events.ContractsResumed),
    "terminate": (Act.TERMINATED, events.ContractsTerminated),
    "expire": (Act.EXPIRED, events.ContractsExpired),
    "supersede": (Act.SUPERSEDED, events.ContractsSuperseded),
    "begin_closing": (Act.CLOSING, events.ContractsClosing),
    "close": (Act.CLOSED, events.ContractsClosed),
    "archive": (Act.ARCHIVED, events.ContractsArchived),
    "unarchive": (Act.UNARCHIVED, events.ContractsUnarchived),
    "void": (Act.VOIDED, events.ContractsVoided),
    "discard": (Act.DISCARDED, events.ContractsDiscarded),
    "restore": (Act.RESTORED, events.ContractsRestored),
}
"""What each verb is called in the journal, and the event that tells of it."""


class NotNow(IllegalMove):
    """A step that the contract's stage does not allow, in words."""

    text = N_("“%(verb_label)s” is not possible while the contract is “%(stage_label)s”.")
    then = N_("Possible now: %(possible)s.")


@dataclass(frozen=True)
class Extras:
    """What a verb adds to a step: further columns it has set, their names in the register, facts of its event.

    ``on``: the day of a contract's step where it is not today (an expiry counts from the day after the end).
    """

    columns: Collection[str] = ()
    names: Collection[str] = ()
    facts: Mapping[UUID, Mapping[str, Any]] = field(default_factory=dict)
    on: Mapping[UUID, dt.date] = field(default_factory=dict)

    @property
    def changed(self) -> tuple[str, ...]:
        """The fields that the step changes, by their names in the register."""
        return ("stage", "status", *self.names)


NOTHING = Extras()


def taken(
    actor: Actor, ids: Collection[UUID], verb: str, *, versions: Mapping[UUID, int] | None = None
) -> list[Contract]:
    """The contracts, locked, that this actor may take one step on by ``verb`` now.

    Raises `NotFound`, `Forbidden`, `OnlyShared`, `NotNow` (with the verbs that are possible), `Stale`.
    """
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, NEEDS[verb], contracts)
    check_editable_by(actor, contracts, even_archived=True)  # the table knows what an archived one allows
    for one in contracts:
        after(one, verb)
    check_versions(contracts, versions)
    return contracts


def after(contract: Contract, verb: str) -> Stage:
    """The stage that the verb leads to. Raises `NotNow`, in words."""
    stage = Stage(contract.stage)
    try:
        return LIFECYCLE.after(stage, verb)
    except IllegalMove as refused:
        possible = [str(words.VERBS[one][0]) for one in refused.params["allowed"] if one in OFFERED]
        raise NotNow(
            **refused.params,
            verb_label=words.VERBS[verb][0],
            stage_label=words.STAGES[stage],
            possible=", ".join(possible) or "–",
        ) from refused


def checked_reason(verb: str, reason: str) -> str:
    """The reason as it is kept. Raises `Invalid` where one is needed and none is given."""
    kept = clean_text(reason, max_length=LONGEST_REASON)
    if verb in NEED_REASON and not kept:
        refuse([Problem("required", N_("Say why, so that others can follow."), field="reason")])
    return kept


def move(
    actor: Actor, contracts: Sequence[Contract], verb: str, *, reason: str = "", extras: Extras = NOTHING
) -> list[Contract]:
    """Take locked contracts one step on: stage, status, trace, journal and event. The rules are the caller's.

    What the system does because of somebody does not raise the version: nobody's open form is out of date by it.
    """
    before = CONTRACT.snapshot(contracts, extras.changed)  # as stored: what the verb has set is not written yet
    moves = take_step(actor, contracts, verb, reason=reason, extras=extras)
    columns = {"stage", "stage_since", "status", "next_on", "next_what", *extras.columns}
    write(contracts, columns, version=not actor.is_system)
    tell_of_step(actor, contracts, moves, before, extras=extras)
    return list(contracts)


def take_step(
    actor: Actor, contracts: Sequence[Contract], verb: str, *, reason: str = "", extras: Extras = NOTHING
) -> list[StageMove]:
    """Take contracts one step on in memory; returns the trace of it, to be stored by `tell_of_step`."""
    now, statuses, days = clock.now(), default_statuses(), todays(contracts)
    who = actor.cause or actor
    moves = []
    for one in contracts:
        was, target = one.stage, LIFECYCLE.after(Stage(one.stage), verb)
        moves.append(
            made(
                StageMove, contract_id=one.pk, verb=verb, from_stage=was, to_stage=target, on=extras.on.get(one.pk, days[one.company_id]),
                at=now, actor=who.id, actor_label=who.label[:200], reason=reason,
            )
        )  # fmt: skip
        if target != was:
            one.stage, one.stage_since, one.status_id = target.value, now, statuses[target]
        set_next(one, days[one.company_id])
    return moves


def tell_of_step(
    actor: Actor, contracts: Sequence[Contract], moves: Sequence[StageMove], before: Mapping[UUID, Mapping[str, Any]],
    *, extras: Extras = NOTHING,
) -> None:  # fmt: skip
    """Store the trace of a step that was written, with journal and event. ``before``: their values before it."""
    if not moves:
        return
    now = CONTRACT.held(contracts, extras.changed)
    what = [Change(CONTRACT.noun, c.pk, c.title, c.company_id, before[c.pk], now[c.pk]) for c in contracts]
    record_many(actor, HAPPENINGS[moves[0].verb][0], what, reason=moves[0].reason)
    follow_step(actor, contracts, moves, extras=extras)


def follow_step(
    actor: Actor, contracts: Sequence[Contract], moves: Sequence[StageMove], *, extras: Extras = NOTHING
) -> None:
    """Store the trace of a step that is in the journal, and publish its event."""
    insert(moves)
    _act, event = HAPPENINGS[moves[0].verb]
    told = {c.pk: {"stage": str(c.stage), **extras.facts.get(c.pk, {})} for c in contracts}
    publish(event(actor, tuple(Fact(CONTRACT.noun, c.pk, c.company_id, told[c.pk]) for c in contracts)))


def todays(contracts: Collection[Contract]) -> dict[UUID, dt.date]:
    """Today in the zone of each company of these contracts."""
    companies = Company.objects.filter(pk__in={one.company_id for one in contracts})
    return {one.pk: clock.today(one.zone) for one in companies}
