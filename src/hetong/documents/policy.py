from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route


class Can(StrEnum):
    VIEW = "documents.view"
    ADD = "documents.add"
    ACCEPT = "documents.accept"


ROUTES: tuple[Route, ...] = ()
