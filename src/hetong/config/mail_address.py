"""Turns HETONG_EMAIL_URL into Django's mail settings.

Without the setting, mails are written to the `mail` folder of the home: a trial install sends
nothing to anybody, and nothing is lost either.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from hetong.config.environment import Environment, SettingError

NAME = "HETONG_EMAIL_URL"
TIMEOUT_SECONDS = 20


def mail_settings(environment: Environment, home: Path) -> dict[str, Any]:
    """Django's EMAIL_* settings for `smtp://user:password@host:587`, `smtps://…`, `file:` or `console:`."""
    value = environment.text(NAME, "file:")
    address = urlsplit(value)
    if address.scheme == "console":
        return {"EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"}
    if address.scheme == "file":
        folder = Path(unquote(address.path)) if address.path else home / "mail"
        return {"EMAIL_BACKEND": "django.core.mail.backends.filebased.EmailBackend", "EMAIL_FILE_PATH": str(folder)}
    if address.scheme not in {"smtp", "smtps"} or not address.hostname:
        raise SettingError(NAME, "should look like smtp://user:password@mail.example.com:587")
    implicit = address.scheme == "smtps"
    plain = parse_qs(address.query).get("tls") == ["off"]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": address.hostname,
        "EMAIL_PORT": address.port or (465 if implicit else 587),
        "EMAIL_HOST_USER": unquote(address.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(address.password or ""),
        "EMAIL_USE_SSL": implicit,
        "EMAIL_USE_TLS": not implicit and not plain,
        "EMAIL_TIMEOUT": TIMEOUT_SECONDS,
    }
