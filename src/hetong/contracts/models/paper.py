from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from hetong.contracts.models.contract import Contract, of_visible
from hetong.kernel.rows import IdField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class OriginalQuerySet(models.QuerySet["Original"]):
    def visible_to(self, actor: Actor) -> Self:
        """The originals of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class Original(models.Model):
    """One signed original on paper: its number within the contract, when and by whom stamped, where it is kept."""

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="papers", db_index=False)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    copy_no = models.PositiveSmallIntegerField()
    stamped_on = models.DateField(null=True, blank=True)
    stamped_by = models.CharField(max_length=120, blank=True)
    """Who used the seal (用印)."""
    place = models.CharField(max_length=200, blank=True)
    note = models.CharField(max_length=500, blank=True)
    created_at = models.DateTimeField()
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = OriginalQuerySet.as_manager()

    class Meta:
        ordering = ["copy_no", "pk"]
        constraints = [models.UniqueConstraint(fields=["contract", "copy_no"], name="original_copy_once")]


class LoanQuerySet(models.QuerySet["Loan"]):
    def visible_to(self, actor: Actor) -> Self:
        """The loans of originals of the contracts that the actor may see."""
        return self.filter(original__in=Original.objects.visible_to(actor).values("pk"))


class Loan(models.Model):
    """An original was handed to somebody until a day (inclusive); still out while ``returned_on`` is empty."""

    id = IdField()
    original = models.ForeignKey(Original, models.CASCADE, related_name="loans")
    borrower = models.CharField(max_length=120)
    lent_on = models.DateField()
    until = models.DateField()
    returned_on = models.DateField(null=True, blank=True)
    lent_by_label = models.CharField(max_length=200)
    purpose = models.CharField(max_length=200, blank=True)
    objects = LoanQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["original"], condition=Q(returned_on=None), name="original_lent_once"),
            models.CheckConstraint(condition=Q(until__gte=F("lent_on")), name="original_loan_period"),
        ]
        indexes = [models.Index(fields=["until"], name="original_loan_until", condition=Q(returned_on=None))]
