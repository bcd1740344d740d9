"""A form of an act that is not a record's: what was typed is read by a service, whose refusals come back beside it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.kernel.errors import DomainError, Invalid
from hetong.ui.errors import problem_words, wording


class ActForm(forms.Form):
    """A form whose refusals come from a service."""

    use_required_attribute = False

    def __init__(self, data: Any = None, **more: Any) -> None:
        super().__init__(data, **more)
        self.label_suffix = ""

    def refuse(self, error: DomainError) -> None:
        """Put each problem beside its field, the others on top."""
        self.full_clean()
        problems = error.problems if isinstance(error, Invalid) else ()
        for problem in problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem_words(problem))
        if not problems:
            self.add_error(None, " ".join(wording(error)))

    def sections(self) -> list[dict[str, Any]]:
        """All fields, in one section without a head."""
        return [{"legend": _("Details"), "fields": list(self), "bare": True}]
