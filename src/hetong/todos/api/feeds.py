"""Calendar addresses in the API: one's own, made, renewed and revoked. An address is told once, when it is made."""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpResponse, JsonResponse
from django.urls import reverse
from ninja import Router
from pydantic import BaseModel, Field

from hetong.kernel.actors import Actor
from hetong.todos import services
from hetong.todos.feeds import find_feeds, name_of
from hetong.todos.models import Feed
from hetong.todos.views.feeds import address_of
from hetong.ui.http import Request, ShownOnce

router = Router()


class FeedOut(BaseModel):
    """A calendar that programs subscribe to. ``address`` only when it was just made or renewed."""

    id: UUID
    name: str
    view: UUID | None
    label: str
    created_at: datetime
    last_used_at: datetime | None
    address: str | None = None


class FeedPage(BaseModel):
    """One's own calendars."""

    items: list[FeedOut]
    next: str = ""


class FeedIn(BaseModel):
    """What the calendar tells: the days of a saved view, or your own deadlines."""

    view: UUID | None = Field(None, description="Id of a saved view of yours; null: your own deadlines.")
    label: str = Field("", max_length=80, description="Where you use it.")


@router.get("/calendars", url_name="feeds", response=FeedPage)
def feeds_list(request: Request) -> HttpResponse:
    """Your calendars; their addresses are told once, when they are made."""
    return JsonResponse(_page(request.actor))


def _page(actor: Actor) -> dict[str, Any]:
    return {"items": [_shown(actor, one) for one in find_feeds(actor)], "next": ""}


@router.post("/calendars", url_name="feeds", response={201: FeedOut})
def feed_add(request: Request, body: FeedIn) -> HttpResponse:
    """Make a calendar; its address is in the answer and nowhere else."""
    return _told(request.actor, *services.make_feed(request.actor, view=body.view, label=body.label), status=201)


@router.post("/calendars/{uuid:feed_id}/renew", url_name="feed_renew", response=FeedOut)
def feed_renew(request: Request, feed_id: UUID) -> HttpResponse:
    """Give a calendar another address; the one before is dead at once."""
    return _told(request.actor, *services.renew_feed(request.actor, feed_id))


@router.post("/calendars/{uuid:feed_id}/revoke", url_name="feed_revoke", response=FeedPage)
def feed_revoke(request: Request, feed_id: UUID) -> HttpResponse:
    """End a calendar; those that are left come back."""
    services.revoke_feed(request.actor, feed_id)
    return JsonResponse(_page(request.actor))


def _told(actor: Actor, feed: Feed, secret: str, *, status: int = 200) -> HttpResponse:
    content = json.dumps(_shown(actor, feed) | {"address": address_of(secret)})
    answer = ShownOnce(content, then=reverse("api:feeds"), status=status)
    answer.headers["Content-Type"] = "application/json"
    return answer


def _shown(actor: Actor, one: Feed) -> dict[str, Any]:
    return {
        "id": str(one.pk), "name": name_of(actor, one), "view": str(one.view) if one.view else None, "label": one.label,
        "created_at": one.created_at.isoformat(), "last_used_at": one.last_used_at.isoformat() if one.last_used_at else None,
    }  # fmt: skip
