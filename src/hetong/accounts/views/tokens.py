from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from hetong.accounts import services
from hetong.accounts.forms import TokenForm
from hetong.accounts.queries import find_tokens
from hetong.accounts.wording import permission_words
from hetong.kernel import clock
from hetong.ui.http import Request, ShownOnce


@never_cache
def tokens(request: Request) -> HttpResponse:
    """One's own API tokens; a new one's secret is shown on the answer to its making, and never again."""
    form = TokenForm(request.actor, request.POST if request.method == "POST" else None)
    secret, status = "", 200
    if request.method == "POST":
        if form.is_valid():
            _token, secret = services.make_token(
                request.actor,
                request.user,
                label=form.cleaned_data["label"],
                permissions=form.permissions(),
                expires_at=form.expires_at(),
            )
            form = TokenForm(request.actor)
        else:
            status = 422
    context = {
        "tokens": [_line(token) for token in find_tokens(request.actor)], "form": form, "secret": secret,
        "title": _("API tokens"),
    }  # fmt: skip
    if secret:
        return ShownOnce(render_to_string("accounts/tokens.html", context, request), then=request.path)
    return render(request, "accounts/tokens.html", context, status=status)


def _line(token: object) -> dict[str, object]:
    """A token as it is listed."""
    permissions = getattr(token, "permissions", None)
    expires = getattr(token, "expires_at", None)
    return {
        "id": getattr(token, "pk", None), "label": getattr(token, "label", ""), "prefix": getattr(token, "prefix", ""),
        "created_at": getattr(token, "created_at", None), "expires_at": expires, "last_used_at": getattr(token, "last_used_at", None),
        "revoked_at": getattr(token, "revoked_at", None), "is_expired": bool(expires and expires <= clock.now()),
        "permissions": None if permissions is None else [word for group in permission_words(permissions) for word in group["words"]],
    }  # fmt: skip


def token_revoke(request: Request, token_id: UUID) -> HttpResponse:
    """Make a token useless from the next request on."""
    services.revoke_token(request.actor, token_id)
    messages.success(request, _("The token is revoked."))
    return redirect("accounts:tokens")
