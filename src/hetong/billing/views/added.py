"""The pages that fill in what the house added to dues, invoices and payments."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.utils.translation import gettext as _

from hetong.billing.fields import DUE, INVOICE, PAYMENT
from hetong.billing.models import Due
from hetong.billing.views.acting import back_url, contract_of, money_url
from hetong.ui.forms import edit_page
from hetong.ui.http import Request


def due_edit(request: Request, id: UUID) -> HttpResponse:
    """The added fields of a due; what is due stays as it is."""
    contract = contract_of(request.actor, Due.objects.visible_to(request.actor), id)
    intro = _("These are fields of yours. What is due, and when, follows the contract and is not changed here.")
    return edit_page(request, DUE.noun, id, intro=intro, back=back_url(request, money_url(contract)))


def invoice_edit(request: Request, id: UUID) -> HttpResponse:
    """The added fields of an invoice; what was issued stays as it is."""
    intro = _("These are fields of yours. They stand on no invoice: what was issued stays as it is.")
    return edit_page(request, INVOICE.noun, id, intro=intro)


def payment_edit(request: Request, id: UUID) -> HttpResponse:
    """The added fields of a payment; what was paid stays as it is."""
    intro = _("These are fields of yours. What was paid, and what it settles, is not changed here.")
    return edit_page(request, PAYMENT.noun, id, intro=intro)
