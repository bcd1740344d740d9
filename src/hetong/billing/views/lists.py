from __future__ import annotations

from django.http import HttpResponse

from hetong.billing.tables import LEDGER
from hetong.ui.http import Request
from hetong.ui.lists import list_page


def ledger(request: Request) -> HttpResponse:
    """Every contract with what was agreed, invoiced and received, and what is open."""
    return list_page(request, LEDGER)
