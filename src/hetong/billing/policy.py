"""What may be done with dues, invoices and payments, and by whom."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route


class Can(StrEnum):
    VIEW = "billing.view"
    PLAN = "billing.plan"
    INVOICE = "billing.invoice"
    REPORT = "billing.report"
    CONFIRM = "billing.confirm"
    MANAGE = "billing.manage"


ROUTES: tuple[Route, ...] = ()
