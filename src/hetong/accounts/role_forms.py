"""What the pages of roles and previews ask for."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor, Level, Reach
from hetong.kernel.errors import Invalid
from hetong.kernel.fields import words
from hetong.ui.errors import problem_words, wording

from .models import Role
from .policy import Can, manages
from .preview import Mark, offered_people
from .queries import find_companies, find_people, find_roles, find_teams, scoped_nouns
from .wording import REACH_WORDS, permission_groups

USUAL = (("edit", _("Edit")), ("read", _("Read")), ("hidden", _("Hidden")))


class RoleForm(forms.Form):
    """A role: its name per language, what it may do, how far it sees, and what holds for fields without a rule."""

    use_required_attribute = False

    def __init__(self, actor: Actor, data: Any = None, *, role: Role | None = None, is_copy: bool = False) -> None:
        super().__init__(data, label_suffix="")
        self.role, self.is_new = role, is_copy
        labels = dict(role.labels) if role and not is_copy else {}
        for code, name in settings.LANGUAGES:
            self.fields[f"name_{code}"] = forms.CharField(
                label=name, required=False, max_length=80, initial=labels.get(code, ""),
                widget=forms.TextInput(attrs={"lang": code, "autocomplete": "off"}),
            )  # fmt: skip
        held = role.permissions if role else []
        for number, (group, offered_here) in enumerate(permission_groups()):
            self.fields[f"can_{number}"] = forms.MultipleChoiceField(
                label=group, required=False, widget=forms.CheckboxSelectMultiple, choices=offered_here, initial=held,
            )  # fmt: skip
        self._add_reach(dict(role.reach) if role else {"*": "OWN"})
        self.fields["usual"] = forms.ChoiceField(
            label=_("Fields that no rule speaks of"), choices=USUAL, initial=Level(role.usual).name.lower() if role else "edit",
            help_text=_("“Read” makes a role that changes nothing, whatever it may do otherwise."),
        )  # fmt: skip
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), required=False, max_length=500, help_text=_("Stands in the history beside this change.")
        )
        self.fields["version"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=role.version if role else 0
        )

    def _add_reach(self, reach: dict[str, str]) -> None:
        steps = [(one.name, gettext(REACH_WORDS[one])) for one in Reach]
        self.fields["reach_all"] = forms.ChoiceField(
            label=_("Everything"), choices=steps, initial=reach.get("*", "NONE"),
            help_text=_("“Own” takes in what one takes part in and what is shared with one."),
        )  # fmt: skip
        for entry in scoped_nouns():
            self.fields[f"reach_{entry.key}"] = forms.ChoiceField(
                label=str(entry.labels[1]), required=False, initial=reach.get(entry.key, ""),
                choices=[("", _("as everything")), *steps],
            )  # fmt: skip

    def names(self) -> list[Any]:
        return [self[f"name_{code}"] for code, _name in settings.LANGUAGES]

    def permission_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("can_")]

    def reach_fields(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("reach_")]

    def given(self) -> dict[str, Any]:
        """The role as the service takes it."""
        chosen = self.cleaned_data
        reach = {
            name.removeprefix("reach_"): chosen[name]
            for name in self.fields
            if name.startswith("reach_") and chosen[name]
        }
        kept = {
            k: v
            for k, v in (self.role.reach if self.role else {}).items()
            if f"reach_{k}" not in self.fields and k != "*"
        }
        permissions = [can for name in self.fields if name.startswith("can_") for can in chosen[name]]
        labels = {code: chosen[f"name_{code}"] for code, _name in settings.LANGUAGES if chosen[f"name_{code}"].strip()}
        return {
            "labels": labels, "permissions": permissions, "usual": chosen["usual"],
            "reach": kept | {"*" if noun == "all" else noun: far for noun, far in reach.items()},
        }  # fmt: skip

    def changed(self) -> dict[str, Any]:
        """What differs from the role as it is."""
        if self.role is None:
            return self.given()
        now = {
            "labels": self.role.labels, "permissions": sorted(self.role.permissions), "reach": self.role.reach,
            "usual": Level(self.role.usual).name.lower(),
        }  # fmt: skip
        given = self.given()
        given["permissions"] = sorted(given["permissions"])
        return {name: value for name, value in given.items() if value != now[name]}

    def refuse(self, refused: Invalid) -> None:
        """Put the service's refusals beside the fields they are about."""
        places = {"labels": "name_en", "permissions": "can_0", "reach": "reach_all", "usual": "usual"}
        for problem in refused.problems:
            self.add_error(places.get(problem.field), problem_words(problem))
        if not refused.problems:
            self.add_error(None, " ".join(wording(refused)))


class PreviewForm(forms.Form):
    """As whom to look: a person, or a role in a company and a team."""

    use_required_attribute = False

    def __init__(self, actor: Actor, data: Any = None, *, initial: Any = None) -> None:
        super().__init__(data, label_suffix="", initial=initial)
        roles = [(f"role:{role.pk}", words(role.labels, actor.language)) for role in find_roles(actor)]
        people = [(f"user:{one.pk}", one.name) for one in offered_people(actor, find_people(actor))]
        self.fields["who"] = forms.ChoiceField(
            label=_("As whom"), choices=[("", "–"), (_("A role"), roles), (_("A person"), people)],
            error_messages={"required": _("Choose a role or a person.")},
        )  # fmt: skip
        companies = [(str(c.pk), c.name) for c in find_companies(actor)]
        everywhere = [("", _("All companies"))] if manages(actor, Can.MANAGE_ROLES, None) else []
        self.fields["company"] = forms.ChoiceField(
            label=_("In the company"),
            required=False,
            choices=[*everywhere, *companies],
            help_text=_("Counts for a role."),
        )
        teams = [(str(t.pk), f"{t.name} · {t.company.name}") for t in find_teams(actor).select_related("company")]
        self.fields["team"] = forms.ChoiceField(
            label=_("From the team"),
            required=False,
            choices=[("", _("None")), *teams],
            help_text=_("Counts for a role."),
        )
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), required=False, max_length=500, help_text=_("Stands in the journal beside the preview.")
        )

    def mark(self) -> Mark:
        kind, _colon, id = self.cleaned_data["who"].partition(":")
        if kind == "user":
            return Mark(user=id)
        return Mark(role=id, company=self.cleaned_data["company"], team=self.cleaned_data["team"])
