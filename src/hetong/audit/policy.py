"""What may be read of the journal, by whom."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route, get, post


class Can(StrEnum):
    VIEW_HISTORY = "audit.view_history"
    VIEW_JOURNAL = "audit.view_journal"


ROUTES: tuple[Route, ...] = (
    get("audit:history", Can.VIEW_HISTORY),
    get("audit:journal", Can.VIEW_JOURNAL),
    get("audit:accesses", Can.VIEW_JOURNAL),
    get("audit:export", Can.VIEW_JOURNAL),
    post("audit:verify", Can.VIEW_JOURNAL),
    get("audit:heads", Can.VIEW_JOURNAL),
    get("api:journal", Can.VIEW_JOURNAL),
)
