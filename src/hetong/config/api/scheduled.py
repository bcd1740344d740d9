"""Scheduled jobs in the API: how they went, and running one at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpResponse, JsonResponse
from ninja import Router
from pydantic import BaseModel

from hetong.config import scheduled
from hetong.ui.http import Request

router = Router(tags=["installation"])


class ScheduledOut(BaseModel):
    """A job that runs by itself, and how its last run went."""

    name: str
    what: str
    when: str
    last_at: datetime | None
    took_ms: int | None
    result: str
    is_ok: bool
    next_at: datetime | None
    is_running: bool


class ScheduledPage(BaseModel):
    """All of them, in the order of the table."""

    items: list[ScheduledOut]
    next: str = ""


NAMES = tuple(ScheduledOut.model_fields)


@router.get("/scheduled-jobs", url_name="scheduled", response=ScheduledPage)
def scheduled_list(request: Request) -> HttpResponse:
    """What runs by itself, how it went and when it runs next."""
    return JsonResponse(_page())


@router.post("/scheduled-jobs/{str:job}/run", url_name="scheduled_run", response={202: ScheduledPage})
def scheduled_run(request: Request, job: str) -> HttpResponse:
    """Have a job run at once; a worker takes it up within a second."""
    scheduled.run_now(request.actor, job)
    return JsonResponse(_page(), status=202)


def _page() -> dict[str, Any]:
    return {"items": [{name: one[name] for name in NAMES} for one in scheduled.jobs_shown()], "next": ""}
