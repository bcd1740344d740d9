"""Forms of what opens records and what makes exceptions: shares, duties kept apart."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.accounts.policy import Can, manages
from hetong.accounts.queries import find_colleagues, find_companies, find_teams
from hetong.accounts.sharing import LEVELS
from hetong.kernel.actors import Actor
from hetong.kernel.values import is_unnamed
from hetong.ui.forms import ActForm, day_field


class WaiverForm(ActForm):
    """An exception: in which company, until when, why."""

    company = forms.ChoiceField(label=_("Our company"))
    ends_on = day_field(_("Until"), help_text=_("The last day on which one person may do both; at most a year ahead."))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, help_text=_("It stays in the history, and auditors read it.")
    )

    def __init__(self, actor: Actor, data: Any = None) -> None:
        super().__init__(data)
        open_to = [one for one in find_companies(actor) if manages(actor, Can.MANAGE_ROLES, one.pk)]
        companies: Any = self.fields["company"]
        companies.choices = [(str(one.pk), one.name) for one in open_to]


class ShareForm(ActForm):
    """Whom a record is opened to, for what, until when."""

    to = forms.ChoiceField(label=_("With"), required=False)
    level = forms.ChoiceField(label=_("They may"), choices=list(LEVELS.items()), required=False)
    ends_on = day_field(_("Until"), help_text=_("Empty: until somebody ends it."))
    reason = forms.CharField(label=_("Reason"), required=False, max_length=500)

    def __init__(self, actor: Actor, data: Any = None, *, levels: Collection[str] = tuple(LEVELS)) -> None:
        super().__init__(data)
        people = (
            []
            if is_unnamed("accounts.user", actor)
            else find_colleagues(actor).exclude(pk=actor.id).order_by("name_key")
        )
        teams = [] if is_unnamed("accounts.team", actor) else find_teams(actor).order_by("name_key")
        to: Any = self.fields["to"]
        to.choices = [
            ("", "–"),
            (_("People"), [(f"user:{one.pk}", one.name) for one in people]),
            (_("Teams"), [(f"team:{one.pk}", one.name) for one in teams]),
        ]
        level: Any = self.fields["level"]
        level.choices = [(name, label) for name, label in LEVELS.items() if name in levels]

    def whom(self, actor: Actor) -> dict[str, Any]:
        """The person or the team that was chosen, as the service takes it."""
        kind, _colon, id = str(self.cleaned_data.get("to") or "").partition(":")
        if kind == "user":
            return {"user": find_colleagues(actor).filter(pk=id).first()}
        return {"team": find_teams(actor).filter(pk=id).first()} if kind == "team" else {}
