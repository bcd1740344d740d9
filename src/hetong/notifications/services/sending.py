"""Rendering mails once and handing them to the gateway, each by one worker at a time, until it is taken."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from hetong.accounts.models import User
from hetong.jobs.services import wakeup
from hetong.kernel import clock, sealed
from hetong.kernel.actors import Actor
from hetong.kernel.errors import NotFound
from hetong.kernel.ids import new_id
from hetong.kernel.rows import insert
from hetong.notifications.gateways import (
    MESSAGE_ID_HOST,
    MailDeferred,
    MailDropped,
    MailRefused,
    MailUnreachable,
    gateway,
)
from hetong.notifications.kinds import KINDS
from hetong.notifications.models import Mail, Notice
from hetong.notifications.queries import find_mails
from hetong.notifications.queries.notices import owner_of
from hetong.notifications.states import State

from .rendering import Answer, Envelope, one_line, rendered
from .tries import A_RUN, claimed, due, due_of, held, hold, put_off, settle

logger = logging.getLogger(__name__)
PURPOSE = "notifications.mail"
KEPT = timedelta(days=90)
PATIENCE = 3
"""So often the server may hang up on a mail while the others wait behind it."""
WITNESSES = 3
"""So many recipients, put off one after the other with nothing taken between, speak for a server that lets nobody in."""

LONGEST_DOUBT = timedelta(minutes=2)
"""It is asked again so soon, for the recipients may have been put off each for reasons of their own."""


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
    answer: Answer | None = None
    """Where an answer goes, for what is answered by mail."""


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
    # A digest: an id that is longer than a line would be folded into what no mail program reads as one.
    thread = f"<{hashlib.sha256(order.thread.encode()).hexdigest()[:32]}@{MESSAGE_ID_HOST}>" if order.thread else ""
    to = Envelope(recipient, order.to.language, message_id, thread, order.answer)
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

    Where the server is away all wait for the next try: other work is not held up behind its silence. A mail on which
    it hung up several times running is put off, so that another one finds out whether it is there.

    Where it asks to come back later, that may be about this recipient or about everybody: so others are asked next.
    If it takes none of several, it is away as well; as soon as it takes one, only those that it put off wait.
    """
    run = _Run(due(Mail))
    while (mail := run.next()) is not None:
        try:
            if _deliver(mail):
                run.was_taken()
        except MailUnreachable as away:
            if why := run.was_not_taken(mail, away):
                return f"{run.sent} sent, then {why}"
    return f"{run.sent} sent" if run.sent else ""


@dataclass
class _Run:
    """One run: the mails to try next, and those that the server put off since it last took one."""

    turns: list[UUID]
    sent: int = 0
    left: int = A_RUN
    doubted: list[Mail] = field(default_factory=list)

    def next(self) -> Mail | None:
        """The next mail, claimed; None where there is none any more, or the run is as long as it may be."""
        while self.turns and self.left:
            self.left -= 1
            mail = claimed(Mail, self.turns.pop(0))
            if mail is not None:
                return mail
        return None

    def was_taken(self) -> None:
        self.sent += 1
        if self.doubted:
            self.doubted, self.turns = [], due(Mail)

    def was_not_taken(self, mail: Mail, away: MailUnreachable) -> str:
        """Let the mail wait, or all of them; why none is tried any more, empty where others are."""
        if isinstance(away, MailDeferred):
            return self._was_put_off(mail, str(away))
        if isinstance(away, MailDropped) and mail.attempts >= PATIENCE:
            put_off(mail, str(away))
            return ""
        hold(mail, str(away))
        return "the server was away"

    def _was_put_off(self, mail: Mail, why: str) -> str:
        put_off(mail, why)
        self.doubted.append(mail)
        if len(self.doubted) < WITNESSES:
            self.turns = _others(self.doubted)
            return ""
        _hold_all(self.doubted, why)
        return "the server took none"


def _others(doubted: Sequence[Mail]) -> list[UUID]:
    """The due mail to ask with next: to nobody who was put off, elsewhere if there is one, tried least often, the newest.

    One that was never tried tells most: those that were may each be put off for reasons of their own; and what was
    written together, such as the summaries of one team, often shares them.
    """
    others = due_of(Mail).exclude(recipient__in=[mail.recipient for mail in doubted])
    elsewhere = others
    for mail in doubted:
        elsewhere = elsewhere.exclude(recipient__iendswith=mail.recipient[mail.recipient.rfind("@") :])
    for rows in (elsewhere, others):
        if found := list(rows.order_by("attempts", "-created_at", "-pk").values_list("pk", flat=True)[:1]):
            return found
    return []


def _hold_all(doubted: Sequence[Mail], why: str) -> None:
    """Nobody is let in: the oldest asks again, and the others wait behind it with everything else, in their places."""
    first, *rest = sorted(doubted, key=lambda mail: (mail.created_at, mail.pk))
    for mail in rest:
        settle(mail, next_at=clock.now())
    hold(first, why, LONGEST_DOUBT)


def silent_server() -> str:
    """What the jobs page says while the mail server is away; empty while it is not."""
    waits = held(Mail).order_by("created_at", "pk").first()
    return f"The mail server is away: {waits.error}" if waits else ""


def _deliver(mail: Mail) -> bool:
    """One try; returns whether the message was taken. Raises `MailUnreachable`."""
    if mail.expires_at is not None and mail.expires_at <= clock.now():
        settle(mail, state=State.FAILED, content="", error="Too late: its link no longer works.")
        return False
    try:
        content = sealed.unseal(
            mail.content, secrets=[settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS], purpose=PURPOSE
        )
        place = gateway().send(mail.recipient, content.encode(), f"{mail.created_at:%Y%m%d-%H%M%S}-{mail.pk}")
    except (MailRefused, sealed.Unreadable) as refused:
        logger.warning("mail %s refused: %s", mail.pk, type(refused).__name__)
        settle(mail, state=State.FAILED, error=one_line(str(refused))[:300])
        return False
    rest = "" if KINDS[mail.kind].holds_secret else mail.content
    settle(mail, state=State.SENT, sent_at=clock.now(), content=rest, error="", place=place)
    return True


@transaction.atomic
def retry_mail(actor: Actor, mail_id: UUID) -> None:  # allow: journal — sending changes no record
    """Let a mail that was given up be tried again now. Raises `NotFound`, `Forbidden`."""
    failed = find_mails(actor).filter(pk=mail_id, state=State.FAILED).exclude(content="")
    if not failed.update(state=State.WAITING, attempts=0, next_at=clock.now(), error="", is_held=False):
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
