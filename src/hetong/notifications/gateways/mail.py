"""The way out for mails: SMTP as `HETONG_EMAIL_URL` says, without it files in a folder of the home."""

from __future__ import annotations

import smtplib
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from django.conf import settings

MESSAGE_ID_HOST = "hetong.mail"


class MailRefused(Exception):
    """The other side will never take this message: an address that does not exist, a sender it does not know."""


class MailUnreachable(Exception):
    """The other side could not be reached or asks to come back later; nothing was delivered as far as we know."""


class MailDeferred(MailUnreachable):
    """This one is not taken yet, as where a stranger has to call twice; the server takes others."""


class MailDropped(MailUnreachable):
    """The server was there and hung up on this message: it may be going away, or choke on this one."""


class MailGateway(Protocol):
    """Takes one finished message. Raises `MailRefused`, `MailDeferred`, `MailDropped` or `MailUnreachable`."""

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
        address = _for_the_wire(recipient)
        server = self._reached()
        try:
            _hand_over(server, address, content)
        except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refused:
            raise _worded(refused) from refused
        except (OSError, smtplib.SMTPException) as dropped:
            raise MailDropped(_named(dropped)) from dropped
        finally:
            _take_leave(server)
        return ""

    def _reached(self) -> smtplib.SMTP:
        """A server that greeted us and let us in. Whatever it says before is about us, not about a message."""
        try:
            return self._connected()
        except smtplib.SMTPResponseException as refused:
            raise MailUnreachable(" ".join(map(str, _answer(refused)))) from refused
        except (OSError, smtplib.SMTPException) as away:
            raise MailUnreachable(_named(away)) from away

    def _connected(self) -> smtplib.SMTP:
        kind = smtplib.SMTP_SSL if self.is_implicit_tls else smtplib.SMTP
        server = kind(self.host, self.port, timeout=self.timeout)
        try:
            if self.starts_tls:
                server.starttls()
            if self.user:
                server.login(self.user, self.password)
            else:
                server.ehlo_or_helo_if_needed()
        except BaseException:
            server.close()
            raise
        return server


def _for_the_wire(recipient: str) -> str:
    """The address with its domain in ASCII (IDNA, RFC 3490). Raises `MailRefused` for one that no server can be told."""
    name, _at, domain = recipient.rpartition("@")
    try:
        return f"{name.encode('ascii').decode()}@{domain.encode('idna').decode()}"
    except UnicodeError as unsayable:
        raise MailRefused(_named(unsayable)) from unsayable


def _take_leave(server: smtplib.SMTP) -> None:
    """Whatever the server says to our goodbye, the message is with it or was refused already."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


OURS_TO_MEND = (530, 534, 535, 538)
"""Our own password or the lack of one: an administrator mends the setting and the mail goes out."""


def _hand_over(server: smtplib.SMTP, recipient: str, content: bytes) -> None:
    """One message; once more under the sender's own address where that of the box for answers is not ours to send from."""
    back, own = return_address(), sender_address()
    try:
        server.sendmail(back, [recipient], content)
    except (smtplib.SMTPResponseException, smtplib.SMTPRecipientsRefused) as refused:
        if back == own or not _minds_the_sender(refused):
            raise
        server.sendmail(own, [recipient], content)


def _minds_the_sender(refused: smtplib.SMTPException) -> bool:
    """Whether another envelope sender may be taken: many servers judge the sender only once they know the recipient."""
    code, words = _answer(refused)
    is_final = 500 <= code < 600 and code not in OURS_TO_MEND
    return is_final and (isinstance(refused, smtplib.SMTPSenderRefused) or words.startswith("5.7."))


def _answer(refused: smtplib.SMTPException) -> tuple[int, str]:
    """The code and the words of a server that said no."""
    words: bytes | str
    if isinstance(refused, smtplib.SMTPRecipientsRefused):
        code, words = next(iter(refused.recipients.values()))
    else:
        code, words = refused.smtp_code, refused.smtp_error  # type: ignore[attr-defined]  # a response has both
    return code, words.decode("utf-8", "replace") if isinstance(words, bytes) else str(words)


def _worded(refused: smtplib.SMTPException) -> Exception:
    """What a no to one message means: this one never, this one later, or none at all as we stand."""
    code, words = _answer(refused)
    if 400 <= code < 500:
        return MailDeferred(f"{code} {words}")
    is_final = 500 <= code < 600 and code not in OURS_TO_MEND
    return MailRefused(f"{code} {words}") if is_final else MailUnreachable(f"{code} {words}")


def _named(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"


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


def return_address() -> str:
    """Where a mail that cannot be delivered comes back to: the box that is read, where it belongs to the sender's domain."""
    sender, box = sender_address(), str(settings.REPLY_ADDRESS)
    return box if box and box.rpartition("@")[2].lower() == sender.rpartition("@")[2].lower() else sender
