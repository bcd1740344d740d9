"""The cards of invoices and payments, and the money tab of a party."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect, render

from hetong.billing.fields import ALLOCATION, INVOICE, INVOICE_LINE, PAYMENT
from hetong.billing.models import Allocation, Invoice, InvoiceLine, Payment
from hetong.billing.services.papers import get_paper
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Row
from hetong.kernel.money import Money
from hetong.kernel.scaled import PERCENT, Scaled
from hetong.ui.cards import card_frame, further_fields
from hetong.ui.http import Request
from hetong.ui.lists.asking import rows_for, sums_for

PARTY = "parties.party"
UNPAID = "condition=open&condition=partial&condition=late"
MOST = 50


def invoice_card(request: Request, id: UUID) -> HttpResponse:
    """An invoice or credit note: its lines, taxes, what was paid on it and credited, both parties as they were."""
    actor = request.actor
    context = card_frame(actor, INVOICE.noun, id, "overview")
    row: Row = context["row"]
    lines = InvoiceLine.objects.visible_to(actor).filter(invoice=id).order_by("position")
    parts = Allocation.objects.visible_to(actor).filter(invoice=id).order_by("pk")
    notes = Invoice.objects.visible_to(actor).filter(corrects=id).order_by("pk")
    shown = INVOICE_LINE.show(actor, lines)
    context |= {
        "lines": shown, "has_quantity": any(one.get("quantity") for one in shown),
        "allocations": ALLOCATION.show(actor, parts), "notes": INVOICE.show(actor, notes),
        "further": further_fields(row, ()), **_as_it_was(actor, row),
    }  # fmt: skip
    return render(request, "billing/invoice.html", context)


def _as_it_was(actor: Actor, row: Row) -> dict[str, Any]:
    """The tax per rate and both parties as of the day of issue, as far as the reader may read them."""
    invoice = Invoice.objects.visible_to(actor).get(pk=row.id)
    reads = all(name in row for name in ("net", "tax", "gross"))
    return {
        "taxes": [tax_of(one, invoice.currency) for one in invoice.taxes] if reads else [],
        "party": party_of(invoice.party_facts) if "party" in row else None,
        "company": invoice.company_facts if "company" in row else None,
        "converted": invoice.rate if reads else {},
    }


def tax_of(one: Mapping[str, Any], currency: str) -> dict[str, Any]:
    """One tax rate of an invoice with what it is reckoned on."""
    rate = Scaled(int(one["rate"]), PERCENT.exponent)
    return {"rate": rate, "net": Money(int(one["net"]), currency), "tax": Money(int(one["tax"]), currency)}


def party_of(facts: Mapping[str, Any]) -> dict[str, Any]:
    """The name, first number and first address that the invoice keeps of the other side."""
    addresses, numbers = facts.get("addresses") or [{}], facts.get("numbers") or [{}]
    billed = next((one for one in addresses if one.get("role") == "billing"), addresses[0])
    town = " ".join(str(billed.get(name) or "") for name in ("postal_code", "city")).strip()
    lines = [str(billed.get("lines") or ""), town, str(billed.get("country") or facts.get("country") or "")]
    return {
        "name": facts.get("name", ""),
        "number": numbers[0].get("value", ""),
        "lines": [line for line in lines if line],
    }


def invoice_pdf(request: Request, id: UUID) -> HttpResponse:
    """The invoice as a file, made now where it is missing."""
    version = get_paper(request.actor, id)
    return redirect("documents:download", version.document_id, "current")


def payment_card(request: Request, id: UUID) -> HttpResponse:
    """A payment: who reported and decided, what it settles, what of it is on account."""
    actor = request.actor
    context = card_frame(actor, PAYMENT.noun, id, "overview")
    parts = Allocation.objects.visible_to(actor).filter(payment=id).order_by("pk")
    wanted = Payment.objects.visible_to(actor).values_list("wanted", flat=True).get(pk=id)
    context |= {
        "allocations": ALLOCATION.show(actor, parts),
        "wanted_count": len(wanted),
        "further": further_fields(context["row"], ()),
    }
    return render(request, "billing/payment.html", context)


def party_money(request: Request, id: UUID) -> HttpResponse:
    """A tab of a customer or supplier: what is open per currency, its invoices and payments."""
    actor = request.actor
    context = card_frame(actor, PARTY, id, "money")
    query = f"party={id}"
    context |= {
        "open": sums_for(actor, INVOICE.noun, f"{query}&{UNPAID}", ("left",)).get(()),
        "late": sums_for(actor, INVOICE.noun, f"{query}&condition=late", ("left",)).get(()),
        "on_account": sums_for(actor, PAYMENT.noun, f"{query}&state=confirmed", ("on_account",)).get(()),
        "invoices": rows_for(actor, INVOICE.noun, f"{query}&sort=-issued_on", limit=MOST),
        "payments": rows_for(actor, PAYMENT.noun, f"{query}&sort=-on", limit=MOST),
    }
    return render(request, "billing/of_party.html", context)
