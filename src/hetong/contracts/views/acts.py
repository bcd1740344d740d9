from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.contracts import services
from hetong.contracts.fields import CONTRACT, FLAG, MEMBER
from hetong.contracts.forms import OutcomeForm, StatusForm
from hetong.contracts.models import Member, Status
from hetong.contracts.views.moving import versions_of
from hetong.kernel.errors import Invalid, NotFound
from hetong.kernel.fields import Row, words
from hetong.ui.cards import shown_row
from hetong.ui.forms import ActForm, RecordForm, read_form
from hetong.ui.http import Request

Form = ActForm | RecordForm


def _ask(request: Request, row: Row, form: Form, act: Callable[[], Any], *, done: str, **context: Any) -> HttpResponse:
    """Show the form; posted, do the act, or show the form again with what was refused."""
    status = 200
    if request.method == "POST":
        try:
            act()
        except Invalid as refused:
            form.refuse(refused)
            status = 422
        else:
            messages.success(request, done)
            return redirect("contracts:card", row.id)
    context |= {"row": row, "form": form, "sections": form.sections(), "cancel_url": row.url, "version": row.version}
    return render(request, "contracts/act.html", context, status=status)


def contract_status(request: Request, id: UUID) -> HttpResponse:
    """Another status of the same stage."""
    actor = request.actor
    row = shown_row(actor, CONTRACT.noun, id)
    offered = Status.objects.visible_to(actor).filter(stage=row.stage, is_active=True).values_list("pk", "labels")
    statuses = [(str(pk), words(labels, actor.language)) for pk, labels in offered]
    now = row["status"].code if "status" in row else ""
    form = StatusForm(request.POST if request.method == "POST" else None, statuses=statuses, initial={"status": now})
    chosen = request.POST.get("status", "")

    def act() -> None:
        if chosen not in dict(statuses):
            raise Invalid
        services.set_status(
            actor, [id], UUID(chosen), reason=request.POST.get("reason", ""), versions=versions_of(request, id)
        )

    intro = _("Statuses move within a stage; the steps between stages are on the contract’s page.")
    return _ask(
        request,
        row,
        form,
        act,
        title=_("Change status"),
        submit=_("Change status"),
        intro=intro,
        done=_("Status changed."),
    )


def contract_flag(request: Request, id: UUID) -> HttpResponse:
    """Mark the contract abnormal."""
    row = shown_row(request.actor, CONTRACT.noun, id)
    form = read_form(request, FLAG, ("reason", "owner", "due_on", "stops_invoicing", "stops_signing"))
    return _ask(
        request, row, form, title=_("Mark abnormal"), submit=_("Mark abnormal"), done=_("Marked abnormal."),
        intro=_("Everybody who sees the contract sees the reason. It stands until somebody resolves it with an outcome."),
        act=lambda: services.flag_contracts(request.actor, [id], form.given(), locale=request.actor.language),
    )  # fmt: skip


def contract_unflag(request: Request, id: UUID) -> HttpResponse:
    """Resolve the abnormal flag."""
    row = shown_row(request.actor, CONTRACT.noun, id)
    form = OutcomeForm(request.POST if request.method == "POST" else None)
    return _ask(
        request, row, form, title=_("Resolve abnormal flag"), submit=_("Resolve"), done=_("Resolved."),
        intro=row.get("abnormal_reason") or "",
        act=lambda: services.unflag_contracts(request.actor, [id], outcome=request.POST.get("outcome", "")),
    )  # fmt: skip


def contract_team(request: Request, id: UUID) -> HttpResponse:
    """Add a colleague to the contract's team."""
    row = shown_row(request.actor, CONTRACT.noun, id)
    form = read_form(request, MEMBER, ("user", "role"))
    return _ask(
        request, row, form, title=_("Add to the team"), submit=_("Add to the team"), done=_("Added to the team."),
        intro=_("Who is in the team sees the contract, with the rights of their own role."),
        act=lambda: services.add_members(request.actor, [id], form.given(), locale=request.actor.language),
    )  # fmt: skip


@require_POST
def contract_team_remove(request: Request, id: UUID, member_id: UUID) -> HttpResponse:
    """Take a colleague off the team."""
    if not Member.objects.visible_to(request.actor).filter(pk=member_id, contract=id).exists():
        raise NotFound(noun=MEMBER.noun, id=str(member_id))
    services.remove_members(request.actor, [member_id])
    messages.success(request, _("Taken off the team."))
    return redirect("contracts:card", id)
