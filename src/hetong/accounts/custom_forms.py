"""What the pages of added fields ask for: only what goes with the kind of record and the kind of field."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, Problem
from hetong.kernel.fields import words
from hetong.kernel.text import fold
from hetong.ui.errors import problem_words, wording
from hetong.ui.forms.controls import LabelsInput

from .custom import ALWAYS, KIND_WORDS, Place, places
from .custom_given import FLAGS, MOST_CHOICES, MOST_DECIMALS
from .models import CustomField, FieldKind
from .queries import find_roles

BLANK_ROWS = 8
"""Empty rows for choices on the form; more appear when they are filled."""
LEVELS = (("", _("As usual for the role")), ("hidden", _("Hidden")), ("read", _("Read")), ("edit", _("Edit")))


class KindForm(forms.Form):
    """The first step: which kind of record gets the field, and what the field holds."""

    use_required_attribute = False

    def __init__(self, data: Any = None) -> None:
        super().__init__(data, label_suffix="")
        self.fields["noun"] = forms.ChoiceField(
            label=_("Where"), choices=[("", "–"), *_offered()],
            error_messages={"required": _("Choose the kind of record.")},
        )  # fmt: skip
        self.fields["kind"] = forms.ChoiceField(
            label=_("What it holds"), choices=[("", "–"), *((str(k), str(word)) for k, word in KIND_WORDS.items())],
            help_text=_("This never changes once the field holds values."),
            error_messages={"required": _("Choose what the field holds.")},
        )  # fmt: skip


def _offered() -> list[Any]:
    """The kinds of record by name: what people work with first, what stands in the settings apart."""
    parts: dict[bool, list[tuple[str, str]]] = {False: [], True: []}
    for place in places():
        parts[place.is_setting].append((place.key, str(place.label)))
    return [*sorted(parts[False], key=_by_word), (gettext("Settings"), sorted(parts[True], key=_by_word))]


def _by_word(pair: tuple[str, str]) -> str:
    return fold(pair[1])


def _labels(name: str, texts: Mapping[str, str], **more: Any) -> forms.Field:
    """One input per language."""
    field = forms.Field(
        required=False, widget=LabelsInput([code for code, _name in settings.LANGUAGES]), initial=dict(texts), **more
    )
    field.widget.wide = True
    return field


class CustomFieldForm(forms.Form):
    """A field: what it is called, what it offers, when it must be filled in, who sees it."""

    use_required_attribute = False

    def __init__(
        self, actor: Actor, place: Place, kind: str, data: Any = None, *, row: CustomField | None = None
    ) -> None:
        super().__init__(data, label_suffix="")
        self.place, self.kind, self.row = place, FieldKind(kind), row
        self.fields["labels"] = _labels(
            "labels",
            row.labels if row else {},
            label=_("Name"),
            help_text=_("One language is enough; the others are read in it until they have a name of their own."),
        )
        self.choice_rows: list[str] = []
        if self.kind is FieldKind.CHOICE:
            self._add_choices(row.choices if row else [])
        self._add_details(row)
        self._add_rules(actor, row)
        self.fields["reason"] = forms.CharField(
            label=_("Reason"), required=False, max_length=500, help_text=_("Stands in the history beside this change."),
            widget=forms.TextInput(attrs={"autocomplete": "off"}),
        )  # fmt: skip
        self.fields["version"] = forms.IntegerField(
            required=False, widget=forms.HiddenInput, initial=row.version if row else 0
        )

    def _add_choices(self, held: list[dict[str, Any]]) -> None:
        sent = sum(1 for name in self.data if name.startswith("choice_") and name.endswith("_code"))
        count = min(max(len(held) + BLANK_ROWS, sent), MOST_CHOICES)
        for number in range(count):
            name, one = f"choice_{number}", held[number] if number < len(held) else {}
            self.choice_rows.append(name)
            title = gettext("Choice %(number)s") % {"number": number + 1}
            self.fields[name] = _labels(name, one.get("labels", {}), label=title)
            self.fields[f"{name}_code"] = forms.CharField(
                required=False, widget=forms.HiddenInput, initial=one.get("code", "")
            )
            if one:
                self.fields[f"{name}_active"] = forms.BooleanField(
                    label=_("Offered"), required=False, initial=one.get("is_active", True)
                )

    def _why_required(self) -> str:
        """What is not let through without the field, as far as this kind of record asks for it at all."""
        told = []
        if ALWAYS in self.place.required_from:
            told.append(_("From the beginning: whoever adds a record fills it in, also where it is added together with another, as a "
                          "party's terms, number and address are. Those of before stay as they are."))  # fmt: skip
        if set(self.place.required_from) - {ALWAYS}:
            told.append(_("A record that lacks it is not let into that stage; whoever tries is told what is missing."))
        return " ".join(map(str, told))

    def _add_details(self, row: CustomField | None) -> None:
        if self.kind is FieldKind.NUMBER:
            self.fields["decimals"] = forms.TypedChoiceField(
                label=_("Decimals"), coerce=int, choices=[(n, n) for n in range(MOST_DECIMALS + 1)], initial=row.decimals if row else 0,
                help_text=_("This never changes once the field holds values."),
            )  # fmt: skip
        if self.kind is not FieldKind.FLAG and self.place.required_from:
            stages = [(code, str(label)) for code, label in self.place.required_from.items()]
            self.fields["required_from"] = forms.ChoiceField(
                label=_("Must be filled in"), required=False, choices=[("", _("Never")), *stages], initial=row.required_from if row else "",
                help_text=self._why_required(),
            )  # fmt: skip
        said = {
            "is_material": (_("Part of what is agreed"), _("It enters what is approved and signed, and no longer changes after that.")),
            "is_indexed": (_("Search and filter fast"), _("Up to ten per kind of record. The search then finds texts as well.")),
            "is_personal": (_("About a person"), _("It is handed out and erased together with the person's other data.")),
        }  # fmt: skip
        left_out = {
            *(() if self.place.may_be_material else ("is_material",)),
            *(("is_indexed",) if self.kind is FieldKind.FLAG else ()),
        }
        for name in (one for one in FLAGS if one not in left_out):
            label, help_text = said[name]
            self.fields[name] = forms.BooleanField(
                label=label, help_text=help_text, required=False, initial=getattr(row, name) if row else False
            )
        self.fields["group"] = _labels(
            "group",
            row.group if row else {},
            label=pgettext_lazy("of a form", "Section"),
            help_text=_("The part of the form it stands in; empty: More."),
        )
        self.fields["help"] = _labels(
            "help",
            row.help if row else {},
            label=pgettext_lazy("beside a field", "Help"),
            help_text=_("One sentence that stands below the field in forms."),
        )
        if row is None:
            self.fields["key"] = forms.CharField(
                label=_("Key"), required=False, max_length=40, widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
                help_text=_("What programs and files call it, after x_. Empty: made of the name. It never changes."),
            )  # fmt: skip

    def _add_rules(self, actor: Actor, row: CustomField | None) -> None:
        held = row.rules if row else {"agent": "HIDDEN"}
        for role in find_roles(actor):
            self.fields[f"rule_{role.key}"] = forms.ChoiceField(
                label=words(role.labels, actor.language),
                required=False,
                choices=LEVELS,
                initial=held.get(role.key, "").lower(),
            )

    # -- parts of the page -----------------------------------------------------------------------

    def named(self, *names: str) -> list[Any]:
        return [self[name] for name in names if name in self.fields]

    def first(self) -> list[Any]:
        return self.named("labels", "decimals")

    def choices(self) -> list[list[Any]]:
        """The rows of choices: the words, whether it is offered, and its hidden code."""
        return [self.named(name, f"{name}_active", f"{name}_code") for name in self.choice_rows]

    def when(self) -> list[Any]:
        return self.named("required_from", *FLAGS)

    def who(self) -> list[Any]:
        return [self[name] for name in self.fields if name.startswith("rule_")]

    def more(self) -> list[Any]:
        return self.named("group", "help", "key")

    def more_is_open(self) -> bool:
        return any(field.errors or field.value() for field in self.more())

    # -- what was given --------------------------------------------------------------------------

    def given(self) -> dict[str, Any]:
        """The definition as the service takes it."""
        chosen = self.cleaned_data
        plain = ("labels", "group", "help", "decimals", "required_from", *FLAGS)
        given = {name: chosen[name] for name in plain if name in self.fields}
        given["rules"] = {name.removeprefix("rule_"): chosen[name] for name in self.fields if name.startswith("rule_")}
        if self.choice_rows:
            given["choices"] = self._given_choices()
        if self.row is None:
            given |= {"noun": self.place.key, "kind": str(self.kind), "key": chosen["key"].strip()}
        return given

    def _given_choices(self) -> list[dict[str, Any]]:
        found = []
        for name in self.choice_rows:
            texts, code = self.cleaned_data[name] or {}, self.cleaned_data[f"{name}_code"]
            if texts:
                is_active = self.cleaned_data.get(f"{name}_active", True)
                found.append({"labels": texts, "is_active": is_active} | ({"code": code} if code else {}))
        return found

    def refuse(self, refused: Invalid) -> None:
        """Put the service's refusals beside the fields they are about."""
        for problem in refused.problems:
            self._place(problem)
        if not refused.problems:
            self.add_error(None, " ".join(wording(refused)))

    def _place(self, problem: Problem) -> None:
        places = {"choices": self.choice_rows[0] if self.choice_rows else None, "rules": "rule_agent"}
        name = places.get(problem.field, problem.field)
        self.add_error(name if name in self.fields else None, problem_words(problem))
