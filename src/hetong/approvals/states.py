"""The states of a round of approval and of the tasks in it."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.states import Machine


class RoundState(StrEnum):
    """Where a round stands. ``withdrawn`` by those who opened it, ``void`` because its content changed."""

    OPEN = "open"
    APPROVED = "approved"
    REJECTED = "rejected"
    WITHDRAWN = "withdrawn"
    VOID = "void"


class TaskState(StrEnum):
    """What became of one person's task. ``closed``: the round ended without it."""

    WAITING = "waiting"
    APPROVED = "approved"
    REJECTED = "rejected"
    CLOSED = "closed"


def _from(*states: RoundState) -> frozenset[RoundState]:
    return frozenset(states)


ROUND: Machine[RoundState] = Machine(
    {
        "approve": (_from(RoundState.OPEN), RoundState.APPROVED),
        "reject": (_from(RoundState.OPEN), RoundState.REJECTED),
        "withdraw": (_from(RoundState.OPEN), RoundState.WITHDRAWN),
        "void": (_from(RoundState.OPEN, RoundState.APPROVED, RoundState.REJECTED), RoundState.VOID),
    }
)
