"""What every page needs: the rail, the menus, the reader's settings."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from hetong.jobs.queries import running_jobs, unseen_jobs

from .navigation import bell_counts, counted, create_menu, rail, rail_counts, user_menu
from .navigation import settings as settings_menu
from .queries import pinned_views

SETTINGS = "/settings/"
"""Every page under it is a chapter of the settings, whichever app it belongs to; this page itself lists them."""


def is_chapter(path: str) -> bool:
    """Whether the page is one of the settings, which all stand beside the list of them."""
    return path.startswith(SETTINGS) and path != SETTINGS


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; empty for pages without a signed-in reader."""
    languages = [{"code": code, "name": name} for code, name in settings.LANGUAGES]
    actor = getattr(request, "actor", None)
    if actor is None or actor.id is None:
        return {"languages": languages, "theme": "system"}
    user = request.user
    jobs = {"unseen_jobs": unseen_jobs(actor), "running_jobs": running_jobs(actor)}
    counts = counted({**rail_counts(actor), **bell_counts(actor), **jobs})
    return {
        "actor": actor,
        "nav": rail(actor, request.path, counts),
        "create_menu": create_menu(actor),
        "user_menu": user_menu(actor),
        "chapters": settings_menu(actor, request.path) if is_chapter(request.path) else (),
        "unseen": counts["unseen_jobs"] + counts.get("bell", 0),
        "running_jobs": counts["running_jobs"],
        "pinned": pinned_views(actor, request.path, request.GET.get("view", "")),
        "languages": languages,
        "theme": getattr(user, "theme", "system"),
        "shortcuts": getattr(user, "has_shortcuts", True),
    }
