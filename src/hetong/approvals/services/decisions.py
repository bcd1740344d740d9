"""Deciding: the one act of approval. Nobody decides on what they asked for themselves."""

from __future__ import annotations

import logging
from collections.abc import Collection, Sequence
from uuid import UUID

from django.db import transaction

from hetong.approvals.events import Act, RoundsDecided
from hetong.approvals.fields import ROUND, TASK
from hetong.approvals.models import Round, Task
from hetong.approvals.policy import Can
from hetong.approvals.services.rounds import AlreadyDecided, close_tasks, fact_of
from hetong.approvals.states import ROUND as LIFECYCLE
from hetong.approvals.states import RoundState, TaskState
from hetong.audit.services import Change, record_many
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, Forbidden, Problem, refuse
from hetong.kernel.rows import locked, write
from hetong.kernel.text import clean_text

logger = logging.getLogger(__name__)
LONGEST_COMMENT = 2000
VERBS = {"approve": (TaskState.APPROVED, Act.APPROVED), "reject": (TaskState.REJECTED, Act.REJECTED)}


class OwnRound(Forbidden):
    """Who asks for approval never gives it."""

    code = "own_round"
    text = N_("You asked for this approval yourself, so you cannot decide on it.")
    then = N_("Wait for whoever was asked, or withdraw the request.")


class NotAsked(Forbidden):
    """Somebody else was asked."""

    code = "not_asked"
    text = N_("You were not asked to decide on “%(title)s”.")
    then = N_("The page shows who was.")


class RoundOver(Conflict):
    """Nobody's answer is needed any more."""

    code = "round_over"
    text = N_("The request for approval of “%(title)s” was taken back or no longer counts.")
    then = N_("Nothing needs to be decided. If it is sent again, you are asked again.")


@transaction.atomic
def decide(actor: Actor, task_ids: Collection[UUID], decision: str, *, comment: str = "") -> list[Task]:
    """Answer what the actor was asked: ``approve`` or ``reject`` (which needs a comment), all or none.

    What follows for the records is theirs: they hear `RoundsDecided`. Raises `NotFound`, `OwnRound`,
    `NotAsked`, `AlreadyDecided`, `RoundOver`, `Invalid`.
    """
    state, act = VERBS[decision]
    # allow: visibility — the tasks are narrowed in the same breath, their rounds only locked first
    rounds = Task.objects.visible_to(actor).filter(pk__in=list(task_ids)).values_list("round", flat=True)
    by_id = {one.pk: one for one in locked(Round.objects.visible_to(actor), list(rounds))}
    tasks = locked(Task.objects.visible_to(actor), task_ids)
    for task in tasks:
        _check(actor, task, by_id[task.round_id])
    said = clean_text(comment, max_length=LONGEST_COMMENT)
    if decision == "reject" and not said:
        refuse([Problem("required", N_("Say why, so that it can be put right."), field="comment")])
    before = TASK.snapshot(tasks, ("state", "decided_by"))
    now = clock.now()
    for task in tasks:
        task.state, task.comment, task.decided_at = state, said, now
        task.decided_by, task.decided_by_label = actor.id, actor.label[:200]
    write(tasks, ("state", "comment", "decided_at", "decided_by", "decided_by_label"))
    after = TASK.snapshot(tasks, ("state", "decided_by"))
    titles = {task.pk: by_id[task.round_id] for task in tasks}
    what = [
        Change(TASK.noun, t.pk, titles[t.pk].title, titles[t.pk].company_id, before[t.pk], after[t.pk]) for t in tasks
    ]
    here = [Change(r.noun, r.subject, r.title, r.company_id) for r in titles.values()]
    record_many(actor, act, what + here, reason=said)
    _end(actor, [by_id[id] for id in dict.fromkeys(task.round_id for task in tasks)])
    return tasks


def _check(actor: Actor, task: Task, of: Round) -> None:
    """Whether this actor may answer this task now."""
    if actor.id is not None and of.opened_by == actor.id:
        logger.warning("refused: %s tried to decide on their own round %s", actor.id, of.pk)
        raise OwnRound(title=of.title)
    if actor.id is None or task.assignee_id != actor.id:
        raise NotAsked(title=of.title)
    actor.require(Can.DECIDE, (of.company_id,))
    if task.state in (TaskState.APPROVED, TaskState.REJECTED):
        raise AlreadyDecided(title=of.title)
    if of.state != RoundState.OPEN or task.state != TaskState.WAITING:
        raise RoundOver(title=of.title)


def _end(actor: Actor, rounds: Sequence[Round]) -> None:
    """Close the rounds that these answers end: one rejection is enough, approval takes everybody asked."""
    ended = []
    for one in rounds:
        states = set(Task.objects.filter(round=one.pk).values_list("state", flat=True))
        verb = "reject" if TaskState.REJECTED in states else "" if TaskState.WAITING in states else "approve"
        if verb:
            one.state, one.closed_at = LIFECYCLE.after(RoundState(one.state), verb), clock.now()
            ended.append(one)
    before = ROUND.snapshot(ended, ("state",))
    write(ended, ("state", "closed_at"), version=False)
    close_tasks(ended)
    if ended:
        after = ROUND.snapshot(ended, ("state",))
        what = [Change(ROUND.noun, r.pk, r.title, r.company_id, before[r.pk], after[r.pk]) for r in ended]
        record_many(actor, Act.DECIDED, what)
        facts = (fact_of(one, state=str(one.state), content_hash=one.content_hash) for one in ended)
        publish(RoundsDecided(actor, tuple(facts)))
