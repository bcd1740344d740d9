from __future__ import annotations

from enum import StrEnum


class State(StrEnum):
    """Where a mail stands; one that is being sent is ``waiting`` with its next try put off by a lease."""

    WAITING = "waiting"
    SENT = "sent"
    FAILED = "failed"
