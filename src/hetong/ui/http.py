"""The request as our views know it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django_htmx.middleware import HtmxDetails

from hetong.kernel.actors import Actor


class Request(HttpRequest):
    """A request after the middleware: it has an actor, and tells whether htmx asked."""

    actor: Actor
    htmx: HtmxDetails
    request_id: str
    is_token: bool = False
    user: Any
