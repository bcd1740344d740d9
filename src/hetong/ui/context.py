"""What every page needs: the rail, the menus, the reader's settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hetong.jobs.queries import count_unseen

from .navigation import create_menu, rail, user_menu
from .queries import pinned_views


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; empty for pages without a signed-in reader."""
    languages = [{"code": code, "name": name} for code, name in settings.LANGUAGES]
    actor = getattr(request, "actor", None)
    if actor is None or actor.id is None:
        return {"languages": languages, "theme": "system"}
    user = request.user
    return {
        "actor": actor,
        "nav": rail(actor, request.path),
        "create_menu": create_menu(actor),
        "user_menu": user_menu(actor),
        "unseen_jobs": count_unseen(actor),
        "pinned": pinned_views(actor, request.path, request.GET.get("view", "")),
        "languages": languages,
        "theme": getattr(user, "theme", "system"),
        "shortcuts": getattr(user, "has_shortcuts", True),
    }
