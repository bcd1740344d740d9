from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.billing import services
from hetong.billing.fields import DUE
from hetong.billing.forms import WhyForm
from hetong.billing.models import Due
from hetong.billing.views.acting import ask, back_url, contract_of, do, money_url
from hetong.ui.cards import shown_row
from hetong.ui.http import Request


def due_place(request: Request, id: UUID) -> HttpResponse:
    """A due has no page of its own: it stands on the Money tab of its contract."""
    contract = contract_of(request.actor, Due.objects.visible_to(request.actor), id)
    return redirect(f"{money_url(contract)}#due-{id}")


def due_hold(request: Request, id: UUID) -> HttpResponse:
    """Stop a due by hand, with the reason."""
    return _with_reason(
        request, id, services.hold_dues, title=_("Hold"), done=_("On hold."),
        intro=_("It is not invoiced until somebody releases it. Everybody who sees the contract sees why."),
    )  # fmt: skip


def due_skip(request: Request, id: UUID) -> HttpResponse:
    """Waive what is left of a due, with the reason."""
    return _with_reason(
        request, id, services.skip_dues, title=_("Waive"), done=_("Waived."), is_danger=True,
        intro=_("What is left of it is neither invoiced nor collected. It can be taken up again later."),
    )  # fmt: skip


def _with_reason(
    request: Request, id: UUID, act: Callable[..., Any], *, title: str, intro: str, done: str, is_danger: bool = False
) -> HttpResponse:
    row = shown_row(request.actor, DUE.noun, id)
    form = WhyForm(request.POST if request.method == "POST" else None)
    back = back_url(request, money_url(contract_of(request.actor, Due.objects.visible_to(request.actor), id)))
    context = {"title": title, "intro": intro, "subject": row, "submit": title, "is_danger": is_danger}
    return ask(
        request, form, lambda: act(request.actor, [id], reason=form.data.get("reason", "")), done=done, back=back, context=context
    )  # fmt: skip


@require_POST
def due_release(request: Request, id: UUID) -> HttpResponse:
    """Let a due go on that was held."""
    return _at_once(request, id, services.release_dues, _("Released."))


@require_POST
def due_unskip(request: Request, id: UUID) -> HttpResponse:
    """Take up a due again that was waived."""
    return _at_once(request, id, services.unskip_dues, _("Taken up again."))


def _at_once(request: Request, id: UUID, act: Callable[..., Any], done: str) -> HttpResponse:
    contract = contract_of(request.actor, Due.objects.visible_to(request.actor), id)
    return do(request, lambda: act(request.actor, [id]), done=done, back=back_url(request, money_url(contract)))
