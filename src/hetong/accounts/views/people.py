from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hetong.accounts import services
from hetong.accounts.forms import GrantForm
from hetong.accounts.policy import Can
from hetong.accounts.queries import find_people, grants_shown
from hetong.accounts.security import has_factor, mail_folder, tokens_shown
from hetong.accounts.tables import USERS
from hetong.kernel.errors import Invalid, NotFound
from hetong.ui.cards import shown_row
from hetong.ui.errors import problem_words
from hetong.ui.forms import add_page, edit_page
from hetong.ui.http import Request, ShownOnce
from hetong.ui.lists import list_page

USER_FIELDS = ("name", "email", "language", "zone")


def users(request: Request) -> HttpResponse:
    return list_page(request, USERS)


def user_add(request: Request) -> HttpResponse:
    intro = _("The person gets a role and a link to choose a password on the next page.")
    return add_page(
        request, "accounts.user", names=USER_FIELDS, title=_("Add person"), submit=_("Add person"), intro=intro
    )


def user_edit(request: Request, user_id: UUID) -> HttpResponse:
    return edit_page(request, "accounts.user", user_id, names=USER_FIELDS)


def user(request: Request, user_id: UUID) -> HttpResponse:
    """A colleague: how to reach them, and for those who manage people what they may do."""
    return _person(request, user_id)


def user_grants(request: Request, user_id: UUID) -> HttpResponse:
    """Give the person a role for a company and a team."""
    form = GrantForm(request.actor, request.POST if request.method == "POST" else None)
    if request.method != "POST" or not form.is_valid():
        return _person(request, user_id, form, status=422 if form.errors else 200)
    person = find_people(request.actor).filter(pk=user_id).first()
    if person is None:
        raise NotFound(noun="accounts.user", id=str(user_id))
    try:
        services.grant_roles(request.actor, person, [form.wanted()])
    except Invalid as refused:
        for problem in refused.problems:
            form.add_error(problem.field if problem.field in form.fields else None, problem_words(problem))
        return _person(request, user_id, form, status=422)
    messages.success(request, _("The role is granted. It counts from the next page on."))
    return redirect("accounts:user", user_id)


def grant_withdraw(request: Request, user_id: UUID, grant_id: UUID) -> HttpResponse:
    """Take a role away; it stops with the person's next request."""
    if not any(held["id"] == grant_id for held in grants_shown(request.actor, user_id)):
        raise NotFound(noun="accounts.grant", id=str(grant_id))
    services.withdraw_grants(request.actor, [grant_id])
    messages.success(request, _("The role is withdrawn."))
    return redirect("accounts:user", user_id)


@never_cache
def user_link(request: Request, user_id: UUID) -> HttpResponse:
    """Make a link under which the person chooses a password; shown on this answer only."""
    parts = services.make_password_link(request.actor, user_id)
    return _person(request, user_id, link=request.build_absolute_uri(reverse("first_password", args=parts)))


def user_invite(request: Request, user_id: UUID) -> HttpResponse:
    """Mail the person a link to choose a password."""
    services.invite_users(request.actor, [user_id])
    messages.success(request, _("The invitation is on its way."))
    return redirect("accounts:user", user_id)


def user_factors_clear(request: Request, user_id: UUID) -> HttpResponse:
    """Take the second step of somebody away who lost their device."""
    services.clear_factors(request.actor, user_id)
    messages.success(request, _("The second step is removed. The person can add a new one after signing in."))
    return redirect("accounts:user", user_id)


def user_token_revoke(request: Request, user_id: UUID, token_id: UUID) -> HttpResponse:
    """Make a token of somebody useless from the next request on."""
    services.revoke_token(request.actor, token_id)
    messages.success(request, _("The token is revoked."))
    return redirect("accounts:user", user_id)


def user_activity(request: Request, user_id: UUID) -> HttpResponse:
    """Let somebody in again, or end everything that is open in their name."""
    is_active = request.POST.get("is_active") == "true"
    services.edit_users(request.actor, [user_id], {"is_active": is_active})
    messages.success(
        request,
        _("The person can sign in again.") if is_active else _("The person is deactivated and signed out everywhere."),
    )
    return redirect("accounts:user", user_id)


def _person(
    request: Request, user_id: UUID, form: GrantForm | None = None, *, link: str = "", status: int = 200
) -> HttpResponse:
    row = shown_row(request.actor, "accounts.user", user_id)
    manages = request.actor.may(Can.MANAGE_USERS)
    context = {
        "row": row, "may_edit": manages, "may_preview": request.actor.may(Can.MANAGE_ROLES) and user_id != request.actor.id,
        "grants": grants_shown(request.actor, user_id) if manages else [], "link": link,
        "form": form or (GrantForm(request.actor) if manages else None), "is_me": user_id == request.actor.id,
        "folder": mail_folder() if manages else "",
        "has_factor": manages and has_factor(user_id), "tokens": tokens_shown(request.actor, user_id) if manages else [],
    }  # fmt: skip
    if link:
        page = render_to_string("accounts/user.html", context, request)
        return ShownOnce(page, then=reverse("accounts:user", args=[user_id]))
    return render(request, "accounts/user.html", context, status=status)
