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
from hetong.contracts.fields import CONTRACT, MILESTONE
from hetong.contracts.forms import ReachForm, UnreachForm
from hetong.contracts.models import Milestone
from hetong.contracts.states import IN_FORCE
from hetong.contracts.views.plan import seen_versions
from hetong.kernel import clock
from hetong.kernel.errors import Invalid, NotFound
from hetong.ui.cards import shown_row
from hetong.ui.forms import ActForm, edit_page, typed_day
from hetong.ui.http import Request


def milestone_edit(request: Request, id: UUID, milestone_id: UUID) -> HttpResponse:
    """One milestone: what it is called, for when it is planned."""
    _must_belong(request, id, milestone_id)
    row = shown_row(request.actor, CONTRACT.noun, id, ("title", "stage"))
    names = ("title", "due_on", "note", "position")
    return edit_page(
        request, MILESTONE.noun, milestone_id, names=names, back=f"/contracts/{id}/plan/",
        reason=row.stage in IN_FORCE,
    )  # fmt: skip


@require_POST
def milestone_remove(request: Request, id: UUID, milestone_id: UUID) -> HttpResponse:
    """Remove one milestone."""
    _must_belong(request, id, milestone_id)
    services.remove_milestones(request.actor, [milestone_id], reason=request.POST.get("reason", ""))
    messages.success(request, _("Milestone removed."))
    return redirect("contracts:plan", id)


def milestone_reach(request: Request, id: UUID, milestone_id: UUID) -> HttpResponse:
    """Mark a milestone as reached on a day."""
    actor = request.actor
    data = request.POST if request.method == "POST" else None
    form = ReachForm(data, initial={"reached_on": clock.today(actor.zone).isoformat()})

    def act() -> None:
        services.reach_milestones(
            actor, [milestone_id], reached_on=typed_day(request.POST.get("reached_on", ""), actor.language, "reached_on"),
            note=request.POST.get("note", ""), versions=seen_versions(request, milestone_id),
        )  # fmt: skip

    intro = _("Stages that wait for it fall due from that day on.")
    return _ask(
        request, id, milestone_id, form, act, title=_("Mark reached"), intro=intro, done=_("Marked as reached.")
    )


def milestone_unreach(request: Request, id: UUID, milestone_id: UUID) -> HttpResponse:
    """Take back that a milestone was reached."""
    form = UnreachForm(request.POST if request.method == "POST" else None)

    def act() -> None:
        reason, versions = request.POST.get("reason", ""), seen_versions(request, milestone_id)
        services.unreach_milestones(request.actor, [milestone_id], reason=reason, versions=versions)

    intro = _("Stages that are not billed yet wait for it again.")
    return _ask(request, id, milestone_id, form, act, title=_("Take back"), intro=intro, done=_("Taken back."))


def _ask(
    request: Request, id: UUID, milestone_id: UUID, form: ActForm, act: Callable[[], Any], *, title: str, intro: str, done: str
) -> HttpResponse:  # fmt: skip
    """Show the form; posted, do the act, or show the form again with what was refused."""
    _must_belong(request, id, milestone_id)
    milestone = shown_row(request.actor, MILESTONE.noun, milestone_id)
    status = 200
    if request.method == "POST":
        try:
            act()
        except Invalid as refused:
            form.refuse(refused)
            status = 422
        else:
            messages.success(request, done)
            return redirect("contracts:plan", id)
    context = {
        "title": f"{milestone.title}: {title}", "submit": title, "intro": intro, "form": form, "sections": form.sections(),
        "row": shown_row(request.actor, CONTRACT.noun, id), "cancel_url": f"/contracts/{id}/plan/", "version": milestone.version,
    }  # fmt: skip
    return render(request, "contracts/act.html", context, status=status)


def _must_belong(request: Request, id: UUID, milestone_id: UUID) -> None:
    """Raise `NotFound` unless the milestone is of the contract in the address."""
    if not Milestone.objects.visible_to(request.actor).filter(pk=milestone_id, contract=id).exists():
        raise NotFound(noun=MILESTONE.noun)
