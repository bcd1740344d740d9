"""A mail as bytes: plain text and simple HTML, in one language, with headers that no input can add to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext

from hetong.kernel import clock
from hetong.notifications.gateways import MARK
from hetong.notifications.kinds import MailKind

LONGEST_SUBJECT = 200


@dataclass(frozen=True)
class Answer:
    """How a mail is answered: under which address, to which words, and who will read it."""

    address: str
    said: str
    readers: str


@dataclass(frozen=True)
class Envelope:
    """To whom a mail goes, in which language, under which id and in which thread."""

    recipient: str
    language: str
    message_id: str
    thread: str = ""
    answer: Answer | None = None


def rendered(
    kind: MailKind, params: Mapping[str, Any], link: str, to: Envelope, lines: Sequence[str] = ()
) -> tuple[str, str]:
    """The subject and the whole message of a mail, worded in its language; ``lines`` are worded already."""
    with translation.override(to.language):
        subject = one_line(gettext(kind.subject) % params)[:LONGEST_SUBJECT]
        context = {
            "subject": subject, "greeting": gettext("Hello %(name)s,") % params, "language": to.language, "link": link,
            "paragraphs": [*(gettext(text) % params for text in kind.paragraphs), *lines], "site": params["site"],
            "button": gettext(kind.button) if kind.button else "", "base_url": settings.BASE_URL, "answer": to.answer,
            "mark": " ".join([MARK, gettext("Write your answer above this line"), MARK[::-1]]),
        }  # fmt: skip
        text = render_to_string("notifications/mail.txt", context)
        html = render_to_string("notifications/mail.html", context)
    message = EmailMessage(policy=SMTP)
    message["Subject"] = subject
    name, sender = parseaddr(settings.DEFAULT_FROM_EMAIL)
    message["From"] = Address(display_name=name, addr_spec=sender)
    message["To"] = Address(addr_spec=to.recipient)
    if to.answer:
        message["Reply-To"] = Address(display_name=name, addr_spec=to.answer.address)
    message["Date"] = format_datetime(clock.now())
    message["Message-ID"] = to.message_id
    if to.thread:
        message["In-Reply-To"] = message["References"] = to.thread
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(text, cte="quoted-printable")
    message.add_alternative(html, subtype="html", cte="quoted-printable")
    return subject, message.as_bytes().decode("ascii")


def one_line(text: str) -> str:
    """Without line breaks and control characters: a name cannot write a header of its own (trust F5)."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())
