"""Reading the chat rooms and what was said in them, for those who set up the company."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from hetong.accounts.models import Company
from hetong.accounts.policy import Can
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, NotFound
from hetong.kernel.outside import AddressRefused, HostUnknown, LiesInside
from hetong.notifications.models import ChatPost, ChatRoom
from hetong.notifications.states import ChatKind, State
from hetong.notifications.table import spoken_kinds

SERVICES = {
    ChatKind.DINGTALK: N_("DingTalk"),
    ChatKind.WECOM: N_("WeCom"),
    ChatKind.FEISHU: N_("Feishu / Lark"),
    ChatKind.SLACK: N_("Slack"),
    ChatKind.TEAMS: N_("Microsoft Teams"),
}
SIGNED = frozenset({ChatKind.DINGTALK, ChatKind.FEISHU})
"""Whose robots can ask for signed messages."""
POST_STATES = {
    State.WAITING: N_("Waiting"), State.SENT: N_("Sent"), State.FAILED: N_("Failed"), State.DROPPED: N_("Dropped"),
}  # fmt: skip
MOST_POSTS = 50
REFUSALS = {error.code: error for error in (AddressRefused, LiesInside, HostUnknown)}
"""Why an address was not gone to; the delivery log keeps the code."""


def companies_with_rooms(actor: Actor) -> Any:
    """The companies whose rooms the actor looks after. Raises `Forbidden`."""
    actor.require(Can.MANAGE_COMPANIES)
    companies = Company.objects.visible_to(actor).filter(is_active=True).order_by("name_key")
    return companies.filter(
        pk__in=[id for id in companies.values_list("pk", flat=True) if actor.may(Can.MANAGE_COMPANIES, id)]
    )


def find_rooms(actor: Actor) -> Any:
    """The rooms of those companies, by name. Raises `Forbidden`."""
    # allow: visibility — a room is as visible as its company is to those who set it up
    rooms = ChatRoom.objects.filter(company__in=companies_with_rooms(actor).values("pk"))
    return rooms.select_related("company", "team").order_by("name", "pk")


def get_room(actor: Actor, id: UUID) -> ChatRoom:
    """One room. Raises `NotFound`, `Forbidden`."""
    room: ChatRoom | None = find_rooms(actor).filter(pk=id).first()
    if room is None:
        raise NotFound(noun="notifications.room", id=str(id))
    return room


def find_posts(actor: Actor) -> Any:
    """What was said in those rooms, newest first. Raises `Forbidden`."""
    # allow: visibility — as visible as the room
    return ChatPost.objects.filter(room__in=find_rooms(actor).values("pk")).order_by("-created_at", "-pk")


def rooms_shown(actor: Actor) -> list[dict[str, Any]]:
    """The rooms as they are listed; never an address or a secret."""
    labels = {kind.key: str(kind.aloud or kind.label) for kind in spoken_kinds()}
    return [
        {
            "id": room.pk, "name": room.name, "service": gettext(SERVICES[ChatKind(room.kind)]), "host": room.host,
            "company": room.company.name, "team": room.team.name if room.team else "", "is_enabled": room.is_enabled,
            "kinds": [labels[key] for key in room.kinds if key in labels],
        }
        for room in find_rooms(actor)
    ]  # fmt: skip


def _why(post: ChatPost) -> str:
    """What stopped a message: in words where it is ours, else what the service said."""
    ours = REFUSALS.get(post.error)
    return gettext(ours.text) % {"host": post.room.host} if ours else post.error


def posts_shown(actor: Actor, room: UUID) -> list[dict[str, Any]]:
    """The newest messages to a room, with what stopped those that failed."""
    return [
        {
            "id": post.pk, "title": post.title, "lines": post.lines, "state": post.state,
            "state_words": gettext(POST_STATES[State(post.state)]), "error": _why(post), "next_at": post.next_at,
            "at": post.sent_at or post.created_at, "may_retry": post.state == State.FAILED,
        }
        for post in find_posts(actor).filter(room=room).select_related("room")[:MOST_POSTS]
    ]  # fmt: skip
