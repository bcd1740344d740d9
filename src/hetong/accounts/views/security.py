from __future__ import annotations

import base64
import json
from collections.abc import Callable
from functools import wraps
from textwrap import wrap
from typing import Any

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.core import ratelimit
from allauth.mfa.adapter import get_adapter
from allauth.mfa.totp.internal.auth import generate_totp_secret
from allauth.mfa.webauthn.internal import auth as webauthn
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme, urlencode
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from hetong.accounts import services
from hetong.accounts.forms import AddressForm, AppForm, PasskeyForm, ProofForm
from hetong.accounts.security import APP, PASSKEY, codes_left, factors_shown, has_factor, lacks_factor, sessions_shown
from hetong.kernel import clock
from hetong.kernel.errors import Invalid, TooMany
from hetong.ui.errors import problem_words
from hetong.ui.http import Request, ShownOnce

PROOF_SECONDS = 10 * 60
APP_KEY = "factor.secret"
View = Callable[..., HttpResponse]


def is_proved(request: Request) -> bool:
    """Whether the person gave their second step (without one: their password, or signed in elsewhere) within ten minutes."""
    wanted = {"mfa"} if has_factor(request.user.pk) else {"password", "socialaccount"}
    records = get_authentication_records(request, request.user)
    return any(
        one.get("method") in wanted and clock.now().timestamp() - one.get("at", 0) < PROOF_SECONDS for one in records
    )


def proved(view: View) -> View:
    """Only for who proved lately that it is them: a session left open changes nothing about how to sign in."""

    @wraps(view)
    def asked(request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_proved(request):
            return view(request, *args, **kwargs)
        then = request.path if request.method == "GET" else resolve_url("accounts:security")
        if request.method != "GET":
            messages.warning(request, _("Nothing was changed yet: confirm that it is you, then do it again."))
        return redirect(f"{resolve_url('accounts:prove')}?{urlencode({'next': then})}")

    return never_cache(asked)


@never_cache
def overview(request: Request) -> HttpResponse:
    """Everything about how one signs in: password, address, second step, devices."""
    factors = factors_shown(request.user)
    context = _frame(request, _("Sign-in")) | {
        "factors": factors, "has_app": any(one["type"] == APP for one in factors), "codes_left": codes_left(request.user),
        "is_lacking": lacks_factor(request.actor),
        "sessions": sessions_shown(request.user.pk, request.session.session_key or ""),
    }  # fmt: skip
    return render(request, "accounts/security.html", context)


@never_cache
@sensitive_post_parameters()
def prove(request: Request) -> HttpResponse:
    """Confirm that it is still oneself: by the second step, without one by the password."""
    has_second = has_factor(request.user.pk)
    form = ProofForm(request, has_second, request.POST or None)
    if request.method == "POST" and form.is_valid():
        record_authentication(request, request.user, "mfa" if has_second else "password", reauthenticated=True)
        return redirect(_own_page(request))
    context = _frame(request, _("Confirm that it is you")) | {
        "form": form,
        "has_password": request.user.has_usable_password(),
    }
    if has_second and any(one["type"] == PASSKEY for one in factors_shown(request.user)):
        context["passkey"] = json.dumps(webauthn.begin_authentication(request.user), default=_plain)
    return render(request, "accounts/prove.html", context, status=422 if form.errors else 200)


def _own_page(request: Request) -> str:
    wanted = request.GET.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if is_ours else resolve_url("accounts:security")


@proved
def factor_app(request: Request) -> HttpResponse:
    """Add an authenticator app: scan, type its first code; then the recovery codes are shown, this once."""
    secret = request.session.setdefault(APP_KEY, generate_totp_secret())
    form = AppForm(request, secret, request.POST or None)
    if request.method == "POST" and form.is_valid():
        codes = services.add_app(request.actor, secret, form.cleaned_data["code"])
        return _added(request, codes)
    url = get_adapter().build_totp_url(request.user, secret)
    svg = base64.b64encode(get_adapter().build_totp_svg(url).encode()).decode()
    context = _frame(request, _("Add an authenticator app")) | {
        "form": form, "picture": f"data:image/svg+xml;base64,{svg}", "secret": " ".join(wrap(secret, 4)),
    }  # fmt: skip
    return render(request, "accounts/factor_app.html", context, status=422 if form.errors else 200)


@proved
def factor_passkey(request: Request) -> HttpResponse:
    """Add a passkey of this device or a key: the browser makes it, we keep its public half."""
    form = PasskeyForm(request, request.POST or None)
    if request.method == "POST" and form.is_valid():
        return _added(
            request, services.add_passkey(request.actor, form.cleaned_data["name"], form.cleaned_data["credential"])
        )
    context = _frame(request, _("Add a passkey")) | {
        "form": form, "options": json.dumps(webauthn.begin_registration(request.user, False), default=_plain),
    }  # fmt: skip
    return render(request, "accounts/factor_passkey.html", context, status=422 if form.errors else 200)


def _added(request: Request, codes: list[str]) -> HttpResponse:
    request.session.pop(APP_KEY, None)
    record_authentication(request, request.user, "mfa", reauthenticated=True)
    messages.success(request, _("The second step is added. It is asked for at your next sign-in."))
    return _codes(request, codes) if codes else redirect("accounts:security")


@proved
def codes_renew(request: Request) -> HttpResponse:
    """New recovery codes; the old ones no longer work."""
    return _codes(request, services.renew_codes(request.actor))


def _codes(request: Request, codes: list[str]) -> HttpResponse:
    page = render_to_string("accounts/codes.html", _frame(request, _("Recovery codes")) | {"codes": codes}, request)
    return ShownOnce(page, then=resolve_url("accounts:security"))


@proved
def factor_remove(request: Request, factor_id: int) -> HttpResponse:
    """Take an app or a passkey away."""
    services.remove_factor(request.actor, factor_id)
    messages.success(request, _("Removed."))
    return redirect("accounts:security")


@proved
def address(request: Request) -> HttpResponse:
    """Ask for another address of one's own; a mail to it holds the link that changes it."""
    if request.method == "POST" and not ratelimit.consume(request, action="manage_email", user=request.user):
        raise TooMany()
    form = AddressForm(request.POST or None, label_suffix="")
    context = _frame(request, _("Change e-mail address")) | {"form": form}
    if request.method == "POST" and form.is_valid():
        try:
            services.ask_address(request.actor, form.cleaned_data["email"])
        except Invalid as refused:
            form.add_error("email", problem_words(refused.problems[0]))
        else:
            messages.success(request, _("A message is on its way to the new address. The link in it makes the change."))
            return redirect("accounts:security")
    return render(request, "accounts/address.html", context, status=422 if form.errors else 200)


def session_end(request: Request, session_id: int) -> HttpResponse:
    """Sign out on one other device."""
    services.end_sessions(request.actor, [session_id], but=request.session.session_key or "")
    messages.success(request, _("That device is signed out."))
    return redirect("accounts:security")


def sessions_end(request: Request) -> HttpResponse:
    """Sign out on all other devices."""
    services.end_sessions(request.actor, but=request.session.session_key or "")
    messages.success(request, _("All other devices are signed out."))
    return redirect("accounts:security")


def _frame(request: Request, title: str) -> dict[str, Any]:
    return {"title": title}


def _plain(value: Any) -> Any:
    """Mappings of the passkey library as JSON."""
    return dict(value)
