"""What may be done with the frame itself: whoever is signed in; services and registers ask again per record."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Route, form, get, post


class Can(StrEnum):
    PUBLISH_VIEWS = "ui.publish_views"
    """Offer a saved view to everyone."""


ROUTES: tuple[Route, ...] = (
    get("ui:pick"),
    form("ui:cell"),
    post("ui:bulk"),
    get("ui:views"),
    form("ui:view_new"),
    form("ui:view_edit"),
    post("ui:view_delete"),
    post("ui:view_act"),
    get("jobs:list"),
    get("jobs:bell"),
    get("jobs:file"),
    post("jobs:cancel"),
    post("jobs:retry"),
)
