"""The Money tab: plan, invoices and payments of one contract side by side, with who may do what next."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, reverse

from hetong.billing.fields import DUE, INVOICE, PAYMENT
from hetong.billing.models import Due, Invoice, Payment
from hetong.billing.services.ledger import FLOW
from hetong.billing.states import DueState
from hetong.billing.views.ledgers import build
from hetong.billing.views.stages import Page
from hetong.contracts.states import Class, Stage
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import Row
from hetong.ui.cards import card_frame, shown_row
from hetong.ui.http import Request
from hetong.ui.lists.asking import sums_for
from hetong.ui.live import live_answer, live_part

CONTRACT = "contracts.contract"
RUNNING = (Stage.ACTIVE, Stage.SUSPENDED, Stage.CLOSING, Stage.TERMINATED, Stage.EXPIRED)


def contract_money(request: Request, id: UUID) -> HttpResponse:
    """The tab; asked again every few seconds, only what others have changed in it comes back."""
    is_net = request.GET.get("amounts") != "gross"
    if request.GET.get("live"):
        row = shown_row(request.actor, CONTRACT, id)
        context = {"row": row, "money": money_page(request.actor, row, is_net=is_net, why=request.GET.get("why", ""))}
        return live_answer(request, "billing/_money.html", context)
    frame = card_frame(request.actor, CONTRACT, id, "money")
    why = request.GET.get("why", "")
    context = {"row": frame["row"], "money": money_page(request.actor, frame["row"], is_net=is_net, why=why)}
    url = f"{request.path}?{urlencode({'live': 1, 'amounts': 'net' if is_net else 'gross', 'why': why})}"
    frame["part"] = live_part(request, "billing/_money.html", context, url)
    return render(request, "billing/money.html", frame)


def money_page(actor: Actor, contract: Row, *, is_net: bool, why: str = "") -> Page:
    """Everything the tab draws, as far as this reader may read it; eight statements."""
    id = contract.id
    dues = DUE.show(
        actor, Due.objects.visible_to(actor).filter(contract=id).exclude(state=DueState.REVERSED).order_by("position", "pk")
    )  # fmt: skip
    invoices = INVOICE.show(
        actor, Invoice.objects.visible_to(actor).filter(contract=id).order_by("issued_on", "pk")
    )  # fmt: skip
    payments = PAYMENT.show(actor, Payment.objects.visible_to(actor).filter(contract=id).order_by("-on", "-pk"))
    page = build(actor, contract, dues, invoices, today=clock.today(actor.zone), is_net=is_net)
    page.payments, page.invoices = payments, invoices[::-1]
    page.is_expense = getattr(contract.get("class"), "code", "") == Class.EXPENSE
    page.is_running = contract.stage in RUNNING
    page.is_billed = getattr(contract.get("class"), "code", Class.INCOME) in FLOW
    page.on_account = _on_account(actor, contract)
    page.plan_url = _plan_url(id)
    for one in page.rows:
        one.is_opened = str(one.row.id) == why
    return page


def _on_account(actor: Actor, contract: Row) -> list[Any]:
    """What the party has on account with the company, per currency."""
    party, company = contract.get("counterparty"), contract.get("company")
    if party is None or company is None:
        return []
    query = f"party={party.id}&company={company.id}&state=confirmed&on_account.gt=0"
    sums = sums_for(actor, PAYMENT.noun, query, ("on_account",)).get(())
    return [line.amounts[0] for line in sums.lines] if sums else []


def _plan_url(id: UUID) -> str:
    try:
        return reverse("contracts:plan", args=[id])
    except NoReverseMatch:
        return ""
