from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.accounts.fields import USER
from hetong.accounts.queries import find_colleagues
from hetong.kernel.actors import Actor


class PassOnForm(forms.Form):
    """To whom a notice is passed on, with which words."""

    to = forms.MultipleChoiceField(label=_("Colleagues"), widget=forms.CheckboxSelectMultiple)
    note = forms.CharField(
        label=_("Note"), max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They see your note, and of the record what they may read. Write no amounts to who may not read them."),
    )  # fmt: skip

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        people = USER.show(
            actor, find_colleagues(actor).exclude(pk=actor.id).order_by("name_key", "pk")[:200], ("name",)
        )
        self.fields["to"].choices = [(str(one.id), one.title or "–") for one in people]  # type: ignore[attr-defined]


class RhythmForm(forms.Form):
    """When mails may come."""

    quiet_from = forms.TimeField(
        label=_("No mails from"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    quiet_to = forms.TimeField(
        label=_("until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    digest_at = forms.TimeField(label=_("Summary at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
