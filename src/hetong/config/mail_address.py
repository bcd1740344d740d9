"""Turns HETONG_EMAIL_URL into Django's mail settings, and reads where answers to mails come in.

Without the first, mails are written to the `mail` folder of the home: a trial install sends
nothing to anybody, and nothing is lost either. Without the others no mail is taken in.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from hetong.config.environment import Environment, SettingError

NAME = "HETONG_EMAIL_URL"
REPLY, INBOX = "HETONG_REPLY_ADDRESS", "HETONG_MAIL_IN"
TIMEOUT_SECONDS = 20
LONGEST_BOX = 31
"""With `+` and a secret of 32 characters, the 64 that a mail address may have before its @."""


@dataclass(frozen=True)
class MailIn:
    """The box that is read: a server's (`imaps`, `imap` with STARTTLS) or a folder (`maildir`)."""

    scheme: str
    host: str = ""
    port: int = 0
    user: str = ""
    password: str = ""
    folder: str = "INBOX"
    path: Path = Path()


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


def reply_address(environment: Environment) -> str:
    """The address that answers go to; each mail adds `+` and a secret of its own before the @."""
    value = environment.text(REPLY)
    if value and not re.fullmatch(rf"[A-Za-z0-9._-]{{1,{LONGEST_BOX}}}@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)*", value):
        raise SettingError(
            REPLY, f"should look like hetong@mail.example.com, with at most {LONGEST_BOX} characters before the @"
        )
    return value


def mail_in(environment: Environment) -> MailIn | None:
    """The box of `imaps://user:password@host/Folder`, `imap://…` (STARTTLS) or `maildir:/folder`; None for none."""
    value = environment.text(INBOX)
    if not value:
        return None
    address = urlsplit(value)
    if not environment.text(REPLY):
        raise SettingError(INBOX, f"is set, but {REPLY} is not: nobody would know where to write")
    if address.scheme == "maildir" and address.path:
        return MailIn("maildir", path=Path(unquote(address.path)))
    if address.scheme not in {"imap", "imaps"} or not address.hostname or not address.username:
        raise SettingError(
            INBOX, "should look like imaps://user:password@mail.example.com/INBOX or maildir:/var/mail/hetong"
        )
    folder = unquote(address.path.strip("/")) or "INBOX"
    if not folder.isprintable() or any(c in folder for c in '"\\'):
        raise SettingError(INBOX, "names a folder with characters that no folder has")
    port = address.port or (993 if address.scheme == "imaps" else 143)
    return MailIn(
        address.scheme, address.hostname, port, unquote(address.username), unquote(address.password or ""), folder
    )
