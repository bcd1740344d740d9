"""A reader's own background work: watch it, stop it, fetch what it made; and try again what failed."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from hetong.jobs import queries, services
from hetong.jobs.models import Job, State
from hetong.ui.http import Request

SHOWN = 50


def job_list(request: Request) -> HttpResponse:
    """One's own jobs, newest first; asked again every two seconds while one is under way."""
    context = _listed(request, SHOWN)
    if request.GET.get("fragment") == "list":
        return render(request, "ui/background/_jobs.html", context)
    response = render(request, "ui/background/list.html", context)
    services.see_jobs(request.actor)
    return response


def job_bell(request: Request) -> HttpResponse:
    """What the bell opens: the newest jobs. Looking at them makes the finished ones seen."""
    response = render(request, "ui/background/_bell.html", _listed(request, 8))
    services.see_jobs(request.actor)
    return response


def job_file(request: Request, job_id: UUID) -> FileResponse:
    """The file of one's own job, always as a download."""
    path, job = queries.get_result_file(request.actor, job_id)
    return FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=str(job.result.get("name") or path.name),
        content_type=str(job.result.get("type") or "application/octet-stream"),
    )


def job_cancel(request: Request, job_id: UUID) -> HttpResponse:
    """Stop one's own job."""
    services.cancel_job(request.actor, job_id)
    messages.success(request, _("The work stops at its next step. What is done stays done."))
    return redirect("jobs:list")


def outbox_retry(request: Request, outbox_id: UUID) -> HttpResponse:
    """Try a failed consequence again."""
    queries.get_attention(request.actor, outbox_id)
    services.retry(request.actor, outbox_id)
    messages.success(request, _("It is tried again now."))
    back = request.POST.get("back", "")
    return redirect(back if back.startswith("/") and url_has_allowed_host_and_scheme(back, allowed_hosts=None) else "/")


def _listed(request: Request, most: int) -> dict[str, Any]:
    jobs = list(queries.find_jobs(request.actor)[:most])
    return {
        "jobs": [_shown(job) for job in jobs],
        "is_running": any(j.state in (State.WAITING, State.RUNNING) for j in jobs),
    }


def _shown(job: Job) -> dict[str, Any]:
    """A job as it is drawn."""
    words = {
        State.WAITING: (_("Waiting"), "waiting"),
        State.RUNNING: (_("Running"), "running"),
        State.DONE: (_("Done"), "done"),
        State.ATTENTION: (_("Failed"), "failed"),
        State.CANCELLED: (_("Stopped"), "void"),
    }
    label, glyph = words[State(job.state)]
    share = 100 * job.progress // job.total if job.total else 0
    has_file = bool(job.result.get("file"))
    is_kept = has_file and (queries.result_folder() / str(job.result["file"])).is_file()
    return {
        "id": job.pk,
        "title": job.title,
        "state": job.state,
        "label": label,
        "glyph": glyph,
        "progress": job.progress,
        "total": job.total,
        "share": share,
        "result": job.result,
        "error": job.error,
        "created_at": job.created_at,
        "finished_at": job.finished_at,
        "is_open": job.state in (State.WAITING, State.RUNNING),
        "is_new": job.finished_at is not None and job.seen_at is None,
        "has_file": is_kept,
        "file_is_gone": has_file and not is_kept,
    }
