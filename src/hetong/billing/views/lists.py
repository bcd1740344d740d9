from __future__ import annotations

from django.http import HttpResponse

from hetong.billing.tables import DUES, INVOICES, LEDGER, PAYMENTS
from hetong.ui.http import Request
from hetong.ui.lists import list_page


def ledger(request: Request) -> HttpResponse:
    """Every contract with what was agreed, invoiced and received, and what is open."""
    return list_page(request, LEDGER, context={"here": "ledger"})


def invoice_list(request: Request) -> HttpResponse:
    """Invoices and credit notes, ours and the suppliers'."""
    return list_page(request, INVOICES, context={"here": "invoices"})


def payment_list(request: Request) -> HttpResponse:
    """Money that came in and went out, and what was only reported."""
    return list_page(request, PAYMENTS, context={"here": "payments"})


def due_list(request: Request) -> HttpResponse:
    """What is due, of every contract the reader may see."""
    return list_page(request, DUES, context={"here": "dues"})
