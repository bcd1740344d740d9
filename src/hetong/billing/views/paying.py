"""The pages of payments: report, record, confirm, reject, allocate, put back, reverse."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.accounts.fields import COMPANY
from hetong.accounts.models import Company
from hetong.billing import services
from hetong.billing.fields import ALLOCATION, INVOICE, PAYMENT
from hetong.billing.forms import (
    NOTHING_CHOSEN,
    AccountForm,
    AllocateForm,
    PaymentForm,
    Target,
    WhyForm,
    spread,
    typed_amount,
)
from hetong.billing.models import Allocation, Due, Invoice, Payment
from hetong.billing.policy import Can
from hetong.billing.queries.alike import is_known_payment
from hetong.billing.states import Direction
from hetong.billing.views.acting import ask, back_url, contract_of, do, due_targets, money_url, today
from hetong.contracts.states import Class
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, NotFound, Problem
from hetong.kernel.fields import Row
from hetong.kernel.money import is_active
from hetong.ui.cards import shown_row
from hetong.ui.forms import added_form
from hetong.ui.http import Request
from hetong.ui.values import day_words


def due_pay(request: Request, id: UUID) -> HttpResponse:
    """A payment for this due."""
    contract = contract_of(request.actor, Due.objects.visible_to(request.actor), id)
    if contract is None:
        raise NotFound(id=str(id))
    return _pay(request, contract, due_targets(request.actor, contract, left="unsettled", chosen=[id], verbs=("pay",)))


def contract_pay(request: Request, id: UUID) -> HttpResponse:
    """A payment for dues of a contract, the oldest first."""
    shown_row(request.actor, "contracts.contract", id)
    return _pay(request, id, due_targets(request.actor, id, left="unsettled", verbs=("pay",)))


def invoice_pay(request: Request, id: UUID) -> HttpResponse:
    """A payment of this invoice."""
    contract = contract_of(request.actor, Invoice.objects.visible_to(request.actor), id)
    if contract is None:
        raise NotFound(id=str(id))
    return _pay(request, contract, invoice_targets(request.actor, contract, [id]))


def invoice_targets(actor: Actor, contract_id: UUID, chosen: Sequence[UUID]) -> list[Target]:
    """The invoices of a contract that something is left of."""
    invoices = Invoice.objects.visible_to(actor).filter(contract=contract_id).order_by("due_on", "pk")
    rows = [row for row in INVOICE.show(actor, invoices) if row.verb("pay")]
    return [_invoice_target(row, row.id in chosen) for row in rows]


def _invoice_target(row: Row, is_chosen: bool) -> Target:
    is_late = getattr(row.get("condition"), "code", "") == "late"
    when = day_words(row.get("due_on")) if row.get("due_on") else ""
    return Target(
        "invoice", row.id, row.title, str(row.get("condition") or ""), row.get("currency") or "", row.get("left"), is_chosen,
        "late" if is_late else "", when,
    )  # fmt: skip


def _pay(request: Request, contract_id: UUID, targets: list[Target]) -> HttpResponse:
    """Report money that moved; who may confirm records it at once."""
    actor = request.actor
    row = shown_row(actor, "contracts.contract", contract_id)
    currency = row.get("currency") or next((one.currency for one in targets), "")
    chosen = [one for one in targets if one.is_chosen]
    first = {"on": today(actor)} | _suggested(chosen, actor)
    form = PaymentForm(
        request.POST if request.method == "POST" else None,
        initial=first,
        actor=actor,
        currency=currency,
        targets=targets,
    )
    form.take_added(added_form(actor, PAYMENT, request.POST or None, company=row.company))
    direction = Direction.OUT if getattr(row.get("class"), "code", "") == Class.EXPENSE else Direction.IN

    def act() -> HttpResponse:
        given = _report(form, direction, contract_id)
        form.must_be_another(_is_known(actor, given))
        records = request.POST.get("step") == "record"
        (services.record_payments if records else services.report_payments)(actor, [given], locale=actor.language)
        messages.success(request, _("Payment recorded.") if records else _("Payment reported; finance confirms it."))
        return redirect(back_url(request, money_url(contract_id)))

    return ask(
        request, form, act, done="", back=back_url(request, money_url(contract_id)), template="billing/pay.html",
        context={
            "row": row, "may_record": actor.may(Can.CONFIRM, row.company), "may_report": actor.may(Can.REPORT, row.company),
            "is_out": direction == Direction.OUT, "title": _("Report payment"),
            "picks_title": _("What it is for"),
            "picks_help": _(
                "Without a choice it settles what is open, the oldest first. An empty amount takes what the row needs; "
                "what is left over stays on account."
            ),
        },
    )  # fmt: skip


def payment_add(request: Request) -> HttpResponse:
    """Money with a party that belongs to no contract yet: it stays on account until somebody says what it is for."""
    actor = request.actor
    ours = COMPANY.show(actor, Company.objects.visible_to(actor).order_by("name_key"), ("name",))
    companies = [(str(one.id), one.title or "–") for one in ours]
    data = request.POST if request.method == "POST" else None
    currency = request.POST.get("currency_code", "")
    first = {"on": today(actor), "party": request.GET.get("party", "")}
    form = AccountForm(
        data, initial=first, actor=actor, currency=currency if is_active(currency) else "", companies=companies
    )
    form.take_added(added_form(actor, PAYMENT, data, company=form.typed_company()))

    def act() -> HttpResponse:
        amount, on = form.minor("amount", required=True) or 0, form.needed_day("on")
        party, company = form.party_id(), form.company_id()
        form.check()
        given = services.PaymentReport(
            direction=form.text("direction"), party=party, company=company, amount=amount, currency=form.currency, on=on,
            method=form.text("method"), reference=form.text("reference"), note=form.text("note"), added=form.given_added(),
        )  # fmt: skip
        form.must_be_another(_is_known(actor, given))
        records = request.POST.get("step") == "record"
        posted = services.record_payments if records else services.report_payments
        made = posted(actor, [given], locale=actor.language)[0]
        messages.success(request, _("Payment recorded.") if records else _("Payment reported; finance confirms it."))
        return redirect("billing:payment", made.pk)

    return ask(
        request, form, act, done="", back=reverse("billing:payments"), template="billing/pay.html",
        context={
            "row": {"title": _("Payments")}, "may_record": actor.may(Can.CONFIRM), "may_report": actor.may(Can.REPORT),
            "title": _("Payment without a contract"), "is_on_account": True,
        },
    )  # fmt: skip


def _is_known(actor: Actor, given: services.PaymentReport) -> bool:
    """Whether it may be sent a second time: from the page behind the back button, or by a colleague."""
    return is_known_payment(
        actor, amount=given.amount, currency=given.currency, on=given.on, direction=given.direction,
        reference=given.reference, contract=given.contract, party=given.party,
    )  # fmt: skip


def _suggested(chosen: Sequence[Target], actor: Actor) -> dict[str, str]:
    """The amount that the chosen rows need."""
    left = [one.left for one in chosen if one.left is not None]
    return {"amount": typed_amount(sum(left[1:], left[0]), actor.language)} if left else {}


def _report(form: PaymentForm, direction: str, contract_id: UUID) -> services.PaymentReport:
    amount, on = form.minor("amount", required=True) or 0, form.needed_day("on")
    shares = form.shares(amount)
    form.check()
    return services.PaymentReport(
        direction=direction, contract=contract_id, amount=amount, currency=form.currency, on=on, method=form.text("method"),
        reference=form.text("reference"), note=form.text("note"), wanted=wanted_of(shares), added=form.given_added(),
    )  # fmt: skip


def wanted_of(shares: Sequence[tuple[Target, int]]) -> list[services.Wanted]:
    """What an amount is for, as the service takes it."""
    return [services.Wanted(**{one.key: one.id}, minor=minor) for one, minor in shares]


@require_POST
def payment_confirm(request: Request, id: UUID) -> HttpResponse:
    """Confirm that a reported payment has arrived or gone out; it is allocated as it was reported."""
    return do(
        request, lambda: services.confirm_payments(request.actor, [id]), done=_("Payment confirmed."), back=_back(request, id)
    )  # fmt: skip


def payment_reject(request: Request, id: UUID) -> HttpResponse:
    """Say that a reported payment did not happen, and why."""
    return _with_reason(
        request, id, services.reject_payments, title=_("Reject payment"), done=_("Payment rejected."),
        intro=_("Whoever reported it sees the reason. Nothing counts that was rejected."),
    )  # fmt: skip


def payment_reverse(request: Request, id: UUID) -> HttpResponse:
    """Take a confirmed payment back, and why."""
    return _with_reason(
        request, id, services.reverse_payments, title=_("Reverse payment"), done=_("Payment reversed."),
        intro=_("What it settled is open again. The payment stays on record as reversed."),
    )  # fmt: skip


def _with_reason(
    request: Request, id: UUID, act: Callable[..., Any], *, title: str, intro: str, done: str
) -> HttpResponse:
    form = WhyForm(request.POST if request.method == "POST" else None)
    context = {
        "title": title, "intro": intro, "submit": title, "is_danger": True,
        "subject": shown_row(request.actor, PAYMENT.noun, id),
    }  # fmt: skip
    return ask(
        request, form, lambda: act(request.actor, [id], reason=form.data.get("reason", "")), done=done, back=_back(request, id),
        context=context,
    )  # fmt: skip


def payment_allocate(request: Request, id: UUID) -> HttpResponse:
    """Say what a payment that is on account is for."""
    actor = request.actor
    row = shown_row(actor, PAYMENT.noun, id)
    form = AllocateForm(
        request.POST if request.method == "POST" else None, actor=actor, currency=row.get("currency") or "",
        targets=_account_targets(actor, id),
    )  # fmt: skip

    def act() -> None:
        left = row.get("on_account")
        shares = spread(form.chosen(), left.minor if left is not None else 0)
        if not shares:
            form.problems.append(Problem("nothing_chosen", NOTHING_CHOSEN))
        form.check()
        services.allocate_payment(actor, id, wanted_of(shares))

    return ask(
        request, form, act, done=_("Allocated."), back=_back(request, id), template="billing/picks.html",
        context={
            "row": row, "title": _("Allocate payment"), "submit": _("Allocate"), "picks_title": _("What it is for"),
            "picks_help": _("An empty amount takes what the row needs, the first row first."), "on_account": row.get("on_account"),
        },
    )  # fmt: skip


def _account_targets(actor: Actor, id: UUID) -> list[Target]:
    """The dues of the payment's contract, else of every contract of the party in the same company and currency."""
    payment = Payment.objects.visible_to(actor).filter(pk=id).first()
    if payment is None:
        raise NotFound(noun=PAYMENT.noun, id=str(id))
    dues = Due.objects.visible_to(actor).filter(
        party=payment.party_id, company=payment.company_id, currency=payment.currency
    )
    contracts = list(dues.order_by().values_list("contract_id", flat=True).distinct()[:20])
    own = [payment.contract_id] if payment.contract_id else contracts
    return [one for contract in own for one in due_targets(actor, contract, left="unsettled", verbs=("pay",))]


def payment_unallocate(request: Request, id: UUID) -> HttpResponse:
    """Put parts of a payment back on account."""
    actor = request.actor
    row = shown_row(actor, PAYMENT.noun, id)
    allocations = (
        Allocation.objects.visible_to(actor).filter(payment=id, reverses=None, reversed_by=None).order_by("pk")
    )
    shown = ALLOCATION.show(actor, allocations)
    form = WhyForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        ids = [one.id for one in shown if str(one.id) in request.POST.getlist("allocation")]
        if not ids:
            raise Invalid(problems=[Problem("nothing_chosen", NOTHING_CHOSEN)])
        services.unallocate(actor, ids, reason=form.data.get("reason", ""))

    return ask(
        request, form, act, done=_("Put back on account."), back=_back(request, id), template="billing/unallocate.html",
        context={
            "row": row, "title": _("Put back on account"), "submit": _("Put back on account"), "allocations": shown,
            "ticked": request.POST.getlist("allocation"),
        },
    )  # fmt: skip


def _back(request: Request, id: UUID) -> str:
    return back_url(request, money_url(contract_of(request.actor, Payment.objects.visible_to(request.actor), id)))
