"""Builders for tests of this and higher floors."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from hetong.approvals.models import Round, Task
from hetong.approvals.services import RoundRequest, decide, open_rounds
from hetong.approvals.states import TaskState
from hetong.kernel.actors import Actor

__all__ = ["approve", "make_round", "reject", "task_of"]


def make_round(actor: Actor, noun: str, subject: UUID, **over: Any) -> Round:
    """A round that the actor asked for, on any record."""
    facts = {"company": None, "team": None, "title": "Something", "content_hash": "0" * 64} | over
    return open_rounds(actor, [RoundRequest(noun, subject, **facts)])[0]


def task_of(subject: UUID) -> Task:
    """The newest task of a record's newest round."""
    return Task.objects.filter(round__subject=subject).order_by("-round__number", "-pk")[0]


def approve(actor: Actor, subject: UUID, comment: str = "") -> Task:
    """The actor approves the record's waiting task."""
    waiting = Task.objects.get(round__subject=subject, state=TaskState.WAITING)
    return decide(actor, [waiting.pk], "approve", comment=comment)[0]


def reject(actor: Actor, subject: UUID, comment: str = "The price is wrong") -> Task:
    """The actor rejects the record's waiting task."""
    waiting = Task.objects.get(round__subject=subject, state=TaskState.WAITING)
    return decide(actor, [waiting.pk], "reject", comment=comment)[0]
