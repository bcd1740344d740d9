from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.accounts.preview import Mark
from hetong.accounts.role_forms import PreviewForm
from hetong.accounts.services import previews as services
from hetong.accounts.services.previews import SESSION
from hetong.kernel.errors import Forbidden
from hetong.ui.errors import wording
from hetong.ui.http import Request


def preview(request: Request) -> HttpResponse:
    """Choose as whom to look; posted, the pages that follow are that person's or role's, to read."""
    asked = {name: request.GET[name] for name in ("who", "company", "team") if name in request.GET}
    form = PreviewForm(request.actor, request.POST if request.method == "POST" else None, initial=asked)
    if request.method == "POST" and form.is_valid():
        try:
            mark = services.begin_preview(request.actor, form.mark(), reason=form.cleaned_data["reason"])
        except Forbidden as refused:
            form.add_error("who", " ".join(wording(refused)))
        else:
            request.session[SESSION] = mark.__dict__
            return redirect("home")
    context = {"form": form, "title": _("View as")}
    return render(request, "accounts/preview.html", context, status=422 if form.errors else 200)


def preview_end(request: Request) -> HttpResponse:
    """Be oneself again."""
    kept = request.session.pop(SESSION, None)
    if kept:
        services.end_preview(request.actor.viewer or request.actor, Mark.of(kept))
        messages.success(request, _("You are yourself again."))
    return redirect("accounts:preview" if kept else "home")
