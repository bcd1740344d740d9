"""Adding and removing the second step of a sign-in, and the recovery codes that stand in for it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP
from django.db import transaction

from hetong.accounts.events import Act, FactorsChanged
from hetong.accounts.models import User
from hetong.accounts.queries import actor_for, find_people
from hetong.accounts.security import APP, CODES, FACTORS, NAMES, has_factor, lacks_factor
from hetong.audit.services import record
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Conflict, NotFound
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked

from .people import must_manage


class AlreadyAdded(Conflict):
    """There is an authenticator app already."""

    code = "factor_exists"
    text = N_("You have an authenticator app already.")
    then = N_("Remove it first, then add the new one.")


class FactorRequired(Conflict):
    """The last second step cannot go where the site wants one."""

    code = "factor_required"
    text = N_("Your administrator requires a second step, and this is your only one.")
    then = N_("Add another first, then remove this one.")


@transaction.atomic
def add_app(actor: Actor, secret: str, code: str) -> list[str]:
    """Add an authenticator app whose first ``code`` was checked; returns new recovery codes, or none where there are some."""
    user = _oneself(actor)
    if Authenticator.objects.filter(user=user, type=APP).exists():
        raise AlreadyAdded()
    TOTP.activate(user, secret).validate_code(code)  # the code is used up with this
    return _added(actor, user, str(NAMES[APP]))


@transaction.atomic
def add_passkey(actor: Actor, name: str, credential: Any) -> list[str]:
    """Add a passkey whose answer was checked; returns new recovery codes, or none where there are some."""
    from allauth.mfa.webauthn.internal.auth import WebAuthn  # takes a while to load

    user = _oneself(actor)
    WebAuthn.add(user, name[:100], credential)
    return _added(actor, user, name)


def _added(actor: Actor, user: User, what: str) -> list[str]:
    record(actor, Act.FACTOR_ADDED, "accounts.user", user.pk, what=what)
    publish(FactorsChanged(actor, (Fact("accounts.user", user.pk),)))
    return [] if Authenticator.objects.filter(user=user, type=CODES).exists() else _new_codes(user)


@transaction.atomic
def renew_codes(actor: Actor) -> list[str]:
    """New recovery codes, to be shown this once; the old ones no longer work."""
    user = _oneself(actor)
    if not has_factor(user.pk):
        raise NotFound(noun="accounts.factor")
    Authenticator.objects.filter(user=user, type=CODES).delete()
    record(actor, Act.FACTOR_RENEWED, "accounts.user", user.pk)
    publish(FactorsChanged(actor, (Fact("accounts.user", user.pk),)))
    return _new_codes(user)


def _new_codes(user: User) -> list[str]:
    codes: list[str] = RecoveryCodes.activate(user).generate_codes()
    return codes


@transaction.atomic
def remove_factor(actor: Actor, factor_id: int) -> None:
    """Take one of one's own away; with the last one the recovery codes go too. Raises `NotFound`, `FactorRequired`."""
    user = _oneself(actor)
    factor = Authenticator.objects.filter(user=user, type__in=FACTORS, pk=factor_id).first()
    if factor is None:
        raise NotFound(noun="accounts.factor")
    what = factor.wrap().name if factor.type != APP else str(NAMES[APP])
    factor.delete()
    if lacks_factor(actor_for(user)):
        raise FactorRequired()
    if not has_factor(user.pk):
        Authenticator.objects.filter(user=user).delete()
    record(actor, Act.FACTOR_REMOVED, "accounts.user", user.pk, what=what)
    publish(FactorsChanged(actor, (Fact("accounts.user", user.pk),)))


@transaction.atomic
def clear_factors(actor: Actor, user_id: UUID) -> None:
    """Take every second step of somebody away who lost them; as administrator, never for oneself."""
    [user] = locked(find_people(actor), [user_id])
    must_manage(actor, [user])
    if user.pk == actor.id or not has_factor(user.pk):
        raise NotFound(noun="accounts.factor")
    Authenticator.objects.filter(user=user).delete()
    record(actor, Act.FACTOR_REMOVED, "accounts.user", user.pk, what="*")
    publish(FactorsChanged(actor, (Fact("accounts.user", user.pk),)))


def _oneself(actor: Actor) -> User:
    if actor.id is None:
        raise NotFound(noun="accounts.user")
    [user] = locked(User.objects.filter(is_active=True), [actor.id])
    return user
