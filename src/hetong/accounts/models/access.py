from __future__ import annotations

from uuid import UUID

from django.db import models
from django.db.models import Value
from django.db.models.functions import Coalesce

from hetong.kernel.rows import IdField

from .company import Company, Team
from .user import User

NONE = UUID(int=0)


def or_none(column: str) -> Coalesce:
    """The column with a stand-in for null, so that uniqueness counts an empty one too on both engines."""
    return Coalesce(column, Value(NONE, models.UUIDField()))


class Role(models.Model):
    """A role as data: permissions, reach per noun. Shipped ones keep their key; labels may be changed."""

    id = IdField()
    key = models.CharField(max_length=40, unique=True)
    labels = models.JSONField(default=dict)
    permissions = models.JSONField(default=list)
    reach = models.JSONField(default=dict)
    """Noun key, or ``*``, to the name of a reach."""
    base = models.CharField(max_length=40, blank=True)
    """The key of the shipped role that it was copied from, whose default field rules it goes on following."""
    usual = models.PositiveSmallIntegerField(default=2)
    """The `Level` of every field that no rule speaks of."""
    is_changed = models.BooleanField(default=False)
    """Whether an administrator changed a shipped role; upgrades then leave it as it is."""
    is_active = models.BooleanField(default=True)
    version = models.PositiveIntegerField(default=1)


class Grant(models.Model):
    """A role given to a user for one company or (null) for all, seen from one team or (null) from none."""

    id = IdField()
    user = models.ForeignKey(User, models.CASCADE, related_name="grants")
    role = models.ForeignKey(Role, models.PROTECT, related_name="grants")
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True)
    team = models.ForeignKey(Team, models.PROTECT, null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint("user", "role", or_none("company"), or_none("team"), name="grant_once")]


class FieldRule(models.Model):
    """What a role may do with a field: hidden, read or edit; a stage may switch read and edit."""

    id = IdField()
    role = models.ForeignKey(Role, models.CASCADE, related_name="rules", db_index=False)
    noun = models.CharField(max_length=60)
    field = models.CharField(max_length=80)
    stage = models.CharField(max_length=20, blank=True)
    level = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["role", "noun", "field", "stage"], name="field_rule_once")]


class Share(models.Model):
    """One record opened to one person or one team, beyond their scope."""

    id = IdField()
    noun = models.CharField(max_length=60)
    record = models.UUIDField()
    user = models.ForeignKey(User, models.CASCADE, null=True, blank=True)
    team = models.ForeignKey(Team, models.CASCADE, null=True, blank=True)
    level = models.CharField(max_length=8, default="view")
    by = models.UUIDField(null=True)
    """Who shared it and may end it; null where that is not known any more."""
    by_label = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField()
    ends_on = models.DateField(null=True, blank=True)
    """The last day on which it holds; null: until somebody ends it."""

    class Meta:
        constraints = [
            models.UniqueConstraint("noun", "record", or_none("user"), or_none("team"), name="share_once"),
            models.CheckConstraint(
                condition=models.Q(user__isnull=False) ^ models.Q(team__isnull=False), name="share_with_one"
            ),
        ]
        indexes = [
            models.Index(fields=["noun", "user"], name="share_of_user"),
            models.Index(fields=["noun", "team"], name="share_of_team"),
        ]


class PolicyState(models.Model):
    """One row: raised by every change of a grant, role, rule, share or membership; cache keys hold it."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    version = models.PositiveIntegerField(default=1)
    fields = models.UUIDField(default=NONE)
    """The stamp of the fields that administrators added; another one after every change of them."""


class DutyWaiver(models.Model):
    """Two duties that one person may do both in a company for a time, because it has too few people to keep them apart."""

    id = IdField()
    pair = models.CharField(max_length=40)
    company = models.ForeignKey(Company, models.PROTECT, related_name="+")
    reason = models.CharField(max_length=500)
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    ends_on = models.DateField()
    """The last day on which it holds."""

    class Meta:
        indexes = [models.Index(fields=["pair", "company", "ends_on"], name="duty_waiver_pair")]


class LegalHold(models.Model):
    """One record is to be kept as it is, whatever its time: nothing of it is erased or removed while the hold stands."""

    id = IdField()
    noun = models.CharField(max_length=60)
    record = models.UUIDField()
    label = models.CharField(max_length=300, blank=True)
    company = models.ForeignKey(Company, models.PROTECT, null=True, blank=True, related_name="+")
    reason = models.CharField(max_length=500)
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by_label = models.CharField(max_length=200, blank=True)
    lift_reason = models.CharField(max_length=500, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["noun", "record"], condition=models.Q(lifted_at=None), name="legal_hold_once"
            ),
        ]


class Retention(models.Model):
    """How long records of one noun are kept once they are over, in months; a noun without a row is kept."""

    id = IdField()
    noun = models.CharField(max_length=60, unique=True)
    months = models.PositiveSmallIntegerField()
