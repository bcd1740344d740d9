"""What becomes of a to-do."""

from __future__ import annotations

from enum import StrEnum

TASK = "task"
"""The rule of a to-do that a person gave; every other rule is the key of a deadline."""


class TodoState(StrEnum):
    """``done``: ticked off, or done on its record; ``dropped``: nobody needs it any more."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"
