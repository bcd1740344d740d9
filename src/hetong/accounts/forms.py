"""Input shapes of the pages that are not edited through a register: signing in, passwords, tokens."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _

from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.fields import words

from .models import Company, Role, Team
from .policy import Can, manages
from .queries import find_companies, find_roles, find_teams
from .wording import offered


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
