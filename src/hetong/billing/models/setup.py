from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from hetong.billing.policy import Can
from hetong.kernel.rows import IdField, ScaledField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class BillTypeQuerySet(models.QuerySet["BillType"]):
    def visible_to(self, actor: Actor) -> Self:
        """All of them: words that everybody who reads invoices needs."""
        return self if actor.may(Can.VIEW) or actor.may(Can.MANAGE) else self.none()


class BillType(models.Model):
    """A kind of bill that administrators define: what it is called and printed as, which numbers it takes, which tax.

    ``tax_percent`` replaces the tax rate of what is billed (null: each line keeps its own); ``prefix``
    gives the type a number series of its own (empty: the company's common one).
    """

    id = IdField()
    key = models.SlugField(max_length=40, unique=True)
    labels = models.JSONField(default=dict)
    heading = models.JSONField(default=dict)
    """What stands on top of the paper, per language; empty: the label."""
    note = models.JSONField(default=dict)
    """A sentence printed below the sums, per language, such as that the fapiao follows separately."""
    country = models.CharField(max_length=2, blank=True)
    """Offered to companies of this country only; empty: to all."""
    tax_percent = ScaledField(null=True, blank=True)
    prefix = models.CharField(max_length=12, blank=True)
    is_default = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)
    position = models.PositiveIntegerField(default=0)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = BillTypeQuerySet.as_manager()

    class Meta:
        ordering = ["position", "key"]
        constraints = [
            models.UniqueConstraint(fields=["country"], condition=Q(is_default=True), name="bill_type_default_once"),
            models.CheckConstraint(
                condition=Q(tax_percent=None) | Q(tax_percent__range=(0, 1_000_000)), name="bill_type_tax"
            ),
        ]
