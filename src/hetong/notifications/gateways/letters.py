"""A mail as it came (RFC 5322), read into what an answer needs: who wrote, to which address, what they say, which files.

Whatever a stranger may have written is read without failing: a broken header is no header, an unknown character set
is replaced. Nothing here asks a database or the network.
"""

from __future__ import annotations

import hashlib
import io
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email import message_from_bytes, message_from_string, policy
from email.errors import HeaderParseError
from email.message import EmailMessage, Message, MIMEPart
from email.utils import getaddresses
from typing import Any

from .quoting import answer_in, html_text

LONGEST_ID = 200
LONGEST_WORDS = 250
ADDRESSED = ("Delivered-To", "X-Original-To", "Envelope-To", "To", "Cc")
"""Headers that may hold the address a mail was written to; forwarding keeps the first three."""
BY_MACHINES = frozenset({"bulk", "junk", "list", "auto_reply"})
FROM_MACHINES = ("List-Id", "X-Autoreply", "X-Autorespond", "Feedback-ID")
NO_FILES = frozenset({
    "application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature", "text/calendar",
})  # fmt: skip
"""Parts that programs add to a letter and nobody means to send."""


class UnreadableLetter(Exception):
    """The message is built in a way that nobody's program builds one."""


class LetterFile(io.BytesIO):
    """A file that came with a letter, as the services of files and comments take it."""

    def __init__(self, name: str, content: bytes) -> None:
        super().__init__(content)
        self.name = name

    @property
    def stream(self) -> LetterFile:
        return self


@dataclass(frozen=True)
class Bounce:
    """What a mail server says of a mail of ours that it could not deliver (RFC 3464)."""

    message_id: str
    words: str


@dataclass(frozen=True)
class Letter:
    """A mail that came in. ``text`` is what its writer says, without what was quoted."""

    key: str
    """The same for the same letter, however often and by whichever way it comes."""
    message_id: str
    sender: str
    recipients: tuple[str, ...]
    subject: str
    is_automatic: bool
    text: str
    files: tuple[LetterFile, ...]
    bounce: Bounce | None = None


def read_letter(raw: bytes, *, ours: Sequence[str] = (), recipient: str = "") -> Letter:
    """Read a message. Raises `UnreadableLetter`.

    ``ours``: our own addresses, by which quoted mails of ours are known; ``recipient``: to whom it went, as the server says.
    """
    try:
        message = message_from_bytes(raw, EmailMessage, policy=policy.default)
        return _read(message, raw, ours, recipient)
    except (ValueError, LookupError, TypeError, AttributeError, RecursionError) as broken:  # what the library throws
        raise UnreadableLetter from broken


def _read(message: EmailMessage, raw: bytes, ours: Sequence[str], recipient: str) -> Letter:
    senders = _addresses(message, "From")
    sender = senders[0] if len(senders) == 1 else ""
    recipients = (recipient, *(one for name in ADDRESSED for one in _addresses(message, name)))
    message_id = _header(message, "Message-ID")[:LONGEST_ID]
    key = f"{message_id}\n{sender}".encode() if message_id else raw
    return Letter(
        hashlib.sha256(key).hexdigest(), message_id, sender,
        tuple(dict.fromkeys(one.lower() for one in recipients if one)), _header(message, "Subject")[:200],
        _is_automatic(message), answer_in(_text(message), ours), tuple(_files(message)),
        _bounce(message),
    )  # fmt: skip


def _bounce(message: EmailMessage) -> Bounce | None:
    """The report that a mail was given up; None for all else, and for a report that it is only late."""
    if message.get_content_type() != "multipart/report":
        return None
    failed, returned = "", ""
    for part in message.walk():
        if "status" in part:  # a block of the report about one recipient
            if _header_of(part, "Action").lower() == "failed":
                failed = _header_of(part, "Diagnostic-Code") or _header_of(part, "Status")
        elif part is not message and "message-id" in part:  # what was returned, whole
            returned = returned or _header_of(part, "Message-ID")
        elif part.get_content_type() == "text/rfc822-headers":  # or its headers alone
            returned = returned or _header_of(message_from_string(_decoded(part)), "Message-ID")
    return Bounce(returned[:LONGEST_ID], failed[:LONGEST_WORDS]) if failed and returned else None


def _header_of(part: Message, name: str) -> str:
    return _printable(str(part.get(name, "")))


def _header(message: EmailMessage, name: str) -> str:
    """A header as one line; empty where there is none that can be read."""
    try:
        return _printable(str(message.get(name, "")))
    except (HeaderParseError, ValueError, LookupError, TypeError, AttributeError):  # what the parser of headers throws
        return ""


def _printable(text: str) -> str:
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _addresses(message: EmailMessage, name: str) -> list[str]:
    try:
        values = [_printable(str(one)) for one in message.get_all(name, [])]
    except (HeaderParseError, ValueError, LookupError, TypeError, AttributeError):
        return []
    return [address.lower() for _name, address in getaddresses(values) if "@" in address]


def _is_automatic(message: EmailMessage) -> bool:
    """Whether a program wrote it: an absence note, a list, a report that a mail could not be delivered (RFC 3834)."""
    by_program = _header(message, "Auto-Submitted").lower().partition(";")[0].strip() not in ("", "no")
    is_bulk = _header(message, "Precedence").lower() in BY_MACHINES
    is_returned = _header(message, "Return-Path") == "<>" or message.get_content_type() == "multipart/report"
    return by_program or is_bulk or is_returned or any(name in message for name in FROM_MACHINES)


def _text(message: EmailMessage) -> str:
    """The words of the letter: its plain text, else its HTML as text."""
    part = message.get_body(("plain", "html"))
    if part is None:
        return ""
    text = "".join(c for c in _decoded(part) if c in "\t\n\r" or unicodedata.category(c) not in ("Cc", "Cs"))
    return html_text(text) if part.get_content_subtype() == "html" else text


def _decoded(part: MIMEPart[Any, Any]) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _files(message: EmailMessage) -> Iterator[LetterFile]:
    """What was attached. Pictures inside the text are left out: they are logos far more often than answers."""
    for number, part in enumerate(message.walk(), 1):
        if part.is_multipart() or part.get_content_disposition() != "attachment" or part.get_content_type() in NO_FILES:
            continue
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and isinstance(part, EmailMessage):
            yield LetterFile(_file_name(part) or f"file-{number}", content)


def _file_name(part: EmailMessage) -> str:
    try:
        return _printable(part.get_filename("") or "")
    except (HeaderParseError, ValueError, LookupError, TypeError, AttributeError):
        return ""
