"""What happens when. *with*: same transaction, invariants. *after*: through the outbox, consequences."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any

from django.contrib.auth import signals
from django.dispatch import Signal

from hetong.accounts.services import note_failure, note_sign_in, note_sign_out, purge_keys
from hetong.audit.sealer import seal
from hetong.audit.services import log_exports
from hetong.contracts.services import refresh_next_events
from hetong.files.services import read_waiting_texts, remove_orphans
from hetong.jobs.services import purge_jobs
from hetong.jobs.wiring import Daily, Every, Listeners, Timed
from hetong.kernel.events import Event
from hetong.ui.events import Exported
from hetong.ui.lists.bulk import TASK as BULK_EDIT
from hetong.ui.lists.bulk import run_bulk_edit
from hetong.ui.lists.export import TASK as EXPORT
from hetong.ui.lists.export import run_export

LISTENERS: Mapping[type[Event], Listeners] = {
    # event:  (with, after)
    Exported: ([log_exports], []),
}

SCHEDULE: Mapping[str, Timed] = {
    "audit.seal": Timed(seal, Every(5)),
    "files.read_texts": Timed(read_waiting_texts, Every(3)),
    "files.remove_orphans": Timed(remove_orphans, Daily(time(2, 40))),
    "jobs.purge": Timed(purge_jobs, Daily(time(2, 20))),
    "accounts.purge_keys": Timed(purge_keys, Daily(time(2, 10))),
    "contracts.refresh_next_events": Timed(refresh_next_events, Every(3600)),
}

TASKS: Mapping[str, Callable[..., Any]] = {
    BULK_EDIT: run_bulk_edit,
    EXPORT: run_export,
}

SIGNALS: tuple[tuple[Signal, Callable[..., None]], ...] = (
    # Sign-in is allauth's, so what it tells is heard as signals (law 2's exception); these only keep the journal.
    (signals.user_logged_in, note_sign_in),
    (signals.user_logged_out, note_sign_out),
    (signals.user_login_failed, note_failure),
)
