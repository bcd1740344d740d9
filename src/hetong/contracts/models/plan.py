from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from hetong.contracts.models.contract import Contract, of_visible
from hetong.contracts.states import PlanKind, Stated, Trigger
from hetong.kernel.rows import IdField, KeyField, MinorField, ScaledField, within_bounds

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class MilestoneQuerySet(models.QuerySet["Milestone"]):
    def visible_to(self, actor: Actor) -> Self:
        """The milestones of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class Milestone(models.Model):
    """Something that has to be reached: planned for a day, reached on a day; instalments may wait for it."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="milestones", db_index=False)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200)
    title_key = KeyField("title")
    due_on = models.DateField(null=True, blank=True)
    """The day it is planned for."""
    reached_on = models.DateField(null=True, blank=True)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        indexes = [
            models.Index(fields=["contract", "position"], name="milestone_contract"),
            models.Index(fields=["due_on"], name="milestone_due", condition=Q(reached_on=None)),
        ]


class InstalmentQuerySet(models.QuerySet["Instalment"]):
    def visible_to(self, actor: Actor) -> Self:
        """The instalments of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class Instalment(models.Model):
    """One stage of a contract's plan: a share of its one-off lines, and what makes it fall due.

    ``percent`` or ``amount_minor`` is what was stated, in the contract's ``plan_basis`` (net or gross);
    ``net``, ``tax`` and ``gross`` are its exact share of the contract's totals (minor units of
    ``currency``), which add up to them. It falls due ``days_after`` days after its trigger: the day
    ``on``, the day of signing, or the day on which ``milestone`` was reached.
    """

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="instalments", db_index=False)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=200)
    title_key = KeyField("title")
    kind = models.CharField(max_length=8, default=PlanKind.SETTLE)
    stated = models.CharField(max_length=8, default=Stated.PERCENT)
    percent = ScaledField(null=True, blank=True)
    amount_minor = MinorField(null=True, blank=True)
    trigger = models.CharField(max_length=10, default=Trigger.DATE)
    on = models.DateField(null=True, blank=True)
    milestone = models.ForeignKey(Milestone, models.PROTECT, null=True, blank=True, related_name="instalments")
    days_after = models.PositiveSmallIntegerField(default=0)
    is_retention = models.BooleanField(default=False)
    """Retention money (质保金): kept back until its trigger, shown apart."""
    is_retired = models.BooleanField(default=False)
    """Taken out of the plan after it came into force; dues of the past still refer to it."""
    currency = models.CharField(max_length=3)
    net_minor = MinorField(default=0)
    tax_minor = MinorField(default=0)
    gross_minor = MinorField(default=0)
    created_at = models.DateTimeField()
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = InstalmentQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in PlanKind]), name="instalment_kind"),
            models.CheckConstraint(condition=Q(stated__in=[s.value for s in Stated]), name="instalment_stated"),
            models.CheckConstraint(condition=Q(trigger__in=[t.value for t in Trigger]), name="instalment_trigger"),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__range=(0, 1_000_000)), name="instalment_percent"
            ),
            *within_bounds("amount_minor", "net_minor", "tax_minor", "gross_minor"),
        ]
        indexes = [models.Index(fields=["contract", "kind", "position"], name="instalment_contract")]
