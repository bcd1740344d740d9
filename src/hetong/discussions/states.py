"""The two channels of discussion, and how long words may be put right in each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from enum import StrEnum
from typing import Final


class Channel(StrEnum):
    """Who reads a thread: colleagues alone, or the other side too."""

    INTERNAL = "internal"
    SHARED = "shared"


EDIT_WITHIN: Final[Mapping[str, dt.timedelta]] = {
    Channel.INTERNAL: dt.timedelta(hours=24),
    Channel.SHARED: dt.timedelta(minutes=15),
}
"""How long after writing an author may still change the words; what the other side has read is not rewritten."""
