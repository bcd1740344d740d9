"""What may be done with dues, invoices and payments, and by whom."""

from __future__ import annotations

from enum import StrEnum
from typing import Final

from hetong.kernel.routes import Route, form, get, post


class Can(StrEnum):
    VIEW = "billing.view"
    PLAN = "billing.plan"
    INVOICE = "billing.invoice"
    REPORT = "billing.report"
    CONFIRM = "billing.confirm"
    MANAGE = "billing.manage"


REPORT_CONFIRM: Final = "billing.report_confirm"
ACCOUNT_PAY: Final = "billing.account_pay"
"""Duties kept apart: reporting and confirming a payment; changing where a party's money goes and sending it."""

DUE: Final = "billing.due"
INVOICE: Final = "billing.invoice"
PAYMENT: Final = "billing.payment"

API: tuple[Route, ...] = (
    get("api:dues", Can.VIEW),
    get("api:due", Can.VIEW, noun=DUE),
    Route("api:due", ("PATCH",), (Can.PLAN,), DUE),
    *(post(f"api:due_{act}", Can.PLAN, noun=DUE) for act in ("hold", "release", "skip", "unskip")),
    get("api:invoices", Can.VIEW),
    post("api:invoices", Can.INVOICE),
    get("api:invoice", Can.VIEW, noun=INVOICE),
    Route("api:invoice", ("PATCH",), (Can.INVOICE,), INVOICE),
    get("api:invoice_lines", Can.VIEW, noun=INVOICE),
    get("api:invoice_pdf", Can.VIEW, noun=INVOICE),
    post("api:invoice_credit", Can.INVOICE, noun=INVOICE),
    post("api:received_invoices", Can.INVOICE),
    get("api:payments", Can.VIEW),
    post("api:payments", Can.REPORT),
    get("api:payment", Can.VIEW, noun=PAYMENT),
    Route("api:payment", ("PATCH",), (Can.REPORT,), PAYMENT),
    get("api:payment_allocations", Can.VIEW, noun=PAYMENT),
    post("api:recorded_payments", Can.CONFIRM),
    post("api:payment_confirm", Can.CONFIRM, noun=PAYMENT),
    post("api:payment_reject", Can.CONFIRM, noun=PAYMENT),
    post("api:payment_reverse", Can.CONFIRM, noun=PAYMENT),
    post("api:payment_allocate", Can.CONFIRM, noun=PAYMENT),
    post("api:payment_unallocate", Can.CONFIRM, noun=PAYMENT),
    get("api:bill_types", Can.VIEW),
)

CONTRACT: Final = "contracts.contract"
PAGES: tuple[Route, ...] = (
    *(get(f"billing:{page}", Can.VIEW) for page in ("work", "ledger", "dues", "invoices", "payments")),
    get("billing:due", Can.VIEW, noun=DUE),
    form("billing:due_edit", Can.PLAN, noun=DUE),
    form("billing:due_invoice", Can.INVOICE, noun=DUE),
    form("billing:due_receive", Can.INVOICE, noun=DUE),
    form("billing:due_pay", Can.REPORT, noun=DUE),
    form("billing:due_hold", Can.PLAN, noun=DUE),
    form("billing:due_skip", Can.PLAN, noun=DUE),
    post("billing:due_release", Can.PLAN, noun=DUE),
    post("billing:due_unskip", Can.PLAN, noun=DUE),
    get("billing:invoice", Can.VIEW, noun=INVOICE),
    form("billing:invoice_edit", Can.INVOICE, noun=INVOICE),
    get("billing:invoice_pdf", Can.VIEW, noun=INVOICE),
    form("billing:invoice_pay", Can.REPORT, noun=INVOICE),
    form("billing:invoice_credit", Can.INVOICE, noun=INVOICE),
    form("billing:add_payment", Can.REPORT),
    get("billing:payment", Can.VIEW, noun=PAYMENT),
    form("billing:payment_edit", Can.REPORT, noun=PAYMENT),
    post("billing:payment_confirm", Can.CONFIRM, noun=PAYMENT),
    *(form(f"billing:payment_{act}", Can.CONFIRM, noun=PAYMENT) for act in ("reject", "allocate", "unallocate", "reverse")),
    get("contract_money:tab", Can.VIEW, noun=CONTRACT),
    form("contract_money:invoice", Can.INVOICE, noun=CONTRACT),
    form("contract_money:receive", Can.INVOICE, noun=CONTRACT),
    form("contract_money:pay", Can.REPORT, noun=CONTRACT),
    get("party_money:tab", Can.VIEW, noun="parties.party"),
    get("billing_settings:types", Can.MANAGE),
    form("billing_settings:type_add", Can.MANAGE),
    form("billing_settings:type_edit", Can.MANAGE, noun="billing.bill_type"),
    get("billing_settings:series", Can.MANAGE),
    form("billing_settings:series_edit", Can.MANAGE),
    post("billing_settings:series_remove", Can.MANAGE),
)  # fmt: skip

ROUTES: tuple[Route, ...] = (*API, *PAGES)
