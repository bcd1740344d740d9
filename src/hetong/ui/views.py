"""Pages of the frame itself: pickers, cells, saved views, bulk edits."""

from __future__ import annotations

from django.http import HttpResponse, JsonResponse
from django.shortcuts import render

from .forms.options import find_options
from .http import Request


def pick(request: Request, key: str) -> HttpResponse:
    """Options for a reference field: what the reader may see and holds every word of ``q``; JSON when asked for."""
    options = find_options(request.actor, key, request.GET.get("q", "")[:200])
    if request.headers.get("Accept", "").startswith("application/json"):
        return JsonResponse({"items": [{"id": str(o.id), "title": o.title, "context": o.context} for o in options]})
    return render(request, "ui/forms/options.html", {"options": options})
