"""Input shapes of the pages that are not edited through a register: signing in, passwords, tokens."""

from __future__ import annotations

from typing import Any

from allauth.account.forms import LoginForm
from django import forms
from django.contrib.auth.forms import PasswordChangeForm, SetPasswordForm
from django.utils.translation import gettext_lazy as _


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
        self.error_messages_of(login)

    @staticmethod
    def error_messages_of(field: forms.Field) -> None:
        field.error_messages["invalid"] = _("This is not an e-mail address. Example: name@company.com")


class OwnPasswordForm(PasswordChangeForm):
    """One's own new password, proved by the present one."""

    old_password = forms.CharField(
        label=_("Present password"), strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class FirstPasswordForm(SetPasswordForm):
    """The password of somebody who came with a link that an administrator gave them."""
