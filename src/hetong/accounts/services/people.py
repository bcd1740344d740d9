"""Adding and editing the people who sign in; the last administrator can never be locked out."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from allauth.account.models import EmailAddress
from allauth.usersessions.models import UserSession
from django.db import transaction

from hetong.accounts.events import Act, PasswordChanged, UsersChanged
from hetong.accounts.fields import ME, USER
from hetong.accounts.models import ApiToken, Grant, Role, User
from hetong.accounts.policy import Can, manages
from hetong.accounts.queries import actor_for, find_people
from hetong.audit.services import add_rows, edit_rows, record
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Forbidden, Invalid, NotFound, Problem
from hetong.kernel.events import Fact
from hetong.kernel.input import assign, parse
from hetong.kernel.rows import locked, write

from .access import bump_policy, must_keep_administrator

OWN_PAGE = re.compile(r"/(?![/\\])[^\s\\]*")
"""An address on this very host: one slash, then anything that cannot lead elsewhere."""


@transaction.atomic
def add_users(actor: Actor, givens: Sequence[Mapping[str, Any]], *, locale: str = "") -> list[User]:
    """Add people. They have no role and no password yet: grants and a password link come next."""
    return add_rows(
        USER,
        actor,
        givens,
        can=Can.MANAGE_USERS,
        code=Act.USER_ADDED,
        event=UsersChanged,
        make=_make,
        locale=locale,
        prepare=_prepare,
    )


def _make(values: Mapping[str, Any]) -> User:
    user = User(created_at=clock.now(), is_active=True)
    user.set_unusable_password()
    return user


def _prepare(user: User, values: Mapping[str, Any]) -> Iterable[Problem]:
    """One account per mail address, kept in lower case; what was left empty gets the usual."""
    user.language, user.zone = user.language or "en", user.zone or "Europe/Stockholm"
    user.email = user.email.strip().lower()
    if "email" in values and User.objects.filter(email=user.email).exclude(pk=user.pk).exists():
        yield Problem("address_taken", N_("Somebody with this e-mail address exists already."), field="email")


@transaction.atomic
def edit_users(
    actor: Actor, ids: Collection[UUID], given: Mapping[str, Any], *, locale: str = "",
    versions: Mapping[UUID, int] | None = None, reason: str = "",
) -> list[User]:  # fmt: skip
    """Change people. Who is deactivated is signed out everywhere at once, tokens included."""
    users = locked(find_people(actor), ids)
    must_manage(actor, users)
    before = {user.pk: (user.email, user.is_active) for user in users}
    edited = edit_rows(
        USER, actor, users, given, can=Can.MANAGE_USERS, code=Act.USER_EDITED, event=UsersChanged,
        locale=locale, versions=versions, reason=reason, prepare=_prepare, also=("email",),
    )  # fmt: skip
    for user in edited:
        email, was_active = before[user.pk]
        if user.email != email:
            EmailAddress.objects.filter(user=user).delete()
        if was_active and not user.is_active:
            _shut_out(actor, user)
    if any(before[user.pk][1] != user.is_active for user in edited):
        bump_policy(actor, tuple(Fact("accounts.user", user.pk) for user in edited))
    return edited


def _shut_out(actor: Actor, user: User) -> None:
    """End every session and token of a person who was deactivated; oneself and the last administrator stay."""
    if user.pk == actor.id:
        raise Invalid(problems=[Problem("oneself", N_("You cannot deactivate yourself."), field="is_active")])
    must_keep_administrator()
    ApiToken.objects.filter(user=user, revoked_at=None).update(revoked_at=clock.now())
    for session in UserSession.objects.filter(user=user):
        session.end()
    record(actor, Act.USER_DEACTIVATED, "accounts.user", user.pk)


def must_manage(actor: Actor, users: Iterable[User]) -> None:
    """Raise `Forbidden` unless the actor manages people in every company where these hold a role.

    Otherwise an administrator of one company could take over an account that reaches further.
    """
    held = Grant.objects.filter(user__in=list(users)).values_list("company", flat=True)
    if not actor.may(Can.MANAGE_USERS) or not all(manages(actor, Can.MANAGE_USERS, company) for company in set(held)):
        raise Forbidden(can=Can.MANAGE_USERS)


@transaction.atomic
def set_password(actor: Actor, user: User, password: str) -> None:
    """Give ``user`` a new password that the form has checked; all other sessions of theirs end with it.

    Sessions carry a digest of the password, so each of them is nobody's from now on. API tokens stay: they are
    revoked by name.
    """
    had_one = user.has_usable_password()
    user.set_password(password)
    user.save(update_fields=["password"])
    who = actor if actor.id is not None or actor.is_system else actor_for(user, via=actor.via)
    record(who, Act.PASSWORD_SET, "accounts.user", user.pk)
    if had_one:
        publish(PasswordChanged(who, (Fact("accounts.user", user.pk),)))


@transaction.atomic
def edit_own_preferences(actor: Actor, given: Mapping[str, Any], *, locale: str = "") -> User:
    """Change one's own name, language, zone, theme, shortcuts and home; a matter of taste, so without a journal entry."""
    values = parse(ME, Actor.system(actor), given, locale=locale)
    if values.get("home") and not OWN_PAGE.fullmatch(values["home"]):
        raise Invalid(
            problems=[
                Problem("not_a_page", N_("This is not a page of ours. Example: /contracts/?owner=me"), field="home")
            ]
        )
    if actor.id is None:
        raise NotFound(noun="accounts.user")
    user = User.objects.get(pk=actor.id)
    if values:
        write([user], assign(ME, user, values), version=False)
    return user


@transaction.atomic
def add_administrator(email: str, name: str, password: str) -> tuple[User, bool]:
    """Make or reset the administrator of an installation, from the command line; whether the account is new."""
    actor = Actor.system()
    known = User.objects.filter(email=email.strip().lower()).first()
    if known is None:
        [user] = add_users(actor, [{"email": email, "name": name}])
    else:
        user = known
        user.is_active = True
        user.save(update_fields=["is_active"])
    set_password(actor, user, password)
    role = Role.objects.get(key="admin")
    Grant.objects.get_or_create(user=user, role=role, company=None, team=None)
    record(actor, Act.GRANTED, "accounts.user", user.pk, role=dict(role.labels))
    bump_policy(actor, (Fact("accounts.user", user.pk),))
    return user, known is None
