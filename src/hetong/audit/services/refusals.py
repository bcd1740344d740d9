"""Refusals that stay: whoever tried to do both halves of what two people do is in the journal, though nothing was done.

The refusal rolls its own transaction back, so the entry is written after it: at once where no other transaction
is around, else by the edge of the request, which opens `collecting` around its transactions.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Concatenate, ParamSpec, TypeVar, cast

from django.db import transaction

from hetong.kernel.actors import Actor
from hetong.kernel.duties import DutyConflict

from .journal import Change, record_many

P = ParamSpec("P")
R = TypeVar("R")
_waiting: ContextVar[list[tuple[Actor, DutyConflict]] | None] = ContextVar("refusals", default=None)


def keeps_refusals(service: Callable[Concatenate[Actor, P], R]) -> Callable[Concatenate[Actor, P], R]:
    """The service, with every `DutyConflict` that it raises kept in the journal; the outermost decorator."""

    @wraps(service)
    def run(actor: Actor, *args: P.args, **more: P.kwargs) -> R:
        try:
            return service(actor, *args, **more)
        except DutyConflict as refused:
            _note(actor, refused)
            raise

    return cast("Callable[Concatenate[Actor, P], R]", run)


def _note(actor: Actor, refused: DutyConflict) -> None:
    waiting = _waiting.get()
    if waiting is not None and transaction.get_connection().in_atomic_block:
        waiting.append((actor, refused))
    else:
        keep_refusal(actor, refused)


@contextmanager
def collecting() -> Iterator[None]:
    """Keep what is refused inside until the transactions in here have ended, then write it."""
    waiting: list[tuple[Actor, DutyConflict]] = []
    token = _waiting.set(waiting)
    try:
        yield
    finally:
        _waiting.reset(token)
        for actor, refused in waiting:
            keep_refusal(actor, refused)


@transaction.atomic
def keep_refusal(actor: Actor, refused: DutyConflict) -> None:
    """One entry on each record that it was tried on."""
    what = [Change(one.noun, one.id, str(one.facts.get("label", ""))[:300], one.company) for one in refused.about]
    record_many(actor, refused.refused, what)
