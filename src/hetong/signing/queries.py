"""Reads of envelopes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.signing.models import Envelope, Signatory
from hetong.signing.states import EnvelopeState


def find_envelopes(actor: Actor, noun: str, subject: UUID) -> QuerySet[Envelope]:
    """The envelopes of one record that the actor sees, newest first."""
    return Envelope.objects.visible_to(actor).filter(noun=noun, subject=subject).order_by("-pk")


def find_signatories(actor: Actor, envelopes: QuerySet[Envelope]) -> QuerySet[Signatory]:
    """Who has signed in these envelopes, our side first."""
    signed = Signatory.objects.visible_to(actor).filter(envelope__in=envelopes.values("pk"))
    return signed.order_by("envelope", "side", "position")


def get_envelope(actor: Actor, id: UUID) -> Envelope:
    """An envelope of a record that the actor sees. Raises `NotFound`."""
    found = Envelope.objects.visible_to(actor).filter(pk=id).first()
    if found is None:
        raise NotFound(noun="signing.envelope", id=str(id))
    return found


def completed_envelope(noun: str, subject: UUID) -> Envelope | None:
    """The newest envelope of a record whose signed copy is here, for the record's own services."""
    # allow: visibility — asked by the record's own services
    completed = Envelope.objects.filter(noun=noun, subject=subject, state=EnvelopeState.COMPLETED)
    return completed.order_by("-pk").first()
