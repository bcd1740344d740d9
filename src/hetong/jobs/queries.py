"""Reading the outbox, the schedule, and the long jobs of a person."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

from django.conf import settings
from django.db.models import QuerySet

from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.events import Event
from hetong.kernel.nouns import must_see

from .models import Job, Outbox, Schedule, State
from .wiring import WIRED, Timed, name_of


def owner_of(actor: Actor) -> UUID:
    """Whose jobs an actor's are. Raises `NotFound` for the system and for outsiders: they own none."""
    if actor.id is None:
        raise NotFound(noun="jobs.job")
    return actor.id


def find_jobs(actor: Actor) -> QuerySet[Job]:
    """The actor's own jobs, newest first."""
    return Job.objects.filter(owner=owner_of(actor)).order_by("-created_at")


def get_job(actor: Actor, job_id: UUID) -> Job:
    """One of the actor's own jobs, or `NotFound`."""
    job = find_jobs(actor).filter(pk=job_id).first()
    if job is None:
        raise NotFound(noun="jobs.job", id=str(job_id))
    return job


def unseen_jobs(actor: Actor) -> QuerySet[Job]:
    """The actor's jobs that ended since they last looked."""
    return Job.objects.filter(owner=owner_of(actor), seen_at=None, finished_at__isnull=False)


def find_attention(noun: str, id: UUID) -> QuerySet[Outbox]:
    """Consequences of acts on one record that keep failing; the caller has checked that the record is visible."""
    return Outbox.objects.filter(subject=f"{noun}:{id}", state=State.ATTENTION).order_by("id")


def unfinished(noun: str, id: UUID) -> tuple[list[Outbox], bool]:
    """What keeps failing of the consequences of acts on one record, and whether others are still to run.

    What follows every act alike (search) is nothing to wait for.
    """
    rows = list(Outbox.objects.filter(subject=f"{noun}:{id}").exclude(state=State.DONE).order_by("id"))
    attention = [row for row in rows if row.state == State.ATTENTION]
    quiet = {name_of(one) for one in WIRED.listeners.get(Event, ((), ()))[1]}
    return attention, any(row.state != State.ATTENTION and row.listener not in quiet for row in rows)


def running_jobs(actor: Actor) -> QuerySet[Job]:
    """The actor's jobs that wait or run."""
    return Job.objects.filter(owner=owner_of(actor), state__in=[State.WAITING, State.RUNNING])


def result_folder() -> Path:
    """Where long jobs leave their files, one a job, named by its id; open to the service alone."""
    folder = Path(settings.HETONG_HOME) / "exports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder


def get_result_file(actor: Actor, job_id: UUID) -> tuple[Path, Job]:
    """The file one of the actor's own jobs made; `NotFound` for others' jobs and for files that are gone."""
    job = get_job(actor, job_id)
    path = result_folder() / Path(str(job.result.get("file") or "-")).name
    if not path.is_file():
        raise NotFound(noun="jobs.job", id=str(job_id))
    return path, job


def get_attention(actor: Actor, outbox_id: UUID) -> Outbox:
    """A consequence that keeps failing, for who sees the record it is about. Raises `NotFound`."""
    row = Outbox.objects.filter(pk=outbox_id, state=State.ATTENTION).first()
    key, _colon, record = row.subject.partition(":") if row else ("", "", "")
    if row is None or not record:
        raise NotFound(noun="jobs.outbox", id=str(outbox_id))
    must_see(actor, key, UUID(record))
    return row


@dataclass(frozen=True)
class Recurring:
    """One recurring job: what it is, and how its last run went (None: it never ran)."""

    name: str
    timed: Timed
    kept: Schedule | None


def recurring_jobs() -> list[Recurring]:
    """What runs on a schedule, in the order of the table; one statement."""
    kept = {one.job: one for one in Schedule.objects.all()}
    return [Recurring(name, timed, kept.get(name)) for name, timed in WIRED.schedule.items()]


def all_attention() -> QuerySet[Outbox]:
    """Every consequence that keeps failing, the oldest first; for those who look after the whole house."""
    return Outbox.objects.filter(state=State.ATTENTION).order_by("id")
