"""Opening rounds of approval, withdrawing and voiding them; called by the services of the records."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from hetong.approvals.events import Act, RoundsOpened, RoundsVoided, RoundsWithdrawn
from hetong.approvals.fields import ROUND
from hetong.approvals.models import Round, Task
from hetong.approvals.services.approvers import approver_of
from hetong.approvals.states import ROUND as LIFECYCLE
from hetong.approvals.states import RoundState, TaskState
from hetong.audit.services import Change, record_many
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict
from hetong.kernel.events import Event, Fact
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_text

LONGEST_NOTE = 2000


class RoundOpen(Conflict):
    """One round at a time runs on a record."""

    code = "round_open"
    text = N_("“%(title)s” is in approval already.")
    then = N_("Wait for the decision, or withdraw the request first.")


class AlreadyDecided(Conflict):
    """The task, or its whole round, has ended by a decision."""

    code = "already_decided"
    text = N_("“%(title)s” is decided already.")
    then = N_("Your answer was not taken a second time. The page shows what was decided, and by whom.")


class DecidedMeanwhile(AlreadyDecided):
    """The request cannot be taken back any more."""

    text = N_("The approvers have decided meanwhile, so the request cannot be withdrawn any more.")
    then = N_("Reload the page in a moment: it shows the decision and what is possible now.")


@dataclass(frozen=True)
class RoundRequest:
    """What approval is asked for: the record, its content of now and the SHA-256 (hex) of that content."""

    noun: str
    subject: UUID
    company: UUID | None
    team: UUID | None
    title: str
    content: Mapping[str, Any] = field(default_factory=dict)
    content_hash: str = ""
    note: str = ""


@transaction.atomic
def open_rounds(actor: Actor, requests: Sequence[RoundRequest]) -> list[Round]:
    """Ask for approval of records, all or none. The caller has checked that the actor may submit them.

    Raises `NoApprover` (which names the setting), `RoundOpen`.
    """
    approvers = [approver_of(actor, one.noun, one.title, one.company, one.team) for one in requests]
    numbers = _numbers(requests)
    now = clock.now()
    rounds = [
        Round(
            noun=one.noun, subject=one.subject, company_id=one.company, title=one.title[:200], content=dict(one.content),
            number=numbers.get((one.noun, one.subject), 0) + 1, content_hash=one.content_hash,
            note=clean_text(one.note, max_length=LONGEST_NOTE), opened_by=actor.id,
            opened_by_label=actor.label[:200], opened_at=now,
        )
        for one in requests
    ]  # fmt: skip
    insert(rounds)
    tasks = [
        Task(round=one, assignee=who, team=team, asked_at=now)
        for one, (who, team) in zip(rounds, approvers, strict=True)
    ]
    insert(tasks)
    after = ROUND.snapshot(rounds, ("state", "number", "opened_by"))
    record_many(actor, Act.OPENED, [Change(ROUND.noun, r.pk, r.title, r.company_id, {}, after[r.pk]) for r in rounds])
    assignees = {task.round_id: [str(task.assignee_id)] for task in tasks}
    publish(RoundsOpened(actor, tuple(fact_of(r, assignees=assignees[r.pk]) for r in rounds)))
    return rounds


def _numbers(requests: Sequence[RoundRequest]) -> dict[tuple[str, UUID], int]:
    """The number of the newest round of each record. Raises `RoundOpen` where one still runs."""
    # allow: visibility — the caller holds the records locked
    earlier = Round.objects.filter(subject__in=[one.subject for one in requests])
    running = earlier.filter(state=RoundState.OPEN).first()
    if running is not None:
        raise RoundOpen(title=running.title)
    newest = earlier.order_by().values_list("noun", "subject").annotate(newest=Max("number"))
    return {(key, subject): number for key, subject, number in newest}


def fact_of(one: Round, **facts: Any) -> Fact:
    """A fact about the round's record, as events carry it."""
    return Fact(one.noun, one.subject, one.company_id, {"round": str(one.pk), **facts})


@transaction.atomic
def withdraw_rounds(actor: Actor, noun: str, subjects: Collection[UUID], *, reason: str = "") -> list[Round]:
    """Take back the open rounds of records; nobody needs to decide any more. Raises `DecidedMeanwhile`."""
    rounds = _end(actor, noun, subjects, "withdraw", (RoundState.OPEN,), Act.WITHDRAWN, RoundsWithdrawn, reason)
    if {one.subject for one in rounds} != set(subjects):
        raise DecidedMeanwhile
    return rounds


@transaction.atomic
def void_rounds(actor: Actor, noun: str, subjects: Collection[UUID], *, reason: str = "") -> list[Round]:
    """Let no round of these records count any more: their content changes, or they are no more."""
    states = (RoundState.OPEN, RoundState.APPROVED, RoundState.REJECTED)
    return _end(actor, noun, subjects, "void", states, Act.VOIDED, RoundsVoided, reason)


def _end(
    actor: Actor, noun: str, subjects: Collection[UUID], verb: str, states: Collection[str], act: Act,
    event: type[Event], reason: str,
) -> list[Round]:  # fmt: skip
    # allow: visibility — the record's own service has checked who asks, and holds the record
    ids = Round.objects.filter(noun=noun, subject__in=list(subjects), state__in=states).values_list("pk", flat=True)
    rounds = locked(Round.objects.visible_to(Actor.system()), list(ids))
    before = ROUND.snapshot(rounds, ("state",))
    if any(one.state not in states for one in rounds):  # decided between asking and locking
        raise DecidedMeanwhile
    now = clock.now()
    for one in rounds:
        one.state, one.closed_at = LIFECYCLE.after(RoundState(one.state), verb), one.closed_at or now
    write(rounds, ("state", "closed_at"), version=False)
    close_tasks(rounds)
    after = ROUND.snapshot(rounds, ("state",))
    what = [Change(ROUND.noun, r.pk, r.title, r.company_id, before[r.pk], after[r.pk]) for r in rounds]
    if what:
        record_many(actor, act, what, reason=reason)
        publish(event(actor, tuple(fact_of(one) for one in rounds)))
    return rounds


def close_tasks(rounds: Collection[Round]) -> None:
    """Ask nobody any more whose answer a round that has ended does not need."""
    waiting = list(Task.objects.filter(round__in=[one.pk for one in rounds], state=TaskState.WAITING))
    for task in waiting:
        task.state = TaskState.CLOSED
    write(waiting, ("state",))
