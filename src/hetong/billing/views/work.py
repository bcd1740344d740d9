from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from hetong.billing.fields import DUE, INVOICE, PAYMENT
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Row, Text
from hetong.ui.http import Request
from hetong.ui.lists.asking import rows_for, sums_for
from hetong.ui.lists.sums import Sums

MOST = 10


@dataclass(frozen=True)
class Shelf:
    """One kind of work: its rows, what they come to, and the list that holds them all."""

    key: str
    label: Text
    about: Text
    rows: list[Row]
    sums: Sums | None
    url: str

    @property
    def count(self) -> int:
        return self.sums.count if self.sums else len(self.rows)


SHELVES = (
    ("reported", PAYMENT.noun, "state=reported&sort=on", "amount", "billing:payments"),
    ("to_invoice", DUE.noun, "condition=billable&condition=part_invoiced&sort=on", "uninvoiced", "billing:dues"),
    ("late", INVOICE.noun, "direction=out&condition=late&sort=due_on", "left", "billing:invoices"),
    ("to_pay", INVOICE.noun, "direction=in&condition=open&condition=partial&condition=late&sort=due_on", "left", "billing:invoices"),
)  # fmt: skip


def billing_work(request: Request) -> HttpResponse:
    """What there is to do: payments to confirm, stages to invoice, invoices to chase and to pay."""
    shelves = [_shelf(request.actor, *one) for one in SHELVES]
    return render(request, "billing/work.html", {"shelves": shelves, "is_clear": not any(one.rows for one in shelves)})


def _shelf(actor: Actor, key: str, noun: str, query: str, summed: str, url_name: str) -> Shelf:
    label, about = _words()[key]
    rows = rows_for(actor, noun, query, limit=MOST)
    sums = sums_for(actor, noun, query, (summed,)).get(()) if rows else None
    return Shelf(key, label, about, rows, sums, f"{reverse(url_name)}?{query}")


def _words() -> dict[str, tuple[Any, Any]]:
    return {
        "reported": (_("Reported payments"), _("They count once finance has confirmed them.")),
        "to_invoice": (_("To invoice"), _("Stages whose day has come and that are not invoiced in full.")),
        "late": (_("Overdue"), _("Invoices of ours that should have been paid.")),
        "to_pay": (_("To pay"), _("Suppliers’ invoices that are not paid in full.")),
    }
