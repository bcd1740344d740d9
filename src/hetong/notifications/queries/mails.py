"""Reading the mails, for those who look after them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.utils.translation import gettext

from hetong.accounts.policy import Can
from hetong.accounts.queries import find_people
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_
from hetong.notifications.models import Mail
from hetong.notifications.states import State

STATES = {State.WAITING: N_("Waiting"), State.SENT: N_("Sent"), State.FAILED: N_("Failed")}
MOST = 200


def find_mails(actor: Actor) -> Any:
    """The mails to the people whom the actor manages, newest first. Raises `Forbidden`."""
    actor.require(Can.MANAGE_USERS)
    # allow: visibility — a mail is as visible as the person it goes to
    return Mail.objects.filter(user__in=find_people(actor).values("pk")).order_by("-created_at")


def mails_shown(actor: Actor, user: UUID | None = None) -> list[dict[str, Any]]:
    """The newest mails (of one person) as they are listed; never their text."""
    mails = find_mails(actor)
    if user is not None:
        mails = mails.filter(user=user)
    return [
        {
            "id": mail.pk, "subject": mail.subject, "recipient": mail.recipient, "created_at": mail.created_at,
            "sent_at": mail.sent_at, "state": mail.state, "state_words": gettext(STATES[State(mail.state)]),
            "error": mail.error, "place": mail.place, "attempts": mail.attempts, "next_at": mail.next_at,
            "may_retry": mail.state == State.FAILED and bool(mail.content),
        }
        for mail in mails[:MOST]
    ]  # fmt: skip
