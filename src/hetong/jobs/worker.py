"""The worker: claims outbox rows, due recurring jobs and long jobs, and runs them one at a time.

Many workers may run on PostgreSQL (rows are claimed with SKIP LOCKED); on SQLite one runs inside
the server. A claim is a lease: what a killed worker left behind is taken up again when it expires.
A listener's writes and its "done" mark are one transaction, so each takes effect once.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from itertools import islice
from typing import Any
from uuid import UUID

from django.db import close_old_connections, connection, transaction
from django.db.models import QuerySet
from django.utils import timezone, translation

from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError
from hetong.kernel.joined import renew

from .models import Job, Outbox, Schedule, State
from .services import LEASE, PART, subject_of, unpack_actor, unpack_fact, wakeup
from .wiring import WIRED

logger = logging.getLogger(__name__)
MOST_ATTEMPTS, MOST_REFUSALS = 8, 3
AT_A_TIME = 20
"""Rows of the outbox that are read at once."""
UNFINISHED = (State.WAITING, State.RUNNING, State.ATTENTION)


# -- outbox --------------------------------------------------------------------------------------


def claim_outbox(leave: Collection[str] = ()) -> Outbox | None:
    """The oldest row that is due and not behind an unfinished older one of its listener and record.

    Rows of the listeners in ``leave`` (stored names) are left for later.
    """
    now = clock.now()
    busy: set[tuple[str, str]] = set()
    for row in islice(_little_by_little(_unfinished(leave)), 1000):
        keys = {(row.listener, f"{fact['noun']}:{fact['id']}") for fact in row.rows}
        due = row.state != State.ATTENTION and row.next_at <= now
        if due and not keys & busy and _take(row, now):
            return row
        busy |= keys
    return None


def _unfinished(leave: Collection[str]) -> QuerySet[Outbox]:
    """What is not done, oldest first."""
    return Outbox.objects.filter(state__in=UNFINISHED).exclude(listener__in=leave).order_by("id")


def _little_by_little(rows: QuerySet[Outbox]) -> Iterator[Outbox]:
    """Rows in the order of their ids, a few at once: each may hold hundreds of facts."""
    some = list(rows[:AT_A_TIME])
    while some:
        yield from some
        some = list(rows.filter(id__gt=some[-1].pk)[:AT_A_TIME])


def _take(row: Outbox, now: Any) -> bool:
    with transaction.atomic():
        free = Outbox.objects.filter(pk=row.pk, state=row.state, attempts=row.attempts, next_at__lte=now)
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        if free.first() is None:
            return False
        row.state, row.attempts, row.next_at = State.RUNNING, row.attempts + 1, now + LEASE
        row.save(update_fields=["state", "attempts", "next_at"])
        return True


def run_outbox(row: Outbox) -> bool:
    """Run one claimed row, with what is told in the same call; returns whether it ended well."""
    if row.listener in WIRED.folded and row.attempts == 1:
        with suppress(Exception), transaction.atomic():  # what is wrong is found out row by row
            _mark_done(row)
            _call(row, _taken_along(row))
            return True
    try:
        with transaction.atomic():
            _mark_done(row)
            _call(row)
    except Exception as error:  # whatever a listener raises must end on the record, not in the loop
        logger.warning(
            "outbox %s %s failed: %r", row.code, row.listener, error, exc_info=not isinstance(error, DomainError)
        )
        _fail(row, error)
        return False
    return True


def _mark_done(row: Outbox) -> None:
    done = Outbox.objects.filter(pk=row.pk, state=State.RUNNING, attempts=row.attempts)
    if not done.update(state=State.DONE, done_at=clock.now(), error=""):
        raise LookupError("another worker took the row over")


def _taken_along(row: Outbox) -> list[Outbox]:
    """Other rows that wait for the same listener by the same cause, as far as all of them name no more records than one may.

    They are done with this row. None goes past an older one of its record that has failed or that another worker has in hand.
    """
    unfinished = list(_unfinished(()).filter(listener=row.listener).exclude(pk=row.pk)[:AT_A_TIME])
    free = _free([other.pk for other in unfinished])
    named, found = _named(row), []
    busy: set[tuple[str, str]] = set()
    for other in unfinished:
        theirs = _named(other)
        if other.pk not in free:
            busy |= theirs
        elif other.actor == row.actor and not theirs & busy and len(named | theirs) <= PART:
            named |= theirs
            found.append(other)
    Outbox.objects.filter(pk__in=[other.pk for other in found]).update(state=State.DONE, done_at=clock.now())
    return found


def _free(ids: Collection[UUID]) -> set[UUID]:
    """Which of these rows wait for their first time and are in no other worker's hands; they are locked."""
    waiting = Outbox.objects.filter(pk__in=ids, state=State.WAITING, attempts=0, next_at__lte=clock.now())
    if connection.features.has_select_for_update_skip_locked:
        waiting = waiting.select_for_update(skip_locked=True)
    return set(waiting.values_list("pk", flat=True))


def _named(row: Outbox) -> set[tuple[str, str]]:
    return {(fact["noun"], fact["id"]) for fact in row.rows}


def _call(row: Outbox, others: Sequence[Outbox] = ()) -> None:
    actor = unpack_actor(row.actor)
    facts = {str(fact): fact for one in (row, *others) for fact in one.rows}
    event = WIRED.event_type(row.code)(actor=actor, rows=tuple(map(unpack_fact, facts.values())), id=row.event)
    with _as_reader(actor):
        WIRED.named(row.listener)(Actor.system(cause=actor), event)


@contextmanager
def _as_reader(actor: Actor) -> Iterator[None]:
    """In the language and the time zone of who caused the work, as their own request would be answered."""
    with translation.override(actor.language), timezone.override(actor.zone):
        yield


def _fail(row: Outbox, error: Exception) -> None:
    with transaction.atomic():
        if len(row.rows) > 1:
            _split(row)
            return
        most = MOST_REFUSALS if isinstance(error, DomainError) else MOST_ATTEMPTS
        given_up = row.attempts >= most
        Outbox.objects.filter(pk=row.pk, state=State.RUNNING, attempts=row.attempts).update(
            state=State.ATTENTION if given_up else State.WAITING,
            next_at=clock.now() + timedelta(seconds=min(5 * 4 ** (row.attempts - 1), 3600)),
            error=f"{type(error).__name__}: {error}"[:2000],
        )


def _split(row: Outbox) -> None:
    """Give every record of a failing part a row of its own, so that one bad record holds up no other."""
    now = clock.now()
    Outbox.objects.filter(pk=row.pk).update(state=State.DONE, done_at=now, error="split")
    Outbox.objects.bulk_create(
        Outbox(
            event=row.event, code=row.code, actor=row.actor, rows=[fact], listener=row.listener,
            part=(row.part + 1) * 100_000 + n, subject=subject_of((unpack_fact(fact),)), next_at=now, created_at=row.created_at,
        )
        for n, fact in enumerate(row.rows)
    )  # fmt: skip


def drain_outbox(most: int = 10_000, *, leave: Collection[str] = ()) -> int:
    """Run everything that is due but for the listeners in ``leave``, in this thread; returns how many rows were run.

    For tests and commands.
    """
    ran = 0
    while ran < most and (row := claim_outbox(leave)) is not None:
        run_outbox(row)
        ran += 1
    return ran


# -- long jobs -----------------------------------------------------------------------------------


class Cancelled(Exception):
    """The person who started the job stopped it."""


class Handle:
    """What a long task is given: to report progress, which also tells whether to stop."""

    def __init__(self, job: Job) -> None:
        self.id: UUID = job.pk
        self.params: dict[str, Any] = job.params

    def progress(self, done: int, total: int) -> None:
        """Report progress; raises `Cancelled` when the job was stopped. Call it between chunks, outside transactions."""
        running = Job.objects.filter(pk=self.id, state=State.RUNNING)
        if not running.update(progress=done, total=total, lease_until=clock.now() + LEASE):
            raise Cancelled


def claim_job() -> Job | None:
    """The oldest long job that waits, or whose worker is gone."""
    now = clock.now()
    with transaction.atomic():
        free = Job.objects.filter(state=State.WAITING) | Job.objects.filter(state=State.RUNNING, lease_until__lt=now)
        if connection.features.has_select_for_update_skip_locked:
            free = free.select_for_update(skip_locked=True)
        job = free.order_by("id").first()
        if job is not None:
            job.state, job.lease_until = State.RUNNING, now + LEASE
            job.save(update_fields=["state", "lease_until"])
    return job


def run_job(job: Job) -> None:
    """Run one claimed job as the person who started it, with the rights they have now."""
    handle = Handle(job)
    ended: dict[str, Any]
    try:
        actor = WIRED.actor_again(job.actor)
        with _as_reader(actor):
            ended = {"state": State.DONE, "result": WIRED.tasks[job.task](actor, handle, **job.params) or {}}
    except Cancelled:
        return
    except Exception as error:  # the person must see that it failed
        logger.warning("job %s failed", job.task, exc_info=True)
        ended = {"state": State.ATTENTION, "error": f"{type(error).__name__}: {error}"[:2000]}
    Job.objects.filter(pk=job.pk, state=State.RUNNING).update(finished_at=clock.now(), **ended)


# -- schedule ------------------------------------------------------------------------------------


def run_due() -> int:
    """Run the recurring jobs that are due; returns how many."""
    now, ran = clock.now(), 0
    for name, timed in WIRED.schedule.items():
        row, _ = Schedule.objects.get_or_create(job=name, defaults={"next_at": now})
        if row.next_at <= now and _claim_timed(row, now):
            run_timed(name)
            Schedule.objects.filter(job=name).update(next_at=timed.when.following(now), running_until=None)
            ran += 1
    return ran


def _claim_timed(row: Schedule, now: Any) -> bool:
    with transaction.atomic():
        free = Schedule.objects.filter(job=row.job, next_at__lte=now).exclude(running_until__gt=now)
        return bool(free.update(running_until=now + LEASE))


def run_timed(name: str) -> bool:
    """Run one recurring job now and keep its result; returns whether it ended well."""
    started, ok = clock.now(), True
    try:
        timed = WIRED.schedule[name]
        result = str(timed.run() or "")
        if timed.trouble is not None and (trouble := timed.trouble()):
            result, ok = trouble, False
    except Exception as error:  # the jobs page shows it and the next run is kept
        logger.warning("recurring job %s failed", name, exc_info=True)
        result, ok = f"{type(error).__name__}: {error}", False
    took = int((clock.now() - started).total_seconds() * 1000)
    Schedule.objects.update_or_create(
        job=name,
        defaults={"last_at": started, "took_ms": max(took, 0), "result": result[:2000], "is_ok": ok},
        create_defaults={
            "last_at": started,
            "took_ms": max(took, 0),
            "result": result[:2000],
            "is_ok": ok,
            "next_at": started,
        },
    )
    return ok


class Worker:
    """The loop of ``hetong worker``, and of the worker thread inside ``hetong serve``."""

    def __init__(self, pause: float = 1.0) -> None:
        self.pause = pause

    def run(self, stop: threading.Event) -> None:
        """Work until ``stop`` is set, resting ``pause`` seconds when there is nothing to do."""
        while not stop.is_set():
            close_old_connections()
            try:
                worked = self.once()
            except Exception:  # the database may be away for a while; the loop must outlive it
                logger.exception("worker loop")
                worked = False
            if not worked:
                wakeup.wait(self.pause)
                wakeup.clear()

    def once(self) -> bool:
        """One round; returns whether there was anything to do."""
        renew()
        return any([self._do(claim_outbox, run_outbox), self._do(claim_job, run_job), run_due() > 0])

    @staticmethod
    def _do(claim: Callable[[], Any], run: Callable[[Any], Any]) -> bool:
        row = claim()
        if row is not None:
            run(row)
        return row is not None
