from __future__ import annotations

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import Q

from hetong.approvals.states import RoundState, TaskState
from hetong.kernel.known import known
from hetong.kernel.nouns import nouns
from hetong.kernel.rows import IdField

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

NOTHING = Q(pk__in=[])


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, actor: Actor) -> Self:
        """The rounds on records that the actor sees; being asked to decide opens the record itself."""
        if actor.is_system:
            return self
        held = set(self.model._default_manager.order_by().values_list("noun", flat=True).distinct())
        seen = NOTHING
        for entry in nouns():
            if entry.key in held:
                seen |= Q(noun=entry.key) & known(actor, entry, "subject")
        return self.filter(seen)


class Round(models.Model):
    """One asking for approval of one record's content as it was then.

    ``content`` is the canonical content of that moment and ``content_hash`` its SHA-256 (hex); a later
    content has another hash, so an approval never speaks for what was not shown.
    """

    id = IdField()
    noun = models.CharField(max_length=60)
    subject = models.UUIDField()
    company = models.ForeignKey("accounts.Company", models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200)
    """The record's title at that moment."""
    number = models.PositiveIntegerField()
    """1 for the record's first round, then up."""
    content = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    state = models.CharField(max_length=10, default=RoundState.OPEN)
    note = models.TextField(blank=True)
    """What the one who asked says to those who decide."""
    opened_by = models.UUIDField(null=True)
    opened_by_label = models.CharField(max_length=200)
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    objects = RoundQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["noun", "subject"], condition=Q(state="open"), name="round_open_once"),
            models.UniqueConstraint(fields=["noun", "subject", "number"], name="round_number_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in RoundState]), name="round_state"),
        ]


class TaskQuerySet(models.QuerySet["Task"]):
    def visible_to(self, actor: Actor) -> Self:
        """The tasks of the rounds that the actor sees."""
        return self.filter(round__in=Round.objects.visible_to(actor).values("pk"))


class Task(models.Model):
    """One person is asked to decide in a round; ``decided_by`` may be somebody standing in."""

    id = IdField()
    round = models.ForeignKey(Round, models.PROTECT, related_name="tasks", db_index=False)
    assignee = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    team = models.UUIDField(null=True, blank=True)
    """The team as whose lead the assignee was asked."""
    position = models.PositiveSmallIntegerField(default=1)
    state = models.CharField(max_length=10, default=TaskState.WAITING)
    comment = models.TextField(blank=True)
    decided_by = models.UUIDField(null=True, blank=True)
    decided_by_label = models.CharField(max_length=200, blank=True)
    decided_at = models.DateTimeField(null=True, blank=True)
    asked_at = models.DateTimeField()
    version = models.PositiveIntegerField(default=1)
    objects = TaskQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["round", "assignee", "position"], name="task_once"),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in TaskState]), name="task_state"),
        ]
        indexes = [
            models.Index(fields=["assignee", "state"], name="task_of_assignee"),
            models.Index(fields=["decided_by", "round"], name="task_of_decider"),
        ]
