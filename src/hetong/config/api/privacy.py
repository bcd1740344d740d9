"""Personal data in the API: everything that is held on a person, and erasing it."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel

from hetong.config import privacy
from hetong.ui.http import Request
from hetong.ui.rest import body_of, describes_body, texts_of

router = Router(tags=["companies and people"])
REASON = {
    "type": "object", "required": ["reason"], "additionalProperties": False,
    "properties": {"reason": {"type": "string", "maxLength": 500}},
}  # fmt: skip


class Held(BaseModel):
    """One place where something about the person lies."""

    where: str
    count: int
    when_erased: str
    named: list[str]


class PersonalData(BaseModel):
    """All that is held on one person, in the person's language where that is known."""

    kind: str
    id: UUID
    language: str
    made_at: datetime
    made_by: str
    values: dict[str, Any]
    places: list[Held]


@router.get("/personal-data/{str:kind}/{uuid:person_id}", url_name="personal_data", response=PersonalData)
def personal_data_show(request: Request, kind: str, person_id: UUID) -> HttpResponse:
    """Everything that is held on a contact (parties.contact) or a person of ours (accounts.user); the journal notes it."""
    return JsonResponse(privacy.hand_out(request.actor, kind, person_id).as_json())


@router.post(
    "/personal-data/{str:kind}/{uuid:person_id}/erase", url_name="personal_data_erase", response={204: None},
    openapi_extra=describes_body(REASON),
)  # fmt: skip
def personal_data_erase(request: Request, kind: str, person_id: UUID) -> HttpResponse:
    """Blank what is held on a person, here and in the journal; why is needed."""
    given = body_of(request)
    texts_of(given, ("reason",))
    privacy.person_row(request.actor, kind, person_id)
    privacy.person_of(kind).erase(request.actor, [person_id], reason=given.get("reason", ""))
    return HttpResponse(status=204)
