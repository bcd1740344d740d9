from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from hetong.accounts.scopes import scope_of
from hetong.billing.models.due import Due, of_visible
from hetong.billing.models.invoice import Invoice
from hetong.billing.states import Direction, PaymentState
from hetong.contracts.models import Contract
from hetong.kernel.rows import IdField, KeyField, MinorField, within_bounds

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

NOUN = "billing.payment"


class PaymentQuerySet(models.QuerySet["Payment"]):
    def visible_to(self, actor: Actor) -> Self:
        """The payments of the contracts that the actor may see; those of none by the scope of the actor's roles."""
        if actor.is_system:
            return self
        of_none = Q(contract__isnull=True) & scope_of(actor, NOUN, owner="reported_by", team="")
        return self.filter(of_visible(actor) | of_none)


class Payment(models.Model):
    """Money that came in or went out: reported by whoever heard of it, confirmed by finance, then allocated to dues.

    ``amount`` is in minor units of ``currency``; ``allocated`` is the sum of its allocations, the rest is
    on account. Only confirmed payments count. ``once`` is the key of the act that made it.
    """

    id = IdField()
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", db_index=False)
    contract = models.ForeignKey(
        Contract, models.PROTECT, null=True, blank=True, related_name="payments", db_index=False
    )
    direction = models.CharField(max_length=3)
    state = models.CharField(max_length=9, default=PaymentState.REPORTED)
    on = models.DateField()
    """The day on which the money moved."""
    currency = models.CharField(max_length=3)
    amount_minor = MinorField()
    allocated_minor = MinorField(default=0)
    method = models.CharField(max_length=20, blank=True)
    reference = models.CharField(max_length=120, blank=True)
    reference_key = KeyField("reference", max_length=240)
    note = models.CharField(max_length=500, blank=True)
    wanted = models.JSONField(default=list)
    """What it is for, as reported: {due or invoice, amount in minor units}; allocated when it is confirmed."""
    rate = models.JSONField(default=dict)
    """As on invoices: how the currency was converted on that day; empty in the company's own."""
    reported_by = models.UUIDField(null=True)
    reported_by_label = models.CharField(max_length=200)
    reported_at = models.DateTimeField()
    decided_by = models.UUIDField(null=True, blank=True)
    decided_by_label = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why it was rejected or reversed."""
    reversed_at = models.DateTimeField(null=True, blank=True)
    reversed_by_label = models.CharField(max_length=200, blank=True)
    source_key = models.CharField(max_length=200, null=True, blank=True)  # noqa: DJ001 - unique where there is one
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = PaymentQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["company", "source_key"], name="payment_source_once"),
            models.CheckConstraint(condition=Q(direction__in=[d.value for d in Direction]), name="payment_direction"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in PaymentState]), name="payment_state"),
            models.CheckConstraint(condition=Q(amount_minor__gt=0), name="payment_amount"),
            models.CheckConstraint(
                condition=Q(allocated_minor__range=(0, F("amount_minor"))), name="payment_allocated_within"
            ),
            models.CheckConstraint(
                condition=Q(state=PaymentState.CONFIRMED) | Q(allocated_minor=0), name="payment_counts_when_confirmed"
            ),
            *within_bounds("amount_minor"),
        ]
        indexes = [
            models.Index(fields=["contract", "on"], name="payment_contract"),
            models.Index(fields=["company", "state", "on"], name="payment_company"),
            models.Index(fields=["party", "on"], name="payment_party"),
            models.Index(fields=["reference_key"], name="payment_reference"),
        ]


class AllocationQuerySet(models.QuerySet["Allocation"]):
    def visible_to(self, actor: Actor) -> Self:
        """The allocations to dues that the actor may see."""
        return self if actor.is_system else self.filter(due__in=Due.objects.visible_to(actor).values("pk"))


class Allocation(models.Model):
    """A part of a payment that settles a part of a due, through an invoice where there is one.

    Rows are only ever added; a reversal is a row with the opposite amount that names what it ``reverses``.
    """

    id = IdField()
    payment = models.ForeignKey(Payment, models.PROTECT, related_name="allocations", db_index=False)
    due = models.ForeignKey(Due, models.PROTECT, related_name="allocations", db_index=False)
    invoice = models.ForeignKey(
        Invoice, models.PROTECT, null=True, blank=True, related_name="allocations", db_index=False
    )
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    amount_minor = MinorField()
    on = models.DateField()
    at = models.DateTimeField()
    by_label = models.CharField(max_length=200)
    reverses = models.OneToOneField("self", models.PROTECT, null=True, blank=True, related_name="reversed_by")
    objects = AllocationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(reverses=None) & ~Q(amount_minor=0)) | Q(reverses__isnull=False), name="allocation_amount"
            ),
            *within_bounds("amount_minor"),
        ]
        indexes = [
            models.Index(fields=["payment"], name="allocation_payment"),
            models.Index(fields=["due"], name="allocation_due"),
            models.Index(fields=["invoice"], name="allocation_invoice"),
        ]
