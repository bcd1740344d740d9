"""Law 1, 9, 10: consequences run once, are retried, split row by row, keep the order per record."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest
from django.db import transaction

from hetong.jobs import wiring
from hetong.jobs.models import Job, Outbox, Schedule, State
from hetong.jobs.queries import find_attention, unseen_jobs
from hetong.jobs.services import cancel_job, publish, retry, settle_waiting, start_job
from hetong.jobs.worker import Handle, Worker, claim_job, claim_outbox, drain_outbox, run_due, run_job, run_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.errors import DomainError, NotFound
from hetong.kernel.events import Event, Fact

ADA = Actor(ActorKind.USER, uuid.uuid4(), "Ada")
SEEN: list[tuple[str, tuple[uuid.UUID, ...]]] = []
BROKEN: set[uuid.UUID] = set()


class Happened(Event):
    code = "test.happened"


def listener(actor: Actor, event: Event) -> None:
    assert actor.is_system
    assert actor.cause is not None
    if BROKEN & {row.id for row in event.rows}:
        raise DomainError("broken")
    SEEN.append((actor.cause.label, tuple(row.id for row in event.rows)))


def together(actor: Actor, event: Event) -> None:
    SEEN.append(("with", tuple(row.id for row in event.rows)))


def work(actor: Actor, job: Handle, *, steps: int) -> dict[str, int]:
    for step in range(steps):
        job.progress(step, steps)
    return {"steps": steps}


def fail(actor: Actor, job: Handle) -> None:
    raise ValueError("no such luck")


@pytest.fixture(autouse=True)
def wired() -> Iterator[None]:
    before = vars(wiring.WIRED).copy()
    wiring.install(
        {Happened: ([together], [listener])},
        {"test.tick": wiring.Timed(lambda: "ticked", wiring.Every(60))},
        {"test.work": work, "test.fail": fail},
        lambda stored: ADA,
    )
    SEEN.clear()
    BROKEN.clear()
    yield
    vars(wiring.WIRED).update(before)


@pytest.fixture
def folded() -> Iterator[None]:
    """The listener looks at nothing but how the records are now."""
    wiring.WIRED.folded = frozenset({wiring.name_of(listener)})
    yield
    wiring.WIRED.folded = frozenset()


def happen(*ids: uuid.UUID) -> None:
    publish(Happened(ADA, tuple(Fact("test.thing", id) for id in ids)))


@pytest.mark.django_db
def test_listeners_with_run_at_once_and_listeners_after_through_the_outbox() -> None:
    one = uuid.uuid4()
    happen(one)
    assert [("with", (one,))] == SEEN
    assert drain_outbox() == 1
    assert SEEN[1:] == [("Ada", (one,))]
    assert drain_outbox() == 0


@pytest.mark.django_db
def test_an_event_that_is_rolled_back_has_no_consequence() -> None:
    @transaction.atomic
    def act() -> None:
        happen(uuid.uuid4())
        raise RuntimeError

    with pytest.raises(RuntimeError):
        act()
    assert drain_outbox() == 0


@pytest.mark.django_db
def test_what_is_left_for_later_waits_and_may_rest_for_good() -> None:
    happen(uuid.uuid4())
    name = wiring.name_of(listener)
    assert drain_outbox(leave=[name]) == 0
    assert settle_waiting([name]) == 1
    assert drain_outbox() == 0
    assert [who for who, _ids in SEEN] == ["with"]


@pytest.mark.django_db
def test_a_bad_record_holds_up_no_other_and_needs_attention_in_the_end() -> None:
    good, bad = uuid.uuid4(), uuid.uuid4()
    BROKEN.add(bad)
    happen(good, bad)
    moment = clock.now()
    for hour in range(10):
        with clock.set_to(moment + timedelta(hours=hour)):
            drain_outbox()
    assert [ids for _, ids in SEEN[1:]] == [(good,)]
    (stuck,) = find_attention("test.thing", bad)
    assert "broken" in stuck.error
    BROKEN.clear()
    retry(ADA, stuck.pk)
    assert drain_outbox() == 1
    assert SEEN[-1] == ("Ada", (bad,))
    with pytest.raises(NotFound):
        retry(ADA, stuck.pk)


@pytest.mark.django_db
def test_a_newer_row_waits_for_an_older_one_of_the_same_record_only() -> None:
    one, other = uuid.uuid4(), uuid.uuid4()
    happen(one)
    first = claim_outbox()
    assert first is not None
    happen(one)
    happen(other)
    second = claim_outbox()
    assert second is not None
    assert second.subject == f"test.thing:{other}"
    assert claim_outbox() is None
    assert run_outbox(first)
    assert claim_outbox() is not None


@pytest.mark.django_db
def test_what_a_killed_worker_left_is_taken_up_when_its_lease_ends_and_the_late_worker_loses() -> None:
    happen(uuid.uuid4())
    dead = claim_outbox()
    assert dead is not None
    assert claim_outbox() is None
    with clock.set_to(clock.now() + timedelta(minutes=10)):
        heir = claim_outbox()
        assert heir is not None
        assert run_outbox(heir)
    assert not run_outbox(dead)
    assert len(SEEN) == 2
    assert Outbox.objects.get().state == State.DONE


@pytest.mark.django_db
def test_the_same_event_twice_is_refused_by_the_database() -> None:
    event = Happened(ADA, (Fact("test.thing", uuid.uuid4()),))
    publish(event)
    with pytest.raises(Exception, match=r"(?i)unique"), transaction.atomic():
        publish(event)


@pytest.mark.django_db
def test_a_job_reports_progress_and_its_owner_finds_the_result() -> None:
    start_job(ADA, "test.work", "Count", {"steps": 3})
    job = claim_job()
    assert job is not None
    run_job(job)
    done = Job.objects.get()
    assert (done.state, done.result, done.total) == (State.DONE, {"steps": 3}, 3)
    assert unseen_jobs(ADA).count() == 1


@pytest.mark.django_db
def test_a_cancelled_job_stops_at_its_next_step() -> None:
    job = start_job(ADA, "test.work", "Count", {"steps": 3})
    claimed = claim_job()
    assert claimed is not None
    cancel_job(ADA, job.pk)
    run_job(claimed)
    assert Job.objects.get().state == State.CANCELLED
    with pytest.raises(NotFound):
        cancel_job(ADA, job.pk)


@pytest.mark.django_db
def test_a_failing_job_says_so() -> None:
    start_job(ADA, "test.fail", "Fail", {})
    job = claim_job()
    assert job is not None
    run_job(job)
    assert "no such luck" in Job.objects.get().error


@pytest.mark.django_db
def test_a_recurring_job_runs_when_due_and_keeps_its_result() -> None:
    moment = clock.now()
    with clock.set_to(moment):
        assert run_due() == 1
        assert run_due() == 0
    with clock.set_to(moment + timedelta(seconds=61)):
        assert run_due() == 1
    assert Schedule.objects.get().result == "ticked"


@pytest.mark.django_db
def test_one_round_of_the_worker_does_a_bit_of_everything() -> None:
    happen(uuid.uuid4())
    start_job(ADA, "test.work", "Count", {"steps": 1})
    worker = Worker()
    assert worker.once()
    assert not worker.once()
    assert len(SEEN) == 2


@pytest.mark.django_db
@pytest.mark.usefixtures("folded")
def test_what_looks_at_records_as_they_are_now_is_told_once_of_all_that_one_cause_did() -> None:
    one, two, three = uuid.uuid4(), uuid.uuid4(), uuid.uuid4()
    happen(one, two)
    happen(two, three)
    publish(Happened(replace(ADA, label="Lin"), (Fact("test.thing", one),)))
    happen(one)
    SEEN.clear()
    assert drain_outbox() == 2
    assert [("Ada", (one, two, three)), ("Lin", (one,))] == SEEN
    assert not Outbox.objects.exclude(state=State.DONE).exists()


@pytest.mark.django_db
@pytest.mark.usefixtures("folded")
def test_a_record_that_fails_holds_up_no_event_that_would_have_been_told_with_it() -> None:
    good, bad = uuid.uuid4(), uuid.uuid4()
    BROKEN.add(bad)
    happen(good)
    happen(bad)
    SEEN.clear()
    drain_outbox()
    assert [("Ada", (good,))] == SEEN
    [left] = Outbox.objects.exclude(state=State.DONE)
    assert (left.subject, left.attempts) == (f"test.thing:{bad}", 1)


@pytest.mark.django_db
@pytest.mark.usefixtures("folded")
def test_no_more_records_are_told_of_at_once_than_one_part_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("hetong.jobs.worker.PART", 2)
    ids = [uuid.uuid4() for _ in range(3)]
    for id in ids:
        happen(id)
    SEEN.clear()
    assert drain_outbox() == 2
    assert [told for _who, told in SEEN] == [tuple(ids[:2]), (ids[2],)]


@pytest.mark.django_db
@pytest.mark.usefixtures("folded")
def test_nothing_is_told_along_of_a_record_that_another_worker_has_in_hand() -> None:
    """What that worker reads may be older than what it would be told of now; its own row comes after it."""
    theirs, ours = uuid.uuid4(), uuid.uuid4()
    happen(theirs)
    in_hand = claim_outbox()
    happen(ours)
    happen(theirs)
    next_one = claim_outbox()
    assert in_hand is not None
    assert next_one is not None
    SEEN.clear()
    assert run_outbox(next_one)
    assert [("Ada", (ours,))] == SEEN
    assert claim_outbox() is None
    assert run_outbox(in_hand)
    assert [("Ada", (ours,)), ("Ada", (theirs,))] == SEEN
    assert not Outbox.objects.exclude(state=State.DONE).exists()
