"""What happens when. *with*: same transaction, invariants. *after*: through the outbox, consequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from hetong.accounts.services import purge_keys
from hetong.audit.sealer import seal
from hetong.jobs.wiring import Daily, Every, Listeners, Timed
from hetong.kernel.events import Event
from datetime import time

LISTENERS: Mapping[type[Event], Listeners] = {
    # event:   (with, after)
}

SCHEDULE: Mapping[str, Timed] = {
    "audit.seal": Timed(seal, Every(5)),
    "accounts.purge_keys": Timed(purge_keys, Daily(time(2, 10))),
}

TASKS: Mapping[str, Callable[..., Any]] = {}
