"""A form of an act that is not a record's: what was typed is read by a service, whose refusals come back beside it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.kernel import numerals
from hetong.kernel.errors import DomainError, Invalid, Problem
from hetong.ui.errors import problem_words, wording

from .form import RecordForm


class ActForm(forms.Form):
    """A form whose refusals come from a service."""

    use_required_attribute = False
    added: RecordForm | None = None
    """The fields that the house added to the records that the act makes or changes."""
    labels: Mapping[str, Any] = {}
    """What fields are called that the service may refuse and that this form does not ask for."""

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.label_suffix = ""

    def take_added(self, added: RecordForm) -> None:
        """Ask for those fields below one's own; the form over them is bound to the same input under the same prefix."""
        self.added = added
        self.fields.update(added.fields)

    def given_added(self) -> dict[str, Any]:
        """What was typed in them, for the service."""
        return self.added.given() if self.added else {}

    def refuse(self, error: DomainError) -> None:
        """Put each problem beside its field, the others on top."""
        self.full_clean()
        problems = error.problems if isinstance(error, Invalid) else ()
        for problem in problems:
            self._place(problem)
        if not problems:
            self.add_error(None, " ".join(wording(error)))

    def _place(self, problem: Problem) -> None:
        words = problem_words(problem)
        if problem.field in self.fields:
            self.add_error(problem.field, words)
        else:
            label = self.labels.get(problem.field)
            self.add_error(None, f"{label}: {words}" if label else words)

    def sections(self) -> list[dict[str, Any]]:
        """All fields, in one section without a head."""
        return [{"legend": _("Details"), "fields": list(self), "bare": True}]


def day_field(label: Any, **more: Any) -> forms.CharField:
    """A day; the service reads it."""
    widget = forms.DateInput(attrs={"type": "date", "min": "1900-01-01", "max": "2200-12-31"})
    return forms.CharField(label=label, required=False, widget=widget, **more)


def typed_day(text: str, language: str, field: str) -> dt.date | None:
    """A day that was typed, or None where nothing was. Raises `Invalid` beside the field."""
    if not text.strip():
        return None
    try:
        return numerals.parse_date(text, language)
    except DomainError as broken:
        raise Invalid(problems=[Problem(broken.code, broken.text, broken.params, field)]) from broken
