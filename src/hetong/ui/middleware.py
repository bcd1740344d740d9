from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.http import HttpRequest, HttpResponse, HttpResponseBase

from hetong.kernel.errors import DomainError

from .errors import respond
from .http import Request


class ErrorMiddleware:
    """Words every `DomainError` that a view lets through."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is a defect and goes on to the 500 page."""
        return respond(cast(Request, request), exception) if isinstance(exception, DomainError) else None
