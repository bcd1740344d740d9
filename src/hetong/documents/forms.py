"""The forms that take files; what is typed is checked by the services."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hetong.files.inspection.kinds import EXTENSIONS
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid
from hetong.kernel.labels import Labels
from hetong.ui.errors import problem_words, wording
from hetong.ui.forms import RecordForm, added_form

from .fields import DOCUMENT
from .queries import find_kinds
from .services import Upload

ACCEPTED = ",".join(sorted(f".{ending}" for endings in EXTENSIONS.values() for ending in endings))


class FilesInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True
    wide = True


class LineInput(forms.TextInput):
    """A line of text over the whole width of the form."""

    wide = True


def _last_day(help_text: Any) -> forms.CharField:
    """A day as it was typed: the register reads it."""
    widget = forms.DateInput(attrs={"type": "date", "min": "1900-01-01", "max": "2200-12-31"})
    return forms.CharField(label=_("Valid until"), required=False, help_text=help_text, widget=widget)


class FilesField(forms.FileField):
    """Several files, each as Django receives them."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        """The files; an empty one is left to the service, which says why it is refused."""
        given = data if isinstance(data, list | tuple) else [data] if data else []
        if not given and self.required:
            raise forms.ValidationError(_("Choose a file."), code="required")
        return list(given)


TEXTS = ("kind", "title", "note", "valid_until", "licence_number")


class _Files(forms.Form):
    use_required_attribute = False
    added: RecordForm | None = None
    """The fields that the house added to documents."""

    def ask_only(self, actor: Actor) -> None:
        """Leave out of `TEXTS` what the actor may not write."""
        for name in {*TEXTS} & {*DOCUMENT.fields} - {field.name for field in DOCUMENT.writable(actor)}:
            self.fields.pop(name, None)

    def texts(self) -> dict[str, str]:
        """What was typed beside the files and besides the added fields, for the service."""
        return {name: self.cleaned_data[name] for name in TEXTS if name in self.cleaned_data}

    def uploads(self) -> list[Upload]:
        """What was sent, for the service."""
        return [Upload(one.name or "", one) for one in self.cleaned_data["file"]]

    def refuse(self, error: Invalid) -> None:
        """Put each problem of a refusal beside its field; a refused file's beside the files."""
        for problem in error.problems:
            self.add_error(problem.field if problem.field in self.fields else None, problem_words(problem))
        if not error.problems:
            self.add_error("file", " ".join(wording(error)))


class AddForm(_Files):
    """One or several files for a record."""

    file = FilesField(label=_("Files"), widget=FilesInput(attrs={"multiple": True, "accept": ACCEPTED}))
    kind = forms.ChoiceField(label=_("Kind"))
    title = forms.CharField(
        label=_("Title"), required=False, max_length=200, help_text=_("Empty: the name of the file. For a single file.")
    )
    valid_until = _last_day(_("The last day on which it is good. Empty: it does not lapse."))
    licence_number = forms.CharField(
        label=_("Licence or certificate no."), required=False, max_length=80, help_text=_("For a single file.")
    )
    note = forms.CharField(label=_("Note"), required=False, max_length=500, widget=LineInput)

    def __init__(self, actor: Actor, *args: Any, company: UUID | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kinds = find_kinds(actor).values_list("pk", "labels")
        choices: Any = [
            ("", _("Choose a kind")),
            *((str(id), Labels(labels).text(actor.language)) for id, labels in kinds),
        ]
        self.fields["kind"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField, see above
        self.ask_only(actor)
        self.added = added_form(actor, DOCUMENT, self.data if self.is_bound else None, company=company)
        self.fields.update(self.added.fields)


class VersionForm(_Files):
    """The new content of a document."""

    file = FilesField(label=_("File"), widget=FilesInput(attrs={"accept": ACCEPTED}))
    note = forms.CharField(label=_("What changed"), required=False, max_length=500, widget=LineInput)
    valid_until = _last_day(_("The new last day, where it has another. Empty: the day stays as it is."))

    def __init__(self, actor: Actor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ask_only(actor)


class RejectForm(forms.Form):
    """Why a proposed version is turned down."""

    use_required_attribute = False
    reason = forms.CharField(
        label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}), help_text=_("The author reads it.")
    )
