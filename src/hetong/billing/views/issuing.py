"""The pages that make invoices: ours, a supplier's, and the credit note."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.billing import services
from hetong.billing.fields import INVOICE
from hetong.billing.forms import NOTHING_CHOSEN, CreditForm, IssueForm, PicksForm, ReceiveForm
from hetong.billing.models import BillType, Due, Invoice
from hetong.billing.states import Direction
from hetong.billing.views.acting import ask, back_url, contract_of, due_targets, money_url, today
from hetong.contracts.queries import get_contract
from hetong.documents.services import Upload
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, DomainError, Invalid, Problem
from hetong.kernel.fields import words
from hetong.kernel.money import Money
from hetong.ui.cards import shown_row
from hetong.ui.forms import added_form
from hetong.ui.http import Request

CHANGED = N_("The amounts below are not the ones you had seen. Look at them again, then issue.")


def due_invoice(request: Request, id: UUID) -> HttpResponse:
    """An invoice for this due, and for others of the same contract where they are ticked too."""
    contract = contract_of(request.actor, Due.objects.visible_to(request.actor), id)
    return _issue(request, contract, [id]) if contract else redirect("billing:dues")


def contract_invoice(request: Request, id: UUID) -> HttpResponse:
    """An invoice for the dues of a contract that may be billed now."""
    return _issue(request, id, [])


def _issue(request: Request, contract_id: UUID, chosen: Sequence[UUID]) -> HttpResponse:
    """The form beside the invoice as it will be; nothing is issued before it was shown."""
    actor = request.actor
    row = shown_row(actor, "contracts.contract", contract_id)
    targets = due_targets(actor, contract_id, left="uninvoiced", chosen=chosen, verbs=("invoice",))
    data = request.POST if request.method == "POST" else _first(actor, targets)
    types = _bill_types(actor, get_contract(actor, contract_id).company.country)
    form = IssueForm(data, actor=actor, currency=_currency(targets), targets=targets, bill_types=types)
    form.take_added(added_form(actor, INVOICE, request.POST or None, company=row.company))
    preview, refused = _previewed(actor, form)
    if request.method == "POST" and request.POST.get("step") == "issue" and preview is not None:
        answer, refused = _issued(request, form, preview)
        if answer is not None:
            return answer
    is_shown = request.method == "GET" or request.POST.get("step") == "show"
    if refused is not None:
        form.refuse(refused)
    context = {
        "form": form, "row": row, "preview": preview, "cancel_url": back_url(request, money_url(contract_id)),
        "reads_amounts": all(one.left is not None for one in targets),
    }  # fmt: skip
    if request.htmx and is_shown:
        return render(request, "billing/_preview.html", context)
    return render(request, "billing/issue.html", context, status=200 if refused is None or is_shown else refused.status)


def _issued(
    request: Request, form: IssueForm, preview: services.Preview
) -> tuple[HttpResponse | None, DomainError | None]:
    """The way to the invoice, or why it was not issued: it is not the one that was seen, or an added field is refused."""
    if request.POST.get("seen") != str(preview.gross.minor):
        return None, Invalid(problems=[Problem("changed", CHANGED)])
    try:
        invoice = services.issue_invoices(request.actor, [order_of(form)], locale=request.actor.language)[0]
    except (Invalid, Conflict) as refused:
        return None, refused
    messages.success(request, _("Invoice %(number)s issued.") % {"number": invoice.number})
    return redirect("billing:invoice", invoice.pk), None


def _previewed(actor: Actor, form: IssueForm) -> tuple[Any, DomainError | None]:
    """The invoice as it would be, or why it cannot be."""
    try:
        return services.preview_invoices(actor, [order_of(form)])[0], None
    except (Invalid, Conflict) as refused:
        return None, refused


def order_of(form: IssueForm) -> services.InvoiceOrder:
    """What was typed, as the service takes it. Raises `Invalid` with everything that cannot be read."""
    shares = shares_of(form)
    issued_on, due_on, kind = form.day("issued_on"), form.day("due_on"), form.text("bill_type")
    if kind and kind not in form.known_types:
        form.problems.append(Problem("unknown", N_("This is not one of the choices."), field="bill_type"))
    form.check()
    told = form.words()
    return services.InvoiceOrder(
        dues=shares, bill_type=UUID(kind) if kind else None, issued_on=issued_on, due_on=due_on, note=told["note"],
        their_reference=told["their_reference"], our_reference=told["our_reference"], order_no=told["order_no"],
        added=form.given_added(),
    )  # fmt: skip


def shares_of(form: PicksForm) -> list[services.DueShare]:
    """The dues that were chosen and how much of each; choosing none is a problem."""
    shares = [services.DueShare(one.id, minor) for one, minor in form.chosen()]
    if not shares:
        form.problems.append(Problem("nothing_chosen", NOTHING_CHOSEN))
    return shares


def _first(actor: Actor, targets: Sequence[Any]) -> dict[str, str]:
    """What the form starts with: the chosen rows in full, today, the contract's terms."""
    picked = [one for one in targets if one.is_chosen] or list(targets)
    return {f"pick_{one.name}": "on" for one in picked} | {"issued_on": today(actor)}


def _currency(targets: Sequence[Any]) -> str:
    return next((one.currency for one in targets), "")


def _bill_types(actor: Actor, country: str) -> list[tuple[str, str]]:
    """The offered types of the country, its default first."""
    offered = BillType.objects.visible_to(actor).filter(is_active=True, country__in=("", country))
    ordered = sorted(offered, key=lambda one: (not (one.is_default and one.country), not one.is_default, one.position))
    return [(str(one.pk), words(one.labels, actor.language)) for one in ordered]


def due_receive(request: Request, id: UUID) -> HttpResponse:
    """Register a supplier's invoice for this due."""
    contract = contract_of(request.actor, Due.objects.visible_to(request.actor), id)
    return _receive(request, contract, [id]) if contract else redirect("billing:dues")


def contract_receive(request: Request, id: UUID) -> HttpResponse:
    """Register a supplier's invoice for dues of a contract."""
    return _receive(request, id, [])


def _receive(request: Request, contract_id: UUID, chosen: Sequence[UUID]) -> HttpResponse:
    actor = request.actor
    row = shown_row(actor, "contracts.contract", contract_id)
    targets = due_targets(actor, contract_id, left="uninvoiced", chosen=chosen, verbs=("receive",))
    data = request.POST if request.method == "POST" else None
    form = ReceiveForm(data, files=request.FILES or None, actor=actor, currency=_currency(targets), targets=targets)
    form.take_added(added_form(actor, INVOICE, data, company=row.company))

    def act() -> HttpResponse:
        invoice = services.register_invoices(actor, [_received(request, form)], locale=actor.language)[0]
        messages.success(request, _("Invoice %(number)s registered.") % {"number": invoice.number})
        return redirect("billing:invoice", invoice.pk)

    return ask(
        request, form, act, done="", back=back_url(request, money_url(contract_id)), template="billing/picks.html",
        context={
            "row": row, "title": _("Register supplier’s invoice"), "submit": _("Register invoice"), "multipart": True,
            "picks_title": _("What it bills"), "picks_help": _("An empty amount means all that is left of the row."),
        },
    )  # fmt: skip


def _received(request: Request, form: ReceiveForm) -> services.ReceivedInvoice:
    shares = shares_of(form)
    issued_on, due_on = form.needed_day("issued_on"), form.needed_day("due_on")
    number = form.text("number")
    if not number:
        form.problems.append(Problem("required", N_("This is needed."), field="number"))
    form.check()
    file: Any = request.FILES.get("file")
    return services.ReceivedInvoice(
        number=number, issued_on=issued_on, due_on=due_on, dues=shares, added=form.given_added(),
        upload=Upload(file.name or "", file) if file else None,
    )  # fmt: skip


def invoice_credit(request: Request, id: UUID) -> HttpResponse:
    """A credit note for the whole or a part of an invoice; says what comes back on account."""
    actor = request.actor
    row = shown_row(actor, INVOICE.noun, id)
    data = request.POST if request.method == "POST" else None
    form = CreditForm(
        data, actor=actor, currency=row.get("currency") or "",
        is_received=getattr(row.get("direction"), "code", "") == Direction.IN,
    )  # fmt: skip
    form.take_added(added_form(actor, INVOICE, data, company=row.company, row=row))

    def act() -> HttpResponse:
        amount = form.minor("amount")
        form.check()
        credit = services.Credit(id, amount, form.text("reason"), number=form.text("number"), added=form.given_added())
        note = services.credit_invoices(actor, [credit], locale=actor.language)[0]
        messages.success(request, _("Credit note %(number)s issued.") % {"number": note.number})
        return redirect("billing:invoice", note.pk)

    contract = contract_of(actor, Invoice.objects.visible_to(actor), id)
    return ask(
        request, form, act, done="", back=back_url(request, money_url(contract)), template="billing/credit.html",
        context={"row": row, "title": _("Credit invoice %(number)s") % {"number": row.title}, "submit": _("Issue credit note"),
                 "creditable": _creditable(row)},
    )  # fmt: skip


def _creditable(row: Any) -> Money | None:
    gross, credited = row.get("gross"), row.get("credited")
    return gross - credited if gross is not None and credited is not None else None
