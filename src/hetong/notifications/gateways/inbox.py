"""The ways in for mails: a mailbox on a server (IMAP) or a folder that a mail server fills (maildir)."""

from __future__ import annotations

import imaplib
import mailbox
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from django.conf import settings

A_RUN = 50
TIMEOUT = 30


class InboxUnreachable(Exception):
    """The mailbox could not be opened or broke off; what was not settled is there the next time."""


class Waiting(Protocol):
    """One mail that lies in an inbox and was not read by us."""

    @property
    def content(self) -> bytes:
        """Its first bytes: one more than was asked for tells that it is larger."""
        ...

    def settle(self, *, is_kept: bool) -> None:
        """It is dealt with: gone from the inbox, or left there for a person, marked as seen."""
        ...


class Inbox(Protocol):
    """Mails that came in. Raises `InboxUnreachable`."""

    def waiting(self, limit: int) -> Iterator[Waiting]:
        """Those not read yet, the oldest first, some at a time; ``limit``: the most bytes of one."""
        ...


# -- a folder ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _InFolder:
    folder: mailbox.Maildir
    key: str
    content: bytes

    def settle(self, *, is_kept: bool) -> None:
        with suppress(KeyError, FileNotFoundError):
            if not is_kept:
                self.folder.remove(self.key)
                return
            message = self.folder[self.key]
            message.set_subdir("cur")
            message.add_flag("S")
            self.folder[self.key] = message


@dataclass(frozen=True)
class FolderInbox:
    """A maildir; what is new there and what nobody has seen."""

    path: Path

    def waiting(self, limit: int) -> Iterator[Waiting]:
        if not (self.path / "new").is_dir():
            raise InboxUnreachable(f"{self.path} is no maildir")
        folder = mailbox.Maildir(self.path, create=False)
        try:
            unseen = [key for key in sorted(folder.keys()) if "S" not in folder.get_message(key).get_flags()]
            for key in unseen[:A_RUN]:
                with folder.get_file(key) as file:
                    content = file.read(limit + 1)
                yield _InFolder(folder, key, content)
        except OSError as broken:
            raise InboxUnreachable(f"{type(broken).__name__}: {broken}") from broken


# -- a server ------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _OnServer:
    server: imaplib.IMAP4
    uid: str
    content: bytes

    def settle(self, *, is_kept: bool) -> None:
        flags = r"(\Seen \Flagged)" if is_kept else r"(\Seen \Deleted)"
        _ok(self.server.uid("STORE", self.uid, "+FLAGS", flags))


@dataclass(frozen=True)
class ImapInbox:
    """A mailbox on a server, over TLS. The password is never part of a message or a log."""

    host: str
    port: int
    user: str
    password: str
    folder: str
    is_implicit_tls: bool

    def waiting(self, limit: int) -> Iterator[Waiting]:
        try:
            with self._opened() as server:
                for uid in self._unseen(server):
                    yield _OnServer(server, uid, self._content(server, uid, limit))
        except (OSError, imaplib.IMAP4.error, ValueError) as away:
            raise InboxUnreachable(f"{type(away).__name__}: {away}") from away

    @contextmanager
    def _opened(self) -> Iterator[imaplib.IMAP4]:
        context = ssl.create_default_context()
        if self.is_implicit_tls:
            server: imaplib.IMAP4 = imaplib.IMAP4_SSL(self.host, self.port, ssl_context=context, timeout=TIMEOUT)
        else:
            server = imaplib.IMAP4(self.host, self.port, timeout=TIMEOUT)
        try:
            if not self.is_implicit_tls:
                server.starttls(context)
            server.login(self.user, self.password)
            _ok(server.select(f'"{self.folder}"'))
            yield server
            server.close()  # what is marked as deleted goes with it
        finally:
            with suppress(OSError, imaplib.IMAP4.error):
                server.logout()

    @staticmethod
    def _unseen(server: imaplib.IMAP4) -> list[str]:
        [found] = _ok(server.uid("SEARCH", "UNSEEN", "UNDELETED"))
        return [uid.decode("ascii") for uid in (found or b"").split()][:A_RUN]

    @staticmethod
    def _content(server: imaplib.IMAP4, uid: str, limit: int) -> bytes:
        """The bytes, of which no more than ``limit`` and one are fetched; asking marks nothing as seen."""
        answer = _ok(server.uid("FETCH", uid, f"(BODY.PEEK[]<0.{limit + 1}>)"))
        return next((bytes(part[1]) for part in answer if isinstance(part, tuple)), b"")


def _ok(answer: tuple[str, list[Any]]) -> list[Any]:
    """The rows of an answer: bytes, None, or pairs of bytes for what has a length."""
    said, rows = answer
    if said != "OK":
        raise imaplib.IMAP4.error(b" ".join(row for row in rows if isinstance(row, bytes)).decode("utf-8", "replace"))
    return rows


@dataclass
class FakeInbox:
    """For tests: holds mails and says what became of them."""

    contents: list[bytes]

    def __post_init__(self) -> None:
        self.settled: list[bool] = []

    def waiting(self, limit: int) -> Iterator[Waiting]:
        for content in list(self.contents):
            yield _Held(self, content[: limit + 1])


@dataclass(frozen=True)
class _Held:
    inbox: FakeInbox
    content: bytes

    def settle(self, *, is_kept: bool) -> None:
        self.inbox.settled.append(is_kept)


_instead: list[Inbox] = []


def use_inbox(inbox: Inbox | None) -> None:
    """Let mails come from here instead (tests); None: as the settings say again."""
    _instead[:] = [inbox] if inbox else []


def inbox() -> Inbox | None:
    """The way in that the settings name; None where there is none."""
    if _instead:
        return _instead[0]
    found = settings.MAIL_IN
    if found is None:
        return None
    if found.scheme == "maildir":
        return FolderInbox(found.path)
    return ImapInbox(found.host, found.port, found.user, found.password, found.folder, found.scheme == "imaps")
