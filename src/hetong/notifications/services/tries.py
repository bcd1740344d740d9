"""What messages that leave share: one worker at a time, in the order in which they were written, tried again with longer waits.

Where the other side is silent, the message that found out is *held*: everything for that side waits for its next try,
so that a server that comes back gets what was written meanwhile in order, and nothing is used up against a closed door.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import F, QuerySet

from hetong.kernel import clock
from hetong.notifications.models import ChatPost, Mail, Push
from hetong.notifications.states import State

from .rendering import one_line

logger = logging.getLogger(__name__)
M = TypeVar("M", ChatPost, Mail, Push)

LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
TRIED_FOR = timedelta(days=2)
"""It is given up after so many tries, but not before it is so old: a day without a server costs no message."""
LONGEST_WAIT = timedelta(hours=6)
LONGEST_SILENCE = timedelta(minutes=10)
"""A server that is back is noticed within so long."""
A_RUN = 50


def due(model: type[M], side: str = "") -> list[UUID]:
    """The messages whose time has come, the oldest first; those to a side that is silent wait for the held one.

    ``side`` is the field that names the other side, empty where all messages go to the same.
    """
    return list(due_of(model, side).order_by("created_at", "pk").values_list("pk", flat=True)[:A_RUN])


def due_of(model: type[M], side: str = "") -> QuerySet[M]:
    """The messages that `due` lists, all of them and in no order."""
    waiting = _waiting(model)
    silent = waiting.filter(is_held=True, next_at__gt=clock.now())
    ready = waiting.filter(next_at__lte=clock.now())
    if side:
        return ready.exclude(**{f"{side}__in": silent.values(side)})
    return waiting.none() if silent.exists() else ready


def held(model: type[M]) -> QuerySet[M]:
    """The messages that found the other side silent and will ask again."""
    return _waiting(model).filter(is_held=True)


def _waiting(model: type[M]) -> QuerySet[M]:
    return model._default_manager.filter(state=State.WAITING)


def claimed(model: type[M], id: UUID) -> M | None:
    """The message with this try counted and its next one put off; None when another worker was first."""
    now = clock.now()
    mine = _waiting(model).filter(pk=id, next_at__lte=now)
    counted = mine.update(attempts=F("attempts") + 1, next_at=now + LEASE, is_held=False)
    return model._default_manager.get(pk=id) if counted else None


def deliver_due(model: type[M], side: str, deliver: Callable[[M], bool], silent: type[Exception]) -> int:
    """Try what is due and return how much was taken; a side that raises ``silent`` waits, and holds up no other."""
    sent, away = 0, set[Any]()
    for id in due(model, side):
        if model._default_manager.filter(pk=id, **{f"{side}__in": away}).exists():
            continue
        message = claimed(model, id)
        if message is None:
            continue
        try:
            sent += deliver(message)
        except silent as why:
            away.add(getattr(message, f"{side}_id"))
            hold(message, str(why))
    return sent


def hold(message: M, why: str, longest: timedelta = LONGEST_SILENCE) -> None:
    """The other side is silent: ask again after one minute, then twice as long each time, at most ten minutes or ``longest``."""
    _again(message, why, min(timedelta(minutes=2 ** (min(message.attempts, 10) - 1)), longest), is_held=True)


def put_off(message: M, why: str) -> None:
    """Not now, but others may go: try again after one minute, then four times as long each time, at most six hours."""
    _again(message, why, min(timedelta(minutes=4 ** (min(message.attempts, 10) - 1)), LONGEST_WAIT))


def _again(message: M, why: str, wait: timedelta, **more: bool) -> None:
    logger.warning("%s %s not taken, try %s", type(message).__name__, message.pk, message.attempts)
    error = one_line(why)[: message._meta.get_field("error").max_length]
    if message.attempts >= MOST_ATTEMPTS and message.created_at <= clock.now() - TRIED_FOR:
        settle(message, state=State.FAILED, error=error)
    else:
        settle(message, next_at=clock.now() + wait, error=error, **more)


def settle(message: M, **facts: Any) -> None:
    """Write the end of a try, unless another worker took the message over meanwhile."""
    _waiting(type(message)).filter(pk=message.pk, attempts=message.attempts).update(**facts)
