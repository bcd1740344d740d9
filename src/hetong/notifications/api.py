"""One's own notices in the API: reading, marking, muting, passing on, and how one wants to be told."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal
from uuid import UUID

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel, Field

from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, Problem
from hetong.kernel.values import plain
from hetong.notifications import queries, services
from hetong.notifications.models import Notice
from hetong.ui.http import Request

router = Router(tags=["notices"])
MOST = 250


class Told(BaseModel):
    """A value that a notice shows, as its reader may read it now."""

    label: str
    value: Any


class NoticeOut(BaseModel):
    """What you were told, in your language and with the rights of now."""

    id: UUID
    kind: str
    words: str
    title: str
    url: str
    noun: str
    record: UUID | None
    why: str
    by: str
    note: str
    values: list[Told]
    created_at: dt.datetime
    is_new: bool


class NoticePage(BaseModel):
    """Notices, the newest first; ``next`` leads to those before them."""

    items: list[NoticeOut]
    next: str = ""
    unread: int


class ReadIn(BaseModel):
    """Which notices are read; without ids all of them."""

    ids: list[UUID] | None = Field(None, max_length=1000)


class PassOnIn(BaseModel):
    """To whom a notice is passed on, with which words."""

    to: list[UUID] = Field(default_factory=list, max_length=50)
    note: str = Field("", max_length=1000)


class Counted(BaseModel):
    """How many there were."""

    count: int


class WishOut(BaseModel):
    """How one kind of notice reaches you."""

    kind: str = Field(max_length=60)
    label: str = ""
    in_app: bool = True
    mail: Literal["now", "digest", "off"]


class WishesOut(BaseModel):
    """All kinds, and when mails may come (in your own zone)."""

    kinds: list[WishOut] = Field(max_length=200)
    quiet_from: dt.time | None = None
    quiet_to: dt.time | None = None
    digest_at: dt.time = dt.time(7)


def _query(name: str, about: str, shape: Mapping[str, Any]) -> dict[str, Any]:
    return {"in": "query", "name": name, "required": False, "schema": dict(shape), "description": about}


ASKS = {
    "parameters": [
        _query("new", "true: only those that are not read.", {"type": "boolean"}),
        _query("cursor", "`next` of the page before.", {"type": "string"}),
        _query("limit", "At most so many.", {"type": "integer", "minimum": 1, "maximum": MOST}),
    ]
}


@router.get("/notices", url_name="notices", response=NoticePage, openapi_extra=ASKS)
def notices_list(request: Request) -> HttpResponse:
    """What you were told, the newest first."""
    actor, asked = request.actor, request.GET
    limit, before = _limit(asked.get("limit", "50")), _cursor(asked.get("cursor", ""))
    found = queries.unread_notices(actor) if asked.get("new") == "true" else queries.find_notices(actor)
    rows = list(queries.before(found, before)[: limit + 1])
    more = _after(rows[limit - 1]) if len(rows) > limit else ""
    items = [_shown(one) for one in queries.drawn(actor, rows[:limit])]
    return JsonResponse({"items": items, "next": more, "unread": queries.count_unread(actor)})


def _limit(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) < 5 and 1 <= int(text) <= MOST):
        words = N_("This must be a number from 1 to %(most)s.")
        raise Invalid(problems=[Problem("unreadable", words, {"most": MOST}, "limit")])
    return int(text)


def _after(one: Notice) -> str:
    """Where the next page begins: after that one. Nothing in it needs escaping in an address."""
    return f"{one.created_at.astimezone(dt.UTC):%Y%m%dT%H%M%S.%fZ}_{one.pk}"


def _cursor(text: str) -> tuple[dt.datetime, UUID] | None:
    at, _line, id = text.rpartition("_")
    try:
        return (dt.datetime.fromisoformat(at).astimezone(dt.UTC), UUID(id)) if text else None
    except (ValueError, OverflowError) as broken:
        words = N_("This is not the “next” of a page.")
        raise Invalid(problems=[Problem("unreadable", words, field="cursor")]) from broken


def _shown(one: queries.Drawn) -> dict[str, Any]:
    site = settings.BASE_URL
    return {
        "id": str(one.id), "kind": one.kind, "words": one.words, "title": one.title, "url": site + one.url if one.url else "",
        "noun": one.page_noun, "record": str(one.page) if one.is_open else None, "why": one.why, "by": one.by, "note": one.note,
        "values": [{"label": label, "value": plain(value)} for label, value in one.values],
        "created_at": one.created_at.isoformat(), "is_new": one.is_new,
    }  # fmt: skip


@router.post("/notices/read", url_name="notices_read", response=Counted)
def notices_read(request: Request, body: ReadIn) -> HttpResponse:
    """Mark these notices as read, or all; `count` is how many were new."""
    return JsonResponse({"count": services.read_notices(request.actor, body.ids)})


@router.post("/notices/{uuid:notice_id}/unread", url_name="notice_unread", response=NoticeOut)
def notice_unread(request: Request, notice_id: UUID) -> HttpResponse:
    """Mark a notice as new again."""
    services.unread_notice(request.actor, notice_id)
    return _one(request.actor, notice_id)


@router.post("/notices/{uuid:notice_id}/mute", url_name="notice_mute", response=NoticeOut)
def notice_mute(request: Request, notice_id: UUID) -> HttpResponse:
    """No more notices of its record; reminders and what asks for you still come."""
    one = queries.get_notice(request.actor, notice_id)
    services.mute_record(request.actor, one.page_noun, one.page)
    return _one(request.actor, notice_id)


@router.post("/notices/{uuid:notice_id}/unmute", url_name="notice_unmute", response=NoticeOut)
def notice_unmute(request: Request, notice_id: UUID) -> HttpResponse:
    """Notices of its record again."""
    one = queries.get_notice(request.actor, notice_id)
    services.unmute_record(request.actor, one.page_noun, one.page)
    return _one(request.actor, notice_id)


@router.post("/notices/{uuid:notice_id}/pass", url_name="notice_pass_on", response=Counted)
def notice_pass_on(request: Request, notice_id: UUID, body: PassOnIn) -> HttpResponse:
    """Tell colleagues of it; each sees of the record what they may, and your note."""
    return JsonResponse({"count": len(services.pass_on(request.actor, notice_id, body.to, note=body.note))})


def _one(actor: Actor, id: UUID) -> HttpResponse:
    [shown] = queries.drawn(actor, [queries.get_notice(actor, id)])
    return JsonResponse(_shown(shown))


@router.get("/notice-wishes", url_name="notice_wishes", response=WishesOut)
def notice_wishes(request: Request) -> HttpResponse:
    """How you want to be told, by kind, and when mails may come."""
    return JsonResponse(_wishes(request.actor))


@router.put("/notice-wishes", url_name="notice_wishes", response=WishesOut)
def notice_wishes_set(request: Request, body: WishesOut) -> HttpResponse:
    """Change how you want to be told; kinds that are not named stay as they are."""
    services.set_wishes(
        request.actor, {one.kind: (one.in_app, one.mail) for one in body.kinds},
        quiet_from=body.quiet_from, quiet_to=body.quiet_to, digest_at=body.digest_at,
    )  # fmt: skip
    return JsonResponse(_wishes(request.actor))


def _wishes(actor: Actor) -> dict[str, Any]:
    own = queries.owner_of(actor)
    rhythm = queries.rhythm_of(own)
    kinds = [
        {"kind": w.kind.key, "label": str(w.kind.label), "in_app": w.in_app, "mail": w.mail}
        for w in queries.preferences_of(own)
    ]
    times = {name: getattr(rhythm, name) for name in ("quiet_from", "quiet_to", "digest_at")}
    return {"kinds": kinds} | {name: f"{at:%H:%M}" if at else None for name, at in times.items()}
