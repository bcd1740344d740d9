"""Links that let somebody in: to choose a password, or to confirm a new address.

They are made from the state of the account, so nothing of them is stored, and each is dead once it was used,
once it is too old, or once the password, the address or the last sign-in has changed.
"""

from __future__ import annotations

from collections.abc import Collection
from enum import StrEnum
from uuid import UUID

from django.contrib.auth.tokens import PasswordResetTokenGenerator
from django.core import signing
from django.db import transaction
from django.utils.crypto import constant_time_compare
from django.utils.encoding import force_bytes
from django.utils.http import base36_to_int, urlsafe_base64_encode

from hetong.accounts.events import Act, AddressChanged, PasswordResetAsked, UsersInvited
from hetong.accounts.models import User
from hetong.accounts.queries import actor_for, find_people
from hetong.audit.services import Change, record, record_many
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Invalid, NotFound, Problem
from hetong.kernel.events import Fact
from hetong.kernel.ids import new_id
from hetong.kernel.rows import locked, write

from .people import must_manage

ADDRESS_SALT = "hetong.accounts.address"
ADDRESS_SECONDS = 24 * 3600


class LinkFor(StrEnum):
    """What a password link is for."""

    INVITATION = "invitation"
    RESET = "reset"
    HANDED = "handed"
    """Made and handed over by an administrator."""


SECONDS = {LinkFor.INVITATION: 7 * 86400, LinkFor.RESET: 3600, LinkFor.HANDED: 3 * 86400}


class _Keys(PasswordResetTokenGenerator):
    """Keys for one purpose, which work for no other."""

    def __init__(self, what: LinkFor) -> None:
        super().__init__()
        self.key_salt, self.seconds = f"hetong.accounts.link.{what}", SECONDS[what]

    def check_token(self, user: User | None, token: str | None) -> bool:
        """Whether the key is this person's, unused and not too old."""
        if user is None or not token:
            return False
        try:
            made = base36_to_int(token.split("-")[0])
        except ValueError:
            return False
        secrets = [self.secret, *self.secret_fallbacks]
        is_ours = any(constant_time_compare(self._make_token_with_timestamp(user, made, one), token) for one in secrets)
        return is_ours and self._num_seconds(self._now()) - made <= self.seconds


def link_parts(user: User, what: LinkFor) -> tuple[str, str]:
    """The two parts (user, key) of an address under which the person chooses a password, once."""
    return urlsafe_base64_encode(force_bytes(user.pk)), _Keys(what).make_token(user)


def link_opens(user: User | None, key: str) -> bool:
    """Whether ``key`` lets the person choose a password now."""
    return any(_Keys(what).check_token(user, key) for what in LinkFor)


@transaction.atomic
def make_password_link(actor: Actor, user_id: UUID) -> tuple[str, str]:
    """The parts of a link to hand over, for sites without mail; it works once, within three days."""
    [user] = _to_be_let_in(actor, [user_id])
    record(actor, Act.PASSWORD_LINK_MADE, "accounts.user", user.pk)
    return link_parts(user, LinkFor.HANDED)


@transaction.atomic
def invite_users(actor: Actor, ids: Collection[UUID]) -> list[User]:
    """Send each person a mail with a link to choose a password; again is allowed, older links work until one is used."""
    users = _to_be_let_in(actor, ids)
    record_many(actor, Act.INVITED, [Change("accounts.user", user.pk) for user in users])
    publish(UsersInvited(actor, tuple(Fact("accounts.user", user.pk) for user in users)))
    return users


def _to_be_let_in(actor: Actor, ids: Collection[UUID]) -> list[User]:
    users = locked(find_people(actor), ids)
    must_manage(actor, users)
    if not all(user.is_active for user in users):
        raise Invalid(problems=[Problem("inactive", N_("Activate the person first."))])
    return users


@transaction.atomic
def ask_reset(actor: Actor, email: str) -> None:
    """Let a link to choose a new password be mailed to whoever has that address. Does the same work when nobody has."""
    user = User.objects.filter(email=email.strip().lower(), is_active=True).first()
    record(actor, Act.RESET_ASKED, "accounts.user", user.pk if user else None)
    publish(PasswordResetAsked(actor, (Fact("accounts.user", user.pk if user else new_id()),)))


@transaction.atomic
def ask_address(actor: Actor, email: str) -> None:
    """Let a link be mailed to a new address of one's own; the address changes when its reader confirms it.

    An address that is taken gets no mail, and the answer is the same: it would tell who has an account.
    """
    user = _oneself(actor)
    wanted = email.strip().lower()
    if wanted == user.email:
        raise Invalid(problems=[Problem("same", N_("This is your address already."), field="email")])
    record(actor, Act.ADDRESS_ASKED, "accounts.user", user.pk)
    if not User.objects.filter(email=wanted).exists():
        publish(AddressChanged(actor, (Fact("accounts.user", user.pk, None, {"wanted": wanted}),)))


def address_key(user: User, wanted: str) -> str:
    """The signed key that stands in the link to a new address."""
    return signing.dumps([str(user.pk), user.email, wanted, user.version], salt=ADDRESS_SALT, compress=True)


def read_address_key(key: str) -> tuple[User, str]:
    """Whose new address a key confirms, and which. Raises `NotFound` when it is forged, too old or used."""
    try:
        pk, before, wanted, version = signing.loads(key, salt=ADDRESS_SALT, max_age=ADDRESS_SECONDS)
    except (signing.BadSignature, ValueError, TypeError) as broken:
        raise NotFound(link="address") from broken
    user = User.objects.filter(pk=pk, email=before, version=version, is_active=True).first()
    if user is None:
        raise NotFound(link="address")
    return user, wanted


@transaction.atomic
def confirm_address(actor: Actor, key: str) -> User:
    """Take the new address over; the old one is told. Raises `NotFound`, `Invalid`."""
    user, wanted = read_address_key(key)
    [user] = locked(User.objects.all(), [user.pk])
    before = user.email
    if User.objects.filter(email=wanted).exclude(pk=user.pk).exists():
        raise Invalid(problems=[Problem("address_taken", N_("Somebody with this e-mail address exists already."))])
    user.email = wanted
    write([user], ["email"])
    own = actor_for(user, via=actor.via)
    record_many(own, Act.USER_EDITED, [
        Change("accounts.user", user.pk, user.name, None, {"email": before}, {"email": wanted})
    ])  # fmt: skip
    publish(AddressChanged(own, (Fact("accounts.user", user.pk, None, {"before": before}),)))
    return user


def _oneself(actor: Actor) -> User:
    if actor.id is None:
        raise NotFound(noun="accounts.user")
    [user] = locked(User.objects.filter(is_active=True), [actor.id])
    return user
