"""Shares in the API: who a record is opened to, opening it, and closing it again."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Literal
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel, Field

from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, Problem
from hetong.kernel.values import is_unnamed
from hetong.ui.http import Request

from .models import Share
from .queries import find_colleagues, find_teams
from .services import share_records, unshare
from .sharing import shares_now, visible_shares

router = Router(tags=["companies and people"])


class ShareOut(BaseModel):
    """One opening of a record to one person or one team."""

    id: UUID
    noun: str
    record: UUID
    user: UUID | None
    team: UUID | None
    level: str
    ends_on: date | None
    shared_by: str


class SharePage(BaseModel):
    """The shares of a record that hold now."""

    items: list[ShareOut]
    next: str = ""


class ShareIn(BaseModel):
    """Whom a record is opened to: one of ``user`` and ``team``."""

    noun: str = Field(max_length=60, description="Kind of record, such as `contracts.contract`.")
    record: UUID
    user: UUID | None = None
    team: UUID | None = None
    level: Literal["view", "comment", "edit"] = "view"
    ends_on: date | None = Field(None, description="The last day on which it holds; null: until it is ended.")
    reason: str = Field("", max_length=500)


def _query(name: str, about: str) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": True, "schema": {"type": "string"}, "description": about}


ASKS = {"parameters": [_query("noun", "Kind of record."), _query("record", "Id of the record.")]}


@router.get("/shares", url_name="shares", response=SharePage, openapi_extra=ASKS)
def shares_list(request: Request) -> HttpResponse:
    """Whom a record that you see is shared with."""
    key, id = _record(request.GET.dict())
    found = visible_shares(request.actor, key, id)
    return JsonResponse({"items": [_shown(request.actor, one) for one in found], "next": ""})


def _record(given: Mapping[str, str]) -> tuple[str, UUID]:
    try:
        return given["noun"], UUID(given["record"])
    except (KeyError, ValueError) as broken:
        raise Invalid(
            problems=[Problem("required", N_("Name the record: its kind and its id."), field="record")]
        ) from broken


@router.post("/shares", url_name="shares", response=ShareOut)
def share_add(request: Request, body: ShareIn) -> HttpResponse:
    """Open a record to a person or a team, never wider than you hold it."""
    actor = request.actor
    [share] = share_records(
        actor,
        body.noun,
        [body.record],
        **_whom(actor, body),
        level=body.level,
        ends_on=body.ends_on,
        reason=body.reason,
    )
    return JsonResponse(_shown(actor, share), status=201)


def _whom(actor: Actor, body: ShareIn) -> dict[str, Any]:
    return {
        "user": find_colleagues(actor).filter(pk=body.user).first() if body.user else None,
        "team": find_teams(actor).filter(pk=body.team).first() if body.team else None,
    }


@router.post("/shares/{uuid:share_id}/end", url_name="share_end", response=SharePage)
def share_end(request: Request, share_id: UUID) -> HttpResponse:
    """Close a record again to whom it was opened; what is left of its shares comes back."""
    share = Share.objects.filter(pk=share_id).first()
    unshare(request.actor, share_id)
    left = shares_now(share.noun, share.record) if share else []
    return JsonResponse({"items": [_shown(request.actor, one) for one in left], "next": ""})


def _shown(actor: Actor, one: Share) -> dict[str, Any]:
    return {
        "id": str(one.pk), "noun": one.noun, "record": str(one.record), "user": str(one.user_id) if one.user_id else None,
        "team": str(one.team_id) if one.team_id else None, "level": one.level,
        "ends_on": one.ends_on.isoformat() if one.ends_on else None,
        "shared_by": "" if is_unnamed("accounts.user", actor) else one.by_label,
    }  # fmt: skip
