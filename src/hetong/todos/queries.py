"""Reading to-dos: one's own, those one gave, those of one's team, those of a record."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from hetong.accounts.models import User
from hetong.accounts.queries import actor_for
from hetong.kernel import clock
from hetong.kernel.actors import Actor, Level
from hetong.kernel.deadlines import deadline
from hetong.kernel.errors import NotFound
from hetong.kernel.nouns import is_visible, noun
from hetong.todos.fields import TODO
from hetong.todos.models import Todo, in_place_of, led_people
from hetong.todos.policy import NOUN
from hetong.todos.states import TASK, TodoState

ORDER = (F("due_on").asc(nulls_last=True), "created_at", "pk")


def mine(actor: Actor) -> QuerySet[Todo]:
    """What the actor has to do, and those in whose place the actor acts today; the most urgent first."""
    # allow: visibility — one's own
    found = Todo.objects.filter(Q(assignee__in=own(actor)) | in_place_of(actor), state=TodoState.OPEN)
    return found.order_by(*ORDER)


def own(actor: Actor) -> list[UUID]:
    """The actor's id as a list to look in; nothing for who is nobody of ours."""
    return [actor.id] if actor.id else []


def count_mine(actor: Actor) -> QuerySet[Todo]:
    """Those of them that wait now, for the number in the rail: what was put off and what comes later is not counted."""
    today = clock.today(actor.zone)
    now = Q(due_on=None) | Q(due_on__lte=today) | Q(is_ask=True)
    return mine(actor).filter(now).exclude(snoozed_until__gt=today).order_by()


def delegated(actor: Actor) -> QuerySet[Todo]:
    """What the actor gave or passed on to others and is not done yet."""
    by_me = Q(created_by__in=own(actor), rule=TASK) | Q(passed_by__in=own(actor))
    found = Todo.objects.visible_to(actor).filter(by_me, state=TodoState.OPEN).exclude(assignee__in=own(actor))
    return found.order_by(*ORDER)


def of_team(actor: Actor) -> QuerySet[Todo]:
    """What the people have to do whose teams the actor leads, by person."""
    found = Todo.objects.visible_to(actor).filter(assignee__in=led_people(actor), state=TodoState.OPEN)
    return found.exclude(assignee__in=own(actor)).order_by("assignee__name_key", *ORDER)


def leads_anybody(actor: Actor) -> bool:
    """Whether the actor leads a team."""
    return led_people(actor).exists()


def done(actor: Actor) -> QuerySet[Todo]:
    """What the actor had to do and is done, newest first."""
    found = Todo.objects.visible_to(actor).filter(assignee__in=own(actor), state=TodoState.DONE)
    return found.order_by("-done_at", "-pk")


def find_of_record(actor: Actor, key: str, id: UUID) -> QuerySet[Todo]:
    """What is open on one record, whoever has to do it, the most urgent first. Raises `NotFound`."""
    entry = noun(key)
    if not entry.section or not is_visible(actor, key, id):
        raise NotFound(noun=key, id=str(id))
    return Todo.objects.visible_to(actor).filter(page_noun=key, page=id, state=TodoState.OPEN).order_by(*ORDER)


def next_of_record(key: str, id: UUID) -> Todo | None:
    """What is due first on one record, whoever has to do it; the caller shows the record to who sees it."""
    # allow: visibility — asked for a record whose card the actor is shown
    found = Todo.objects.filter(page_noun=key, page=id, state=TodoState.OPEN, is_ask=False, due_on__isnull=False)
    return found.order_by("due_on", "created_at", "pk").first()


def may_read_day(actor: Actor, rule: str, company: UUID | None) -> bool:
    """Whether the actor may read the day that a to-do of that rule is due: the field it comes from."""
    if rule == TASK:
        return True
    try:
        one = deadline(rule)
    except NotFound:
        return False
    entry = noun(one.noun)
    names = [field.name for field in entry.register if field.path == one.day]
    return entry.may_view(actor) and all(entry.register.level(actor, name, company) > Level.HIDDEN for name in names)


def may_read_next(actor: Actor, todo: Todo) -> bool:
    """Whether the actor may read what a to-do says and by which day, as to-do and as the fact that it comes from."""
    held = [TODO.level(actor, name, todo.company_id) for name in ("what", "title", "due_on")]
    return min(held) > Level.HIDDEN and may_read_day(actor, todo.rule, todo.company_id)


def count_of_records(actor: Actor, ids: Sequence[UUID]) -> QuerySet[Any, Any]:
    """How much is open on each of these records, for the tab."""
    # allow: visibility — asked for records whose cards the actor is shown
    found = Todo.objects.filter(page__in=ids, state=TodoState.OPEN).order_by()
    return found.values_list("page").annotate(count=Count("pk"))


def get_todo(actor: Actor, id: UUID) -> Todo:
    """A to-do the actor sees. Raises `NotFound`."""
    found = Todo.objects.visible_to(actor).filter(pk=id).first()
    if found is None:
        raise NotFound(noun=NOUN, id=str(id))
    return found


def can_reach(user: User, key: str, id: UUID) -> bool:
    """Whether that person sees the record, so that they can be given something to do on it."""
    person = actor_for(user)
    return noun(key).may_view(person) and is_visible(person, key, id)


def in_hands_of(user_id: UUID) -> QuerySet[Todo]:
    """The open to-dos in somebody's hands that no record would give to somebody else: tasks, and what was passed on."""
    # allow: visibility — asked when somebody leaves, by who manages people
    return Todo.objects.filter(Q(rule=TASK) | Q(passed_by__isnull=False), assignee=user_id, state=TodoState.OPEN)
