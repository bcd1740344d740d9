"""Every route of the product with its policy, gathered; start-up fails where one is missing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.apps import apps
from django.core import checks
from django.core.exceptions import ImproperlyConfigured
from django.urls import URLPattern, URLResolver, get_resolver

from hetong.accounts.policy import Can
from hetong.audit.policy import Can as Audit
from hetong.kernel.routes import Open, Route, form, get, post, routes

OWN: tuple[Route, ...] = (
    get("home"),
    get("api_docs"),
    get("api:openapi-json"),
    get("api:api-root"),
    get("api:search"),
    form("user_leave", Can.MANAGE_USERS, noun="accounts.user"),
    get("personal", Can.ERASE),
    get("person", Can.ERASE),
    get("person_file", Can.ERASE),
    get("person_paper", Can.ERASE),
    get("api:personal_data", Can.ERASE),
    post("api:personal_data_erase", Can.ERASE),
    form("person_erase", Can.ERASE),
    form("holds", Can.HOLD, Audit.VIEW_JOURNAL),
    form("hold_lift", Can.HOLD),
    post("retention", Can.HOLD),
    get("scheduled", Can.MANAGE_COMPANIES, Audit.VIEW_JOURNAL),
    post("scheduled_run", Can.MANAGE_COMPANIES),
    post("scheduled_retry", Can.MANAGE_COMPANIES),
    get("api:scheduled", Can.MANAGE_COMPANIES, Audit.VIEW_JOURNAL),
    post("api:scheduled_run", Can.MANAGE_COMPANIES),
    get("healthz", open_to=Open.ANYONE),
    get("readyz", open_to=Open.ANYONE),
)


def all_routes() -> list[Route]:
    """The routes of config and of every app's ``policy.py``."""
    found = list(OWN)
    for app in apps.get_app_configs():
        if app.name.startswith("hetong.") and find_spec(f"{app.name}.policy"):
            found += getattr(import_module(f"{app.name}.policy"), "ROUTES", ())
    return found


def all_permissions() -> frozenset[str]:
    """Every permission there is, as ``app.verb``."""
    found: set[str] = set()
    for app in apps.get_app_configs():
        if app.name.startswith("hetong.") and find_spec(f"{app.name}.policy"):
            found |= {str(can) for can in getattr(import_module(f"{app.name}.policy"), "Can", ())}
    return frozenset(found)


def url_names(patterns: Iterable[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """The name of every URL there is."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLResolver):
            space = f"{prefix}{pattern.namespace}:" if pattern.namespace else prefix
            yield from url_names(pattern.url_patterns, space)
        elif isinstance(pattern, URLPattern):
            yield prefix + (pattern.name or repr(pattern.pattern))


def check_complete() -> None:
    """Raise `ImproperlyConfigured` naming every URL that has no policy."""
    known = {name for name, _ in routes()}
    missing = sorted({name for name in url_names() if name not in known})
    if missing:
        raise ImproperlyConfigured(f"These URLs have no policy: {', '.join(missing)}")


def closed_addresses(**ignored: Any) -> list[checks.CheckMessage]:
    """Django's system check: every command that serves people refuses to start while an address has no policy."""
    try:
        check_complete()
    except ImproperlyConfigured as missing:
        return [checks.Error(str(missing), hint="Name them in ROUTES of the app's policy.py.", id="hetong.E001")]
    return []
