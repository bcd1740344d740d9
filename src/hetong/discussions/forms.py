"""The form of a comment and of an invitation; what is typed is checked by the services."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, BinaryIO
from uuid import UUID

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from hetong.discussions.fields import LONGEST
from hetong.files.inspection.kinds import EXTENSIONS
from hetong.ui.forms import ActForm

ACCEPTED = ",".join(sorted(f".{ending}" for endings in EXTENSIONS.values() for ending in endings))


@dataclass(frozen=True)
class Sent:
    """A file as the browser sent it."""

    name: str
    stream: BinaryIO


class FilesInput(forms.FileInput):
    """A file input that takes several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files, each as Django receives it."""

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        return list(data) if isinstance(data, list | tuple) else [data] if data else []


class CommentForm(ActForm):
    """What somebody wants to say. The text is taken as it is: the service says what is wrong with it."""

    text = forms.CharField(
        label=_("Comment"), required=False, strip=False, max_length=None,
        widget=forms.Textarea({"rows": 3, "data-mentions": "", "maxlength": LONGEST}),
    )  # fmt: skip
    files = FilesField(  # type: ignore[assignment]  # a declared field, not the files that Django receives
        label=_("Files"), required=False, widget=FilesInput({"multiple": True, "accept": ACCEPTED})
    )
    channel = forms.CharField(required=False, widget=forms.HiddenInput)
    thread = forms.CharField(required=False, widget=forms.HiddenInput)

    def uploads(self) -> list[Sent]:
        """The files, for the service."""
        return [Sent(one.name or "", one) for one in self.cleaned_data.get("files") or ()]

    def thread_id(self) -> UUID | None:
        """The thread that is answered; what is no id answers none."""
        return as_id(self.cleaned_data.get("thread"))


class InviteForm(ActForm):
    """Whom to invite."""

    user = forms.CharField(label=_("Colleague"), required=False, widget=forms.TextInput({"autocomplete": "off"}))


def as_id(text: Any) -> UUID | None:
    """The id that was sent, or None."""
    try:
        return UUID(str(text or ""))
    except ValueError:
        return None
