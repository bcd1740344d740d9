from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import render

from hetong.kernel.errors import NotFound
from hetong.kernel.nouns import noun_of_section
from hetong.ui.cards import card_frame
from hetong.ui.http import Request

from .queries import find_history

PAGE = 50


def history(request: Request, section: str, id: UUID) -> HttpResponse:
    """What happened to a record, newest first, without what the reader may not read."""
    key = noun_of_section(section).key
    happenings = find_history(request.actor, key, id, limit=PAGE + 1, before=_cursor(request))
    context = card_frame(request.actor, key, id, "history")
    context |= {"happenings": happenings[:PAGE], "older": happenings[PAGE - 1].id if len(happenings) > PAGE else None}
    template = "audit/history.html#entries" if request.htmx and "before" in request.GET else "audit/history.html"
    return render(request, template, context)


def _cursor(request: Request) -> UUID | None:
    given = request.GET.get("before")
    try:
        return UUID(given) if given else None
    except ValueError as broken:
        raise NotFound(before=given) from broken
