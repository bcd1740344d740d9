from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from hetong.contracts.models.contract import Contract, of_visible
from hetong.contracts.states import FlagState, Renewal
from hetong.kernel.rows import IdField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class AbnormalFlagQuerySet(models.QuerySet["AbnormalFlag"]):
    def visible_to(self, actor: Actor) -> Self:
        """The flags of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class StageMoveQuerySet(models.QuerySet["StageMove"]):
    def visible_to(self, actor: Actor) -> Self:
        """The steps of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class StageMove(models.Model):
    """One step of a contract's lifecycle: rows are only ever added."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="moves", db_index=False)
    verb = models.CharField(max_length=20)
    from_stage = models.CharField(max_length=12)
    to_stage = models.CharField(max_length=12)
    on = models.DateField()
    """The day in the company's zone."""
    at = models.DateTimeField()
    actor = models.UUIDField(null=True)
    actor_label = models.CharField(max_length=200)
    reason = models.TextField(blank=True)
    objects = StageMoveQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["contract", "at"], name="stage_move_contract")]


class WaiverQuerySet(models.QuerySet["Waiver"]):
    def visible_to(self, actor: Actor) -> Self:
        """The waivers of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class Waiver(models.Model):
    """Somebody let an open point not stand in the way of a contract, and said why: rows are only ever added."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="waivers", db_index=False)
    code = models.CharField(max_length=100)
    """Which point of the checklist before closing, or which paper of which party with which last day."""
    reason = models.CharField(max_length=500)
    by = models.UUIDField(null=True)
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    objects = WaiverQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["contract", "at"], name="waiver_contract")]


class RenewalDecisionQuerySet(models.QuerySet["RenewalDecision"]):
    def visible_to(self, actor: Actor) -> Self:
        """The decisions about the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class RenewalDecision(models.Model):
    """What was decided before a day of notice or an end, by whom and why: rows are only ever added, the newest counts."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="renewal_decisions", db_index=False)
    day = models.DateField()
    """The last day of notice, or the end, that it is about: another day asks anew."""
    decision = models.CharField(max_length=12)
    reason = models.CharField(max_length=500, blank=True)
    by = models.UUIDField(null=True)
    by_label = models.CharField(max_length=200)
    at = models.DateTimeField()
    objects = RenewalDecisionQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["contract", "day"], name="renewal_decision")]
        constraints = [
            models.CheckConstraint(condition=Q(decision__in=[d.value for d in Renewal]), name="renewal_decision_kind"),
        ]


class AbnormalFlag(models.Model):
    """A contract was marked abnormal, by whom and why, and what came of it."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="flags")
    reason = models.CharField(max_length=500)
    owner = models.ForeignKey("accounts.User", models.PROTECT, null=True, blank=True, related_name="+")
    due_on = models.DateField(null=True, blank=True)
    stops_invoicing = models.BooleanField(default=False)
    stops_signing = models.BooleanField(default=False)
    state = models.CharField(max_length=8, default=FlagState.OPEN)
    outcome = models.CharField(max_length=500, blank=True)
    opened_at = models.DateTimeField()
    opened_by = models.UUIDField(null=True)
    opened_by_label = models.CharField(max_length=200)
    resolved_at = models.DateTimeField(null=True, blank=True)
    resolved_by_label = models.CharField(max_length=200, blank=True)
    reopened_count = models.PositiveSmallIntegerField(default=0)
    """How often the contract had been flagged before this time."""
    told = models.JSONField(default=list)
    """Ids of the people who were told."""

    objects = AbnormalFlagQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract"], condition=Q(state="open"), name="abnormal_flag_open_once"),
        ]
