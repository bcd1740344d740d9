"""The journal in the API: the same question, the same rights, page by page."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel, Field

from hetong.kernel.errors import N_, Invalid, Problem
from hetong.ui.http import Request

from .journal import find_entries, read_asked
from .queries import Happening

PAGE = 100
router = Router(tags=["journal"])


class Changed(BaseModel):
    """One field that changed; the texts are in the language of the reader."""

    field: str
    label: str
    before: str
    after: str
    is_erased: bool


class JournalEntry(BaseModel):
    """One thing that happened to one record."""

    id: UUID
    at: datetime
    who: str
    because_of: str
    code: str
    sentence: str
    noun: str
    record: UUID | None
    title: str
    changes: list[Changed]
    reason: str
    via: str
    batch: UUID | None
    place: int | None = Field(description="Its place in the sealed chain; null until it is sealed.")


class JournalPage(BaseModel):
    """Entries, newest first; send ``next`` back as ``before`` for the page after."""

    items: list[JournalEntry]
    next: UUID | None


def _text(name: str, about: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "schema": {"type": "string"}, "description": about}


PARAMETERS = [
    _text("who", "Id of the person, or `system`."), _text("since", "First day, as 2026-03-31."), _text("until", "Last day."),
    _text("noun", "Kind of record, such as `contracts.contract`."), _text("code", "What happened, such as `contracts.submitted`."),
    _text("record", "Id of the record."), _text("batch", "Id of the batch."), _text("field", "Name of a changed field; needs `noun`."),
    _text("before", "The `next` of the page before."),
]  # fmt: skip


@router.get("/journal", url_name="journal", response=JournalPage, openapi_extra={"parameters": PARAMETERS})
def journal_list(request: Request) -> HttpResponse:
    """Everything that happened, newest first; values obey your field rules."""
    given = request.GET.dict()
    asked = read_asked(request.actor, given)
    odd = [*asked.unreadable, *sorted(set(given) - {one["name"] for one in PARAMETERS})]
    before = _id(given.get("before", ""), odd)
    if odd:
        why = N_("This cannot be asked here, or cannot be read.")
        raise Invalid(problems=[Problem("unreadable", why, field=name) for name in odd])
    found, after = find_entries(request.actor, asked, before=before, limit=PAGE)
    return JsonResponse({"items": [_entry(one) for one in found], "next": str(after) if after else None})


def _id(text: str, odd: list[str]) -> UUID | None:
    try:
        return UUID(text) if text else None
    except ValueError:
        odd.append("before")
        return None


def _entry(one: Happening) -> dict[str, Any]:
    changed = [
        {
            "field": change.name, "label": str(change.label), "before": change.before_text, "after": change.after_text,
            "is_erased": change.is_blank,
        }
        for change in one.changes
    ]  # fmt: skip
    return {
        "id": str(one.id), "at": one.at.isoformat(), "who": one.who, "because_of": one.because_of, "code": one.code,
        "sentence": one.sentence, "noun": one.noun, "record": str(one.subject) if one.subject else None, "title": one.label,
        "changes": changed, "reason": one.reason, "via": one.via, "batch": str(one.batch) if one.batch else None,
        "place": one.seq or None,
    }  # fmt: skip
