from __future__ import annotations

from allauth.core import ratelimit
from django.contrib import messages
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.debug import sensitive_post_parameters

from hetong.accounts import services
from hetong.accounts.fields import ME
from hetong.accounts.forms import OwnPasswordForm
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, TooMany
from hetong.ui.forms import RecordForm
from hetong.ui.http import Request

OWN = ("name", "language", "zone", "theme", "home", "has_shortcuts")


def me(request: Request) -> HttpResponse:
    """One's own name, language, zone, theme, shortcuts and first page."""
    posted = request.POST if request.method == "POST" else None
    form = RecordForm(
        Actor.system(request.actor), ME, OWN, data=posted, initial={name: getattr(request.user, name) for name in OWN}
    )
    context = {"form": form, "title": _("My settings")}
    if posted is not None:
        try:
            services.edit_own_preferences(request.actor, form.given(), locale=request.actor.language)
        except Invalid as refused:
            form.refuse(refused)
            return render(request, "accounts/me.html", context, status=422)
        messages.success(request, _("Saved."))
        return redirect("accounts:me")
    return render(request, "accounts/me.html", context)


@sensitive_post_parameters()
def password(request: Request) -> HttpResponse:
    """One's own password; other sessions of the same person end. Tries are counted: a session left open is no oracle."""
    if request.method == "POST" and not ratelimit.consume(request, action="change_password", user=request.user):
        raise TooMany()
    form = OwnPasswordForm(request.user, request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        services.set_password(request.actor, request.user, form.cleaned_data["new_password1"])
        update_session_auth_hash(request, request.user)
        messages.success(request, _("Your password is changed. Other devices are signed out."))
        return redirect("accounts:me")
    context = {"form": form, "title": _("Change password")}
    return render(request, "accounts/password.html", context, status=422 if form.errors else 200)
