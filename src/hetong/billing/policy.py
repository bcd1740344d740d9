"""What may be done with dues, invoices and payments, and by whom."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hetong.kernel.routes import Route, get, post


class Can(StrEnum):
    VIEW = "billing.view"
    PLAN = "billing.plan"
    INVOICE = "billing.invoice"
    REPORT = "billing.report"
    CONFIRM = "billing.confirm"
    MANAGE = "billing.manage"


DUE: Final = "billing.due"
INVOICE: Final = "billing.invoice"
PAYMENT: Final = "billing.payment"

API: tuple[Route, ...] = (
    get("api:dues", Can.VIEW),
    get("api:due", Can.VIEW, noun=DUE),
    *(post(f"api:due_{act}", Can.PLAN, noun=DUE) for act in ("hold", "release", "skip", "unskip")),
    get("api:invoices", Can.VIEW),
    post("api:invoices", Can.INVOICE),
    get("api:invoice", Can.VIEW, noun=INVOICE),
    get("api:invoice_lines", Can.VIEW, noun=INVOICE),
    post("api:invoice_credit", Can.INVOICE, noun=INVOICE),
    post("api:received_invoices", Can.INVOICE),
    get("api:payments", Can.VIEW),
    post("api:payments", Can.REPORT),
    get("api:payment", Can.VIEW, noun=PAYMENT),
    get("api:payment_allocations", Can.VIEW, noun=PAYMENT),
    post("api:recorded_payments", Can.CONFIRM),
    post("api:payment_confirm", Can.CONFIRM, noun=PAYMENT),
    post("api:payment_reject", Can.CONFIRM, noun=PAYMENT),
    post("api:payment_reverse", Can.CONFIRM, noun=PAYMENT),
    post("api:payment_allocate", Can.CONFIRM, noun=PAYMENT),
    post("api:payment_unallocate", Can.CONFIRM, noun=PAYMENT),
    get("api:bill_types", Can.VIEW),
)

PAGES: tuple[Route, ...] = (get("billing:ledger", Can.VIEW),)

ROUTES: tuple[Route, ...] = (*PAGES,)
