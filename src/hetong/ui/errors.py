"""Refusals in words: one place turns a `DomainError` into a page, an htmx fragment or problem+json (RFC 9457)."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpResponse, HttpResponsePermanentRedirect, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext

from hetong.kernel.errors import DomainError, Invalid, NotFound, Problem
from hetong.kernel.nouns import led_to

from .http import Request


def wording(error: DomainError) -> tuple[str, str]:
    """What is wrong, and what to do now, in the reader's language."""
    return _worded(error.text, error.params), _worded(error.then, error.params) if error.then else ""


def problem_words(problem: Problem) -> str:
    """One problem in the reader's language."""
    return _worded(problem.text, problem.params)


def _worded(text: str, params: Any) -> str:
    said = gettext(text)
    try:
        return said % params if params else said.replace("%%", "%")
    except (KeyError, ValueError, TypeError):
        return said


def problem_json(request: Request, error: DomainError) -> dict[str, Any]:
    """The error as problem+json; hidden values never enter it."""
    title, then = wording(error)
    body: dict[str, Any] = {
        "type": f"urn:hetong:{error.code}", "title": title, "status": error.status, "code": error.code, "instance": request.request_id,
    }  # fmt: skip
    if then:
        body["detail"] = then
    if isinstance(error, Invalid) and error.problems:
        body["errors"] = [
            {"field": p.field, "row": p.row, "code": p.code, "message": problem_words(p)} for p in error.problems
        ]
    return body


def respond(request: Request, error: DomainError) -> HttpResponse:
    """The answer to a refusal, in the form the caller can read; what was typed stays with the caller."""
    if isinstance(error, NotFound) and (moved := _moved(request)):
        return moved
    if request.path.startswith("/api/"):
        return JsonResponse(problem_json(request, error), status=error.status, content_type="application/problem+json")
    title, then = wording(error)
    problems = [(p.field, p.row, problem_words(p)) for p in error.problems] if isinstance(error, Invalid) else []
    context = {"title": title, "then": then, "problems": problems, "error": error, "request_id": request.request_id}
    if getattr(request, "htmx", False) and not request.htmx.boosted:
        response = render(request, "ui/_refusal.html", context, status=error.status)
        response.headers["HX-Retarget"], response.headers["HX-Reswap"] = "#toasts", "beforeend"
        return response
    return render(request, "ui/refusal.html", context, status=error.status)


def _moved(request: Request) -> HttpResponse | None:
    """The way on from an address that names a record for which another one stands now."""
    if request.method not in ("GET", "HEAD") or request.resolver_match is None:
        return None
    for named in request.resolver_match.kwargs.values():
        id = _as_id(named)
        to = led_to(request.actor, id) if id else None
        if to is not None:
            return HttpResponsePermanentRedirect(request.get_full_path().replace(str(id), str(to)))
    return None


def _as_id(named: object) -> UUID | None:
    """An id out of an address; the API's addresses hold it as text."""
    try:
        return UUID(str(named))
    except ValueError:
        return None
