"""From approval into force: sending to sign, recalling, what a signature means, activation."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from hetong.approvals.queries import approved_round
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract
from hetong.contracts.queries import content_hashes, current_texts
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.services.moving import Extras, checked_reason, move, taken
from hetong.contracts.services.qualifications import check_qualified
from hetong.contracts.services.required import unfilled
from hetong.contracts.states import Performance, Signature, Stage
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, refuse
from hetong.kernel.events import Event
from hetong.kernel.rows import locked
from hetong.signing.models import Envelope, Signatory
from hetong.signing.queries import completed_envelope
from hetong.signing.services import EnvelopeRequest, open_envelopes, recall_envelopes

Versions = Mapping[UUID, int] | None


class NotApproved(Conflict):
    """There is no approval that counts."""

    code = "not_approved"
    text = N_("“%(title)s” has no approval that counts, so it cannot be signed.")
    then = N_("Revise it and submit it for approval.")


class ContentChanged(Conflict):
    """What would be signed, or was, is not what was approved."""

    code = "content_changed"
    text = N_("“%(title)s” is not what was approved any more: its content has changed since.")
    then = N_("Take it back to draft and submit it again, or put back what was approved.")


class SigningStopped(Conflict):
    """An abnormal flag stands that stops signing."""

    code = "signing_stopped"
    text = N_("“%(title)s” is marked abnormal, and nothing is signed while that stands: %(reason)s")
    then = N_("Resolve the abnormal flag first.")


class NotSigned(Conflict):
    """Without the signed file and its date nothing comes into force."""

    code = "not_signed"
    text = N_("“%(title)s” cannot be activated: the signed copy with its dates is not here.")
    then = N_("Record the signed copy on the contract’s signing page.")


@transaction.atomic
def send_to_sign(actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None) -> list[Contract]:
    """Send approved contracts to be signed, exactly as approved, all or none.

    Raises `NotFound`, `Forbidden`, `NotNow`, `Stale`, `NotQualified`, `SigningStopped`, `NotApproved`,
    `ContentChanged`.
    """
    contracts = taken(actor, ids, "send_to_sign", versions=versions)
    refuse(unfilled(actor, contracts, "send_to_sign"))
    check_qualified(actor, contracts)
    hashes = _as_approved(contracts)
    texts = current_texts([one.pk for one in contracts])
    open_envelopes(
        actor,
        [
            EnvelopeRequest(CONTRACT.noun, one.pk, one.company_id, one.title, hashes[one.pk], texts.get(one.pk))
            for one in contracts
        ],
    )
    for one in contracts:
        one.signature = Signature.NONE
    return move(actor, contracts, "send_to_sign", reason=reason, extras=Extras(("signature",), ("signature",)))


def _as_approved(contracts: Sequence[Contract]) -> dict[UUID, str]:
    """The hash of each contract's content of now, which is the approved one. Raises what is against signing it."""
    hashes = content_hashes([one.pk for one in contracts])
    for one in contracts:
        _check_not_stopped(one)
        approved = approved_round(CONTRACT.noun, one.pk)
        if approved is None:
            raise NotApproved(title=one.title)
        if approved.content_hash != hashes[one.pk]:
            raise ContentChanged(title=one.title, approved=approved.content_hash, now=hashes[one.pk])
    return hashes


def _check_not_stopped(contract: Contract) -> None:
    if contract.stops_signing:
        raise SigningStopped(title=contract.title, reason=contract.abnormal_reason)


def check_signing(actor: Actor, key: str, subjects: Collection[UUID]) -> None:
    """What contracts have to say before one of theirs is signed: editable by this actor, not stopped, the other side qualified."""
    if key != CONTRACT.noun:
        return
    contracts = list(Contract.objects.visible_to(actor).filter(pk__in=list(subjects)))
    check_editable_by(actor, contracts)
    for one in contracts:
        _check_not_stopped(one)
    check_qualified(actor, contracts)


@transaction.atomic
def recall_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Take contracts back from signing; the approval stands. Raises `EnvelopeOver` once the signed copy is here."""
    contracts = taken(actor, ids, "recall", versions=versions)
    reason = checked_reason("recall", reason)
    recall_envelopes(actor, CONTRACT.noun, [one.pk for one in contracts], reason=reason)
    for one in contracts:
        one.signature = Signature.NONE
    return move(actor, contracts, "recall", reason=reason, extras=Extras(("signature",), ("signature",)))


@transaction.atomic
def note_signatures(actor: Actor, event: Event) -> None:
    """Keep who has signed on the contract; the same event a second time changes nothing.

    Listens after `SidesSigned` and `EnvelopesCompleted` (which has no ``signature``: both have signed).
    """
    facts = {fact.id: fact.facts for fact in event.rows if fact.noun == CONTRACT.noun}
    for one in locked(Contract.objects.visible_to(actor), list(facts)):
        told = facts[one.pk]
        signature = str(told.get("signature", Signature.BOTH))
        is_complete = "signature" not in told
        if one.stage != Stage.SIGNING or _is_noted(one, signature, is_complete=is_complete):
            continue
        one.signature = signature
        if is_complete:
            one.signed_on = dt.date.fromisoformat(str(told["signed_on"]))
        extras = Extras(("signature", "signed_on"), ("signature", "signed_on"), {one.pk: {"signature": signature}})
        move(actor, [one], "mark_signed", extras=extras)


def _is_noted(contract: Contract, signature: str, *, is_complete: bool) -> bool:
    if is_complete:
        return contract.signature == Signature.BOTH and contract.signed_on is not None
    return contract.signature in (signature, Signature.BOTH)


@transaction.atomic
def activate_signed(actor: Actor, event: Event) -> None:
    """Bring contracts whose signed copy is here into force; one that is not out for signing any more is left alone.

    Listens after `EnvelopesCompleted`. What is against it is raised: it stands on the contract until it is put right.
    """
    ids = [fact.id for fact in event.rows if fact.noun == CONTRACT.noun]
    signing = Contract.objects.visible_to(actor).filter(pk__in=ids, stage=Stage.SIGNING)
    activate_contracts(actor, list(signing.values_list("pk", flat=True)))


@transaction.atomic
def activate_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Bring signed contracts into force, all or none: only exactly what was approved, with signed file and date.

    Raises `NotFound`, `Forbidden`, `NotNow`, `Stale`, `NotSigned`, `SigningStopped`, `NotApproved`, `ContentChanged`.
    """
    contracts = taken(actor, ids, "activate", versions=versions)
    signed_on = {one.pk: _signed_on(one) for one in contracts}
    hashes = _as_approved(contracts)
    for one in contracts:
        envelope = completed_envelope(CONTRACT.noun, one.pk)
        if envelope is None or envelope.content_hash != hashes[one.pk]:
            raise ContentChanged(title=one.title)
        one.signature, one.signed_on = Signature.BOTH, signed_on[one.pk]
        one.performance = Performance.ONGOING
    names = ("signature", "signed_on", "performance")
    facts = {one.pk: {"signed_on": signed_on[one.pk].isoformat()} for one in contracts}
    return move(actor, contracts, "activate", reason=reason, extras=Extras(names, names, facts))


def _signed_on(contract: Contract) -> dt.date:
    """The day on which the last side signed. Raises `NotSigned` without the signed file or a side's day."""
    envelope: Envelope | None = completed_envelope(CONTRACT.noun, contract.pk)
    if envelope is None or envelope.signed_id is None or not envelope.signed_sha256:
        raise NotSigned(title=contract.title)
    signed = Signatory.objects.filter(envelope=envelope.pk).values_list("side", "signed_on")
    days = {side: day for side, day in signed if day}
    if len(days) < 2:
        raise NotSigned(title=contract.title)
    return max(days.values())
