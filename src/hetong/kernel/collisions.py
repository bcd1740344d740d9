"""Two writers in each other's way: which database errors mean that, and the one more try that is due then."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.db import IntegrityError, OperationalError, connection

from .errors import N_, Conflict

P = ParamSpec("P")
R = TypeVar("R")

COLLIDED = frozenset({"40001", "40P01", "55P03"})
"""PostgreSQL: serialization failure, deadlock, lock not available."""


class Collided(Conflict):
    """Somebody else wrote to the same records at the same moment, twice in a row."""

    code = "collided"
    text = N_("Somebody else was working on the same records at this moment.")
    then = N_("Nothing was changed. Try again.")


def is_collision(error: BaseException) -> bool:
    """Whether a database error only says that two writers met, so that the same act may succeed now."""
    if not isinstance(error, OperationalError):
        return False
    state = getattr(error.__cause__, "sqlstate", None)
    return state in COLLIDED or "database is locked" in str(error)


def is_gone(error: BaseException) -> bool:
    """Whether a database error says that a record which was named is no more: taken away after it was looked at."""
    if not isinstance(error, IntegrityError):
        return False
    return getattr(error.__cause__, "sqlstate", None) == "23503" or "FOREIGN KEY" in str(error)


def once_more(service: Callable[P, R]) -> Callable[P, R]:
    """Let a service be tried a second time after a collision (law 11); raises `Collided` after that.

    What is gone is named no more by then, or refused in words.

    Only where the service opens the transaction itself: inside another one all of that has to be tried again,
    which is for whoever opened it.
    """

    @wraps(service)
    def tried(*args: P.args, **kwargs: P.kwargs) -> R:
        if connection.in_atomic_block:
            return service(*args, **kwargs)
        try:
            return service(*args, **kwargs)
        except (OperationalError, IntegrityError) as error:
            if not (is_collision(error) or is_gone(error)):
                raise
        try:
            return service(*args, **kwargs)
        except OperationalError as error:
            if is_collision(error):
                raise Collided() from error
            raise

    return tried
