"""What django-allauth may do here: sign in and out, nothing else; and how it counts failed tries.

A device that signed in before has its own counter, so a stranger's tries never lock the owner out
(trust H1). Known and unknown addresses are answered alike, in words and in time.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar
from urllib.parse import urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render, resolve_url
from django.utils.crypto import get_random_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _

from hetong.kernel import sealed

from .models import User

DEVICE_COOKIE = "hetong-device"
DEVICE_SALT = "hetong.accounts.device"
DEVICE_SECONDS = 400 * 24 * 3600
PEOPLE_OF_A_DEVICE = 8
FACTOR_PURPOSE = "accounts.second_factor"


class SignInAdapter(DefaultAccountAdapter):
    """Sign-in by mail address and password for people whom an administrator added."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("The address or the password is not right."),
        "too_many_login_attempts": _("There were too many tries. Wait a quarter of an hour, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody adds themselves."""
        return False

    def is_safe_url(self, url: str) -> bool:
        """Only pages of the very host that was asked may follow a sign-in."""
        host = self.request.get_host()
        return url_has_allowed_host_and_scheme(url, allowed_hosts={host}, require_https=self.request.is_secure())

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        user: Any = request.user
        return resolve_url("accounts:portal") if user.kind == "portal" else user.home or "/"

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """What failed tries are counted by: the address tried, or this device once its owner signed in on it."""
        email = str(credentials.get("email", "")).strip().lower()
        device, people = read_device(request)
        return f"device:{device}:{email}" if email in people else f"address:{email}"

    def authenticate(self, request: HttpRequest, **credentials: Any) -> AbstractBaseUser | None:
        """The user of that address and password; a person who may no longer sign in is nobody."""
        user = super().authenticate(request, **credentials)
        return user if user is not None and user.is_active else None

    def post_login(self, request: HttpRequest, user: AbstractBaseUser, **more: Any) -> HttpResponse:
        response: HttpResponse = super().post_login(request, user, **more)
        mark_device(request, response, str(user.get_username()))
        return response

    def add_message(self, *args: Any, **kwargs: Any) -> None:
        """Signing in and out needs no notice: the page says it."""

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Mails leave through the outbox, never from here."""


class FactorAdapter(DefaultMFAAdapter):
    """The second step: secrets sealed at rest, named after this site."""

    error_messages: ClassVar[dict[str, Any]] = {
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": _("The code is not right."),
    }

    def encrypt(self, text: str) -> str:
        return sealed.seal(text, secret=settings.SECRET_KEY, purpose=FACTOR_PURPOSE)

    def decrypt(self, encrypted_text: str) -> str:
        keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
        return sealed.unseal(encrypted_text, secrets=keys, purpose=FACTOR_PURPOSE)

    def get_totp_issuer(self) -> str:
        return f"Hetong {urlsplit(settings.BASE_URL).hostname}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        return {"id": str(urlsplit(settings.BASE_URL).hostname), "name": "Hetong"}

    def send_notification_mail(self, *args: Any, **kwargs: Any) -> None:
        """Mails leave through the outbox, never from here."""


class ProviderAdapter(DefaultSocialAccountAdapter):
    """Sign-in through an OpenID Connect provider: the person is known here already, by an address it has verified.

    Nothing is kept of the provider's answer and nobody is added: each time the verified address decides.
    """

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody adds themselves."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Take the active person of that address; who is unknown is told so and stays outside."""
        email = verified_address(sociallogin.account.extra_data)
        person = User.objects.filter(email=email, is_active=True).first() if email else None
        if person is None or sociallogin.state.get("process", "login") != "login":
            raise ImmediateHttpResponse(render(request, "accounts/sso_refused.html", status=403))
        sociallogin.user = person

    def on_authentication_error(self, request: HttpRequest, *args: Any, **more: Any) -> None:
        """The provider or the person broke it off."""
        raise ImmediateHttpResponse(render(request, "accounts/sso_refused.html", {"is_broken": True}, status=403))


def verified_address(found: Mapping[str, Any]) -> str:
    """The address that the provider says it has verified, in small letters; empty when it says none.

    Both answers of the provider must be about the same subject (OpenID Connect Core 5.3.2).
    """
    parts = [part for part in (found.get("id_token"), found.get("userinfo")) if isinstance(part, Mapping)]
    if len({part.get("sub") for part in parts}) != 1:
        return ""
    addresses = (part.get("email") for part in parts if part.get("email_verified") is True)
    return next((address.strip().lower() for address in addresses if isinstance(address, str)), "")


def read_device(request: HttpRequest) -> tuple[str, list[str]]:
    """The device's own mark and the addresses that signed in on it; nothing when the mark is not ours."""
    try:
        mark, people = signing.loads(request.COOKIES.get(DEVICE_COOKIE, ""), salt=DEVICE_SALT, max_age=DEVICE_SECONDS)
    except (signing.BadSignature, ValueError, TypeError):
        return "", []
    return mark, people


def mark_device(request: HttpRequest, response: HttpResponse, email: str) -> None:
    """Let the device be known as one on which ``email`` has signed in."""
    mark, people = read_device(request)
    known = [email.lower(), *(one for one in people if one != email.lower())][:PEOPLE_OF_A_DEVICE]
    value = signing.dumps([mark or get_random_string(22), known], salt=DEVICE_SALT, compress=True)
    response.set_cookie(
        DEVICE_COOKIE, value, max_age=DEVICE_SECONDS, path=resolve_url("account_login"), httponly=True,
        secure=settings.SESSION_COOKIE_SECURE, samesite="Lax",
    )  # fmt: skip
