from __future__ import annotations

from enum import StrEnum

from hetong.kernel.states import Machine


class VersionState(StrEnum):
    """Where a version stands; only the current one counts."""

    PROPOSED = "proposed"
    CURRENT = "current"
    SUPERSEDED = "superseded"
    REJECTED = "rejected"


LIFECYCLE: Machine[VersionState] = Machine(
    {
        "accept": (frozenset({VersionState.PROPOSED}), VersionState.CURRENT),
        "reject": (frozenset({VersionState.PROPOSED}), VersionState.REJECTED),
        "supersede": (frozenset({VersionState.CURRENT}), VersionState.SUPERSEDED),
    }
)
