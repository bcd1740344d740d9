"""The lists of billing."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from hetong.ui.lists import Shipped, Table

LIVE = "stage=active&stage=suspended&stage=closing"
KEPT = "stage.not=discarded&stage.not=void"

LEDGER = Table(
    noun="contracts.contract",
    title=_("Contract ledger"),
    columns=(
        "number", "title", "counterparty", "status", "gross", "invoiced", "received", "open", "overdue_days", "next_event",
    ),
    views=(
        Shipped("live", _("In force"), LIVE),
        Shipped("overdue", _("Overdue"), "oldest_open_due_on.lt=today"),
        Shipped("open", _("Open amounts"), "open.gt=0"),
        Shipped("income", _("Income"), f"class=income&{KEPT}"),
        Shipped("expense", _("Expense"), f"class=expense&{KEPT}"),
    ),
    sort="number",
    phone=("title", "counterparty", "number", "status", "open", "next_event"),
    total="gross",
    totals=("gross", "invoiced", "received", "open"),
)  # fmt: skip
