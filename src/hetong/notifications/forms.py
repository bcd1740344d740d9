from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hetong.accounts.fields import USER
from hetong.accounts.models import Team
from hetong.accounts.queries import find_colleagues
from hetong.kernel.actors import Actor
from hetong.notifications.models import ChatRoom
from hetong.notifications.queries.rooms import SERVICES, companies_with_rooms
from hetong.notifications.services import RoomWish
from hetong.notifications.table import spoken_kinds
from hetong.ui.forms import ActForm


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


class RoomForm(ActForm):
    """A room of a chat service. The address and the secret are taken and never shown again."""

    name = forms.CharField(label=_("Name"), required=False, max_length=80)
    kind = forms.ChoiceField(label=_("Chat service"), required=False)
    address = forms.CharField(
        label=_("Address of the robot"), required=False, max_length=2000,
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false"}),
    )  # fmt: skip
    secret = forms.CharField(
        label=_("Secret of the robot"), required=False, max_length=400,
        widget=forms.PasswordInput({"autocomplete": "off"}),
        help_text=_("Only for robots of DingTalk and Feishu that ask for signed messages."),
    )  # fmt: skip
    company = forms.ChoiceField(label=_("Company"), required=False)
    team = forms.ChoiceField(
        label=_("Team"), required=False, help_text=_("Only its records and those of the teams below it.")
    )
    language = forms.ChoiceField(label=_("Language"), required=False, choices=settings.LANGUAGES)
    kinds = forms.MultipleChoiceField(
        label=_("What is said"), required=False, widget=forms.CheckboxSelectMultiple,
        help_text=_("The kind of record, its number and what happened: no amounts, no names."),
    )  # fmt: skip

    def __init__(self, actor: Actor, data: Any = None, *, held: ChatRoom | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        companies = list(companies_with_rooms(actor))
        teams = Team.objects.filter(company__in=companies, is_active=True).order_by("company__name_key", "name_key")
        several = len(companies) > 1
        self._offer("kind", [(str(kind), gettext(label)) for kind, label in SERVICES.items()])
        self._offer("company", [(str(one.pk), one.name) for one in companies])
        named = (
            (team, f"{team.company.name} · {team.name}" if several else team.name)
            for team in teams.select_related("company")
        )
        self._offer("team", [("", gettext("The whole company")), *((str(team.pk), label) for team, label in named)])
        self._offer("kinds", [(kind.key, str(kind.aloud or kind.label)) for kind in spoken_kinds()])
        kept = gettext("It goes to %(host)s. Empty: as it is, with its secret.") % {"host": held.host} if held else ""
        self.fields["address"].help_text = kept or gettext(
            "As the service shows it when the robot is added. It is kept sealed."
        )

    def _offer(self, name: str, choices: list[tuple[str, str]]) -> None:
        self.fields[name].choices = choices  # type: ignore[attr-defined]

    def wish(self) -> RoomWish:
        """What was sent; the service judges it."""
        sent = self.data
        return RoomWish(
            name=sent.get("name", ""), kind=sent.get("kind", ""), company=_id(sent.get("company", "")),
            team=_id(sent.get("team", "")) if sent.get("team") else None, address=sent.get("address", ""),
            secret=sent.get("secret", ""), language=sent.get("language", ""), kinds=sent.getlist("kinds"),  # type: ignore[attr-defined]  # a QueryDict
        )  # fmt: skip


def _id(text: str) -> UUID:
    """An id; what is none is one that nothing has, so that the service refuses it."""
    try:
        return UUID(text)
    except ValueError:
        return UUID(int=0)
