"""Envelopes in the API: what is out for signing, and the signed copy as multipart."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from ninja import Router

from hetong.documents.services import Upload
from hetong.kernel.errors import N_, Invalid, Problem, UnknownField
from hetong.kernel.schemas import out_schema, page_schema
from hetong.ui.http import Request
from hetong.ui.rest import (
    OtherType,
    body_of,
    describes_act,
    describes_list,
    list_answer,
    seen_version,
    show_answer,
    texts_of,
)

from . import queries, services
from .fields import ENVELOPE
from .states import Side

KEY = "signing.envelope"
MULTIPART = "multipart/form-data"
SIGNERS = tuple(f"{side}_{part}" for side in ("ours", "theirs") for part in ("name", "capacity", "signed_on"))
router = Router(tags=["envelopes"])
Envelope = out_schema(ENVELOPE, "Envelope")


def _takes_copy() -> dict[str, Any]:
    texts: dict[str, Any] = {name: {"type": "string"} for name in SIGNERS}
    for side in ("ours", "theirs"):
        texts[f"{side}_signed_on"] = {"type": "string", "format": "date"}
    properties = texts | {
        "file": {"type": "string", "format": "binary", "description": "The signed copy."},
        "same_text": {
            "type": "string", "enum": ["true", "false"],
            "description": "You confirm that it has the same text as the version sent; needed where there is one.",
        },
    }  # fmt: skip
    needed = ["file", "ours_name", "ours_signed_on", "theirs_name", "theirs_signed_on"]
    schema = {"type": "object", "required": needed, "properties": properties}
    return {"requestBody": {"required": True, "content": {MULTIPART: {"schema": schema}}}}


@router.get(
    "/envelopes", url_name="envelopes", response=page_schema(Envelope, "EnvelopePage"), openapi_extra=describes_list(ENVELOPE)
)  # fmt: skip
def envelopes_list(request: Request) -> HttpResponse:
    """What is or was out for signing, on every record that you may see; `subject=` narrows to one record."""
    return list_answer(request, KEY)


@router.get("/envelopes/{uuid:envelope_id}", url_name="envelope", response=Envelope)
def envelope_show(request: Request, envelope_id: UUID) -> HttpResponse:
    """One envelope."""
    return show_answer(request, KEY, envelope_id)


@router.post(
    "/envelopes/{uuid:envelope_id}/complete",
    url_name="envelope_complete",
    response=Envelope,
    openapi_extra=_takes_copy(),
)
def envelope_complete(request: Request, envelope_id: UUID) -> HttpResponse:
    """Record the signed copy with who signed for each side and when; the record comes into force if nothing has changed."""
    queries.get_envelope(request.actor, envelope_id)
    if request.content_type != MULTIPART:
        raise OtherType(wanted=MULTIPART)
    strange = sorted((set(request.POST) - {*SIGNERS, "same_text", "once_key"}) | (set(request.FILES) - {"file"}))
    if strange:
        raise UnknownField(fields=", ".join(strange))
    file: Any = request.FILES.get("file")
    same_text = request.POST.get("same_text", "false")
    if same_text not in ("true", "false"):
        raise Invalid(problems=[Problem("unreadable", N_("This must be yes or no."), field="same_text")])
    services.record_signed_copy(
        request.actor,
        envelope_id,
        Upload(file.name or "", file) if file is not None else None,
        ours=services.read_signer(request.POST, "ours"),
        theirs=services.read_signer(request.POST, "theirs"),
        same_text=same_text == "true",
    )
    return show_answer(request, KEY, envelope_id)


@router.post(
    "/envelopes/{uuid:envelope_id}/side",
    url_name="envelope_side",
    response=Envelope,
    openapi_extra=describes_act("side", "name", "capacity", "signed_on"),
)
def envelope_side(request: Request, envelope_id: UUID) -> HttpResponse:
    """Note that one side (`ours` or `theirs`) has signed, before the signed copy is here."""
    given = body_of(request)
    seen_version(request, given)
    texts = texts_of(given, ("side", "name", "capacity", "signed_on"))
    side = texts.get("side", "")
    queries.get_envelope(request.actor, envelope_id)
    if side not in list(Side):
        raise Invalid(
            problems=[Problem("not_offered", N_("“%(given)s” is not one of the choices."), {"given": side}, "side")]
        )
    signer = services.read_signer({f"{side}_{name}": text for name, text in texts.items()}, side)
    services.mark_side_signed(request.actor, envelope_id, side, signer)
    return show_answer(request, KEY, envelope_id)
