"""The verbs of the lifecycle by name, those before approval, and the statuses within one stage."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.approvals.services import void_rounds
from hetong.audit.services import Change, record_many
from hetong.audit.services.editing import check_versions
from hetong.contracts.events import Act, StatusesSet
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, Status
from hetong.contracts.policy import Can
from hetong.contracts.services.adopting import adopt_closed_contracts, adopt_contracts
from hetong.contracts.services.approval import incomplete, revise_contracts, submit_contracts, withdraw_contracts
from hetong.contracts.services.archiving import archive_contracts, unarchive_contracts
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.services.closing import begin_closing, close_contracts
from hetong.contracts.services.moving import checked_reason, move, taken
from hetong.contracts.services.running import (
    resume_contracts,
    suspend_contracts,
    terminate_contracts,
)
from hetong.contracts.services.signature import activate_contracts, recall_contracts, send_to_sign
from hetong.contracts.states import Stage
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, NotFound, refuse
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked, write
from hetong.kernel.text import clean_text
from hetong.signing.services import recall_envelopes

Versions = Mapping[UUID, int] | None


class OtherStage(Conflict):
    """The status belongs to another stage, so taking it would be a step of the lifecycle."""

    code = "other_stage"
    text = N_("This status belongs to another stage.")
    then = N_("Use the step that leads to that stage; statuses move within a stage only.")


@transaction.atomic
def review_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Hand drafts to their reviewers; what the type asks for must stand there."""
    contracts = taken(actor, ids, "review", versions=versions)
    refuse(incomplete(actor, contracts, "review"))
    return move(actor, contracts, "review", reason=checked_reason("review", reason))


@transaction.atomic
def return_contracts(actor: Actor, ids: Collection[UUID], *, reason: str, versions: Versions = None) -> list[Contract]:
    """Give reviewed contracts back to those who draft them."""
    contracts = taken(actor, ids, "return", versions=versions)
    return move(actor, contracts, "return", reason=checked_reason("return", reason))


@transaction.atomic
def discard_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Throw drafts away; `restore_contracts` takes it back."""
    contracts = taken(actor, ids, "discard", versions=versions)
    return move(actor, contracts, "discard", reason=checked_reason("discard", reason))


@transaction.atomic
def restore_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Make discarded drafts drafts again."""
    contracts = taken(actor, ids, "restore", versions=versions)
    return move(actor, contracts, "restore", reason=checked_reason("restore", reason))


@transaction.atomic
def void_contracts(actor: Actor, ids: Collection[UUID], *, reason: str, versions: Versions = None) -> list[Contract]:
    """Declare contracts that were never in force void; they stay readable for ever.

    What is asked of approvers and signatories ends with it. Raises `EnvelopeOver` once the signed copy is here.
    """
    contracts = taken(actor, ids, "void", versions=versions)
    reason = checked_reason("void", reason)
    signing = [one.pk for one in contracts if one.stage == Stage.SIGNING]
    if signing:
        recall_envelopes(Actor.system(cause=actor), CONTRACT.noun, signing, reason=reason)
    void_rounds(actor, CONTRACT.noun, [one.pk for one in contracts], reason=reason)
    return move(actor, contracts, "void", reason=reason)


SERVICES: Mapping[str, Callable[..., list[Contract]]] = {
    "review": review_contracts, "return": return_contracts, "submit": submit_contracts, "withdraw": withdraw_contracts,
    "revise": revise_contracts, "send_to_sign": send_to_sign, "recall": recall_contracts, "activate": activate_contracts,
    "adopt": adopt_contracts, "adopt_closed": adopt_closed_contracts, "suspend": suspend_contracts,
    "resume": resume_contracts, "terminate": terminate_contracts, "begin_closing": begin_closing, "close": close_contracts,
    "archive": archive_contracts, "unarchive": unarchive_contracts, "void": void_contracts, "discard": discard_contracts,
    "restore": restore_contracts,
}  # fmt: skip
"""The service of each verb that people and programs use."""


def move_contracts(
    actor: Actor, ids: Collection[UUID], verb: str, *, reason: str = "", versions: Versions = None, **more: Any
) -> list[Contract]:
    """Take contracts one step on by ``verb``, all or none; ``more`` is what that verb's own service takes.

    Raises `NotFound`, `Forbidden`, `NotNow` (with the verbs that are possible), `Stale`, `Invalid`.
    """
    if verb not in SERVICES:
        raise NotFound(verb=verb)
    said = {"note": reason} if verb == "submit" else {"reason": reason}
    return SERVICES[verb](actor, ids, versions=versions, **said, **more)


@transaction.atomic
def set_status(
    actor: Actor, ids: Collection[UUID], status: UUID, *, reason: str = "", versions: Versions = None
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
