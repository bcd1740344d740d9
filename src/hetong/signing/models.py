from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from hetong.kernel.known import known
from hetong.kernel.nouns import nouns
from hetong.kernel.rows import IdField
from hetong.signing.states import EnvelopeState, Side

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

NOTHING = Q(pk__in=[])


class EnvelopeQuerySet(models.QuerySet["Envelope"]):
    def visible_to(self, actor: Actor) -> Self:
        """The envelopes on records that the actor sees."""
        if actor.is_system:
            return self
        held = set(self.model._default_manager.order_by().values_list("noun", flat=True).distinct())
        seen = NOTHING
        for entry in nouns():
            if entry.key in held:
                seen |= Q(noun=entry.key) & known(actor, entry, "subject")
        return self.filter(seen)


class Envelope(models.Model):
    """One text sent to be signed: the very version and content that were approved, then the signed copy.

    ``text_sha256`` is that of the text sent (empty where the record has none), ``signed_sha256`` that of
    the signed file. An uploaded copy is another file than the text, so somebody confirms that both say
    the same; who did is kept.
    """

    id = IdField()
    noun = models.CharField(max_length=60)
    subject = models.UUIDField()
    company = models.ForeignKey("accounts.Company", models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    text = models.ForeignKey("documents.Version", models.PROTECT, null=True, blank=True, related_name="+")
    text_sha256 = models.CharField(max_length=64, blank=True)
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=EnvelopeState.OPEN)
    signed = models.ForeignKey("documents.Version", models.PROTECT, null=True, blank=True, related_name="+")
    signed_sha256 = models.CharField(max_length=64, blank=True)
    confirmed_by = models.UUIDField(null=True, blank=True)
    confirmed_by_label = models.CharField(max_length=200, blank=True)
    """Who said that the uploaded copy has the same text as the approved version."""
    opened_by = models.UUIDField(null=True)
    opened_by_label = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    version = models.PositiveIntegerField(default=1)
    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["noun", "subject"], condition=Q(state="open"), name="envelope_open_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in EnvelopeState]), name="envelope_state"),
        ]
        indexes = [models.Index(fields=["noun", "subject"], name="envelope_subject")]


class SignatoryQuerySet(models.QuerySet["Signatory"]):
    def visible_to(self, actor: Actor) -> Self:
        """The signatories of the envelopes that the actor sees."""
        return self.filter(envelope__in=Envelope.objects.visible_to(actor).values("pk"))


class Signatory(models.Model):
    """Somebody who signs for one side: name, in what capacity, and the day in contract time once signed."""

    id = IdField()
    envelope = models.ForeignKey(Envelope, models.PROTECT, related_name="signatories", db_index=False)
    side = models.CharField(max_length=6)
    position = models.PositiveSmallIntegerField(default=1)
    name = models.CharField(max_length=120)
    capacity = models.CharField(max_length=120, blank=True)
    """Such as managing director, or legal representative."""
    signed_on = models.DateField(null=True, blank=True)
    objects = SignatoryQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["envelope", "side", "position"], name="signatory_once"),
            models.CheckConstraint(condition=Q(side__in=[s.value for s in Side]), name="signatory_side"),
        ]
