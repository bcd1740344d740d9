"""The small forms that ask why, which status, or for pasted lines; everything else is read by the registers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import get_language, gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from hetong.contracts.fields import LINE, words
from hetong.contracts.fields.words import RENEWALS
from hetong.contracts.states import NEED_REASON, Stated, Trigger
from hetong.kernel import numerals
from hetong.kernel.errors import DomainError, Invalid, Problem
from hetong.kernel.fields import Choice, Ref, Row
from hetong.ui.errors import problem_words, wording
from hetong.ui.forms import ActForm, comparable, day_field, typed_day


class MoveForm(ActForm):
    """Why, where a step of the lifecycle asks for nothing else."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}))

    def __init__(self, verb: str, row: Row, data: Any = None, *, language: str, **more: Any) -> None:
        super().__init__(data, **more)
        self.verb, self.language = verb, language
        if verb not in NEED_REASON:
            self.fields["reason"].help_text = _("Stands in the history beside this step; may stay empty.")
        self.begin(row)

    def begin(self, row: Row) -> None:
        """Start with what the record says already."""

    def given(self) -> dict[str, Any]:
        """What was typed, as the verb's service takes it. Raises `Invalid` for what is no date."""
        return {"reason": self.data.get("reason", "")}

    def day(self, name: str) -> dt.date | None:
        """The day typed in a field. Raises `Invalid`."""
        return typed_day(self.data.get(name, ""), self.language, name)


class SubmitForm(MoveForm):
    """What the approver should know."""

    reason = forms.CharField(
        label=_("What the approver should know"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4})
    )

    def begin(self, row: Row) -> None:
        self.fields["reason"].help_text = _("Stands on the approver’s card; may stay empty.")


class TerminateForm(MoveForm):
    """The last day, and why."""

    on = day_field(_("Last day of the contract"), help_text=_("What falls due after this day falls away."))
    field_order = ("on", "reason")

    def given(self) -> dict[str, Any]:
        return super().given() | {"on": self.day("on")}


class AdoptForm(MoveForm):
    """When it was signed, and why it is taken in without approval here."""

    signed_on = day_field(_("Signed on"))
    field_order = ("signed_on", "reason")

    def begin(self, row: Row) -> None:
        if row.get("signed_on"):
            self.fields["signed_on"].initial = row["signed_on"].isoformat()

    def given(self) -> dict[str, Any]:
        return super().given() | {"signed_on": self.day("signed_on")}


class ArchiveForm(MoveForm):
    """The archive number, where the paper lies, how long it is kept."""

    archive_no = forms.CharField(
        label=_("Archive no."), required=False, max_length=60, help_text=_("Empty: the next number of the series.")
    )
    place = forms.CharField(label=_("Kept at"), required=False, max_length=200)
    keep_until = day_field(_("Keep until"), help_text=_("The last day on which it has to be kept."))
    field_order = ("archive_no", "place", "keep_until", "reason")

    def begin(self, row: Row) -> None:
        self.fields["archive_no"].initial = row.get("archive_no") or ""
        self.fields["place"].initial = row.get("archive_place") or ""
        if row.get("keep_until"):
            self.fields["keep_until"].initial = row["keep_until"].isoformat()

    def given(self) -> dict[str, Any]:
        typed = {name: self.data.get(name, "") for name in ("archive_no", "place")}
        return super().given() | typed | {"keep_until": self.day("keep_until")}


MOVE_FORMS: Mapping[str, type[MoveForm]] = {
    "submit": SubmitForm, "terminate": TerminateForm, "adopt": AdoptForm, "adopt_closed": AdoptForm, "archive": ArchiveForm,
}  # fmt: skip
"""The form of each verb that asks for more than a reason."""


class OutcomeForm(ActForm):
    """What came of it."""

    outcome = forms.CharField(label=_("Outcome"), required=False, max_length=500, widget=forms.Textarea({"rows": 4}))


class RenewalForm(ActForm):
    """What comes after the day of notice."""

    decision = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect, choices=lambda: list(RENEWALS.items()))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=500, widget=forms.Textarea({"rows": 3}),
        help_text=_("Needed where it lapses. It stays in the history."),
    )  # fmt: skip


class StatusForm(ActForm):
    """Which of the statuses of one stage."""

    status = forms.ChoiceField(label=_("Status"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000)

    def __init__(self, data: Any = None, *, statuses: list[tuple[str, str]], **more: Any) -> None:
        super().__init__(data, **more)
        self.fields["status"].choices = statuses  # type: ignore[attr-defined]  # a ChoiceField, see above


class PasteForm(ActForm):
    """Lines copied out of a spreadsheet, one a row, cells apart by tabs."""

    pasted = forms.CharField(
        label=_("Lines from a spreadsheet"), max_length=200_000, widget=forms.Textarea({"rows": 5}),
        help_text=_("Copy the rows in your spreadsheet: description, quantity, unit, unit price, discount %, tax rate %."),
    )  # fmt: skip

    def refuse(self, error: DomainError) -> None:
        """Say of each problem in which row and column it stands."""
        self.full_clean()
        labels = {name: one.label for name, one in LINE.all().items()}
        for problem in error.problems if isinstance(error, Invalid) else ():
            place = [_("Row %(row)s") % {"row": problem.row}] if problem.row else []
            place += [str(labels[problem.field])] if problem.field in labels else []
            self.add_error("pasted", ": ".join([*filter(None, [", ".join(place)]), problem_words(problem)]))
        if not self.errors:
            self.add_error(None, " ".join(wording(error)))


def _short(label: Any, **more: Any) -> forms.CharField:
    attrs = {"autocomplete": "off", "inputmode": "decimal", "class": "num"}
    return forms.CharField(label=label, required=False, max_length=60, widget=forms.TextInput(attrs=attrs), **more)


class StageForm(ActForm):
    """One stage of a plan as a person says it: "30 %", "612,000.00", or nothing for whatever the others leave."""

    title = forms.CharField(
        label=pgettext_lazy("of a plan", "Stage"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    share = forms.CharField(
        label=_("Share"), required=False, max_length=60, widget=forms.TextInput(attrs={"autocomplete": "off", "class": "num"}),
        help_text=_("30 % or an amount. Empty: whatever the others leave."),
    )  # fmt: skip
    trigger = forms.ChoiceField(label=_("Falls due"), required=False)
    on = day_field(_("Day"))
    milestone = forms.ChoiceField(label=_("Milestone"), required=False)
    days_after = _short(_("Days after that"))
    is_retention = forms.BooleanField(label=_("Retention: kept back until then"), required=False)
    kind = forms.ChoiceField(label=_("Plan of"), required=False)

    def __init__(
        self, data: Any = None, *, milestones: Sequence[tuple[str, str]], writable: Collection[str], has_invoice_plan: bool = False,
        check_url: str = "", **more: Any,
    ) -> None:  # fmt: skip
        super().__init__(data, **more)
        choices: Mapping[str, list[tuple[str, Any]]] = {
            "trigger": list(words.TRIGGERS.items()),
            "milestone": [("", "–"), *milestones],
            "kind": list(words.PLAN_KINDS.items()),
        }
        for name, offered in choices.items():
            self.fields[name].choices = offered  # type: ignore[attr-defined]  # choice fields, see above
        may_share = {"stated", "percent", "amount"} <= set(writable)
        open_to = set(writable) | ({"share"} if may_share else set())
        if not has_invoice_plan:
            open_to.discard("kind")
        for name in [name for name in self.fields if name not in open_to]:
            del self.fields[name]
        if check_url and may_share:
            self.fields["share"].widget.attrs |= {
                "hx-get": check_url, "hx-trigger": "input changed delay:300ms", "hx-target": "#plan-check", "hx-swap": "outerHTML",
                "hx-include": "closest form", "aria-describedby": "plan-check",
            }  # fmt: skip

    def set_beside(self, now: Mapping[str, Any]) -> None:
        """Say beside each field what somebody else has saved in it meanwhile, where that is not what was typed."""
        for name, field in self.fields.items():
            saved = str(now.get(name) or "")
            typed = str(self.data.get(self.add_prefix(name)) or "")
            if name in now and name != "is_retention" and saved != typed:
                told = dict(getattr(field, "choices", ())).get(saved, saved) or "–"
                self[name].help_text = gettext("Saved meanwhile: %(value)s") % {"value": told}

        for name, field in (self.added.fields if self.added else {}).items():
            if comparable(field.initial) != comparable(self[name].data):
                held: Any = self.added.row.get(name) if self.added and self.added.row else None
                named = {Ref: "title", Choice: "label"}.get(type(held), "")
                told = (getattr(held, named) if named else field.initial) or "–"
                self[name].help_text = gettext("Saved meanwhile: %(value)s") % {"value": told}

    @property
    def is_filled(self) -> bool:
        """Whether something was typed that makes a stage."""
        return any(str(self.data.get(self.add_prefix(name), "")).strip() for name in ("title", "share"))

    @classmethod
    def values_of(cls, row: Row) -> dict[str, Any]:
        """What the form starts with for a stage that exists."""
        language = get_language() or "en"
        found = {name: row.get(name) for name in ("title", "is_retention", "days_after")}
        found |= {name: row.get(name).code for name in ("trigger", "kind") if row.get(name)}
        found["on"] = row["on"].isoformat() if row.get("on") else ""
        found["milestone"] = str(row["milestone"].id) if row.get("milestone") else ""
        if row.get("percent") is not None:
            found["share"] = f"{numerals.format_number(row['percent'], language)} %"
        elif row.get("amount") is not None:
            found["share"] = numerals.format_number(row["amount"].amount, language)
        return found

    def given(self) -> dict[str, Any]:
        """What was typed, for the service; a day or milestone that does not go with the trigger is left behind."""
        told = {name: self._typed(name) for name in ("title", "trigger", "days_after", "kind") if name in self.fields}
        found: dict[str, Any] = {name: text for name, text in told.items() if name in ("title", "days_after") or text}
        if "is_retention" in self.fields:
            found["is_retention"] = bool(self._typed("is_retention"))
        beside = {Trigger.DATE: "on", Trigger.MILESTONE: "milestone"}.get(
            Trigger(told.get("trigger") or Trigger.SIGNING), ""
        )
        if beside in self.fields:
            found[beside] = self._typed(beside)
        return found | (stated_as(self._typed("share")) if "share" in self.fields else {}) | self.given_added()

    def _typed(self, name: str) -> str:
        return str(self.data.get(self.add_prefix(name), "")).strip()

    def refuse(self, error: DomainError) -> None:
        """Put what is wrong with percentage or amount beside the share."""
        if isinstance(error, Invalid):
            error = Invalid(problems=[_beside_share(one) for one in error.problems])
        super().refuse(error)


def _beside_share(problem: Problem) -> Problem:
    if problem.field not in ("percent", "amount", "stated"):
        return problem
    return Problem(problem.code, problem.text, problem.params, "share", problem.row)


def stated_as(text: str) -> dict[str, Any]:
    """What a share as a person writes it states."""
    plain = text.replace("\N{FULLWIDTH PERCENT SIGN}", "%").strip()
    if plain.endswith("%"):
        return {"stated": Stated.PERCENT, "percent": plain[:-1].strip()}
    if not plain or plain.casefold() in ("rest", gettext("rest").casefold()):
        return {"stated": Stated.REST}
    return {"stated": Stated.AMOUNT, "amount": plain}


class MakerForm(ActForm):
    """A whole plan in one line."""

    shares = forms.CharField(
        label=_("Shares"), required=False, max_length=400, widget=forms.TextInput(attrs={"autocomplete": "off", "placeholder": "30/50/20"}),
        help_text=_("Percentages such as 30/50/20, or a number of equal parts."),
    )  # fmt: skip
    retention = _short(_("Retention %"), help_text=_("Kept back as the last stage."))
    first_on = day_field(_("First day"), help_text=_("Empty: the first stage falls due at signing."))
    months = _short(_("Months between"))


class MilestoneForm(ActForm):
    """Something to be reached."""

    title = forms.CharField(label=_("Milestone"), max_length=200, widget=forms.TextInput(attrs={"autocomplete": "off"}))
    due_on = day_field(_("Planned"))
    reason = forms.CharField(
        label=_("Reason"), required=False, max_length=2000, help_text=_("Stands in the history beside this change.")
    )

    def __init__(self, data: Any = None, *, ask_reason: bool = False, **more: Any) -> None:
        super().__init__(data, **more)
        if not ask_reason:
            del self.fields["reason"]


class ReachForm(ActForm):
    """On which day it was reached."""

    reached_on = day_field(_("Reached on"))
    note = forms.CharField(label=_("Note"), required=False, max_length=500)


class UnreachForm(ActForm):
    """Why it was not reached after all."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}))


class OriginalForm(ActForm):
    """How many more originals there are, and where they are kept."""

    count = forms.IntegerField(label=_("How many more"), min_value=1, max_value=20, initial=1)
    place = forms.CharField(label=_("Kept at"), required=False, max_length=200)


class StampForm(ActForm):
    """When and by whom an original was stamped."""

    stamped_on = day_field(_("Stamped"))
    stamped_by = forms.CharField(
        label=_("Stamped by"), required=False, max_length=120, help_text=_("Who used the seal.")
    )


class LendForm(ActForm):
    """Who takes an original, until when and what for."""

    borrower = forms.CharField(label=_("Lent to"), required=False, max_length=120)
    lent_on = day_field(_("Lent on"))
    until = day_field(_("Back by"))
    purpose = forms.CharField(label=_("What for"), required=False, max_length=200)


class ReturnForm(ActForm):
    """When an original came back, and where it is kept now."""

    returned_on = day_field(_("Returned on"))
    place = forms.CharField(label=_("Kept at"), required=False, max_length=200)
