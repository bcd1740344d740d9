"""Segregation of duties: which pairs there are, why, who holds both halves, what was refused, what happened all the same."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.accounts import duties, services
from hetong.accounts.policy import Can
from hetong.accounts.trust_forms import WaiverForm
from hetong.kernel.errors import Invalid
from hetong.ui.forms import typed_day
from hetong.ui.http import Request


def overview(request: Request) -> HttpResponse:
    """All pairs, with the report of each."""
    actor = request.actor
    waivers, holders, attempts = duties.waivers_shown(actor), duties.holders(actor), duties.attempts(actor)
    blocks = [
        {
            "pair": pair, "waivers": waivers.get(pair.key, []), "holders": holders.get(pair.key, []),
            "attempts": attempts.get(pair.key, []), "happened": duties.happened_shown(actor, pair),
        }
        for pair in duties.pairs()
    ]  # fmt: skip
    context = {"blocks": blocks, "may_waive": actor.may(Can.MANAGE_ROLES), "most": duties.MOST}
    return render(request, "accounts/duties.html", context)


def duty_waive(request: Request, pair: str) -> HttpResponse:
    """Make an exception for one company."""
    found = duties.pair_of(pair)
    form = WaiverForm(request.actor, request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            if form.is_valid():
                services.waive_duty(
                    request.actor, pair, UUID(form.cleaned_data["company"]), reason=form.cleaned_data["reason"],
                    ends_on=typed_day(form.cleaned_data["ends_on"], request.actor.language, "ends_on"),
                )  # fmt: skip
                messages.success(request, _("The exception holds from now on."))
                return redirect("accounts:duties")
            status = 422
        except Invalid as refused:
            form.refuse(refused)
            status = refused.status
    context = {"pair": found, "form": form, "sections": form.sections()}
    return render(request, "accounts/duty_waive.html", context, status=status)


@require_POST
def duty_waive_end(request: Request, waiver_id: UUID) -> HttpResponse:
    """End an exception."""
    services.end_waiver(request.actor, waiver_id)
    messages.success(request, _("Two people are needed again."))
    return redirect("accounts:duties")
