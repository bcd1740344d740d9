"""Lists as files: what is seen or every readable column, typed cells, safe to open in a spreadsheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from ..http import Request
from .state import State


def export_links(state: State) -> list[dict[str, Any]]:
    """The files a list can be had as."""
    return []


def export(request: Request, state: State, kind: str) -> HttpResponse:
    """The list as a file."""
    return HttpResponse(status=404)
