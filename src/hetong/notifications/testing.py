"""For tests of higher floors: a gateway that keeps what it gets, and the links in it."""

from __future__ import annotations

import email
import email.policy
import re
from collections.abc import Iterator
from contextlib import contextmanager
from email.message import EmailMessage

from hetong.jobs.testing import drain_outbox

from .gateways import FakeGateway, use
from .services import deliver_mails


@contextmanager
def mail_kept() -> Iterator[FakeGateway]:
    """Mails of the block end here."""
    kept = FakeGateway()
    use(kept)
    try:
        yield kept
    finally:
        use(None)


def delivered(kept: FakeGateway) -> list[EmailMessage]:
    """Everything that is due, run and delivered; the messages that arrived, in order."""
    drain_outbox()
    deliver_mails()
    return [email.message_from_bytes(content, policy=email.policy.default) for _to, content, _name in kept.sent]


def text_of(message: EmailMessage) -> str:
    """The plain text of a message."""
    body = message.get_body(("plain",))
    return body.get_content() if body is not None else ""


def link_in(message: EmailMessage) -> str:
    """The path of the first address in a message."""
    found = re.search(r"https?://[^/\s]+(/\S+)", text_of(message))
    if found is None:
        raise LookupError("no address in this message")
    return found.group(1)
