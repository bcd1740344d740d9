"""Reading the mails, for those who look after them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext

from hetong.accounts.policy import Can
from hetong.accounts.queries import find_people
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_
from hetong.notifications.models import Mail, MailIn
from hetong.notifications.states import Fate, State

STATES = {State.WAITING: N_("Waiting"), State.SENT: N_("Sent"), State.FAILED: N_("Failed")}
MOST = 200
MOST_LETTERS = 20


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


def silence(actor: Actor) -> dict[str, Any]:
    """While the mail server is away: how many mails wait, the next try and what it said; else nothing."""
    actor.require(Can.MANAGE_USERS)
    # allow: visibility — a number alone, of the one server of all
    waiting = Mail.objects.filter(state=State.WAITING)
    held = waiting.filter(is_held=True).order_by("next_at").first()
    return {"count": waiting.count(), "next_at": held.next_at, "error": held.error} if held else {}


FATES = {
    Fate.TAKEN: N_("Taken into the discussion"),
    Fate.REFUSED: N_("Refused and answered"),
    Fate.ASIDE: N_("Set aside"),
}
WHY_NOT = {
    "automatic": N_("A program wrote it."),
    "no_address": N_("It went to no address that was given out for an answer, or to one that is forgotten by now."),
    "other_sender": N_("It did not come from the person whose address for answers it was."),
    "no_person": N_("The person’s account is closed."),
    "returned": N_(
        "It says that a mail could not be delivered; that mail stands below as failed, if it is one of ours."
    ),
    "unreadable": N_("It is no mail that can be read."),
    "too_many": N_("Too many came from this person within an hour."),
}
"""Why a mail was set aside. One that was refused was answered in words."""


def letters_shown(actor: Actor) -> list[dict[str, Any]]:
    """What came in, newest first: from people whom the actor manages; from nobody we know, for who manages everybody."""
    actor.require(Can.MANAGE_USERS)
    known = Q(user__in=find_people(actor).values("pk"))
    # allow: visibility — as visible as the person whose address it came to
    rows = MailIn.objects.filter(known | Q(user=None) if actor.companies() is None else known).order_by("-received_at")
    return [
        {
            "subject": one.subject, "sender": one.sender, "received_at": one.received_at, "is_taken": one.fate == Fate.TAKEN,
            "fate_words": gettext(FATES[Fate(one.fate)]), "why": gettext(WHY_NOT[one.why]) if one.why in WHY_NOT else "",
        }
        for one in rows[:MOST_LETTERS]
    ]  # fmt: skip
