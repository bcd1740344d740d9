from __future__ import annotations

from allauth.account.views import LoginView, LogoutView
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.tokens import default_token_generator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from hetong.accounts import services
from hetong.accounts.forms import FirstPasswordForm, SignInForm
from hetong.accounts.queries import find_demo_logins, user_of_link
from hetong.kernel.errors import NotFound
from hetong.ui.http import Request

sign_out = LogoutView.as_view(template_name="accounts/sign_out.html")


class SignInView(LoginView):
    """allauth's sign-in in our dress; in a demo installation it names the demo people."""

    form_class = SignInForm
    template_name = "accounts/sign_in.html"

    def get_context_data(self, **kwargs: object) -> dict[str, object]:
        return {**super().get_context_data(**kwargs), "demo_logins": find_demo_logins()}


sign_in = SignInView.as_view()


@never_cache
@sensitive_post_parameters()
def first_password(request: Request, user: str, key: str) -> HttpResponse:
    """Choose a password with the link that an administrator handed over; it works once."""
    person = user_of_link(user)
    if person is None or not default_token_generator.check_token(person, key):
        raise NotFound(link="password")
    form = FirstPasswordForm(person, request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        services.set_password(request.actor, person, form.cleaned_data["new_password1"])
        messages.success(request, _("Your password is set. Sign in with it."))
        return redirect("account_login")
    return render(
        request, "accounts/first_password.html", {"form": form, "person": person}, status=422 if form.errors else 200
    )


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
