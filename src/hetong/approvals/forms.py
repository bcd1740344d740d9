"""The form of a rejection."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.ui.forms import ActForm


class RejectForm(ActForm):
    """Why, so that it can be put right."""

    comment = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}),
        help_text=_("The sender reads it, and it stays with the record."),
    )  # fmt: skip
