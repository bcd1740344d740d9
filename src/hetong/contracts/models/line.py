from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from hetong.contracts.models.contract import Contract, of_visible
from hetong.kernel.rows import IdField, KeyField, MinorField, ScaledField, within_bounds

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class LineQuerySet(models.QuerySet["Line"]):
    def visible_to(self, actor: Actor) -> Self:
        """The lines of the contracts that the actor may see."""
        return self.filter(of_visible(actor))


class Line(models.Model):
    """One line of a contract: quantity × price − discount, taxed at a rate, valid from a day to a day.

    ``net``, ``tax`` and ``gross`` are the line's exact share of its contract's totals (minor units).
    A one-off line is due once; a recurring one states a price per ``price_months`` months and is billed
    every ``bill_months``.
    """

    id = IdField()
    contract = models.ForeignKey(Contract, models.CASCADE, related_name="lines", db_index=False)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    position = models.PositiveIntegerField(default=0)
    title = models.CharField(max_length=300)
    title_key = KeyField("title")
    part_no = models.CharField(max_length=80, blank=True)
    model_name = models.CharField(max_length=80, blank=True)
    serial_no = models.CharField(max_length=80, blank=True)
    quantity = ScaledField()
    unit = models.CharField(max_length=20, blank=True)
    price = ScaledField()
    discount = ScaledField(default=0)
    tax_percent = ScaledField(default=0)
    tax_code = models.CharField(max_length=20, blank=True)
    cost = ScaledField(null=True, blank=True)
    """What one unit costs us, as a price."""

    currency = models.CharField(max_length=3)
    net_minor = MinorField(default=0)
    tax_minor = MinorField(default=0)
    gross_minor = MinorField(default=0)
    is_optional = models.BooleanField(default=False)
    """Quoted but not agreed: not part of the value."""

    starts_on = models.DateField(null=True, blank=True)
    ends_on = models.DateField(null=True, blank=True)
    kind = models.CharField(max_length=10, default="one_off")
    price_months = models.PositiveSmallIntegerField(null=True, blank=True)
    bill_months = models.PositiveSmallIntegerField(null=True, blank=True)
    is_in_advance = models.BooleanField(default=True)
    anchor_day = models.PositiveSmallIntegerField(null=True, blank=True)
    convention = models.CharField(max_length=20, blank=True)
    billed_until = models.DateField(null=True, blank=True)
    predecessor = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="successors")
    created_at = models.DateTimeField()
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = LineQuerySet.as_manager()

    class Meta:
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(discount__range=(0, 1_000_000)), name="line_discount"),
            models.CheckConstraint(condition=Q(tax_percent__range=(0, 1_000_000)), name="line_tax"),
            models.CheckConstraint(condition=Q(kind__in=["one_off", "recurring"]), name="line_kind"),
            models.CheckConstraint(
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")), name="line_period"
            ),
            *within_bounds("net_minor", "tax_minor", "gross_minor"),
        ]
        indexes = [
            models.Index(fields=["contract", "position"], name="line_contract"),
            models.Index(fields=["part_no"], name="line_part_no", condition=~Q(part_no="")),
            models.Index(fields=["serial_no"], name="line_serial_no", condition=~Q(serial_no="")),
        ]
