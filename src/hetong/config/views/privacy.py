"""Personal data and legal holds as pages."""

from __future__ import annotations

import json
import re
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from hetong.accounts.holds import find_holds, months_kept
from hetong.accounts.policy import Can
from hetong.accounts.queries import may_everywhere
from hetong.accounts.services.holds import lift_hold, place_hold, set_retention
from hetong.config import privacy
from hetong.kernel.errors import N_, DomainError, Forbidden, Invalid, NotFound, Problem
from hetong.kernel.nouns import noun, noun_of_section
from hetong.ui.forms import ActForm
from hetong.ui.http import Request

ADDRESS = re.compile(r"/([a-z][a-z/-]*?)/([0-9a-fA-F-]{36})/")


class ReasonForm(ActForm):
    """Why; it stays in the history."""

    reason = forms.CharField(
        label=gettext_lazy("Reason"), required=False, max_length=500,
        help_text=gettext_lazy("It stays in the history, and auditors read it."),
    )  # fmt: skip


class HoldForm(ReasonForm):
    """Which record is held, and why."""

    record = forms.CharField(
        label=gettext_lazy("Record"), required=False, max_length=400,
        help_text=gettext_lazy("The address of its page, such as /contracts/…/, as the browser shows it."),
    )  # fmt: skip
    field_order = ("record", "reason")


def personal(request: Request) -> HttpResponse:
    """Find a person, and who is due for deletion."""
    text = request.GET.get("q", "").strip()[:80]
    context = {
        "text": text, "found": [_linked(one) for one in privacy.find_persons(request.actor, text)],
        "due": [_linked(one) for one in privacy.due_shown(request.actor)],
    }  # fmt: skip
    return render(request, "config/personal.html", context)


def _linked(one: dict[str, Any]) -> dict[str, Any]:
    return one | {"url": reverse("person", args=[one["key"], one["row"].id])}


def person(request: Request, kind: str, id: UUID) -> HttpResponse:
    """What is held on one person, and where."""
    return render(request, "config/person.html", _person(request, kind, id))


def _person(request: Request, kind: str, id: UUID) -> dict[str, Any]:
    places = privacy.held_on(request.actor, kind, id)
    register = noun(kind).register
    [row] = register.show(request.actor, [id])
    values = [(one.label, row[one.name]) for one in register if row.get(one.name) not in (None, "", [], False)]
    return {"row": row, "kind": kind, "label": noun(kind).labels[0], "places": places, "values": values}


def person_file(request: Request, kind: str, id: UUID) -> HttpResponse:
    """All that is held on the person as one file for programs, to be handed to them."""
    text = json.dumps(privacy.hand_out(request.actor, kind, id).as_json(), indent=1, ensure_ascii=False, default=str)
    return _handed(f"personal-data-{id}.json", text + "\n", "application/json")


def person_paper(request: Request, kind: str, id: UUID) -> HttpResponse:
    """The same to be read: one page in the person's language, which needs nothing beside it."""
    found = privacy.hand_out(request.actor, kind, id)
    with translation.override(found.language):
        text = render_to_string("config/person_paper.html", {"found": found})
    return _handed(f"personal-data-{id}.html", text, "text/html")


def _handed(name: str, text: str, content_type: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


def person_erase(request: Request, kind: str, id: UUID) -> HttpResponse:
    """Erase what is held on the person, after being told what stays."""
    context = _person(request, kind, id)
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            privacy.person_of(kind).erase(request.actor, [id], reason=request.POST.get("reason", ""))
        except DomainError as refused:
            if isinstance(refused, NotFound):
                raise
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, _("Erased. The chain of the history is whole."))
            return redirect("person", kind, id)
    context |= {"form": form, "sections": form.sections(), "cancel_url": reverse("person", args=[kind, id])}
    return render(request, "config/person_erase.html", context, status=status)


def holds(request: Request) -> HttpResponse:
    """The legal holds, placing one, and how long records are kept."""
    form = HoldForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            key, id = _record_of(request.POST.get("record", ""))
            place_hold(request.actor, key, id, reason=request.POST.get("reason", ""))
        except Forbidden:
            raise
        except DomainError as refused:
            told = _beside_record(refused)
            form.refuse(told)
            status = told.status
        else:
            messages.success(request, _("The record is held from now on."))
            return redirect("holds")
    months = months_kept()
    context = {
        "holds": find_holds(request.actor), "form": form, "may_hold": request.actor.may(Can.HOLD),
        "may_keep": may_everywhere(request.actor, Can.HOLD),
        "kept": [(key, noun(key).labels[1], months.get(key, "")) for key in privacy.PERSONS],
    }  # fmt: skip
    return render(request, "config/holds.html", context, status=status)


def _record_of(address: str) -> tuple[str, UUID]:
    found = ADDRESS.search(address)
    if found is None:
        raise Invalid(problems=[Problem("no_address", N_("This is no address of a record."), field="record")])
    return noun_of_section(found.group(1)).key, UUID(found.group(2))


def _beside_record(refused: DomainError) -> DomainError:
    if isinstance(refused, NotFound):
        return Invalid(problems=[Problem("not_found", NotFound.text, field="record")])
    return refused


@require_POST
def retention(request: Request) -> HttpResponse:
    """Set how long records are kept."""
    given: dict[str, int | None] = {}
    for key in privacy.PERSONS:
        text = request.POST.get(key, "").strip()
        given[key] = int(text) if text.isdecimal() and len(text) < 6 else None if not text else -1
    set_retention(request.actor, given)
    messages.success(request, _("Saved."))
    return redirect("holds")


def hold_lift(request: Request, hold_id: UUID) -> HttpResponse:
    """Lift a hold, with the reason."""
    form = ReasonForm(request.POST if request.method == "POST" else None)
    status = 200
    if request.method == "POST":
        try:
            lift_hold(request.actor, hold_id, reason=request.POST.get("reason", ""))
        except Invalid as refused:
            form.refuse(refused)
            status = refused.status
        else:
            messages.success(request, _("The hold is lifted."))
            return redirect("holds")
    found = next((one for one in find_holds(request.actor) if one["id"] == hold_id and one["is_on"]), None)
    if found is None:
        raise NotFound(noun="accounts.legal_hold")
    context = {
        "hold": found, "form": form, "sections": form.sections(), "cancel_url": reverse("holds"),
    }  # fmt: skip
    return render(request, "config/hold_lift.html", context, status=status)
