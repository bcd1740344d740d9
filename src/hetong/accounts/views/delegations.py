from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from hetong.accounts import services
from hetong.accounts.forms import DelegationForm
from hetong.accounts.policy import Can
from hetong.accounts.security import delegations_shown
from hetong.kernel.errors import Forbidden, Invalid
from hetong.ui.cards import shown_row
from hetong.ui.errors import problem_words
from hetong.ui.http import Request


def delegations(request: Request) -> HttpResponse:
    """Who stands in for oneself when one is away, and for whom one stands in."""
    if request.actor.id is None:
        raise Forbidden()
    return _page(request, request.actor.id, _("Stand-ins"), reverse("accounts:delegations"))


def user_delegations(request: Request, user_id: UUID) -> HttpResponse:
    """The same for somebody who is away and cannot do it."""
    person = shown_row(request.actor, "accounts.user", user_id)
    return _page(
        request, user_id, f"{_('Stand-ins')}: {person.title}", reverse("accounts:user_delegations", args=[user_id])
    )


def _page(request: Request, user_id: UUID, title: str, own: str) -> HttpResponse:
    form = DelegationForm(request.actor, user_id, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_delegation(request.actor, user_id, **form.wanted())
        except Invalid as refused:
            for problem in refused.problems:
                form.add_error(problem.field if problem.field in form.fields else None, problem_words(problem))
        else:
            messages.success(request, _("Arranged."))
            return redirect(own)
    context = {
        "title": title, "form": form, "rows": delegations_shown(request.actor, user_id), "own": own,
    }  # fmt: skip
    return render(request, "accounts/delegations.html", context, status=422 if form.errors else 200)


def delegation_end(request: Request, delegation_id: UUID) -> HttpResponse:
    """End a standing in: from today on nobody stands in."""
    user_id = services.end_delegation(request.actor, delegation_id).user_id
    messages.success(request, _("Ended."))
    if user_id != request.actor.id and request.actor.may(Can.MANAGE_USERS):
        return redirect("accounts:user_delegations", user_id)
    return redirect("accounts:delegations")
