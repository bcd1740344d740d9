"""The forms of passing on and putting off."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.ui.forms import ActForm, day_field


class PassForm(ActForm):
    """To whom, with which note."""

    to = forms.CharField(label=_("To whom"), required=False, widget=forms.TextInput({"autocomplete": "off"}))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class SnoozeForm(ActForm):
    """Until when, and why."""

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["until"] = day_field(_("Back on"))
        self.fields["reason"] = forms.CharField(label=_("Reason"), required=False, max_length=500)
