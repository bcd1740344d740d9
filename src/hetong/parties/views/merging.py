"""The pages on which two records of a party are made one."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hetong.kernel.errors import Conflict, DomainError, Invalid, NotFound
from hetong.kernel.nouns import noun
from hetong.parties import queries, services
from hetong.parties.queries.merging import Comparison
from hetong.ui.cards import shown_row
from hetong.ui.errors import wording
from hetong.ui.forms import ActForm
from hetong.ui.forms.controls import picker
from hetong.ui.http import Request

PARTY = "parties.party"


class OtherForm(ActForm):
    """Which other record is meant."""

    other = forms.UUIDField(label=gettext_lazy("The other record"))

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        self.fields["other"].widget = picker(PARTY, None)


class MergeForm(ActForm):
    """The other record, and why."""

    other = forms.UUIDField(widget=forms.HiddenInput)
    reason = forms.CharField(label=gettext_lazy("Reason"), required=False, max_length=500)


def likely_list(request: Request) -> HttpResponse:
    """Records that may be one party, in pairs."""
    context = {"pairs": queries.likely_duplicates(request.actor), "apart": queries.said_apart(request.actor)}
    return render(request, "parties/likely.html", context)


@require_POST
def party_apart(request: Request, party_id: UUID) -> HttpResponse:
    """Say that this record and the other one are two parties."""
    other = _named_other(request)
    services.say_apart(request.actor, party_id, other, reason=request.POST.get("reason", "")[:500])
    messages.success(request, _("Noted: these are two parties. They are no longer shown as likely duplicates."))
    return redirect("parties:likely")


@require_POST
def party_apart_end(request: Request, party_id: UUID) -> HttpResponse:
    """Take that back."""
    services.take_back_apart(request.actor, party_id, _named_other(request))
    messages.success(request, _("Taken back. Where they look alike, they are shown again."))
    return redirect("parties:likely")


def _named_other(request: Request) -> UUID:
    """The other record. Raises `NotFound`."""
    form = MergeForm(request.POST)
    form.full_clean()
    if "other" not in form.cleaned_data:
        raise NotFound(noun=PARTY)
    other: UUID = form.cleaned_data["other"]
    return other


def party_merge(request: Request, party_id: UUID) -> HttpResponse:
    """Choose the other record of a party, lay both side by side, and merge them."""
    row = shown_row(request.actor, PARTY, party_id, ("name",))
    if request.method == "POST":
        return _merge(request, party_id)
    typed = OtherForm(request.GET) if request.GET.get("other") else OtherForm()
    if typed.is_bound and typed.is_valid() and typed.cleaned_data["other"] != party_id:
        return _side_by_side(request, party_id, typed.cleaned_data["other"])
    context = {
        "row": row, "noun": noun(PARTY), "form": typed, "pairs": queries.likely_duplicates(request.actor, party_id),
        "picker_url": f"/pick/{PARTY}/",
    }  # fmt: skip
    return render(request, "parties/merge_with.html", context)


def _side_by_side(request: Request, party_id: UUID, other: UUID, refused: DomainError | None = None) -> HttpResponse:
    found = queries.compare(request.actor, party_id, other)
    context = {
        "row": found.this, "noun": noun(PARTY), "found": found, "taken": _taken(request, found) if refused else (),
        "refused": wording(refused) if refused else (), "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "parties/merge.html", context, status=refused.status if refused else 200)


def _taken(request: Request, found: Comparison) -> list[str]:
    return [line.name for line in found.choices if request.POST.get(f"keep.{line.name}") == "other"]


def _versions(request: Request, found: Comparison) -> dict[UUID, int]:
    sent: dict[str, Any] = {name: request.POST.get(name, "") for name in ("version", "version_other")}
    ids = {"version": found.this.id, "version_other": found.other.id}
    return {ids[name]: int(text) for name, text in sent.items() if text.isdecimal() and len(text) < 10}


def _merge(request: Request, party_id: UUID) -> HttpResponse:
    form = MergeForm(request.POST)
    if not form.is_valid():
        return redirect("parties:merge", party_id)
    other = form.cleaned_data["other"]
    found = queries.compare(request.actor, party_id, other)
    try:
        services.merge_parties(
            request.actor, party_id, other, take=_taken(request, found), versions=_versions(request, found),
            reason=form.cleaned_data["reason"],
        )  # fmt: skip
    except (Conflict, Invalid) as refused:
        return _side_by_side(request, party_id, other, refused)
    messages.success(request, _("Merged. The other record’s address leads here from now on."))
    return redirect("parties:card", party_id)
