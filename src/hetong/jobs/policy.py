"""One's own jobs are open to whoever is signed in; a failed consequence to who sees its record."""

from __future__ import annotations

from hetong.kernel.routes import Route, get, post

ROUTES: tuple[Route, ...] = (
    get("jobs:list"),
    get("jobs:bell"),
    get("jobs:file"),
    post("jobs:cancel"),
    post("jobs:retry"),
)
