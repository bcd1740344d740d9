"""The small forms that ask why, which status, or for pasted lines; everything else is read by the registers."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.contracts.fields import LINE
from hetong.kernel.errors import DomainError, Invalid
from hetong.ui.errors import problem_words, wording
from hetong.ui.forms import ActForm


class ReasonForm(ActForm):
    """Why."""

    reason = forms.CharField(label=_("Reason"), required=False, max_length=2000, widget=forms.Textarea({"rows": 4}))


class OutcomeForm(ActForm):
    """What came of it."""

    outcome = forms.CharField(label=_("Outcome"), required=False, max_length=500, widget=forms.Textarea({"rows": 4}))


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
