"""Deciding: the one act of approval. Nobody decides on what they asked for themselves."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction

from hetong.accounts.duties import is_waived
from hetong.accounts.models import User
from hetong.accounts.security import stood_in_for
from hetong.approvals.events import Act, RoundsDecided
from hetong.approvals.fields import ROUND, TASK
from hetong.approvals.models import Round, Task
from hetong.approvals.policy import CHOSEN_LEAD, OWN_REQUEST, STAND_IN, Can
from hetong.approvals.queries.duties import named_leads
from hetong.approvals.services.rounds import AlreadyDecided, close_tasks, fact_of
from hetong.approvals.states import ROUND as LIFECYCLE
from hetong.approvals.states import RoundState, TaskState
from hetong.audit.services import Change, keeps_refusals, record_many
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.duties import DutyConflict
from hetong.kernel.errors import N_, Conflict, Forbidden, Problem, refuse
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked, write
from hetong.kernel.text import clean_text

LONGEST_COMMENT = 2000
VERBS = {
    "approve": (TaskState.APPROVED, Act.APPROVED, Act.APPROVED_FOR),
    "reject": (TaskState.REJECTED, Act.REJECTED, Act.REJECTED_FOR),
}


class OwnRound(DutyConflict):
    """Who asks for approval never gives it, nor in anybody's place."""

    code = "own_round"
    pair, refused = OWN_REQUEST, Act.OWN_REFUSED
    text = N_("You asked for this approval yourself, so you cannot decide on it.")
    then = N_("Wait for whoever was asked, or withdraw the request.")


class ChosenByOneself(DutyConflict):
    """Who says who decides does not decide by it, neither themselves nor in the place of the one they named."""

    code = "chosen_by_oneself"
    pair, refused = CHOSEN_LEAD, Act.CHOSEN_REFUSED
    text = N_("You named the lead who decides on “%(title)s” yourself, so you cannot decide on it.")
    then = N_("Ask another administrator to name the lead of the team, then it is sent again.")


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


@keeps_refusals
@transaction.atomic
def decide(actor: Actor, task_ids: Collection[UUID], decision: str, *, comment: str = "") -> list[Task]:
    """Answer what the actor was asked, or somebody in whose place they act: ``approve`` or ``reject``, all or none.

    A rejection needs a comment. What follows for the records is theirs: they hear `RoundsDecided`. Raises `NotFound`,
    `OwnRound`, `ChosenByOneself`, `NotAsked`, `AlreadyDecided`, `RoundOver`, `Invalid`.
    """
    state, act, act_for = VERBS[decision]
    # allow: visibility — the tasks are narrowed in the same breath, their rounds only locked first
    rounds = Task.objects.visible_to(actor).filter(pk__in=list(task_ids)).values_list("round", flat=True)
    by_id = {one.pk: one for one in locked(Round.objects.visible_to(actor), list(rounds))}
    tasks = locked(Task.objects.visible_to(actor), task_ids)
    _check_duties(actor, tasks, by_id)
    away = set(stood_in_for(actor, STAND_IN)) if any(task.assignee_id != actor.id for task in tasks) else set()
    for task in tasks:
        _check(actor, task, by_id[task.round_id], away)
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
    of = {task.pk: by_id[task.round_id] for task in tasks}
    for whom, theirs in _by_person(actor, tasks).items():
        what = [Change(TASK.noun, t.pk, of[t.pk].title, of[t.pk].company_id, before[t.pk], after[t.pk]) for t in theirs]
        here = [Change(of[t.pk].noun, of[t.pk].subject, of[t.pk].title, of[t.pk].company_id) for t in theirs]
        record_many(actor, act_for if whom else act, what + here, reason=said, params={"whom": whom} if whom else None)
    _end(actor, [by_id[id] for id in dict.fromkeys(task.round_id for task in tasks)])
    return tasks


def _by_person(actor: Actor, tasks: Sequence[Task]) -> dict[str, list[Task]]:
    """The tasks by the name of who was asked; empty for the actor's own."""
    names = dict(User.objects.filter(pk__in={task.assignee_id for task in tasks}).values_list("pk", "name"))
    found: dict[str, list[Task]] = {}
    for task in tasks:
        found.setdefault("" if task.assignee_id == actor.id else names[task.assignee_id], []).append(task)
    return found


def _check_duties(actor: Actor, tasks: Sequence[Task], rounds: Mapping[UUID, Round]) -> None:
    """Nobody decides on what they asked for, nor as or for a lead whom they named. Raises `DutyConflict`."""
    own = [
        rounds[task.round_id] for task in tasks if actor.id is not None and rounds[task.round_id].opened_by == actor.id
    ]
    if own:
        raise OwnRound(about=[_about(one) for one in own], title=own[0].title)
    named = named_leads(actor, {task.team for task in tasks if task.team}) if actor.id else {}
    chosen = [
        rounds[task.round_id] for task in tasks
        if task.team and named.get(task.team) == task.assignee_id and not is_waived(CHOSEN_LEAD, rounds[task.round_id].company_id)
    ]  # fmt: skip
    if chosen:
        raise ChosenByOneself(about=[_about(one) for one in chosen], title=chosen[0].title)


def _about(one: Round) -> Fact:
    return Fact(one.noun, one.subject, one.company_id, {"label": one.title})


def _check(actor: Actor, task: Task, of: Round, away: Collection[UUID]) -> None:
    """Whether this actor may answer this task now, as oneself or in the place of one of ``away``."""
    if actor.id is None or (task.assignee_id != actor.id and task.assignee_id not in away):
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
