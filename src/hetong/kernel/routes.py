"""Policy as data: one `Route` per page or operation says who may use it. Without one, start-up fails."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Open(StrEnum):
    """Who may come to a route at all; the permission is asked after that."""

    STAFF = "staff"
    PORTAL = "portal"
    ANYONE = "anyone"


@dataclass(frozen=True)
class Route:
    """The policy of one URL name (or API operation id) for these methods.

    ``can``: one of these permissions must be held in some company (empty: being signed in is enough);
    the service asks again per row. ``noun``: whose visibility decides about ids in the address.
    Expected answers: another method 405; nobody signed in 302 to sign-in (API 401); portal user
    elsewhere 404; not permitted 403; an id out of scope 404; wrong stage 409; else 2xx or 3xx.
    """

    name: str
    methods: tuple[str, ...] = ("GET",)
    can: tuple[str, ...] = ()
    noun: str = ""
    stages: tuple[str, ...] = ()
    open_to: Open = Open.STAFF
    counts_tries: bool = False
    """Its POSTs check a secret and count the tries: they run outside keyed transactions, whose rollback would forget the count."""


def get(name: str, *can: str, noun: str = "", open_to: Open = Open.STAFF) -> Route:
    """A page that is read."""
    return Route(name, ("GET",), can, noun, (), open_to)


def post(name: str, *can: str, noun: str = "", stages: tuple[str, ...] = (), open_to: Open = Open.STAFF) -> Route:
    """An act."""
    return Route(name, ("POST",), can, noun, stages, open_to)


def form(name: str, *can: str, noun: str = "", open_to: Open = Open.STAFF) -> Route:
    """A page that shows a form and takes it."""
    return Route(name, ("GET", "POST"), can, noun, (), open_to)


def counted(name: str, *can: str) -> Route:
    """A form that checks a password or a code."""
    return Route(name, ("GET", "POST"), can, counts_tries=True)


_routes: dict[tuple[str, str], Route] = {}


def install(routes: Iterable[Route]) -> None:
    """Make the policy known; called once at start. Raises `ValueError` for a route named twice."""
    _routes.clear()
    for route in routes:
        for method in route.methods:
            if (route.name, method) in _routes:
                raise ValueError(f"route {route.name} {method} has two policies")
            _routes[route.name, method] = route


def routes() -> Mapping[tuple[str, str], Route]:
    """Every (URL name, method) with its policy."""
    return _routes


def route_of(name: str, method: str) -> Route | None:
    """The policy of a request; HEAD counts as GET."""
    return _routes.get((name, "GET" if method == "HEAD" else method))


def methods_of(name: str) -> tuple[str, ...]:
    """The methods a URL name is open for."""
    return tuple(method for known, method in _routes if known == name)
