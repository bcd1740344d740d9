"""What every page needs: the rail, the menus, the reader's settings."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpRequest

from hetong.jobs.queries import running_jobs, unseen_jobs
from hetong.kernel.actors import Actor

from .navigation import bell_counts, counted, create_menu, rail, rail_counts, user_menu
from .navigation import settings as settings_menu
from .queries import pinned_views

SETTINGS = "/settings/"
"""Every page under it is a chapter of the settings, whichever app it belongs to; this page itself lists them."""


def is_chapter(path: str) -> bool:
    """Whether the page is one of the settings, which all stand beside the list of them."""
    return path.startswith(SETTINGS) and path != SETTINGS


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context of the frame; hardly anything for pages without a signed-in reader.

    What must be counted or looked up is asked for when a template draws it: a fragment has no frame around it.
    """
    languages = [{"code": code, "name": name} for code, name in settings.LANGUAGES]
    actor = getattr(request, "actor", None)
    if actor is None or actor.id is None:
        return {"languages": languages, "theme": "system"}
    user, path = request.user, request.path
    counts = cache(partial(_counts, actor))
    return {
        "actor": actor,
        "nav": cache(lambda: rail(actor, path, counts())),
        "create_menu": cache(partial(create_menu, actor)),
        "user_menu": cache(partial(user_menu, actor)),
        "chapters": settings_menu(actor, path) if is_chapter(path) else (),
        "unseen": lambda: counts()["unseen_jobs"] + counts()["bell"],
        "running_jobs": lambda: counts()["running_jobs"],
        "pinned": cache(lambda: pinned_views(actor, path, request.GET.get("view", ""))),
        "languages": languages,
        "theme": getattr(user, "theme", "system"),
        "shortcuts": getattr(user, "has_shortcuts", True),
    }


def _counts(actor: Actor) -> Mapping[str, int]:
    """Every number of the frame, in one statement."""

    def parts() -> dict[str, QuerySet[Any, Any]]:
        jobs = {"unseen_jobs": unseen_jobs(actor), "running_jobs": running_jobs(actor)}
        return {**rail_counts(actor), **bell_counts(actor), **jobs}

    return counted(actor, "ui.frame", parts)
