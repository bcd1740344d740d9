"""The signing tab of a record: what is out for signing, who has signed, the signed copy."""

from __future__ import annotations

from dataclasses import replace
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from hetong.documents.fields import VERSION
from hetong.documents.models import Version
from hetong.documents.services import Upload
from hetong.kernel import clock
from hetong.kernel.errors import Conflict, DomainError, Invalid, NotFound, Problem
from hetong.kernel.fields import Row
from hetong.kernel.nouns import noun_of_section
from hetong.signing import queries, services
from hetong.signing.fields import ENVELOPE, SIGNATORY
from hetong.signing.forms import CompleteForm, SideForm, signer_of
from hetong.signing.models import Envelope
from hetong.signing.policy import Can
from hetong.signing.states import EnvelopeState, Side
from hetong.ui.cards import card_frame
from hetong.ui.http import Request


def panel(request: Request, section: str, id: UUID) -> HttpResponse:
    """The envelopes of a record, newest first, with the form that records the signed copy."""
    return _panel(request, section, id)


def _panel(
    request: Request, section: str, id: UUID, *, complete: CompleteForm | None = None, side: SideForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    actor, key = request.actor, noun_of_section(section).key
    context = card_frame(actor, key, id, "signing")
    found = queries.find_envelopes(actor, key, id)
    signed: dict[UUID, list[Row]] = {}
    for row in SIGNATORY.show(actor, queries.find_signatories(actor, found)):
        signed.setdefault(row["envelope"].id, []).append(row)
    papers = _papers(request, list(found))
    context["envelopes"] = [
        {"envelope": row, "signatories": signed.get(row.id, []), **papers.get(row.id, {})}
        for row in ENVELOPE.show(actor, found)
    ]
    waiting = found.filter(state=EnvelopeState.OPEN).first()
    if waiting is not None and actor.may(Can.SIGN, context["row"].company) and context["row"].verb("sign") is not None:
        today = clock.today(actor.zone).isoformat()
        context |= {
            "waiting_envelope": waiting.pk,
            "form": complete or CompleteForm(has_text=waiting.text_id is not None, initial=_noted(signed.get(waiting.pk, []))),
            "side_form": side or SideForm(initial={"signed_on": today}), "side_open": side is not None,
        }  # fmt: skip
    return render(request, "signing/panel.html", context, status=status)


def _noted(rows: list[Row]) -> dict[str, Any]:
    """What is known already of who signed, so that nobody types it twice."""
    known: dict[str, Any] = {}
    for row in rows:
        side = row["side"].code if "side" in row else ""
        known |= {f"{side}_name": row.get("name"), f"{side}_capacity": row.get("capacity")}
        known[f"{side}_signed_on"] = row["signed_on"].isoformat() if row.get("signed_on") else ""
    return known


def _papers(request: Request, envelopes: list[Envelope]) -> dict[UUID, dict[str, Row]]:
    """The version that was sent and the signed copy, as far as the reader may read them."""
    ids = {id for one in envelopes for id in (one.text_id, one.signed_id) if id}
    rows = {
        row.id: row for row in VERSION.show(request.actor, Version.objects.visible_to(request.actor).filter(pk__in=ids))
    }
    return {
        one.pk: {name: rows[id] for name, id in (("text", one.text_id), ("copy", one.signed_id)) if id in rows}
        for one in envelopes
    }


def _envelope(request: Request, section: str, id: UUID, envelope_id: UUID) -> Envelope:
    """The envelope, if it is one of that very record. Raises `NotFound`."""
    envelope = queries.get_envelope(request.actor, envelope_id)
    if (envelope.noun, envelope.subject) != (noun_of_section(section).key, id):
        raise NotFound(noun=ENVELOPE.noun, id=str(envelope_id))
    return envelope


@require_POST
def envelope_complete(request: Request, section: str, id: UUID, envelope_id: UUID) -> HttpResponse:
    """Record the signed copy; what was typed comes back with a refusal, only the file is chosen again."""
    envelope = _envelope(request, section, id, envelope_id)
    form = CompleteForm(request.POST, has_text=envelope.text_id is not None, files=request.FILES)
    try:
        services.record_signed_copy(
            request.actor, envelope_id, _upload(request),
            ours=signer_of(request.POST, "ours", request.actor.language),
            theirs=signer_of(request.POST, "theirs", request.actor.language), same_text="same_text" in request.POST,
        )  # fmt: skip
    except (Invalid, Conflict) as refused:
        form.refuse(refused)
        return _panel(request, section, id, complete=form, status=refused.status)
    messages.success(request, _("The signed copy is recorded."))
    return redirect("signing:panel", section, id)


def _upload(request: Request) -> Upload | None:
    file: Any = request.FILES.get("file")
    return Upload(file.name or "", file) if file is not None else None


@require_POST
def envelope_side(request: Request, section: str, id: UUID, envelope_id: UUID) -> HttpResponse:
    """Note that one side has signed."""
    _envelope(request, section, id, envelope_id)
    side = request.POST.get("side", "")
    try:
        _check_side(side)
        given = {f"{side}_{name}": request.POST.get(name, "") for name in ("name", "capacity", "signed_on")}
        services.mark_side_signed(request.actor, envelope_id, side, signer_of(given, side, request.actor.language))
    except (Invalid, Conflict) as refused:
        form = SideForm(request.POST)
        form.refuse(_bare(refused, side))
        return _panel(request, section, id, side=form, status=refused.status)
    messages.success(request, _("Noted."))
    return redirect("signing:panel", section, id)


def _check_side(side: str) -> None:
    if side not in (Side.OURS, Side.THEIRS):
        raise Invalid(problems=[Problem("required", _("Say which side has signed."), field="side")])


def _bare(refused: DomainError, side: str) -> DomainError:
    """The refusal with the names of this form's fields, which ask for one side only."""
    if not isinstance(refused, Invalid):
        return refused
    return Invalid(problems=[replace(one, field=one.field.removeprefix(f"{side}_")) for one in refused.problems])
