"""The forms of signing: who signed for each side on which day, and the signed copy."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from hetong.files.inspection.kinds import EXTENSIONS
from hetong.kernel.text import clean_line
from hetong.signing.services import Signer
from hetong.signing.states import Side
from hetong.ui.forms import ActForm, day_field, typed_day

ACCEPTED = ",".join(sorted(f".{ending}" for endings in EXTENSIONS.values() for ending in endings))


def _name(label: Any) -> forms.CharField:
    return forms.CharField(label=label, required=False, max_length=200, widget=forms.TextInput({"autocomplete": "off"}))


def signer_of(data: Any, side: str, language: str) -> Signer:
    """Who signed for a side, as typed. Raises `Invalid` for what is no day."""
    day = typed_day(data.get(f"{side}_signed_on", ""), language, f"{side}_signed_on")
    return Signer(clean_line(data.get(f"{side}_name", "")), clean_line(data.get(f"{side}_capacity", "")), day)


class CompleteForm(ActForm):
    """The signed copy with both signatures."""

    file = forms.FileField(label=_("Signed copy"), required=False, widget=forms.FileInput({"accept": ACCEPTED}))
    ours_name = _name(_("Name"))
    ours_capacity = _name(_("Capacity"))
    ours_signed_on = day_field(_("Signed on"))
    theirs_name = _name(_("Name"))
    theirs_capacity = _name(_("Capacity"))
    theirs_signed_on = day_field(_("Signed on"))
    same_text = forms.BooleanField(
        label=_("The signed copy has the same text as the version that was sent"), required=False
    )

    def __init__(self, data: Any = None, *, has_text: bool, **more: Any) -> None:
        super().__init__(data, **more)
        if not has_text:
            del self.fields["same_text"]

    def ours(self) -> list[Any]:
        """The fields of our side."""
        return [self[f"ours_{name}"] for name in ("name", "capacity", "signed_on")]

    def theirs(self) -> list[Any]:
        """The fields of their side."""
        return [self[f"theirs_{name}"] for name in ("name", "capacity", "signed_on")]


class SideForm(ActForm):
    """One side has signed; the file follows."""

    side = forms.ChoiceField(
        label=_("Who has signed"), choices=[(Side.OURS.value, _("Our side")), (Side.THEIRS.value, _("Their side"))],
        widget=forms.RadioSelect, required=False,
    )  # fmt: skip
    name = _name(_("Name"))
    capacity = _name(_("Capacity"))
    signed_on = day_field(_("Signed on"))
