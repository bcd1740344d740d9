"""What the forms of billing share: ask, act, and come back to where one was."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from hetong.billing.fields import DUE
from hetong.billing.forms import Target
from hetong.billing.models import Due
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Conflict, Invalid, NotFound
from hetong.kernel.fields import Row
from hetong.ui.forms import ActForm
from hetong.ui.http import Request
from hetong.ui.values import day_words


def money_url(contract_id: UUID | None) -> str:
    """The Money tab of a contract; the list of payments for what belongs to none."""
    return reverse("contract_money:tab", args=[contract_id]) if contract_id else reverse("billing:payments")


def back_url(request: Request, fallback: str) -> str:
    """Where the reader came from, as the page's form or address says; only within this site."""
    asked = request.POST.get("back") or request.GET.get("back") or ""
    is_ours = asked.startswith("/") and url_has_allowed_host_and_scheme(asked, allowed_hosts=None)
    return asked if is_ours else fallback


def contract_of(actor: Actor, rows: QuerySet[Any], id: UUID) -> UUID | None:
    """The contract that a visible due, invoice or payment belongs to. Raises `NotFound`."""
    found: list[UUID | None] = list(rows.filter(pk=id).values_list("contract_id", flat=True)[:1])
    if not found:
        raise NotFound(id=str(id))
    return found[0]


def ask(
    request: Request, form: ActForm, act: Callable[[], Any], *, done: str, back: str, template: str = "billing/act.html",
    context: dict[str, Any],
) -> HttpResponse:  # fmt: skip
    """Show the form; posted, do the act, or show the form again with what was refused."""
    status = 200
    if request.method == "POST":
        try:
            answer = act()
        except (Invalid, Conflict) as refused:
            form.refuse(refused)
            status = refused.status
        else:
            if isinstance(answer, HttpResponse):
                return answer
            messages.success(request, done)
            return redirect(back)
    context = {"form": form, "sections": form.sections(), "cancel_url": back, "back": back, **context}
    return render(request, template, context, status=status)


def do(request: Request, act: Callable[[], Any], *, done: str, back: str) -> HttpResponse:
    """An act that asks nothing: do it, say so, go back."""
    act()
    messages.success(request, done)
    return redirect(back)


def due_targets(
    actor: Actor, contract_id: UUID, *, left: str, chosen: Sequence[UUID] = (), verbs: Sequence[str] = ()
) -> list[Target]:
    """The dues of a contract that one of the verbs is possible for, with what is left of them as field ``left`` says."""
    dues = Due.objects.visible_to(actor).filter(contract=contract_id).order_by("position", "pk")
    rows = [row for row in DUE.show(actor, dues) if any(row.verb(name) for name in verbs)]
    return [_target(actor, row, left, row.id in chosen) for row in rows]


def _target(actor: Actor, row: Row, left: str, is_chosen: bool) -> Target:
    day = row.get("due_on") or row.get("on")
    is_late = getattr(row.get("condition"), "code", "") == "late"
    currency = row.get("currency") or ""
    return Target(
        "due", row.id, row.title, str(row.get("condition") or ""), currency, row.get(left), is_chosen,
        "late" if is_late else "", day_words(day) if day else "",
    )  # fmt: skip


def today(actor: Actor) -> str:
    """The reader's day, as a day input takes it."""
    return clock.today(actor.zone).isoformat()
