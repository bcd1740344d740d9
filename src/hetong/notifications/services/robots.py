"""Handing messages to the robots of chat rooms, each by one worker at a time, until it is taken."""

from __future__ import annotations

from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext

from hetong.jobs.services import wakeup
from hetong.kernel import clock, sealed
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.notifications.gateways import ChatRefused, ChatUnreachable, Message, Room, chat_gateway
from hetong.notifications.models import ChatPost, ChatRoom
from hetong.notifications.queries.rooms import find_posts
from hetong.notifications.states import ChatKind, State

from .tries import deliver_due, held, settle

PURPOSE = "notifications.chat"


def deliver_posts() -> str:
    """Say what is due. A room that cannot be reached waits for its next try; the others are not held up behind it."""
    sent = deliver_due(ChatPost, "room", _say, ChatUnreachable)
    return f"{sent} said" if sent else ""


def silent_rooms() -> str:
    """What the jobs page says while rooms cannot be reached; empty while all can."""
    names = held(ChatPost).order_by("room__name").values_list("room__name", flat=True).distinct()
    return "Rooms that cannot be reached: " + ", ".join(names) if names else ""


def _say(post: ChatPost) -> bool:
    """One try; returns whether the robot took the message. Raises `ChatUnreachable`."""
    room = post.room
    if not room.is_enabled:
        settle(post, state=State.DROPPED, error="")
        return False
    try:
        chat_gateway().send(_opened(room), _message(room, post))
    except (ChatRefused, sealed.Unreadable) as refused:
        settle(post, state=State.FAILED, error=str(refused)[:100] or type(refused).__name__)
        return False
    settle(post, state=State.SENT, sent_at=clock.now(), error="")
    return True


def _opened(room: ChatRoom) -> Room:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    address = sealed.unseal(room.address, secrets=keys, purpose=PURPOSE)
    secret = sealed.unseal(room.secret, secrets=keys, purpose=PURPOSE) if room.secret else ""
    return Room(ChatKind(room.kind), address, secret)


def _message(room: ChatRoom, post: ChatPost) -> Message:
    with translation.override(room.language):
        button = gettext("Open it")
    return Message(post.title, tuple(post.lines), f"{settings.BASE_URL}{post.path or '/'}", button)


@transaction.atomic
def retry_post(actor: Actor, post_id: UUID) -> ChatPost:  # allow: journal — sending changes no record
    """Let a message that was given up be tried again now. Raises `NotFound`, `Forbidden`."""
    actor.must_act()
    failed = find_posts(actor).filter(pk=post_id, state=State.FAILED)
    if not failed.update(state=State.WAITING, attempts=0, next_at=clock.now(), error="", is_held=False):
        raise NotFound(noun="notifications.post", id=str(post_id))
    transaction.on_commit(wakeup.set)
    return ChatPost.objects.get(pk=post_id)
