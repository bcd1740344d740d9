"""Who may decide: whoever was asked. Reading a round needs no more than reading its record."""

from __future__ import annotations

from hetong.kernel.routes import Route

ROUTES: tuple[Route, ...] = ()
