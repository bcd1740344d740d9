"""Input shapes of the pages that are not edited through a register: signing in, passwords, tokens."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from allauth.account.forms import LoginForm
from allauth.core import context, ratelimit
from allauth.mfa.base.forms import AuthenticateForm, ReauthenticateForm
from allauth.mfa.totp.internal.auth import validate_totp_code
from allauth.mfa.webauthn.forms import AddWebAuthnForm, ReauthenticateWebAuthnForm
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.core.cache import cache
from django.utils.translation import gettext_lazy as _

from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import words
from hetong.kernel.values import is_unnamed

from .models import Company, Role, Team
from .policy import Can, manages
from .queries import find_colleagues, find_companies, find_roles, find_teams
from .security import WHAT
from .wording import offered, permission_groups


class SignInForm(LoginForm):
    """Mail address and password; allauth counts the tries and answers alike for everyone."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        login, password = self.fields["login"], self.fields["password"]
        login.label, password.label = _("E-mail"), _("Password")
        login.widget = forms.EmailInput(attrs={"autocomplete": "username", "autofocus": True, "inputmode": "email"})
        password.widget = forms.PasswordInput(attrs={"autocomplete": "current-password"})
        password.help_text = ""
        self.fields["remember"].label = _("Keep me signed in on this device")
        for field in (login, password):
            field.max_length = 254
        login.error_messages["invalid"] = _("This is not an e-mail address. Example: name@company.com")


class OwnPasswordForm(PasswordChangeForm):
    """One's own new password, proved by the present one."""

    old_password = forms.CharField(
        label=_("Present password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class FirstPasswordForm(SetPasswordForm):  # type: ignore[type-arg]  # not generic when it runs
    """The password of somebody who came with a link that an administrator gave them."""


class ForgottenForm(forms.Form):
    """The address of an account whose password is forgotten."""

    use_required_attribute = False
    email = forms.EmailField(
        label=_("E-mail"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username", "inputmode": "email"}),
        error_messages={"invalid": _("This is not an e-mail address. Example: name@company.com")},
    )  # fmt: skip


class AddressForm(forms.Form):
    """Another address to sign in with."""

    use_required_attribute = False
    email = forms.EmailField(
        label=_("New e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        error_messages={"invalid": _("This is not an e-mail address. Example: name@company.com")},
    )  # fmt: skip


CODE = {"autocomplete": "one-time-code", "inputmode": "text", "autocapitalize": "none", "spellcheck": "false"}


def tries(request: Any, user: Any) -> Callable[[], None]:
    """Count one try of a code or password of this person; at most five in five minutes. Returns what forgets the tries."""
    key = f"code:{user.pk}"
    if not ratelimit.consume(request, action="second_factor", key=key):
        raise forms.ValidationError(_("There were too many tries. Wait five minutes, then try again."))
    return lambda: ratelimit.clear(request, action="second_factor", key=key)


def once(user: Any, code: str) -> bool:
    """Whether a code is used for the first time; one of the app is good for some ninety seconds."""
    digits = "".join(c for c in code if c.isdigit())
    return cache.add(f"hetong.code:{user.pk}:{digits}", "used", timeout=180)


class CodeForm(AuthenticateForm):
    """The second step of a sign-in: a code of the app, or a recovery code; each works once."""

    use_required_attribute = False
    code = forms.CharField(
        label=_("Code"), max_length=40, widget=forms.TextInput(attrs=CODE | {"autofocus": True}),
        help_text=_("Six digits of your authenticator app, or one of your recovery codes."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""

    def clean_code(self) -> str:
        forget = tries(context.request, self.user)
        code: str = super().clean_code()
        if not once(self.user, code):
            raise forms.ValidationError(_("This code was used already. Wait for the next one."))
        forget()
        return code


class ProofForm(forms.Form):
    """That it is still oneself: the second step where there is one, else the password."""

    use_required_attribute = False
    code = forms.CharField(
        label=_("Code"), max_length=40, required=False, widget=forms.TextInput(attrs=CODE | {"autofocus": True}),
        help_text=_("Six digits of your authenticator app, or one of your recovery codes."),
    )  # fmt: skip
    credential = forms.JSONField(required=False, widget=forms.HiddenInput)
    password = forms.CharField(
        label=_("Password"),
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password", "autofocus": True}),
    )

    def __init__(self, request: Any, has_factor: bool, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.request, self.has_factor = request, has_factor
        for name in ("password",) if has_factor else ("code", "credential"):
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        given: dict[str, Any] = super().clean() or {}
        if self.errors:
            return given
        forget = tries(self.request, self.request.user)
        if self.has_factor:
            self._check_factor(given)
        elif not self.request.user.check_password(given["password"]):
            raise forms.ValidationError({"password": _("The password is not right.")})
        forget()
        return given

    def _check_factor(self, given: dict[str, Any]) -> None:
        data = {name: given[name] for name in ("code", "credential") if given.get(name)}
        if "credential" in data:
            checked: Any = ReauthenticateWebAuthnForm(
                user=self.request.user, data={"credential": json.dumps(data["credential"])}
            )
        else:
            checked = ReauthenticateForm(user=self.request.user, data=data)
        name = "credential" if "credential" in data else "code"
        if not checked.is_valid():
            self.add_error("code", checked.errors.get(name) or [_("The code is not right.")])
        elif name == "code" and not once(self.request.user, data["code"]):
            self.add_error("code", _("This code was used already. Wait for the next one."))
        else:
            return
        raise forms.ValidationError([])


class AppForm(forms.Form):
    """The first code of an authenticator app that is being added."""

    use_required_attribute = False
    code = forms.CharField(
        label=_("Code that the app shows"), max_length=12, widget=forms.TextInput(attrs=CODE | {"inputmode": "numeric"})
    )

    def __init__(self, request: Any, secret: str, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.request, self.secret = request, secret

    def clean_code(self) -> str:
        forget = tries(self.request, self.request.user)
        code: str = self.cleaned_data["code"]
        if not validate_totp_code(self.secret, code):
            raise forms.ValidationError(_("The code is not right. Does the phone show the right time?"))
        forget()
        return code


class PasskeyForm(AddWebAuthnForm):
    """A passkey that the browser made, with a name to know it by."""

    use_required_attribute = False
    name = forms.CharField(
        label=_("Name of the passkey"), max_length=60, required=False, help_text=_("For example the device it is on.")
    )

    def __init__(self, request: Any, data: Any = None) -> None:
        super().__init__(data, user=request.user, label_suffix="")


class DelegationForm(forms.Form):
    """Who stands in, for what, from when to when; both days count."""

    use_required_attribute = False

    def __init__(self, actor: Actor, user: UUID, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        colleagues = find_colleagues(actor).exclude(pk=user).order_by("name_key")
        people = [] if is_unnamed("accounts.user", actor) else [(str(one.pk), one.name) for one in colleagues]
        self.fields["to"] = forms.ChoiceField(label=_("Stand-in"), choices=people)
        self.fields["what"] = forms.ChoiceField(label=_("For"), required=False, choices=list(WHAT.items()))
        day = forms.DateInput(attrs={"type": "date"})
        self.fields["starts_on"] = forms.DateField(label=_("First day"), widget=day)
        self.fields["ends_on"] = forms.DateField(label=_("Last day"), widget=day)
        self.fields["reason"] = forms.CharField(label=_("Reason"), required=False, max_length=200)

    def wanted(self) -> dict[str, Any]:
        """The standing in as the service takes it."""
        given = dict(self.cleaned_data)
        return given | {"to_id": UUID(given.pop("to"))}


class TokenForm(forms.Form):
    """A new API token: what for, until when, and whether it may do less than its person."""

    use_required_attribute = False
    label = forms.CharField(
        label=_("What for"), max_length=80, help_text=_("For example the name of the program that uses it.")
    )
    days = forms.TypedChoiceField(
        label=_("Expires"), coerce=int, initial=90,
        choices=[(30, _("in 30 days")), (90, _("in 90 days")), (365, _("in a year")), (0, _("never"))],
    )  # fmt: skip

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        own = {can for grant in actor.grants for can in grant.role.permissions if actor.may(can)} - {str(Can.USE_API)}
        self.fields["limited"] = forms.MultipleChoiceField(
            label=_("Limit to"), required=False, widget=forms.CheckboxSelectMultiple, choices=offered(own),
            help_text=_("None chosen: everything that you may do yourself."),
        )  # fmt: skip

    def scopes(self) -> list[dict[str, Any]]:
        """The boxes of what it may be limited to, by group, in the order of the roles' page."""
        boxes = {str(box.data["value"]): box for box in self["limited"]}
        grouped = [
            {"name": name, "boxes": [boxes[can] for can, _word in found if can in boxes]}
            for name, found in permission_groups()
        ]
        return [group for group in grouped if group["boxes"]]

    def permissions(self) -> list[str] | None:
        """What the token is limited to; None for no further limit."""
        return self.cleaned_data["limited"] or None

    def expires_at(self) -> datetime | None:
        """When it ends."""
        days = self.cleaned_data["days"]
        return clock.now() + timedelta(days=days) if days else None


class GrantForm(forms.Form):
    """A role, the company it holds for and the team it is seen from; offered is only what the actor may give."""

    use_required_attribute = False

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        roles = [(str(role.pk), words(role.labels, actor.language)) for role in find_roles(actor)]
        everywhere = [("all", _("All companies"))] if manages(actor, Can.MANAGE_USERS, None) else []
        self.companies = {str(c.pk): c for c in find_companies(actor) if actor.may(Can.MANAGE_USERS, c.pk)}
        self.teams = {
            str(t.pk): t for t in find_teams(actor).select_related("company").order_by("company__name_key", "name_key")
        }
        self.fields["role"] = forms.ChoiceField(label=_("Role"), choices=roles)
        named = [(key, company.name) for key, company in self.companies.items()]
        self.fields["company"] = forms.ChoiceField(label=_("Company"), choices=[*named, *everywhere])
        teams = [(key, f"{team.name} · {team.company.name}") for key, team in self.teams.items()]
        self.fields["team"] = forms.ChoiceField(
            label=_("Team"), required=False, choices=[("", _("None")), *teams],
            help_text=_("The team whose records this role reaches."),
        )  # fmt: skip

    def wanted(self) -> tuple[Role, Company | None, Team | None]:
        """The grant as the service takes it."""
        chosen = self.cleaned_data
        return (
            Role.objects.get(pk=chosen["role"]),
            self.companies.get(chosen["company"]),
            self.teams.get(chosen["team"]),
        )
