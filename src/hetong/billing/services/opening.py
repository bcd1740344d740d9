"""Invoices that another system issued before this one was taken into use, with the numbers they have: opening items."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import IntegrityError, transaction

from hetong.billing.events import InvoicesTakenOver
from hetong.billing.models import Invoice
from hetong.billing.services.drafts import Draft, draft
from hetong.billing.services.errors import InvoicingStopped
from hetong.billing.services.invoices import DueShare, Posting
from hetong.billing.states import Direction
from hetong.contracts.states import Class
from hetong.kernel.actors import Actor
from hetong.kernel.collisions import once_more
from hetong.kernel.errors import N_, Invalid, Problem
from hetong.kernel.text import clean_line, clean_text, fold


@dataclass(frozen=True)
class OpeningInvoice:
    """An invoice of ours that was issued elsewhere, on one contract: its number and days as they stand on it."""

    dues: Sequence[DueShare]
    number: str
    issued_on: dt.date
    due_on: dt.date | None = None
    payment_reference: str = ""
    note: str = ""
    added: Mapping[str, Any] | None = None
    """What was said in the fields that the house added to invoices; None where nobody was asked."""


@once_more
def take_over_invoices(actor: Actor, orders: Sequence[OpeningInvoice]) -> list[Invoice]:
    """Enter invoices of ours that were issued elsewhere, all or none: no number of a series is taken, no paper is made.

    What they bill is not billed again. Dues whose day has not come may be among them. Raises what `issue_invoices`
    raises, and `Invalid` for a number that is there already or an added field that is needed.
    """
    try:
        with transaction.atomic():
            posting = Posting(actor, [one.dues for one in orders], Class.INCOME)
            drafts = [_drafted(posting, one) for one in orders]
            return posting.post(drafts, InvoicesTakenOver, [one.added for one in orders])
    except IntegrityError as twice:
        if "number" not in str(twice):
            raise
        raise Invalid(problems=[_taken(", ".join(one.number for one in orders)[:200])]) from twice


def _drafted(posting: Posting, order: OpeningInvoice) -> Draft:
    contract = posting.contract_of(order.dues)
    if contract.stops_invoicing:
        raise InvoicingStopped(title=contract.title, reason=contract.abnormal_reason)
    number = clean_line(order.number, max_length=60)
    if not number:
        why = N_("Enter the number that stands on the invoice.")
        raise Invalid(problems=[Problem("required", why, field="number")])
    # allow: visibility — a number in use is in use, whoever sees it
    held = Invoice.objects.filter(company=contract.company_id, direction=Direction.OUT, number_key=fold(number))
    if held.exists():
        raise Invalid(problems=[_taken(number)])
    issued_on, due_on = posting.days(contract, order.issued_on, order.due_on)
    made = draft(
        posting.actor, contract, posting.parties, issued_on, due_on, direction=Direction.OUT, number=number,
        bill_type=posting.bill_type(None, contract), our_reference=posting.owners[contract.owner_id], order_no=contract.reference,
        payment_reference=clean_line(order.payment_reference, max_length=60), note=clean_text(order.note, max_length=2000),
    )  # fmt: skip
    posting.take(made, order.dues, contract, ahead=True, tax_percent=None)
    return made


def _taken(number: str) -> Problem:
    return Problem("number_taken", N_("There is an invoice %(number)s already."), {"number": number}, "number")
