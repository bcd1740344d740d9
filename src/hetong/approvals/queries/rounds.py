"""Rounds and tasks."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from django.db.models import Q, QuerySet

from hetong.accounts.security import stood_in_for
from hetong.approvals.models import Round, Task
from hetong.approvals.policy import STAND_IN, Can
from hetong.approvals.states import RoundState, TaskState
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound


def own(actor: Actor) -> list[UUID]:
    """The actor's id as a list to look in: the system and people without an account own nothing."""
    return [actor.id] if actor.id else []


def open_tasks(actor: Actor) -> QuerySet[Task]:
    """What the actor is asked to decide now, longest waiting first; nothing for who may not decide anywhere.

    With it what waits for those in whose place the actor acts today, but for the actor's own requests.
    """
    if actor.id is None or not actor.may(Can.DECIDE):
        return Task.objects.none()  # allow: visibility — nobody is asked
    asked = Q(assignee=actor.id) | (Q(assignee__in=stood_in_for(actor, STAND_IN)) & ~Q(round__opened_by=actor.id))
    # allow: visibility — being asked opens the record, so one's own tasks need no narrowing
    waiting = Task.objects.filter(asked, state=TaskState.WAITING, round__state=RoundState.OPEN)
    return waiting.order_by("asked_at", "pk")


def is_asked(actor: Actor, task: Task) -> bool:
    """Whether the task waits for the actor now, as oneself or in somebody's place."""
    return open_tasks(actor).filter(pk=task.pk).exists()


def my_open_task(actor: Actor, noun: str, subject: UUID) -> Task | None:
    """The actor's own open task on one record."""
    return my_open_tasks(actor, noun, [subject]).get(subject)


def my_open_tasks(actor: Actor, noun: str, subjects: Collection[UUID]) -> dict[UUID, Task]:
    """The actor's own open task on each of the records that have one, with its round; one statement."""
    found: dict[UUID, Task] = {}
    for task in open_tasks(actor).filter(round__noun=noun, round__subject__in=subjects).select_related("round"):
        found.setdefault(task.round.subject, task)
    return found


def decided_tasks(actor: Actor) -> QuerySet[Task]:
    """What the actor has decided, newest first."""
    decided = Task.objects.visible_to(actor).filter(decided_by__in=own(actor), decided_at__isnull=False)
    return decided.order_by("-decided_at", "-pk")


def my_rounds(actor: Actor) -> QuerySet[Task]:
    """The tasks of the rounds that the actor asked for, newest first."""
    return Task.objects.visible_to(actor).filter(round__opened_by__in=own(actor)).order_by("-asked_at", "-pk")


def tasks_of(actor: Actor, rounds: QuerySet[Round]) -> QuerySet[Task]:
    """The tasks of these rounds, in the order of the steps."""
    return (
        Task.objects.visible_to(actor)
        .filter(round__in=rounds.values("pk"))
        .order_by("-round__number", "position", "pk")
    )


def get_task(actor: Actor, id: UUID) -> Task:
    """A task on a record that the actor sees, with its round. Raises `NotFound`."""
    found = Task.objects.visible_to(actor).select_related("round").filter(pk=id).first()
    if found is None:
        raise NotFound(noun="approvals.task", id=str(id))
    return found


def find_rounds(actor: Actor, noun: str, subject: UUID) -> QuerySet[Round]:
    """The rounds of one record that the actor sees, newest first."""
    return Round.objects.visible_to(actor).filter(noun=noun, subject=subject).order_by("-number")


def open_round(noun: str, subject: UUID) -> Round | None:
    """The open round of a record, for its own services: they have checked who asks."""
    # allow: visibility — asked by the record's own services
    return Round.objects.filter(noun=noun, subject=subject, state=RoundState.OPEN).first()


def approved_round(noun: str, subject: UUID) -> Round | None:
    """The newest round that ended in approval and still counts, for the record's own services."""
    # allow: visibility — asked by the record's own services
    approved = Round.objects.filter(noun=noun, subject=subject, state=RoundState.APPROVED)
    return approved.order_by("-number").first()
