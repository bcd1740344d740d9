from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

from django.db import models
from django.db.models import Q, QuerySet

from hetong.accounts.models import Delegation, Grant, Team
from hetong.accounts.queries import team_and_below
from hetong.kernel import clock
from hetong.kernel.actors import ActorKind
from hetong.kernel.known import known
from hetong.kernel.nouns import nouns
from hetong.kernel.rows import IdField, KeyField
from hetong.todos.states import TASK, TodoState

if TYPE_CHECKING:
    from hetong.kernel.actors import Actor

NOTHING = Q(pk__in=[])
SETTINGS = "settings/"


def in_place_of(actor: Actor) -> Q:
    """The to-dos of those in whose place the actor acts today: all of them, or those of the kind that was handed over."""
    today = clock.today(actor.zone)
    found = Delegation.objects.filter(to=actor.id, starts_on__lte=today, ends_on__gte=today)
    every = Q(assignee__in=found.filter(what="").values("user"))
    return every | Q(assignee__in=found.filter(what="approvals").values("user"), rule__startswith="approvals.")


def led_people(actor: Actor) -> QuerySet[Grant, Any]:
    """The ids of the people in the teams that the actor leads, and in those below them."""
    led = Team.objects.filter(lead=actor.id, is_active=True)
    below = frozenset().union(*(team_and_below(team) for team in led))
    return Grant.objects.filter(team__in=below).values("user")


class TodoQuerySet(models.QuerySet["Todo"]):
    def visible_to(self, actor: Actor) -> Self:
        """One's own, those one gave or passed on, those of people one stands in for or leads, and all on records one sees."""
        if actor.is_system:
            return self
        if actor.id is None or actor.kind not in (ActorKind.USER, ActorKind.TOKEN):
            return self.none()
        near = Q(assignee=actor.id) | Q(created_by=actor.id) | Q(passed_by=actor.id) | in_place_of(actor)
        return self.filter(near | Q(assignee__in=led_people(actor)) | self._on_records(actor))

    def _on_records(self, actor: Actor) -> Q:
        seen = NOTHING
        for entry in nouns():
            if entry.section and not entry.section.startswith(SETTINGS) and entry.may_view(actor):
                seen |= Q(page_noun=entry.key) & known(actor, entry, "page")
        return seen


class Todo(models.Model):
    """One thing that one person has to do.

    ``rule`` is the key of the deadline that asks for it, or ``task`` for what a person gave; ``row`` is the record that
    the deadline is a fact of, ``occurrence`` its day (ISO): the same fact with another day is another to-do.
    ``page_noun`` and ``page`` name the record on whose page it is done. ``asked`` is whom the rule names, whoever it was
    passed on to.
    """

    id = IdField()
    rule = models.CharField(max_length=80, default=TASK)
    row = models.UUIDField(null=True, blank=True)
    occurrence = models.CharField(max_length=10, blank=True)
    page_noun = models.CharField(max_length=60, blank=True)
    page = models.UUIDField(null=True, blank=True)
    company = models.ForeignKey("accounts.Company", models.PROTECT, null=True, blank=True, related_name="+")
    title = models.CharField(max_length=200, blank=True)
    """What is to be done, of a task; what a deadline asks is said by the deadline."""
    title_key = KeyField("title")
    note = models.TextField(blank=True)
    assignee = models.ForeignKey("accounts.User", models.PROTECT, related_name="todos")
    asked = models.UUIDField(null=True, blank=True)
    is_ask = models.BooleanField(default=False)
    due_on = models.DateField(null=True, blank=True)
    state = models.CharField(max_length=8, default=TodoState.OPEN)
    created_at = models.DateTimeField()
    created_by = models.UUIDField(null=True, blank=True)
    created_by_label = models.CharField(max_length=200, blank=True)
    passed_by = models.UUIDField(null=True, blank=True)
    passed_by_label = models.CharField(max_length=200, blank=True)
    passed_note = models.CharField(max_length=500, blank=True)
    snoozed_until = models.DateField(null=True, blank=True)
    snooze_reason = models.CharField(max_length=500, blank=True)
    done_at = models.DateTimeField(null=True, blank=True)
    done_by_label = models.CharField(max_length=200, blank=True)
    custom = models.JSONField(default=dict)
    version = models.PositiveIntegerField(default=1)
    objects = TodoQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["rule", "row", "occurrence"], name="todo_once", condition=~Q(rule=TASK)),
            models.CheckConstraint(condition=Q(state__in=[s.value for s in TodoState]), name="todo_state"),
            models.CheckConstraint(condition=Q(rule=TASK) | Q(row__isnull=False), name="todo_of_a_row"),
        ]
        indexes = [
            models.Index(fields=["assignee", "due_on", "id"], name="todo_open", condition=Q(state="open")),
            models.Index(fields=["page_noun", "page", "state"], name="todo_of_page"),
            models.Index(fields=["rule", "state"], name="todo_of_rule"),
        ]


class Feed(models.Model):
    """The secret address of a calendar: a person's own deadlines, or the days of the records of a saved view.

    Whoever has the address reads what its owner may read at that moment, so only a digest of it is kept. ``view`` is the
    id of a saved view; empty: the owner's own deadlines.
    """

    id = IdField()
    user = models.ForeignKey("accounts.User", models.PROTECT, related_name="+", db_index=False)
    view = models.UUIDField(null=True, blank=True)
    label = models.CharField(max_length=80, blank=True)
    """Where it is used, in the owner's words: Outlook at work."""
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()
    renewed_at = models.DateTimeField(null=True, blank=True)
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["user", "revoked_at"], name="feed_of_user")]
