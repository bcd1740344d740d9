"""What may be read of the journal, by whom."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route, get


class Can(StrEnum):
    VIEW_HISTORY = "audit.view_history"
    VIEW_JOURNAL = "audit.view_journal"


ROUTES: tuple[Route, ...] = (get("audit:history", Can.VIEW_HISTORY),)
