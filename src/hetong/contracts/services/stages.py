"""Moving contracts through their lifecycle, and between the statuses of one stage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company
from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.contracts.events import (
    Act,
    ContractsDiscarded,
    ContractsRestored,
    ContractsReturned,
    ContractsSentToReview,
    ContractsVoided,
    StatusesSet,
)
from hetong.contracts.fields import CONTRACT, words
from hetong.contracts.models import Contract, ContractType, StageMove, Status
from hetong.contracts.policy import NEEDS, Can
from hetong.contracts.services.checks import check_editable_by, missing_problems
from hetong.contracts.services.setup import default_statuses
from hetong.contracts.services.upkeep import set_next
from hetong.contracts.states import LIFECYCLE, NEED_REASON, OFFERED, Stage
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, IllegalMove, NotFound, Problem, refuse
from hetong.kernel.events import Event, Fact
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_text

HAPPENINGS: Mapping[str, tuple[Act, type[Event]]] = {
    "review": (Act.REVIEWED, ContractsSentToReview),
    "return": (Act.RETURNED, ContractsReturned),
    "discard": (Act.DISCARDED, ContractsDiscarded),
    "restore": (Act.RESTORED, ContractsRestored),
    "void": (Act.VOIDED, ContractsVoided),
}
LONGEST_REASON = 2000


class OtherStage(Conflict):
    """The status belongs to another stage, so taking it would be a step of the lifecycle."""

    code = "other_stage"
    text = N_("This status belongs to another stage.")
    then = N_("Use the step that leads to that stage; statuses move within a stage only.")


@transaction.atomic
def move_contracts(
    actor: Actor, ids: Collection[UUID], verb: str, *, reason: str = "", versions: Mapping[UUID, int] | None = None
) -> list[Contract]:
    """Take contracts one step on by ``verb``, all or none.

    Raises `NotFound`, `Forbidden`, `IllegalMove` (with the verbs that are possible), `Stale`, `Invalid`
    (no reason where one is needed, something missing before review).
    """
    if verb not in OFFERED:
        raise NotFound(verb=verb)
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, NEEDS[verb], contracts)
    check_editable_by(actor, contracts)
    targets = {one.pk: _after(one, verb) for one in contracts}
    check_versions(contracts, versions)
    reason = checked_reason(verb, reason)
    if verb == "review":
        refuse(_incomplete(contracts))
    before = CONTRACT.snapshot(contracts, ("stage", "status"))
    _apply(actor, contracts, verb, targets, reason)
    _tell(actor, contracts, verb, before, reason)
    return contracts


class NotNow(IllegalMove):
    """A step that the contract's stage does not allow, in words."""

    text = N_("“%(verb_label)s” is not possible while the contract is “%(stage_label)s”.")
    then = N_("Possible now: %(possible)s.")


def _after(contract: Contract, verb: str) -> Stage:
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


def _incomplete(contracts: Sequence[Contract]) -> list[Problem]:
    kinds = {one.pk: one for one in ContractType.objects.filter(pk__in={c.type_id for c in contracts})}
    return [problem for one in contracts for problem in missing_problems(one, kinds[one.type_id])]


def _apply(actor: Actor, contracts: Sequence[Contract], verb: str, targets: Mapping[UUID, Stage], reason: str) -> None:
    """One UPDATE of the contracts, one INSERT of their moves."""
    now, statuses = clock.now(), default_statuses()
    days = {one.pk: clock.today(one.zone) for one in Company.objects.filter(pk__in={c.company_id for c in contracts})}
    moves = []
    for one in contracts:
        moves.append(
            StageMove(
                contract_id=one.pk,
                verb=verb,
                from_stage=one.stage,
                to_stage=targets[one.pk],
                on=days[one.company_id],
                at=now,
                actor=actor.id,
                actor_label=actor.label[:200],
                reason=reason,
            )
        )
        one.stage, one.stage_since = targets[one.pk], now
        one.status_id = statuses[one.stage]
        set_next(one, days[one.company_id])
    write(contracts, ("stage", "stage_since", "status", "next_on", "next_what"))
    insert(moves)


def _tell(
    actor: Actor, contracts: Sequence[Contract], verb: str, before: Mapping[UUID, Mapping[str, object]], reason: str
) -> None:
    act, event = HAPPENINGS[verb]
    after = CONTRACT.snapshot(contracts, ("stage", "status"))
    what = [Change(CONTRACT.noun, c.pk, c.title, c.company_id, before[c.pk], after[c.pk]) for c in contracts]
    record_many(actor, act, what, reason=reason)
    publish(event(actor, tuple(Fact(CONTRACT.noun, c.pk, c.company_id, {"stage": str(c.stage)}) for c in contracts)))


def review_contracts(actor: Actor, ids: Collection[UUID]) -> list[Contract]:
    """Hand drafts to their reviewers."""
    return move_contracts(actor, ids, "review")


def return_contracts(actor: Actor, ids: Collection[UUID], *, reason: str) -> list[Contract]:
    """Give reviewed contracts back to those who draft them."""
    return move_contracts(actor, ids, "return", reason=reason)


def discard_contracts(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> list[Contract]:
    """Throw drafts away; `restore_contracts` takes it back."""
    return move_contracts(actor, ids, "discard", reason=reason)


def restore_contracts(actor: Actor, ids: Collection[UUID]) -> list[Contract]:
    """Make discarded drafts drafts again."""
    return move_contracts(actor, ids, "restore")


def void_contracts(actor: Actor, ids: Collection[UUID], *, reason: str) -> list[Contract]:
    """Declare contracts that were never in force void; they stay readable for ever."""
    return move_contracts(actor, ids, "void", reason=reason)


@transaction.atomic
def set_status(
    actor: Actor, ids: Collection[UUID], status: UUID, *, reason: str = "", versions: Mapping[UUID, int] | None = None
) -> list[Contract]:
    """Give contracts another status of the stage they are in. Raises `OtherStage`, `NotFound`, `Forbidden`."""
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.MOVE, contracts)
    check_editable_by(actor, contracts)
    check_versions(contracts, versions)
    chosen = Status.objects.filter(pk=status, is_active=True).first()
    if chosen is None:
        raise NotFound(noun="contracts.status", id=str(status))
    if any(one.stage != chosen.stage for one in contracts):
        raise OtherStage(status=str(status))
    before = CONTRACT.snapshot(contracts, ("status",))
    for one in contracts:
        one.status_id = chosen.pk
    write(contracts, ("status",))
    after = CONTRACT.snapshot(contracts, ("status",))
    what = [Change(CONTRACT.noun, c.pk, c.title, c.company_id, before[c.pk], after[c.pk]) for c in contracts]
    record_many(actor, Act.STATUS_SET, [one for one in what if one.fields()], reason=clean_text(reason))
    publish(StatusesSet(actor, tuple(Fact(CONTRACT.noun, c.pk, c.company_id) for c in contracts)))
    return contracts
