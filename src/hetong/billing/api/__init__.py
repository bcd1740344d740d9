"""Dues, invoices and payments in the API. Every POST needs an Idempotency-Key: money is posted once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from ninja import Router

from hetong.audit.services import log_access
from hetong.billing import services
from hetong.billing.fields import ALLOCATION, BILL_TYPE, DUE, INVOICE, INVOICE_LINE, PAYMENT
from hetong.billing.models import Allocation as AllocationRow
from hetong.billing.models import Due as DueRow
from hetong.billing.models import Invoice as InvoiceRow
from hetong.billing.models import InvoiceLine as InvoiceLineRow
from hetong.billing.models import Payment as PaymentRow
from hetong.billing.services.papers import get_paper
from hetong.files.responses import serve
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, NotFound, Problem
from hetong.kernel.nouns import must_see
from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    act_answer,
    added_answer,
    body_of,
    describes_act,
    describes_body,
    describes_edit,
    describes_list,
    edit_answer,
    list_answer,
    show_answer,
)

from .reading import CREDIT, ISSUE, PAY, RECEIVE, UNALLOCATE, WANTED, Body

router = Router(tags=["billing"])
Due, Invoice, Payment = out_schema(DUE, "Due"), out_schema(INVOICE, "Invoice"), out_schema(PAYMENT, "Payment")
InvoiceLine, Allocation = out_schema(INVOICE_LINE, "InvoiceLine"), out_schema(ALLOCATION, "Allocation")
BillType = out_schema(BILL_TYPE, "BillType")
PDF: dict[str, Any] = {"responses": {200: {"content": {"application/pdf": {}}}}}


class KeyNeeded(Invalid):
    """A posting of money without a key might be repeated by a program that lost the answer."""

    code = "key_needed"
    text = N_("Postings of money need the header Idempotency-Key.")
    then = N_("Send a new key with every new posting, and the same key when you try the same one again.")


def _keyed(request: Request) -> None:
    """Raise `KeyNeeded` for a posting that could happen twice."""
    if not request.headers.get("Idempotency-Key"):
        raise KeyNeeded()


# -- dues --------------------------------------------------------------------------------------------


@router.get("/dues", url_name="dues", response=page_schema(Due, "DuePage"), openapi_extra=describes_list(DUE))
def dues_list(request: Request) -> HttpResponse:
    """What is due on the contracts that you may see."""
    return list_answer(request, DUE.noun)


@router.get("/dues/{uuid:due_id}", url_name="due", response=Due)
def due_show(request: Request, due_id: UUID) -> HttpResponse:
    """One due."""
    return show_answer(request, DUE.noun, due_id)


@router.patch("/dues/{uuid:due_id}", url_name="due", response=Due, openapi_extra=describes_edit(DUE, "DueChange"))
def due_edit(request: Request, due_id: UUID) -> HttpResponse:
    """Fill in fields that your administrators added to dues; nothing else of a due can be changed."""
    return edit_answer(request, DUE.noun, due_id)


def _due_act(request: Request, due_id: UUID, act: Any, *takes: str) -> HttpResponse:
    _keyed(request)
    return act_answer(request, DUE.noun, due_id, partial(act, reason="") if takes else act, takes=takes)


@router.post("/dues/{uuid:due_id}/hold", url_name="due_hold", response=Due, openapi_extra=describes_act("reason"))
def due_hold(request: Request, due_id: UUID) -> HttpResponse:
    """Stop a due from being invoiced, with a reason."""
    return _due_act(request, due_id, services.hold_dues, "reason")


@router.post("/dues/{uuid:due_id}/release", url_name="due_release", response=Due, openapi_extra=describes_act())
def due_release(request: Request, due_id: UUID) -> HttpResponse:
    """Let a held due run again."""
    return _due_act(request, due_id, services.release_dues)


@router.post("/dues/{uuid:due_id}/skip", url_name="due_skip", response=Due, openapi_extra=describes_act("reason"))
def due_skip(request: Request, due_id: UUID) -> HttpResponse:
    """Waive what is not invoiced of a due, with a reason."""
    return _due_act(request, due_id, services.skip_dues, "reason")


@router.post("/dues/{uuid:due_id}/unskip", url_name="due_unskip", response=Due, openapi_extra=describes_act())
def due_unskip(request: Request, due_id: UUID) -> HttpResponse:
    """Take up a waived due again."""
    return _due_act(request, due_id, services.unskip_dues)


# -- invoices ----------------------------------------------------------------------------------------


@router.get(
    "/invoices",
    url_name="invoices",
    response=page_schema(Invoice, "InvoicePage"),
    openapi_extra=describes_list(INVOICE),
)
def invoices_list(request: Request) -> HttpResponse:
    """Invoices and credit notes that you may see, issued and received."""
    return list_answer(request, INVOICE.noun)


@router.post("/invoices", url_name="invoices", response={201: Invoice}, openapi_extra=describes_body(ISSUE))
def invoice_issue(request: Request) -> HttpResponse:
    """Issue an invoice for one or several dues of a contract, whole or in part."""
    _keyed(request)
    body = Body(body_of(request), ISSUE)
    dues = body.shares(_currencies(request.actor, DueRow, body.named("dues", "due")))
    order = services.InvoiceOrder(
        dues, bill_type=body.id("bill_type"), issued_on=body.day("issued_on"), due_on=body.day("due_on"),
        their_reference=body.text("their_reference"), our_reference=body.text("our_reference"), order_no=body.text("order_no"),
        note=body.text("note"), ahead=body.flag("ahead"), added=body.added(),
    )  # fmt: skip
    body.check()
    [invoice] = services.issue_invoices(request.actor, [order])
    return added_answer(request, INVOICE.noun, invoice.pk)


@router.post(
    "/invoices/receive", url_name="received_invoices", response={201: Invoice}, openapi_extra=describes_body(RECEIVE)
)
def invoice_receive(request: Request) -> HttpResponse:
    """Register an invoice that a supplier sent."""
    _keyed(request)
    body = Body(body_of(request), RECEIVE)
    dues = body.shares(_currencies(request.actor, DueRow, body.named("dues", "due")))
    issued_on = body.day("issued_on", needed=True)
    number, due_on, note = body.text("number"), body.day("due_on"), body.text("note")
    bill_type, reference = body.id("bill_type"), body.text("payment_reference")
    body.check()
    order = services.ReceivedInvoice(
        dues, number=number, issued_on=issued_on, due_on=due_on, bill_type=bill_type, payment_reference=reference,
        note=note, ahead=body.flag("ahead"), added=body.added(),
    )  # fmt: skip
    [invoice] = services.register_invoices(request.actor, [order])
    return added_answer(request, INVOICE.noun, invoice.pk, "/api/v1/invoices")


@router.get("/invoices/{uuid:invoice_id}", url_name="invoice", response=Invoice)
def invoice_show(request: Request, invoice_id: UUID) -> HttpResponse:
    """One invoice or credit note."""
    return show_answer(request, INVOICE.noun, invoice_id)


@router.patch(
    "/invoices/{uuid:invoice_id}",
    url_name="invoice",
    response=Invoice,
    openapi_extra=describes_edit(INVOICE, "InvoiceChange"),
)
def invoice_edit(request: Request, invoice_id: UUID) -> HttpResponse:
    """Fill in fields that your administrators added to invoices; what was issued cannot be changed."""
    return edit_answer(request, INVOICE.noun, invoice_id)


@router.get(
    "/invoices/{uuid:invoice_id}/lines", url_name="invoice_lines", response=page_schema(InvoiceLine, "InvoiceLinePage"),
    openapi_extra=describes_list(INVOICE_LINE),
)  # fmt: skip
def invoice_lines_list(request: Request, invoice_id: UUID) -> HttpResponse:
    """The lines of an invoice."""
    must_see(request.actor, INVOICE.noun, invoice_id)
    rows = InvoiceLineRow.objects.visible_to(request.actor).filter(invoice=invoice_id)
    return list_answer(request, INVOICE_LINE.noun, rows=rows)


@router.get("/invoices/{uuid:invoice_id}/pdf", url_name="invoice_pdf", openapi_extra=PDF)
def invoice_pdf(request: Request, invoice_id: UUID) -> HttpResponseBase:
    """The invoice on paper: PDF/A in the customer's language, made once; of a received one, the file that came."""
    version = get_paper(request.actor, invoice_id)
    answer = serve(version.blob, version.name)
    log_access(request.actor, "downloaded", INVOICE.noun, invoice_id, version.name)
    return answer


@router.post(
    "/invoices/{uuid:invoice_id}/credit", url_name="invoice_credit", response={201: Invoice},
    openapi_extra=describes_body(CREDIT),
)  # fmt: skip
def invoice_credit(request: Request, invoice_id: UUID) -> HttpResponse:
    """Issue a credit note for all that is left of an invoice, or for a part of it."""
    _keyed(request)
    body = Body(body_of(request), CREDIT)
    currency = _currencies(request.actor, InvoiceRow, [invoice_id]).get(invoice_id)
    if currency is None:
        raise NotFound(noun=INVOICE.noun, id=str(invoice_id))
    given = services.Credit(
        invoice_id, body.minor("amount", currency), body.text("reason"), body.day("issued_on"), body.text("number"),
        body.added(),
    )  # fmt: skip
    body.check()
    [note] = services.credit_invoices(request.actor, [given])
    return added_answer(request, INVOICE.noun, note.pk, "/api/v1/invoices")


@router.get(
    "/bill-types",
    url_name="bill_types",
    response=page_schema(BillType, "BillTypePage"),
    openapi_extra=describes_list(BILL_TYPE),
)
def bill_types_list(request: Request) -> HttpResponse:
    """The kinds of bill that can be issued."""
    return list_answer(request, BILL_TYPE.noun)


# -- payments ----------------------------------------------------------------------------------------


@router.get(
    "/payments",
    url_name="payments",
    response=page_schema(Payment, "PaymentPage"),
    openapi_extra=describes_list(PAYMENT),
)
def payments_list(request: Request) -> HttpResponse:
    """Payments that you may see."""
    return list_answer(request, PAYMENT.noun)


@router.post("/payments", url_name="payments", response={201: Payment}, openapi_extra=describes_body(PAY))
def payment_report(request: Request) -> HttpResponse:
    """Report a payment; it counts once finance has confirmed it."""
    return _paid(request, services.report_payments)


@router.post(
    "/payments/record", url_name="recorded_payments", response={201: Payment}, openapi_extra=describes_body(PAY)
)
def payment_record(request: Request) -> HttpResponse:
    """Record a payment that counts at once, as somebody who may confirm it."""
    return _paid(request, services.record_payments)


def _paid(request: Request, act: Any) -> HttpResponse:
    _keyed(request)
    body = Body(body_of(request), PAY)
    amount, on = body.money("amount"), body.day("on", needed=True)
    wanted = body.wanted(amount.currency if amount else "")
    contract, party, company = body.id("contract"), body.id("party"), body.id("company")
    words = {name: body.text(name) for name in ("direction", "method", "reference", "note")}
    body.check()
    given = services.PaymentReport(
        amount=amount.minor, currency=amount.currency, on=on, contract=contract, party=party, company=company, wanted=wanted,
        added=body.added(),
        **(words | {"direction": words["direction"] or "in"}),
    )  # fmt: skip
    [payment] = act(request.actor, [given])
    return added_answer(request, PAYMENT.noun, payment.pk, "/api/v1/payments")


@router.get("/payments/{uuid:payment_id}", url_name="payment", response=Payment)
def payment_show(request: Request, payment_id: UUID) -> HttpResponse:
    """One payment."""
    return show_answer(request, PAYMENT.noun, payment_id)


@router.patch(
    "/payments/{uuid:payment_id}",
    url_name="payment",
    response=Payment,
    openapi_extra=describes_edit(PAYMENT, "PaymentChange"),
)
def payment_edit(request: Request, payment_id: UUID) -> HttpResponse:
    """Fill in fields that your administrators added to payments; what was paid cannot be changed."""
    return edit_answer(request, PAYMENT.noun, payment_id)


@router.get(
    "/payments/{uuid:payment_id}/allocations", url_name="payment_allocations",
    response=page_schema(Allocation, "AllocationPage"), openapi_extra=describes_list(ALLOCATION),
)  # fmt: skip
def allocations_list(request: Request, payment_id: UUID) -> HttpResponse:
    """What a payment settles, with what was taken back."""
    must_see(request.actor, PAYMENT.noun, payment_id)
    rows = AllocationRow.objects.visible_to(request.actor).filter(payment=payment_id)
    return list_answer(request, ALLOCATION.noun, rows=rows)


def _payment_act(request: Request, payment_id: UUID, act: Any, *takes: str) -> HttpResponse:
    _keyed(request)
    return act_answer(request, PAYMENT.noun, payment_id, partial(act, reason="") if takes else act, takes=takes)


PAYMENT_ACT = "/payments/{uuid:payment_id}/"


@router.post(PAYMENT_ACT + "confirm", url_name="payment_confirm", response=Payment, openapi_extra=describes_act())
def payment_confirm(request: Request, payment_id: UUID) -> HttpResponse:
    """Confirm a reported payment: it counts, and settles what was named for it."""
    return _payment_act(request, payment_id, services.confirm_payments)


@router.post(PAYMENT_ACT + "reject", url_name="payment_reject", response=Payment, openapi_extra=describes_act("reason"))
def payment_reject(request: Request, payment_id: UUID) -> HttpResponse:
    """Say that a reported payment did not come, and why."""
    return _payment_act(request, payment_id, services.reject_payments, "reason")


@router.post(
    PAYMENT_ACT + "reverse", url_name="payment_reverse", response=Payment, openapi_extra=describes_act("reason")
)
def payment_reverse(request: Request, payment_id: UUID) -> HttpResponse:
    """Take a confirmed payment back whole, and why."""
    return _payment_act(request, payment_id, services.reverse_payments, "reason")


@router.post(
    PAYMENT_ACT + "allocate", url_name="payment_allocate", response=Payment, openapi_extra=describes_body(WANTED)
)
def payment_allocate(request: Request, payment_id: UUID) -> HttpResponse:
    """Put money that is on account where it belongs."""
    _keyed(request)
    body = Body(body_of(request), WANTED)
    currency = _currencies(request.actor, PaymentRow, [payment_id]).get(payment_id)
    if currency is None:
        raise NotFound(noun=PAYMENT.noun, id=str(payment_id))
    wanted = body.wanted(currency)
    body.check()
    services.allocate_payment(request.actor, payment_id, wanted)
    return show_answer(request, PAYMENT.noun, payment_id)


@router.post(
    PAYMENT_ACT + "unallocate",
    url_name="payment_unallocate",
    response=Payment,
    openapi_extra=describes_body(UNALLOCATE),
)
def payment_unallocate(request: Request, payment_id: UUID) -> HttpResponse:
    """Put allocated money back on account, and why."""
    _keyed(request)
    must_see(request.actor, PAYMENT.noun, payment_id)
    body = Body(body_of(request), UNALLOCATE)
    ids, reason = body.ids("allocations"), body.text("reason")
    body.check()
    own = AllocationRow.objects.visible_to(request.actor).filter(pk__in=ids, payment=payment_id)
    if own.count() != len(set(ids)):
        raise Invalid(
            problems=[Problem("other_payment", N_("These are not allocations of this payment."), field="allocations")]
        )
    services.unallocate(request.actor, ids, reason=reason)
    return show_answer(request, PAYMENT.noun, payment_id)


def _currencies(actor: Actor, model: Any, ids: Sequence[UUID]) -> Mapping[UUID, str]:
    """The currency of each visible row."""
    return dict(model.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "currency"))
