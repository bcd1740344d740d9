from __future__ import annotations

import json
import logging
from collections.abc import Callable
from typing import Any

from allauth.account.views import LoginView, LogoutView
from allauth.core import ratelimit
from allauth.mfa.base.views import AuthenticateView
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect import views as openid_connect
from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from requests import RequestException

from hetong.accounts import services
from hetong.accounts.forms import CodeForm, FirstPasswordForm, ForgottenForm, SignInForm
from hetong.accounts.queries import find_demo_logins, user_of_link
from hetong.accounts.security import APP, PASSKEY, factors_shown, mail_folder
from hetong.kernel.errors import NotFound, TooMany
from hetong.ui.http import Request

logger = logging.getLogger(__name__)
sign_out = LogoutView.as_view(template_name="accounts/sign_out.html")


class SignInView(LoginView):
    """allauth's sign-in in our dress; in a demo installation it names the demo people."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"

    def _redirect_to_pending_stage(self, request: Request, stage: Any) -> HttpResponse | None:
        """Back to the second step that was asked for, unless somebody else wants to sign in."""
        return None if "anew" in request.GET else super()._redirect_to_pending_stage(request, stage)

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "demo_logins": find_demo_logins(), "providers": _providers()}


sign_in = SignInView.as_view()


def _providers() -> list[dict[str, str]]:
    """The providers that the settings name, as buttons of the sign-in page."""
    apps = settings.SOCIALACCOUNT_PROVIDERS.get("openid_connect", {}).get("APPS", [])
    return [{"id": app["provider_id"], "name": app["name"]} for app in apps]


class SecondStepView(AuthenticateView):
    """allauth's second step in our dress."""

    form_class = CodeForm
    template_name = "accounts/second_step.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        found: dict[str, object] = super().get_context_data(**kwargs)
        person = self.stage.login.user
        kinds = {one["type"] for one in factors_shown(person)}
        options = (found.get("js_data") or {}).get("request_options") if PASSKEY in kinds else None  # type: ignore[attr-defined]
        return found | {
            "form": self.auth_form,
            "has_app": APP in kinds,
            "passkey": json.dumps(options, default=dict) if options else "",
        }


second_step = sensitive_post_parameters()(SecondStepView.as_view())


@never_cache
def provider_sign_in(request: Request, provider_id: str) -> HttpResponse:
    """Go to the provider that the settings name."""
    return _at_provider(request, openid_connect.login, provider_id)


@never_cache
def provider_answer(request: Request, provider_id: str) -> HttpResponse:
    """Come back from it."""
    return _at_provider(request, openid_connect.callback, provider_id)


def _at_provider(request: Request, step: Callable[..., HttpResponse], provider_id: str) -> HttpResponse:
    """One step with the provider; where it cannot be reached, or speaks nonsense, the reader is told."""
    try:
        return step(request, provider_id=provider_id)
    except Http404 as none:
        raise NotFound(provider=provider_id) from none
    except (RequestException, OAuth2Error, LookupError, ValueError):
        logger.warning("sign-in through %s failed", provider_id, exc_info=True)
        return render(request, "accounts/sso_refused.html", {"is_broken": True}, status=502)


@never_cache
@sensitive_post_parameters()
def first_password(request: Request, user: str, key: str) -> HttpResponse:
    """Choose a password with a link that was mailed or handed over; it works once and signs nobody in."""
    person = user_of_link(user)
    if person is None or not services.link_opens(person, key):
        raise NotFound(link="password")
    form = FirstPasswordForm(person, request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        services.set_password(request.actor, person, form.cleaned_data["new_password1"])
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    return render(
        request, "accounts/first_password.html", {"form": form, "person": person}, status=422 if form.errors else 200
    )


@never_cache
def forgotten(request: Request) -> HttpResponse:
    """Ask for a link to choose a new password; the answer is the same whether the address is known or not."""
    form = ForgottenForm(request.POST or None, label_suffix="")
    is_asked = request.method == "POST" and form.is_valid()
    if is_asked:
        email = form.cleaned_data["email"].strip().lower()
        if not ratelimit.consume(request, action="reset_password", key=email):
            raise TooMany()
        services.ask_reset(request.actor, email)
    context = {"form": form, "is_asked": is_asked, "has_folder": bool(mail_folder())}
    return render(request, "accounts/forgotten.html", context, status=422 if form.errors else 200)


@never_cache
def confirm_address(request: Request, key: str) -> HttpResponse:
    """Take over a new address that its reader confirms."""
    person, wanted = services.read_address_key(key)
    if request.method == "POST":
        services.confirm_address(request.actor, key)
        messages.success(request, _("Your address is changed. Sign in with it from now on."))
        return redirect("accounts:security" if request.actor.id == person.pk else "account_login")
    return render(request, "accounts/confirm_address.html", {"wanted": wanted, "before": person.email})


def portal(request: Request) -> HttpResponse:
    """What customers see until there is something for them."""
    return render(request, "accounts/portal.html")


def preferences(request: Request) -> HttpResponse:
    """Language and theme, for people inside and (language only, in a cookie) before they sign in."""
    wanted = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    response = HttpResponseRedirect(wanted if is_ours else "/")
    given = {name: request.POST[name] for name in ("language", "theme") if name in request.POST}
    if request.actor.id is not None:
        services.edit_own_preferences(request.actor, given)
    language = given.get("language", "")
    if language in dict(settings.LANGUAGES):
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME, language, max_age=365 * 24 * 3600, httponly=True,
            secure=settings.LANGUAGE_COOKIE_SECURE, samesite="Lax",
        )  # fmt: skip
    return response
