"""The pages of the lifecycle's verbs: a reason, a day, an archive number; and the checklist before closing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.contracts import queries, services
from hetong.contracts.fields import CONTRACT
from hetong.contracts.fields.words import ABOUT_TO, STAGES, VERBS
from hetong.contracts.forms import MOVE_FORMS, MoveForm
from hetong.contracts.policy import Can
from hetong.contracts.services.moving import after
from hetong.contracts.states import LIFECYCLE
from hetong.contracts.views.card import asked_of_others, contract_frame
from hetong.kernel.errors import Conflict, Invalid, Stale
from hetong.kernel.fields import Row
from hetong.ui.cards import shown_row
from hetong.ui.errors import wording
from hetong.ui.http import Request


def versions_of(request: Request, id: UUID) -> dict[UUID, int] | None:
    """The version of the page that was acted on, where it said so."""
    sent = request.POST.get("version", "")
    return {id: int(sent)} if sent.isdecimal() and len(sent) < 10 else None


def contract_move(request: Request, id: UUID, verb: str) -> HttpResponse:
    """One step of the lifecycle, with what it asks for; a refusal comes back with everything that was typed."""
    actor = request.actor
    row = shown_row(actor, CONTRACT.noun, id)
    form = MOVE_FORMS.get(verb, MoveForm)(
        verb, row, request.POST if request.method == "POST" else None, language=actor.language
    )
    if request.method != "POST":  # a HEAD asks, too
        after(queries.get_contract(actor, id), verb)
        return _form_page(request, row, verb, form)
    try:
        services.move_contracts(actor, [id], verb, versions=versions_of(request, id), **form.given())
    except Stale:
        raise
    except (Invalid, Conflict) as refused:
        form.refuse(refused)
        return _form_page(request, row, verb, form, status=refused.status)
    messages.success(request, _done(verb))
    return redirect("contracts:card", id)


def _done(verb: str) -> str:
    return _("Done: the contract is “%(stage)s” now.") % {"stage": STAGES[LIFECYCLE.moves[verb][1]]}


def _form_page(request: Request, row: Row, verb: str, form: MoveForm, status: int = 200) -> HttpResponse:
    label = VERBS[verb][0]
    context = {
        "row": row, "form": form, "sections": form.sections(), "cancel_url": row.url, "version": row.version,
        "title": label, "submit": label, "danger": verb in ("void", "terminate"), "intro": ABOUT_TO.get(verb, ""),
    }  # fmt: skip
    if verb in ("submit", "send_to_sign"):
        context |= asked_of_others(request.actor, queries.get_contract(request.actor, row.id))
    return render(request, "contracts/act.html", context, status=status)


def contract_close(request: Request, id: UUID) -> HttpResponse:
    """The checklist before closing, and closing."""
    actor = request.actor
    context = contract_frame(actor, id, "")
    contract = queries.get_contract(actor, id)
    after(contract, "close")
    status = 200
    if request.method == "POST":
        try:
            services.close_contracts(
                actor, [id], reason=request.POST.get("reason", ""), versions=versions_of(request, id)
            )
        except Stale:
            raise
        except (Invalid, Conflict) as refused:
            context |= {"refusal": " ".join(wording(refused))}
            status = refused.status
        else:
            messages.success(request, _done("close"))
            return redirect("contracts:card", id)
    items = services.close_items(actor, [contract])
    context |= {
        "items": items, "open": [one for one in items if not one.is_settled],
        "may_close": actor.may(Can.RUN, contract.company_id),
    }  # fmt: skip
    return render(request, "contracts/close.html", context, status=status)


@require_POST
def contract_waive(request: Request, id: UUID, code: str) -> HttpResponse:
    """Let one open point of the checklist not stand in the way, with a reason."""
    given: Mapping[str, Any] = request.POST
    try:
        services.waive_item(request.actor, id, code, reason=given.get("reason", ""))
    except Invalid:
        messages.error(request, _("Say why this may stay open; nothing was waived."))
    else:
        messages.success(request, _("Waived. The reason stands in the history."))
    return redirect("contracts:close", id)


@require_POST
def contract_let_pass(request: Request, id: UUID, code: str) -> HttpResponse:
    """Let one missing or lapsed paper of the other side not stand in the way, with a reason."""
    try:
        services.let_qualification_pass(request.actor, id, code, reason=request.POST.get("reason", ""))
    except Invalid:
        messages.error(request, _("Say why it may pass; nothing was changed."))
    else:
        messages.success(request, _("Let pass. The reason stands in the history."))
    return redirect("contracts:card", id)
