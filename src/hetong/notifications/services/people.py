"""Mails about one's own account; each listens to an event of accounts, *after* it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.conf import settings
from django.urls import reverse

from hetong.accounts.models import User
from hetong.accounts.services import LinkFor, address_key, link_parts
from hetong.kernel.actors import Actor
from hetong.kernel.events import Event, Fact

from .sending import MailOrder, send_mails


def _people(event: Event) -> Iterator[tuple[Fact, User]]:
    """The facts whose person is there and active; an unknown address has none."""
    users = User.objects.filter(is_active=True).in_bulk([fact.id for fact in event.rows])
    return ((fact, users[fact.id]) for fact in event.rows if fact.id in users)


def _key(event: Event, user: User) -> str:
    return f"{event.id}:{user.pk}"


def _password_link(user: User, what: LinkFor) -> str:
    return f"{settings.BASE_URL}{reverse('first_password', args=link_parts(user, what))}"


def mail_invitations(actor: Actor, event: Event) -> None:
    """Who was invited gets a link to choose a password; made now, kept nowhere else."""
    by = event.actor.label or "Hetong"
    send_mails(actor, [
        MailOrder("invitation", user, _key(event, user), {"by": by}, _password_link(user, LinkFor.INVITATION))
        for _fact, user in _people(event)
    ])  # fmt: skip


def mail_resets(actor: Actor, event: Event) -> None:
    """Who asked for a new password gets a link, if there is such a person."""
    send_mails(actor, [
        MailOrder("password_reset", user, _key(event, user), {}, _password_link(user, LinkFor.RESET))
        for _fact, user in _people(event)
    ])  # fmt: skip


def mail_password_notes(actor: Actor, event: Event) -> None:
    """A changed password is told to its person."""
    send_mails(actor, list(_notes("password_changed", event)))


def mail_security_notes(actor: Actor, event: Event) -> None:
    """A second step that was added or removed is told to its person."""
    send_mails(actor, list(_notes("factor_changed", event)))


def _notes(kind: str, event: Event) -> Iterable[MailOrder]:
    return (MailOrder(kind, user, _key(event, user)) for _fact, user in _people(event))


def mail_address_change(actor: Actor, event: Event) -> None:
    """A new address is asked to confirm itself; a confirmed one is told to the old one."""
    orders = []
    for fact, user in _people(event):
        if wanted := fact.facts.get("wanted"):
            link = f"{settings.BASE_URL}{reverse('confirm_address', args=[address_key(user, wanted)])}"
            orders.append(MailOrder("address_confirmation", user, _key(event, user), {}, link, wanted))
        if before := fact.facts.get("before"):
            orders.append(MailOrder("address_changed", user, _key(event, user), recipient=before))
    send_mails(actor, orders)
