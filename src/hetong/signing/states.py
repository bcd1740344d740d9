"""The states of an envelope, and the sides that sign."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.states import Machine


class EnvelopeState(StrEnum):
    """Where an envelope stands."""

    OPEN = "open"
    COMPLETED = "completed"
    RECALLED = "recalled"


class Side(StrEnum):
    """Whose signature it is."""

    OURS = "ours"
    THEIRS = "theirs"


def _from(*states: EnvelopeState) -> frozenset[EnvelopeState]:
    return frozenset(states)


ENVELOPE: Machine[EnvelopeState] = Machine(
    {
        "complete": (_from(EnvelopeState.OPEN), EnvelopeState.COMPLETED),
        "recall": (_from(EnvelopeState.OPEN), EnvelopeState.RECALLED),
    }
)
