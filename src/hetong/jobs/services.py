"""Publishing events, and starting, watching and stopping long jobs."""

from __future__ import annotations

import threading
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.errors import N_, Conflict, NotFound
from hetong.kernel.events import Event, Fact
from hetong.kernel.rows import insert

from .announcing import ALL, announce, names_of
from .models import Job, Outbox, Schedule, State
from .queries import owner_of, result_folder
from .wiring import WIRED, name_of

PART = 500
"""Rows of one event that a listener gets at a time."""
LEASE = timedelta(minutes=5)
"""How long a worker holds what it took before another may take it over."""
FILES_KEPT, JOBS_KEPT = timedelta(days=7), timedelta(days=90)

wakeup = threading.Event()


def publish(event: Event) -> None:
    """Tell those who listen: *with* now, in this transaction; *after* through the outbox once it commits."""
    if not event.rows:
        return
    event.actor.must_act()
    together, after = WIRED.of(event)
    for listener in together:
        listener(event.actor, event)
    if after:
        _wait(event, [name_of(listener) for listener in after])
        transaction.on_commit(wakeup.set)
    announce(names_of(event.rows))


def tell_of_many() -> None:
    """Do what `publish` does once it commits, for rows whose events another process has worked out: wake workers and open pages."""
    transaction.on_commit(wakeup.set)
    announce([ALL])


def _wait(event: Event, listeners: Sequence[str]) -> None:
    """One row of the outbox per listener and part of the event; each part is packed once."""
    now, actor = clock.now(), pack_actor(event.actor)
    starts = range(0, len(event.rows), PART)
    parts = [event.rows[start : start + PART] for start in starts] if listeners else []
    companies = {
        place: str(one) for place, one in {id(fact.company): fact.company for fact in event.rows}.items() if one
    }
    packed = [([pack_fact(fact, companies) for fact in rows], subject_of(rows)) for rows in parts]
    insert([
        Outbox(
            event=event.id, code=event.code, actor=actor, rows=rows, listener=listener, part=part, subject=subject,
            next_at=now, created_at=now,
        )
        for listener in listeners for part, (rows, subject) in enumerate(packed)
    ])  # fmt: skip


def settle_waiting(listeners: Collection[str]) -> int:
    """Let what waits for these listeners (stored names) rest; returns how many rows.

    For whoever has done for all records at once what they would do one by one, or enters what lies far back and is
    news to nobody.
    """
    waiting = Outbox.objects.filter(state=State.WAITING, listener__in=list(listeners))
    return waiting.update(state=State.DONE, done_at=clock.now())


def subject_of(rows: tuple[Fact, ...]) -> str:
    """``noun:id`` where the rows are one record, else empty."""
    return f"{rows[0].noun}:{rows[0].id}" if len(rows) == 1 else ""


def pack_fact(fact: Fact, companies: Mapping[int, str]) -> dict[str, Any]:
    """A fact as JSON for the outbox. ``companies``: the texts of the ids of its event's companies, by their identity."""
    return {
        "noun": fact.noun,
        "id": str(fact.id),
        "company": companies.get(id(fact.company)),
        "facts": dict(fact.facts),
    }


def unpack_fact(stored: Mapping[str, Any]) -> Fact:
    """The fact that `pack_fact` was given."""
    company = stored["company"]
    return Fact(stored["noun"], UUID(stored["id"]), UUID(company) if company else None, stored["facts"])


def pack_actor(actor: Actor) -> dict[str, Any]:
    """An actor as stored: who it was, never what it might do (rights are those of now)."""
    packed: dict[str, Any] = {
        "kind": actor.kind.value,
        "id": str(actor.id) if actor.id else None,
        "label": actor.label,
        "language": actor.language,
    }
    if actor.cause:
        packed["cause"] = pack_actor(actor.cause)
    return packed


def unpack_actor(stored: Mapping[str, Any]) -> Actor:
    """Who it was, without any right."""
    id = stored["id"]
    cause = unpack_actor(stored["cause"]) if "cause" in stored else None
    return Actor(
        ActorKind(stored["kind"]),
        UUID(id) if id else None,
        stored["label"],
        cause=cause,
        language=stored.get("language", "en"),
    )


def retry(actor: Actor, outbox_id: UUID) -> None:
    """Let a consequence that needs attention be tried again now."""
    changed = Outbox.objects.filter(pk=outbox_id, state=State.ATTENTION).update(
        state=State.WAITING, attempts=0, next_at=clock.now()
    )
    if not changed:
        raise NotFound(noun="jobs.outbox", id=str(outbox_id))
    transaction.on_commit(wakeup.set)


class AlreadyRunning(Conflict):
    """A recurring job is under way; asking for it again would change nothing."""

    code = "already_running"
    text = N_("This job is running already.")
    then = N_("Wait until it has ended, then run it again.")


def run_soon(name: str) -> None:
    """Let a recurring job be due now; a worker takes it up within a second. Raises `NotFound`, `AlreadyRunning`."""
    if name not in WIRED.schedule:
        raise NotFound(noun="jobs.recurring", id=name)
    now = clock.now()
    row, _is_new = Schedule.objects.get_or_create(job=name, defaults={"next_at": now})
    idle = Schedule.objects.filter(job=row.job).exclude(running_until__gt=now)
    if not idle.update(next_at=now, running_until=None):
        raise AlreadyRunning()
    transaction.on_commit(wakeup.set)


def start_job(actor: Actor, task: str, title: str, params: Mapping[str, Any], *, total: int = 0) -> Job:
    """Queue long work for the actor; a worker takes it up within a second."""
    actor.must_act()
    job = Job(
        owner=owner_of(actor),
        actor=pack_actor(actor),
        task=task,
        title=title,
        params=dict(params),
        total=total,
        created_at=clock.now(),
    )
    job.save(force_insert=True)
    transaction.on_commit(wakeup.set)
    return job


def cancel_job(actor: Actor, job_id: UUID) -> None:
    """Ask a job of one's own to stop; it stops at its next step."""
    changed = Job.objects.filter(pk=job_id, owner=owner_of(actor), state__in=[State.WAITING, State.RUNNING]).update(
        state=State.CANCELLED, finished_at=clock.now()
    )
    if not changed:
        raise NotFound(noun="jobs.job", id=str(job_id))


def see_jobs(actor: Actor) -> None:
    """Mark the actor's finished jobs as seen."""
    Job.objects.filter(owner=owner_of(actor), seen_at=None, finished_at__isnull=False).update(seen_at=clock.now())


def purge_jobs() -> str:
    """Remove result files after seven days and finished jobs after ninety."""
    now, gone = clock.now(), 0
    for path in result_folder().iterdir():
        if path.is_file() and path.stat().st_mtime < (now - FILES_KEPT).timestamp():
            path.unlink(missing_ok=True)
            gone += 1
    jobs, _each = Job.objects.filter(finished_at__lt=now - JOBS_KEPT).delete()
    return f"{gone} files, {jobs} jobs removed"
