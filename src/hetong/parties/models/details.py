from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q

from hetong.kernel.known import known
from hetong.kernel.nouns import noun
from hetong.kernel.rows import IdField, KeyField

from .party import NOUN, Party, reaches_everything

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class DetailQuerySet(models.QuerySet[Any]):
    def visible_to(self, actor: Actor) -> Self:
        """The details of the parties that the actor may know of."""
        if reaches_everything(actor):
            return self
        return self.filter(known(actor, noun(NOUN), "party"))


class PartyId(models.Model):
    """A number that a register gave the party: registration, VAT, GLN, D-U-N-S."""

    id = IdField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="identifiers")
    scheme = models.CharField(max_length=20)
    issuer = models.CharField(max_length=60, blank=True)
    """Whose number it is, where the scheme does not say it (scheme "other")."""
    issuer_key = KeyField("issuer")
    value = models.CharField(max_length=60)
    """As people write it."""
    normalised = models.CharField(max_length=60)
    """Without separators; what makes two numbers the same."""
    is_personal = models.BooleanField(default=False)
    """The number is a person's own identity number, as a Swedish sole trader's is."""
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = DetailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "issuer_key", "normalised"], condition=Q(is_active=True), name="party_number_once"
            ),
        ]


class Address(models.Model):
    """Where a party is registered, is billed, is delivered to or has a site."""

    id = IdField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="addresses")
    role = models.CharField(max_length=12, default="registered")
    lines = models.TextField(blank=True)
    """Street, box, building, care of: all lines above the postal code."""
    postal_code = models.CharField(max_length=20, blank=True)
    city = models.CharField(max_length=100, blank=True)
    city_key = KeyField("city")
    region = models.CharField(max_length=100, blank=True)
    country = models.CharField(max_length=2, blank=True)
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = DetailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party"], condition=Q(is_active=True, role="registered"), name="one_registered_address"
            ),
        ]


class PartyBank(models.Model):
    """An account that a party is paid through. Only those with the right to do so change it."""

    id = IdField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="banks")
    label = models.CharField(max_length=80, blank=True)
    kind = models.CharField(max_length=12, default="iban")
    account = models.CharField(max_length=60)
    """As people write it."""
    normalised = models.CharField(max_length=60)
    bic = models.CharField(max_length=11, blank=True)
    bank_name = models.CharField(max_length=120, blank=True)
    currency = models.CharField(max_length=3, blank=True)
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = DetailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["party", "kind", "normalised"], condition=Q(is_active=True), name="bank_account_once_per_party"
            ),
        ]
        indexes = [models.Index(fields=["normalised"], name="bank_by_account")]


class Contact(models.Model):
    """A person at a party. Everything here is personal."""

    id = IdField()
    party = models.ForeignKey(Party, models.PROTECT, related_name="contacts", db_index=False)
    name = models.CharField(max_length=120)
    name_key = KeyField("name")
    local_name = models.CharField(max_length=120, blank=True)
    role = models.CharField(max_length=100, blank=True)
    """What the person does there: buyer, chief accountant, site manager."""
    email = models.EmailField(max_length=254, blank=True)
    phone = models.CharField(max_length=40, blank=True)
    mobile = models.CharField(max_length=40, blank=True)
    language = models.CharField(max_length=10, blank=True)
    note = models.TextField(blank=True)
    is_primary = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = DetailQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["party"], condition=Q(is_primary=True), name="one_primary_contact"),
        ]
        indexes = [
            models.Index(fields=["party", "name_key"], name="contact_by_name"),
            models.Index(fields=["id", "name_key", "party"], name="contact_words"),  # all that searching reads
        ]
