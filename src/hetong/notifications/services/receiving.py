"""Mails that come in: an answer to a notice goes where it belongs, with the rights that its writer has now.

Two things say who writes: the secret address, which only their own mail held, and their own address as the sender.
Whoever has but one of them is told nothing. A program's mail is never answered, and never more than a few a day are.
"""

from __future__ import annotations

import hashlib
import logging
from collections import Counter
from dataclasses import replace
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.utils import translation

from hetong.accounts.models import User
from hetong.accounts.queries import actor_for
from hetong.files.services import receive_early
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, DomainError, Invalid, NotFound
from hetong.kernel.nouns import noun
from hetong.notifications.gateways import Bounce, Letter, UnreadableLetter, inbox, read_letter, sender_address
from hetong.notifications.models import Mail, MailIn, ReplyAddress
from hetong.notifications.states import Fate, State
from hetong.notifications.table import answerable
from hetong.ui.errors import problem_words, wording

from .replies import is_over, reply_address_in
from .sending import MailOrder, send_mails

logger = logging.getLogger(__name__)
LARGEST = 36 * 1024 * 1024
"""Bytes of one mail: files of 25 MB together, as mails carry them."""
MOST_AN_HOUR = 60
"""Mails that are taken from one person; more than that is a program that does not say so."""
MOST_ANSWERS = 20
"""Refusals that one person is mailed in a day."""


class AddressOver(Conflict):
    """The address for answers was ended, or is too old."""

    code = "reply_address_over"
    text = N_("The address for answers that you wrote to is no longer in use.")
    then = N_("Open the discussion and answer there.")


class MailTooLarge(Invalid):
    """The mail weighs more than is taken in."""

    code = "mail_too_large"
    text = N_("Your mail is larger than %(limit)s MB.")
    then = N_("Open the discussion and add the files there.")


def take_mail(raw: bytes, *, recipient: str = "") -> MailIn:
    """Take one mail as it came, or its first bytes where it is too large; a second time changes nothing. Returns what became of it."""
    try:
        letter = read_letter(raw[:LARGEST], ours=_our_addresses(), recipient=recipient)
    except UnreadableLetter:
        letter = Letter(hashlib.sha256(raw).hexdigest(), "", "", (), "", True, "", ())
        return _noted(letter, Fate.ASIDE, "unreadable")[0]
    address = reply_address_in(letter.recipients)
    if address is not None:  # who has not its secret cannot take a mail's place by using its id first
        letter = replace(letter, key=hashlib.sha256(f"{letter.key}{address.pk}".encode()).hexdigest())
    known = MailIn.objects.filter(key=letter.key).first()
    if known is not None:
        return known
    if letter.bounce is not None:
        return _bounced(letter, letter.bounce)
    why = _why_aside(letter, address)
    if why or address is None:
        return _noted(letter, Fate.ASIDE, why, address.user if address and why != "other_sender" else None)[0]
    return _answered(letter, address, is_cut=len(raw) > LARGEST)


@transaction.atomic
def _bounced(letter: Letter, bounce: Bounce) -> MailIn:
    """A mail of ours did not arrive after all: the log of mails says so, and why. Who does not know its id changes nothing."""
    sent = Mail.objects.filter(message_id=bounce.message_id, state=State.SENT)
    sent.update(state=State.FAILED, error=f"Returned: {bounce.words}"[:300])
    return _noted(letter, Fate.ASIDE, "returned")[0]


def _our_addresses() -> list[str]:
    """What stands in a quoted mail of ours: the sender, and addresses for answers up to what differs."""
    return [sender_address().lower(), f"{settings.REPLY_ADDRESS.lower().partition('@')[0]}+"]


def _why_aside(letter: Letter, address: ReplyAddress | None) -> str:
    """Why nobody is told what becomes of the mail; empty where its writer is one of ours beyond doubt."""
    if letter.is_automatic or letter.sender == sender_address().lower():
        return "automatic"
    if address is None:
        return "no_address"
    if letter.sender != address.user.email.lower():
        return "other_sender"
    if not address.user.is_active or address.user.kind != "staff":
        return "no_person"
    recent = MailIn.objects.filter(user=address.user, received_at__gt=clock.now() - timedelta(hours=1))
    return "too_many" if recent.count() >= MOST_AN_HOUR else ""


def _answered(letter: Letter, address: ReplyAddress, *, is_cut: bool) -> MailIn:
    """Write the answer and note the mail in one transaction, or tell its writer why not."""
    for file in letter.files:
        receive_early(file)  # judged and kept before anything is locked
    try:
        with transaction.atomic():
            noted, is_new = _noted(letter, Fate.TAKEN, "", address.user)
            if is_new:
                _take(actor_for(address.user, via="mail"), letter, address, is_cut=is_cut)
    except DomainError as refused:
        return _refused(letter, address, refused)
    return noted


def _take(actor: Actor, letter: Letter, address: ReplyAddress, *, is_cut: bool) -> None:
    if is_cut:
        raise MailTooLarge(limit=LARGEST // 1024 // 1024)
    what = answerable(address.noun)
    if is_over(address) or what is None:
        raise AddressOver
    what.take(actor, address.subject, letter.text, letter.files)


def _noted(letter: Letter, fate: Fate, why: str, user: User | None = None) -> tuple[MailIn, bool]:
    """What became of the mail, and whether nobody noted it before."""
    facts = {
        "message_id": letter.message_id, "sender": letter.sender[:254], "user": user, "subject": letter.subject,
        "fate": fate, "why": why, "received_at": clock.now(),
    }  # fmt: skip
    return MailIn.objects.get_or_create(key=letter.key, defaults=facts)


@transaction.atomic
def _refused(letter: Letter, address: ReplyAddress, refused: DomainError) -> MailIn:
    """Note a refusal and tell the writer in their language; of a record that is closed to them nothing but that."""
    user = address.user
    day = MailIn.objects.filter(user=user, fate=Fate.REFUSED, received_at__gt=clock.now() - timedelta(days=1))
    is_told = day.count() < MOST_ANSWERS
    noted, is_new = _noted(letter, Fate.REFUSED, refused.code[:40], user)
    if is_new and is_told:
        with translation.override(user.language):
            lines = _words(refused)
        link = "" if isinstance(refused, NotFound) else f"{settings.BASE_URL}{noun(address.noun).url(address.subject)}"
        order = MailOrder("answer_refused", user, f"mail-in:{letter.key}", {"words": letter.subject}, link, lines=lines)
        send_mails(Actor.system(), [order])
    return noted


def _words(refused: DomainError) -> tuple[str, ...]:
    """What is wrong and what to do now, in the language of now."""
    problems = refused.problems if isinstance(refused, Invalid) else ()
    said = [problem_words(one) for one in problems] or list(wording(refused))
    return tuple(one for one in said if one)


def take_waiting() -> str:
    """Take what lies in the inbox that the settings name. Raises `InboxUnreachable`.

    A mail that a fault of ours cannot take stays as it came, for the next run, and holds up no other.
    """
    box, fates = inbox(), Counter[str]()
    for waiting in box.waiting(LARGEST) if box else ():
        try:
            fate = Fate(take_mail(waiting.content).fate)
        except Exception:  # a stranger's mail may bring any fault of ours to light; the next mail must still be taken
            logger.exception("A mail was not taken; it stays where it lies.")
            fates["left"] += 1
            continue
        waiting.settle(is_kept=fate is Fate.ASIDE)
        fates[fate.value] += 1
    return ", ".join(f"{count} {fate}" for fate, count in sorted(fates.items()))
