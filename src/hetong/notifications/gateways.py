"""The way out for mails: SMTP as `HETONG_EMAIL_URL` says, without it files in a folder of the home."""

from __future__ import annotations

import smtplib
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

MESSAGE_ID_HOST = "hetong.mail"


class MailRefused(Exception):
    """The other side will never take this message: an address that does not exist, a sender it does not know."""


class MailUnreachable(Exception):
    """The other side could not be reached or asks to come back later; nothing was delivered as far as we know."""


class MailGateway(Protocol):
    """Takes one finished message. Raises `MailRefused` or `MailUnreachable`."""

    def send(self, recipient: str, content: bytes, name: str) -> str:
        """Hand the message over; returns the place where it lies, empty when it left. ``name`` is unique to it."""
        ...


@dataclass(frozen=True)
class SmtpGateway:
    """A mail server. The password is never part of a message or a log."""

    host: str
    port: int
    user: str
    password: str
    is_implicit_tls: bool
    starts_tls: bool
    timeout: int

    def send(self, recipient: str, content: bytes, name: str) -> str:
        try:
            with self._connected() as server:
                server.sendmail(sender_address(), [recipient], content)
        except smtplib.SMTPRecipientsRefused as refused:
            code, words = next(iter(refused.recipients.values()), (0, b""))
            raise self._worded(code, words) from refused
        except smtplib.SMTPResponseException as refused:
            raise self._worded(refused.smtp_code, refused.smtp_error) from refused
        except (OSError, smtplib.SMTPException) as away:
            raise MailUnreachable(f"{type(away).__name__}: {away}") from away
        return ""

    def _connected(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self.is_implicit_tls else smtplib.SMTP
        server = kind(self.host, self.port, timeout=self.timeout)
        try:
            if self.starts_tls:
                server.starttls()
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server

    @staticmethod
    def _worded(code: int, words: bytes | str) -> Exception:
        """535 (our own password) is temporary: an administrator mends the setting and the mail goes out."""
        text = f"{code} {words.decode('utf-8', 'replace') if isinstance(words, bytes) else words}"
        is_final = 500 <= code < 600 and code not in (530, 534, 535, 538)
        return MailRefused(text) if is_final else MailUnreachable(text)


@dataclass(frozen=True)
class FolderGateway:
    """A folder in which each message becomes one file, readable by the service alone."""

    folder: Path

    def send(self, recipient: str, content: bytes, name: str) -> str:
        try:
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            path = self.folder / f"{name}.eml"
            path.touch(mode=0o600)
            path.write_bytes(content)
        except OSError as away:
            raise MailUnreachable(f"{type(away).__name__}: {away}") from away
        return str(path)


class ConsoleGateway:
    """Standard output, for a process that somebody watches."""

    def send(self, recipient: str, content: bytes, name: str) -> str:
        sys.stdout.write(content.decode("utf-8", "replace") + "\n")
        return "console"


class FakeGateway:
    """For tests: keeps what it was given, and fails as told."""

    def __init__(self, *failures: Exception) -> None:
        self.sent: list[tuple[str, bytes, str]] = []
        self.failures = list(failures)

    def send(self, recipient: str, content: bytes, name: str) -> str:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((recipient, content, name))
        return ""


_instead: list[MailGateway] = []


def use(gateway: MailGateway | None) -> None:
    """Let mails leave through this gateway instead (tests); None: as the settings say again."""
    _instead[:] = [gateway] if gateway else []


def gateway() -> MailGateway:
    """The way out that the settings name."""
    if _instead:
        return _instead[0]
    if settings.MAIL["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        return SmtpGateway(
            settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD,
            settings.EMAIL_USE_SSL, settings.EMAIL_USE_TLS, settings.EMAIL_TIMEOUT or 20,
        )  # fmt: skip
    if settings.MAIL["EMAIL_BACKEND"].endswith("console.EmailBackend"):
        return ConsoleGateway()
    return FolderGateway(Path(settings.MAIL["EMAIL_FILE_PATH"]))


def sender_address() -> str:
    """The bare address of `HETONG_EMAIL_FROM`."""
    from email.utils import parseaddr

    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]
