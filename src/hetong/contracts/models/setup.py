from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from hetong.contracts.policy import Can
from hetong.contracts.states import Class, LapseRule, Stage, Term
from hetong.kernel.rows import IdField, ScaledField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

PIGMENTS = ("ink", "seal", "indigo", "malachite", "ochre", "carmine")


def choices(kind: type[Class] | type[Term] | type[Stage] | type[LapseRule]) -> list[tuple[str, str]]:
    return [(one.value, one.value) for one in kind]


def may_read_words(actor: Actor) -> bool:
    """Types and statuses are words that everybody who reads contracts needs."""
    return actor.may(Can.VIEW) or actor.may(Can.MANAGE_TYPES)


class ContractTypeQuerySet(models.QuerySet["ContractType"]):
    def visible_to(self, actor: Actor) -> Self:
        """All of them, for whoever reads contracts."""
        return self if may_read_words(actor) else self.none()


class StatusQuerySet(models.QuerySet["Status"]):
    def visible_to(self, actor: Actor) -> Self:
        """All of them, for whoever reads contracts."""
        return self if may_read_words(actor) else self.none()


class ContractType(models.Model):
    """A kind of contract that administrators define: what class it is, what it starts with, what it needs."""

    id = IdField()
    labels = models.JSONField(default=dict)
    class_of = models.CharField(max_length=10, choices=choices(Class))
    position = models.PositiveIntegerField(default=0)
    term = models.CharField(max_length=10, choices=choices(Term), default=Term.FIXED)
    notice_count = models.PositiveSmallIntegerField(null=True, blank=True)
    notice_unit = models.CharField(max_length=5, default="month")
    payment_days = models.PositiveSmallIntegerField(null=True, blank=True)
    tax_percent = ScaledField(null=True, blank=True)
    lead_days = models.PositiveSmallIntegerField(default=14)
    """Days before the last day of notice by which we want to have decided."""
    required = models.JSONField(default=list)
    """Names of further fields that a contract of this type needs before it leaves draft."""
    qualifications = models.JSONField(default=list)
    """Keys of the kinds of document of which the other side must have a valid one at submit and at signing."""
    lapse_rule = models.CharField(max_length=4, choices=choices(LapseRule), default=LapseRule.STOP)
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = ContractTypeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(class_of__in=[c.value for c in Class]), name="contract_type_class"),
            models.CheckConstraint(condition=Q(term__in=[t.value for t in Term]), name="contract_type_term"),
            models.CheckConstraint(
                condition=Q(lapse_rule__in=[r.value for r in LapseRule]), name="contract_type_lapse_rule"
            ),
        ]


class Status(models.Model):
    """A status that administrators name and colour; its stage decides what can happen, its shape follows the stage."""

    id = IdField()
    labels = models.JSONField(default=dict)
    stage = models.CharField(max_length=12, choices=choices(Stage))
    color = models.CharField(max_length=10, blank=True)
    position = models.PositiveIntegerField(default=0)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = StatusQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["stage"], condition=Q(is_default=True), name="status_default_once"),
            models.CheckConstraint(condition=Q(is_default=False) | Q(is_active=True), name="status_default_active"),
            models.CheckConstraint(condition=Q(color="") | Q(color__in=PIGMENTS), name="status_color"),
        ]
