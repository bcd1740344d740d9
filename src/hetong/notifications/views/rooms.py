"""Settings: the rooms of chat services in which robots say what happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.kernel.errors import Invalid
from hetong.notifications import services
from hetong.notifications.forms import RoomForm
from hetong.notifications.models import ChatRoom
from hetong.notifications.queries.rooms import get_room, posts_shown, rooms_shown
from hetong.notifications.services import RoomWish
from hetong.ui.http import Request
from hetong.ui.navigation import settings


def rooms(request: Request) -> HttpResponse:
    """Every room with what it hears."""
    context = {"rooms": rooms_shown(request.actor), "groups": settings(request.actor, request.path)}
    return render(request, "notifications/rooms.html", context)


def room_add(request: Request) -> HttpResponse:
    """A new room."""
    form = RoomForm(request.actor, request.POST if request.method == "POST" else None)
    return _answer(request, form, lambda wish: services.add_room(request.actor, wish), {"title": _("Add chat room")})


def room(request: Request, id: UUID) -> HttpResponse:
    """One room: what is said in it, whether it hears, what was said lately."""
    held = get_room(request.actor, id)
    form = RoomForm(
        request.actor, request.POST if request.method == "POST" else None, initial=_initial(held), held=held
    )
    context = {"title": held.name, "room": held, "posts": posts_shown(request.actor, id)}
    return _answer(request, form, lambda wish: services.edit_room(request.actor, id, wish), context)


def _initial(held: ChatRoom) -> dict[str, Any]:
    return {
        "name": held.name, "kind": held.kind, "company": str(held.company_id), "team": str(held.team_id or ""),
        "language": held.language, "kinds": held.kinds,
    }  # fmt: skip


def _answer(
    request: Request, form: RoomForm, keep: Callable[[RoomWish], ChatRoom], context: dict[str, Any]
) -> HttpResponse:
    status = 200
    if request.method == "POST":
        try:
            kept = keep(form.wish())
        except Invalid as refused:
            form.refuse(refused)
            status = 422
        else:
            messages.success(request, _("Saved."))
            return redirect("notifications:room", kept.pk)
    context |= {"form": form, "sections": form.sections(), "submit": _("Save"), "cancel_url": "/settings/chat/"}
    return render(request, "notifications/room.html", context, status=status)


def room_test(request: Request, id: UUID) -> HttpResponse:
    """Say something in the room."""
    services.send_test_post(request.actor, id)
    messages.success(request, _("A test is on its way to the room."))
    return redirect("notifications:room", id)


def room_switch(request: Request, id: UUID) -> HttpResponse:
    """Let the room hear, or not."""
    held = services.switch_room(request.actor, id, is_enabled=request.POST.get("on") == "1")
    words = _("The room hears again.") if held.is_enabled else _("Nothing more is said in the room.")
    messages.success(request, words)
    return redirect("notifications:room", id)


def post_retry(request: Request, id: UUID) -> HttpResponse:
    """Try a message again that was given up."""
    post = services.retry_post(request.actor, id)
    messages.success(request, _("The message is tried again now."))
    return redirect("notifications:room", post.room_id)
