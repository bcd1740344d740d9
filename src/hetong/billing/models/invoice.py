from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q

from hetong.billing.models.due import Due, of_visible
from hetong.billing.states import Direction, InvoiceKind
from hetong.contracts.models import Contract
from hetong.kernel.rows import IdField, KeyField, MinorField, ScaledField, within_bounds

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor


class InvoiceQuerySet(models.QuerySet["Invoice"]):
    def visible_to(self, actor: Actor) -> Self:
        """The invoices of the contracts that the actor may see."""
        return self if actor.is_system else self.filter(of_visible(actor))


class Invoice(models.Model):
    """An invoice or credit note as it was issued (``out``) or received (``in``): a row that is never edited.

    A credit note's amounts are positive and ``corrects`` names its invoice. ``credited`` and ``settled``
    are sums of credit notes and allocations (minor units, tax included). ``party_facts`` and
    ``company_facts`` are what both were called on that day. ``rate`` says how the currency was converted:
    {rate, base, source, day}; empty in the company's own.
    """

    id = IdField()
    contract = models.ForeignKey(Contract, models.PROTECT, related_name="invoices", db_index=False)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+", db_index=False)
    party = models.ForeignKey("parties.Party", models.PROTECT, related_name="+", db_index=False)
    direction = models.CharField(max_length=3)
    kind = models.CharField(max_length=11, default=InvoiceKind.INVOICE)
    bill_type = models.ForeignKey("billing.BillType", models.PROTECT, related_name="invoices")
    number = models.CharField(max_length=60)
    """Ours from the gapless series; the supplier's own for one received."""
    number_key = KeyField("number", max_length=120)
    issued_on = models.DateField()
    due_on = models.DateField()
    currency = models.CharField(max_length=3)
    net_minor = MinorField()
    tax_minor = MinorField()
    gross_minor = MinorField()
    taxes = models.JSONField(default=list)
    """{rate, code, net, tax} per tax rate, in minor units."""
    credited_minor = MinorField(default=0)
    settled_minor = MinorField(default=0)
    rate = models.JSONField(default=dict)
    party_facts = models.JSONField(default=dict)
    company_facts = models.JSONField(default=dict)
    language = models.CharField(max_length=10)
    their_reference = models.CharField(max_length=120, blank=True)
    our_reference = models.CharField(max_length=120, blank=True)
    order_no = models.CharField(max_length=80, blank=True)
    """The customer's own order number."""
    note = models.TextField(blank=True)
    reason = models.CharField(max_length=500, blank=True)
    """Why a credit note was given."""
    corrects = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="credit_notes")
    payment_reference = models.CharField(max_length=60, blank=True)
    document = models.ForeignKey("documents.Document", models.PROTECT, null=True, blank=True, related_name="+")
    """The stored PDF; null for the moment until it is made, or for a received one without a file."""
    created_by = models.UUIDField(null=True)
    created_by_label = models.CharField(max_length=200)
    created_at = models.DateTimeField()
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = InvoiceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["company", "number"], condition=Q(direction=Direction.OUT), name="invoice_number_once"
            ),
            models.UniqueConstraint(
                fields=["company", "party", "number_key"],
                condition=Q(direction=Direction.IN),
                name="invoice_received_once",
            ),
            models.CheckConstraint(condition=Q(direction__in=[d.value for d in Direction]), name="invoice_direction"),
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in InvoiceKind]), name="invoice_kind"),
            models.CheckConstraint(condition=Q(gross_minor=F("net_minor") + F("tax_minor")), name="invoice_adds_up"),
            models.CheckConstraint(condition=Q(due_on__gte=F("issued_on")), name="invoice_due_after_issue"),
            models.CheckConstraint(
                condition=(Q(kind=InvoiceKind.INVOICE) & Q(corrects=None))
                | (Q(kind=InvoiceKind.CREDIT_NOTE) & Q(corrects__isnull=False)),
                name="invoice_credit_note_corrects",
            ),
            models.CheckConstraint(
                condition=Q(credited_minor__range=(0, F("gross_minor"))), name="invoice_credited_within"
            ),
            models.CheckConstraint(
                condition=Q(settled_minor__gte=0) & Q(gross_minor__gte=F("credited_minor") + F("settled_minor")),
                name="invoice_settled_within",
            ),
            *within_bounds("net_minor", "tax_minor", "gross_minor"),
        ]
        indexes = [
            models.Index(fields=["contract", "issued_on"], name="invoice_contract"),
            models.Index(fields=["company", "issued_on", "id"], name="invoice_company"),
            models.Index(fields=["party", "issued_on"], name="invoice_party"),
            models.Index(fields=["number_key"], name="invoice_number"),
            models.Index(fields=["due_on", "id"], name="invoice_due_on"),
            models.Index(
                fields=["due_on"],
                condition=Q(kind=InvoiceKind.INVOICE, gross_minor__gt=F("credited_minor") + F("settled_minor")),
                name="invoice_open",
            ),
        ]


class InvoiceLineQuerySet(models.QuerySet["InvoiceLine"]):
    def visible_to(self, actor: Actor) -> Self:
        """The lines of the invoices that the actor may see."""
        return self if actor.is_system else self.filter(invoice__in=Invoice.objects.visible_to(actor).values("pk"))


class InvoiceLine(models.Model):
    """One line of an invoice: which due and which line of the contract it bills, for which period, at which tax rate."""

    id = IdField()
    invoice = models.ForeignKey(Invoice, models.PROTECT, related_name="lines", db_index=False)
    company = models.ForeignKey("accounts.Company", models.PROTECT, related_name="+")
    due = models.ForeignKey(Due, models.PROTECT, related_name="invoice_lines", db_index=False)
    line = models.ForeignKey("contracts.Line", models.PROTECT, null=True, blank=True, related_name="+")
    position = models.PositiveIntegerField()
    title = models.CharField(max_length=300)
    detail = models.CharField(max_length=500, blank=True)
    """Part number, model, serial number; or the stage it belongs to."""
    service_from = models.DateField(null=True, blank=True)
    service_to = models.DateField(null=True, blank=True)
    quantity = ScaledField(null=True, blank=True)
    unit = models.CharField(max_length=20, blank=True)
    price = ScaledField(null=True, blank=True)
    share = models.CharField(max_length=60, blank=True)
    """What part of the line is billed where it is not the whole, such as 30 % or 81/92."""
    tax_percent = ScaledField(default=0)
    tax_code = models.CharField(max_length=20, blank=True)
    currency = models.CharField(max_length=3)
    net_minor = MinorField()
    tax_minor = MinorField()
    gross_minor = MinorField()
    objects = InvoiceLineQuerySet.as_manager()

    class Meta:
        ordering = ["invoice", "position"]
        constraints = [
            models.UniqueConstraint(fields=["invoice", "position"], name="invoice_line_once"),
            models.CheckConstraint(
                condition=Q(gross_minor=F("net_minor") + F("tax_minor")), name="invoice_line_adds_up"
            ),
            *within_bounds("net_minor", "tax_minor", "gross_minor"),
        ]
        indexes = [models.Index(fields=["due"], name="invoice_line_due")]
