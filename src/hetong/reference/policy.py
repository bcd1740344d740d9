"""Who keeps the reference data."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route


class Can(StrEnum):
    MANAGE = "reference.manage"


ROUTES: tuple[Route, ...] = ()
