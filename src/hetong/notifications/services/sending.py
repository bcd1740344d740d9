"""Rendering mails once and handing them to the gateway, each by one worker at a time, until it is taken."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from hetong.accounts.models import User
from hetong.jobs.services import wakeup
from hetong.kernel import clock, sealed
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.ids import new_id
from hetong.kernel.rows import insert
from hetong.notifications.gateways import MESSAGE_ID_HOST, MailRefused, MailUnreachable, gateway
from hetong.notifications.kinds import KINDS
from hetong.notifications.models import Mail, Notice
from hetong.notifications.queries import find_mails
from hetong.notifications.queries.notices import owner_of
from hetong.notifications.states import State

from .rendering import Envelope, one_line, rendered

logger = logging.getLogger(__name__)
PURPOSE = "notifications.mail"
LEASE = timedelta(minutes=5)
MOST_ATTEMPTS = 10
A_RUN = 50
KEPT = timedelta(days=90)


@dataclass(frozen=True)
class MailOrder:
    """One mail to write: its kind, to whom, about what. ``link`` is the address of its button; ``key`` makes it unique."""

    kind: str
    to: User
    key: str
    params: Mapping[str, Any] = field(default_factory=dict)
    link: str = ""
    recipient: str = ""
    """Another address than the person's own."""
    lines: Sequence[str] = ()
    """Further paragraphs, in the reader's language already; kept only inside the sealed message."""
    thread: str = ""
    """Mails of one thread stand together in the reader's mail program."""
    after: datetime | None = None
    """Not before this moment: the reader's quiet hours."""


@transaction.atomic
def send_mails(
    actor: Actor, orders: Sequence[MailOrder]
) -> list[Mail]:  # allow: journal — the act behind it is recorded
    """Write mails in their readers' languages; they leave after this transaction. A key that was used is left out."""
    known = set(Mail.objects.filter(key__in=[order.key for order in orders]).values_list("key", flat=True))
    mails = [_made(order) for order in {order.key: order for order in orders}.values() if order.key not in known]
    insert(mails)
    if mails:
        transaction.on_commit(wakeup.set)
    return mails


def _made(order: MailOrder) -> Mail:
    kind, now, id = KINDS[order.kind], clock.now(), new_id()
    recipient = order.recipient or order.to.email
    message_id = f"<{id}@{MESSAGE_ID_HOST}>"
    facts = {name: one_line(str(value)) for name, value in order.params.items()}
    params = {"site": _site(), "name": order.to.name, "email": recipient, **facts}
    thread = f"<{order.thread}@{MESSAGE_ID_HOST}>" if order.thread else ""
    to = Envelope(recipient, order.to.language, message_id, thread)
    subject, content = rendered(kind, params, order.link, to, order.lines)
    return Mail(
        id=id, key=order.key, kind=kind.key, params=facts, user=order.to.pk, recipient=recipient,
        language=order.to.language, subject=subject, message_id=message_id, next_at=order.after or now, created_at=now,
        content=sealed.seal(content, secret=settings.SECRET_KEY, purpose=PURPOSE),
        expires_at=now + kind.lasts if kind.lasts else None,
    )  # fmt: skip


def _site() -> str:
    return str(settings.BASE_URL).partition("//")[2]


def deliver_mails() -> str:
    """Send the mails that are due, each claimed for five minutes so that no other worker sends it too.

    Where the server is away the rest waits for the next run: other work is not held up behind its silence.
    """
    sent = 0
    due = Mail.objects.filter(state=State.WAITING, next_at__lte=clock.now()).order_by("next_at")
    for id in list(due.values_list("pk", flat=True)[:A_RUN]):
        mail = _claimed(id)
        if mail is None:
            continue
        try:
            sent += _deliver(mail)
        except MailUnreachable as away:
            _put_off(mail, str(away))
            return f"{sent} sent, then the server was away"
    return f"{sent} sent" if sent else ""


def _claimed(id: UUID) -> Mail | None:
    """The mail with this try counted and its next one put off; None when another worker was first."""
    now = clock.now()
    due = Mail.objects.filter(pk=id, state=State.WAITING, next_at__lte=now)
    return Mail.objects.get(pk=id) if due.update(attempts=F("attempts") + 1, next_at=now + LEASE) else None


def _deliver(mail: Mail) -> bool:
    """One try; returns whether the message was taken. Raises `MailUnreachable`."""
    if mail.expires_at is not None and mail.expires_at <= clock.now():
        return _settle(mail, state=State.FAILED, content="", error="Too late: its link no longer works.")
    try:
        content = sealed.unseal(
            mail.content, secrets=[settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS], purpose=PURPOSE
        )
        place = gateway().send(mail.recipient, content.encode(), f"{mail.created_at:%Y%m%d-%H%M%S}-{mail.pk}")
    except (MailRefused, sealed.Unreadable) as refused:
        logger.warning("mail %s refused: %s", mail.pk, type(refused).__name__)
        return _settle(mail, state=State.FAILED, error=one_line(str(refused))[:300])
    rest = "" if KINDS[mail.kind].holds_secret else mail.content
    _settle(mail, state=State.SENT, sent_at=clock.now(), content=rest, error="", place=place)
    return True


def _put_off(mail: Mail, why: str) -> None:
    """Try again after one minute, then four times as long each time, at most six hours; in the end give up."""
    logger.warning("mail %s not taken, try %s", mail.pk, mail.attempts)
    if mail.attempts >= MOST_ATTEMPTS:
        _settle(mail, state=State.FAILED, error=one_line(why)[:300])
        return
    wait = timedelta(seconds=min(60 * 4 ** (mail.attempts - 1), 6 * 3600))
    _settle(mail, next_at=clock.now() + wait, error=one_line(why)[:300])


def _settle(mail: Mail, **facts: Any) -> bool:
    """Write the end of a try, unless another worker took the mail over meanwhile."""
    Mail.objects.filter(pk=mail.pk, state=State.WAITING, attempts=mail.attempts).update(**facts)
    return False


@transaction.atomic
def retry_mail(actor: Actor, mail_id: UUID) -> None:  # allow: journal — sending changes no record
    """Let a mail that was given up be tried again now. Raises `NotFound`, `Forbidden`."""
    failed = find_mails(actor).filter(pk=mail_id, state=State.FAILED).exclude(content="")
    if not failed.update(state=State.WAITING, attempts=0, next_at=clock.now(), error=""):
        raise NotFound(noun="notifications.mail", id=str(mail_id))
    transaction.on_commit(wakeup.set)


def purge_old() -> str:
    """Forget mails after ninety days; notices that were read after as long as the settings say, unread ones after twice that."""
    now, kept = clock.now(), timedelta(days=settings.NOTICES_KEPT_DAYS)
    mails, _each = Mail.objects.filter(created_at__lt=now - KEPT).delete()
    over = Q(created_at__lt=now - kept, read_at__isnull=False) | Q(created_at__lt=now - 2 * kept)
    # allow: visibility — nobody reads them here
    notices, _each = Notice.objects.filter(over).delete()
    return f"{mails} mails, {notices} notices forgotten"


@transaction.atomic
def send_test(actor: Actor) -> Mail:
    """Send the actor a mail, to see whether mails arrive."""
    user = User.objects.get(pk=owner_of(actor))
    return send_mails(actor, [MailOrder("test", user, f"test:{new_id()}", {"by": actor.label})])[0]
