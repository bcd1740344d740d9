"""What may be done with the frame itself: whoever is signed in; services and registers ask again per record."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route, form, get, post


class Can(StrEnum):
    PUBLISH_VIEWS = "ui.publish_views"
    """Offer a saved view to everyone."""


ROUTES: tuple[Route, ...] = (
    get("ui:pick"),
)  # fmt: skip
