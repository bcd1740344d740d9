"""Opening envelopes and recalling them; called by the services of the records."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.audit.services import Change, record_many
from hetong.documents.models import Version
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict
from hetong.kernel.events import Fact
from hetong.kernel.rows import insert, locked, write
from hetong.signing.events import Act, EnvelopesOpened, EnvelopesRecalled
from hetong.signing.fields import ENVELOPE
from hetong.signing.models import Envelope
from hetong.signing.policy import Can
from hetong.signing.states import ENVELOPE as LIFECYCLE
from hetong.signing.states import EnvelopeState

Gate = Callable[[Actor, str, Collection[UUID]], None]
_gates: list[Gate] = []


def register_gates(gates: Sequence[Gate]) -> None:
    """Take what records have to say before something of theirs is signed: each raises where it may not be. At start."""
    _gates[:] = gates


def ask_gates(actor: Actor, key: str, subjects: Collection[UUID]) -> None:
    """Raise what a record's own rules have against signing now."""
    for gate in _gates:
        gate(actor, key, subjects)


class EnvelopeOpen(Conflict):
    """One envelope at a time is open for a record."""

    code = "envelope_open"
    text = N_("“%(title)s” is out for signing already.")
    then = N_("Record the signed copy, or recall it first.")


class EnvelopeOver(Conflict):
    """Nothing is signed in this envelope any more."""

    code = "envelope_over"
    text = N_("The signing of “%(title)s” has ended already.")
    then = N_("The page shows how it ended. Nothing was recorded twice.")


@dataclass(frozen=True)
class EnvelopeRequest:
    """What is to be signed: the record, the approved content's SHA-256 and the very version of its text, if it has one."""

    noun: str
    subject: UUID
    company: UUID | None
    title: str
    content_hash: str
    text: Version | None = None


@transaction.atomic
def open_envelopes(actor: Actor, requests: Sequence[EnvelopeRequest]) -> list[Envelope]:
    """Send records to be signed, all or none. Raises `Forbidden`, `EnvelopeOpen`."""
    actor.require(Can.SIGN, {one.company for one in requests})
    # allow: visibility — the caller holds the records locked
    running = Envelope.objects.filter(subject__in=[one.subject for one in requests], state=EnvelopeState.OPEN).first()
    if running is not None:
        raise EnvelopeOpen(title=running.title)
    now = clock.now()
    envelopes = [
        Envelope(
            noun=one.noun, subject=one.subject, company_id=one.company, title=one.title[:200], text=one.text,
            text_sha256=one.text.sha256 if one.text else "", content_hash=one.content_hash, opened_by=actor.id,
            opened_by_label=actor.label[:200], opened_at=now,
        )
        for one in requests
    ]  # fmt: skip
    insert(envelopes)
    after = ENVELOPE.snapshot(envelopes, ("state", "content_hash", "text_sha256"))
    record_many(
        actor, Act.OPENED, [Change(ENVELOPE.noun, e.pk, e.title, e.company_id, {}, after[e.pk]) for e in envelopes]
    )
    publish(EnvelopesOpened(actor, tuple(fact_of(one) for one in envelopes)))
    return envelopes


def fact_of(one: Envelope, **facts: Any) -> Fact:
    """A fact about the envelope's record, as events carry it."""
    return Fact(one.noun, one.subject, one.company_id, {"envelope": str(one.pk), **facts})


@transaction.atomic
def recall_envelopes(actor: Actor, noun: str, subjects: Collection[UUID], *, reason: str = "") -> list[Envelope]:
    """Take records back from signing; every one must have an open envelope. Raises `Forbidden`, `EnvelopeOver`."""
    # allow: visibility — the record's own service has checked who asks, and holds the record
    newest = Envelope.objects.filter(noun=noun, subject__in=list(subjects)).exclude(state=EnvelopeState.RECALLED)
    envelopes = locked(Envelope.objects.visible_to(Actor.system()), list(newest.values_list("pk", flat=True)))
    require(actor, Can.SIGN, envelopes)
    for one in envelopes:
        if one.state != EnvelopeState.OPEN:
            raise EnvelopeOver(title=one.title)
    before = ENVELOPE.snapshot(envelopes, ("state",))
    for one in envelopes:
        one.state, one.closed_at = LIFECYCLE.after(EnvelopeState(one.state), "recall"), clock.now()
    write(envelopes, ("state", "closed_at"))
    after = ENVELOPE.snapshot(envelopes, ("state",))
    what = [Change(ENVELOPE.noun, e.pk, e.title, e.company_id, before[e.pk], after[e.pk]) for e in envelopes]
    record_many(actor, Act.RECALLED, what, reason=reason)
    publish(EnvelopesRecalled(actor, tuple(fact_of(one) for one in envelopes)))
    return envelopes
