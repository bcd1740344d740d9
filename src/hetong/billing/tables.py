"""The lists of billing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from hetong.billing.policy import Can
from hetong.ui.lists import Shipped, Table
from hetong.ui.lists.table import Action

LIVE = "stage=active&stage=suspended&stage=closing"
UNPAID = "condition=open&condition=partial&condition=late"
KEPT = "stage.not=discarded&stage.not=void"

LEDGER = Table(
    template="billing/list.html",
    noun="contracts.contract",
    title=_("Contract ledger"),
    columns=(
        "number", "title", "counterparty", "status", "gross", "invoiced", "received", "open", "overdue_days", "ends_on",
    ),
    views=(
        Shipped("live", _("In force"), LIVE),
        Shipped("overdue", _("Overdue"), "oldest_open_due_on.lt=today"),
        Shipped("open", _("Open amounts"), "open.gt=0"),
        Shipped("income", _("Income"), f"class=income&{KEPT}"),
        Shipped("expense", _("Expense"), f"class=expense&{KEPT}"),
    ),
    default="live",
    sort="number",
    phone=("title", "counterparty", "number", "status", "open", "ends_on"),
    total="gross",
    totals=("gross", "invoiced", "received", "open"),
)  # fmt: skip

INVOICES = Table(
    template="billing/list.html",
    noun="billing.invoice",
    columns=("number", "condition", "party", "contract", "issued_on", "due_on", "gross", "left"),
    views=(
        Shipped("open", pgettext_lazy("invoices", "Open"), f"direction=out&{UNPAID}"),
        Shipped("late", _("Overdue"), "direction=out&condition=late"),
        Shipped("issued", pgettext_lazy("invoices", "Issued"), "direction=out"),
        Shipped("credit", _("Credit notes"), "kind=credit_note"),
        Shipped("received", _("From suppliers"), "direction=in"),
        Shipped("to_pay", _("To pay"), f"direction=in&{UNPAID}"),
    ),
    sort="-issued_on",
    phone=("number", "party", "due_on", "condition", "gross", "contract"),
    totals=("gross", "credited", "settled", "left"),
    total="gross",
)

PAYMENTS = Table(
    template="billing/list.html",
    actions=(Action(_("Payment without a contract"), "billing:add_payment", "cash", (Can.REPORT,)),),
    noun="billing.payment",
    columns=("on", "direction", "party", "contract", "amount", "on_account", "state", "reported_by"),
    views=(
        Shipped("reported", _("To confirm"), "state=reported"),
        Shipped("received", pgettext_lazy("payments", "Received"), "state=confirmed&direction=in"),
        Shipped("paid", _("Paid out"), "state=confirmed&direction=out"),
        Shipped("on_account", _("On account"), "state=confirmed&on_account.gt=0"),
        Shipped("refused", _("Rejected and reversed"), "state=rejected&state=reversed"),
    ),
    sort="-on",
    phone=("on", "party", "direction", "state", "amount", "contract"),
    totals=("amount", "allocated", "on_account"),
    total="amount",
)

DUES = Table(
    template="billing/list.html",
    noun="billing.due",
    title=_("What is due"),
    columns=("title", "contract", "party", "condition", "on", "due_on", "gross", "uninvoiced", "unsettled"),
    views=(
        Shipped("to_invoice", _("To invoice"), "condition=billable&condition=part_invoiced"),
        Shipped("soon", _("Next 30 days"), "state=planned&on.lte=today%2B30d"),
        Shipped("late", _("Overdue"), "condition=late"),
        Shipped("held", _("On hold"), "condition=held"),
        Shipped("settled", _("Settled"), "condition=settled"),
    ),
    sort="on",
    phone=("title", "contract", "on", "condition", "gross", "due_on"),
    totals=("gross", "uninvoiced", "unsettled"),
    total="gross",
)

BILL_TYPES = Table(
    noun="billing.bill_type",
    columns=("labels", "country", "tax_rate", "prefix", "is_default", "is_active"),
    views=(Shipped("offered", _("Offered"), "is_active=true"),),
    sort="position",
    new="billing_settings:type_add",
    new_label=_("Add bill type"),
    phone=("labels", "country"),
    can_export=Can.MANAGE,
)
