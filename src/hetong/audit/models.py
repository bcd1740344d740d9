from __future__ import annotations

from django.db import models

from hetong.kernel.rows import IdField


class Entry(models.Model):
    """One act on one record. Names nobody by foreign key: it outlives users, records and companies."""

    id = IdField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    cause = models.JSONField(null=True)
    code = models.CharField(max_length=80)
    params = models.JSONField(default=dict)
    noun = models.CharField(max_length=60)
    subject = models.UUIDField(null=True)
    label = models.CharField(max_length=300, blank=True)
    company = models.UUIDField(null=True)
    reason = models.TextField(blank=True)
    via = models.CharField(max_length=120, blank=True)
    batch = models.UUIDField(null=True)
    fields = models.JSONField(default=list)
    """Pairs of field name and digest of (salt, before, after); what is never erased has one digest together, under no name."""
    mac = models.CharField(max_length=64)

    class Meta:
        indexes = [
            models.Index(fields=["noun", "subject", "id"], name="entry_of_subject"),
            models.Index(fields=["actor_id", "id"], name="entry_of_actor"),
            models.Index(fields=["code", "id"], name="entry_of_code"),
        ]


class EntryValues(models.Model):
    """What the changed fields of an entry held: the only part of the journal that may be blanked, field by field."""

    entry = models.UUIDField(primary_key=True)
    held = models.JSONField()
    """By field the value before and the value after, with a salt before them if it may be erased; null where it was."""


class Link(models.Model):
    """One link of the chain, made by the sealer: hash = SHA-256(previous hash, digest of the entry)."""

    seq = models.BigIntegerField(primary_key=True)
    entry = models.UUIDField(unique=True)
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()


class AccessLog(models.Model):
    """A view or download of something confidential; sealed in batches by an entry that holds their digest."""

    id = IdField()
    at = models.DateTimeField()
    actor_kind = models.CharField(max_length=10)
    actor_id = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    act = models.CharField(max_length=20)
    noun = models.CharField(max_length=60)
    subject = models.UUIDField()
    detail = models.CharField(max_length=300, blank=True)
    via = models.CharField(max_length=120, blank=True)

    class Meta:
        indexes = [models.Index(fields=["noun", "subject", "id"], name="access_of_subject")]
