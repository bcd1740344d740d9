"""The request as our views know it."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from hetong.kernel.actors import Actor


class Request(HttpRequest):
    """A request after the middleware: it has an actor, and tells whether htmx asked."""

    actor: Actor
    htmx: HtmxDetails
    request_id: str
    is_token: bool = False
    user: Any


class ShownOnce(HttpResponse):
    """An answer that holds a secret: it is kept nowhere, and a repeated request is sent on to ``then`` instead."""

    def __init__(self, content: str, *, then: str, status: int = 200) -> None:
        super().__init__(content, status=status)
        self.then = then
