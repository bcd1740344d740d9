"""Parts of a page that are asked again every few seconds: an unchanged part answers 204.

A part is marked by a hash of its content. The page carries the mark with the part (``data-live``,
``data-mark``; ``frontend/src/live.ts``) and sends it back; keys that differ at every drawing are left out.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from .http import Request

MARK = "X-Live-Mark"
_FRESH = re.compile(r'name="(?:csrfmiddlewaretoken|once_key)" value="[^"]*"')


@dataclass(frozen=True)
class Part:
    """A part of a page as it stands now: its HTML, the mark of it, and where it is asked for again."""

    html: SafeString
    mark: str
    url: str


def live_part(request: Request, template: str, context: Mapping[str, Any], url: str) -> Part:
    """Draw the part for the page that holds it; show it with ``ui/_live.html``."""
    # without the context processors: the page around it has asked for the rail and its counts already
    html = render_to_string(
        template, {"request": request, "actor": request.actor, "csrf_token": get_token(request), **context}
    )
    return Part(html, mark_of(html), url)


def live_answer(request: Request, template: str, context: Mapping[str, Any]) -> HttpResponse:
    """The part alone, or 204 where the reader's is the same."""
    part = live_part(request, template, context, "")
    if request.headers.get(MARK) == part.mark:
        return HttpResponse(status=204)
    return HttpResponse(part.html, headers={MARK: part.mark, "Cache-Control": "no-store"})


def mark_of(html: str) -> str:
    """A short hash of what the reader sees."""
    return hashlib.blake2b(_FRESH.sub("", html).encode(), digest_size=12).hexdigest()
