from __future__ import annotations

from uuid import UUID

from django.db.models import QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound

from .models import Job, Outbox, Schedule, State


def find_jobs(actor: Actor) -> QuerySet[Job]:
    """The actor's own jobs, newest first."""
    return Job.objects.filter(owner=actor.id).order_by("-created_at")


def get_job(actor: Actor, job_id: UUID) -> Job:
    """One of the actor's own jobs, or `NotFound`."""
    job = find_jobs(actor).filter(pk=job_id).first()
    if job is None:
        raise NotFound(noun="jobs.job", id=str(job_id))
    return job


def count_unseen(actor: Actor) -> int:
    """How many of the actor's jobs ended since they last looked."""
    return Job.objects.filter(owner=actor.id, seen_at=None, finished_at__isnull=False).count()


def find_attention(noun: str, id: UUID) -> QuerySet[Outbox]:
    """Consequences of acts on one record that keep failing; the caller has checked that the record is visible."""
    return Outbox.objects.filter(subject=f"{noun}:{id}", state=State.ATTENTION).order_by("id")


def find_schedule() -> QuerySet[Schedule]:
    """Every recurring job with its last run."""
    return Schedule.objects.order_by("job")
