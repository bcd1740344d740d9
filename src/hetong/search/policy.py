"""Whoever is signed in may search: the answer holds only what they may see."""

from __future__ import annotations

from hetong.kernel.routes import Route, get

ROUTES: tuple[Route, ...] = (
    get("search:page"),
    get("search:palette"),
)
