"""The page of scheduled jobs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from hetong.accounts.policy import Can, manages
from hetong.config import scheduled as jobs
from hetong.ui.http import Request


def scheduled(request: Request) -> HttpResponse:
    """What runs by itself and how it went; asked again while something is due or under way."""
    shown = jobs.jobs_shown()
    context = {
        "jobs": shown, "may_run": manages(request.actor, Can.MANAGE_COMPANIES, None),
        "is_moving": any(one["is_running"] or one["is_waiting"] for one in shown),
        "is_dead": any(one["is_overdue"] for one in shown),
    }  # fmt: skip
    if request.GET.get("fragment") == "jobs":
        return render(request, "config/_scheduled.html", context)
    return render(request, "config/scheduled.html", context | {"attention": jobs.attention_shown(request.actor)})


def scheduled_run(request: Request, job: str) -> HttpResponse:
    """Have one run at once."""
    jobs.run_now(request.actor, job)
    messages.success(request, _("It runs now. The page shows how it went."))
    return redirect("scheduled")


def scheduled_retry(request: Request, outbox_id: UUID) -> HttpResponse:
    """Try again what failed."""
    jobs.retry_attention(request.actor, outbox_id)
    messages.success(request, _("It is tried again now."))
    return redirect("scheduled")
