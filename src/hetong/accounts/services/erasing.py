"""Erasing what is held on a person of ours who has left, and who may erase at all."""

from __future__ import annotations

from collections.abc import Collection
from uuid import UUID

from allauth.account.models import EmailAddress
from django.db import transaction

from hetong.accounts.duties import is_waived
from hetong.accounts.erasing import ADMINISTER_ERASE
from hetong.accounts.events import Act, UsersChanged
from hetong.accounts.fields import USER
from hetong.accounts.models import ApiToken, Company, User
from hetong.accounts.policy import Can
from hetong.accounts.queries import find_people
from hetong.audit.services import Change, erase, keeps_refusals, record_many
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor
from hetong.kernel.duties import DutyConflict
from hetong.kernel.errors import N_, Conflict, Invalid, Problem
from hetong.kernel.events import Fact
from hetong.kernel.joined import index
from hetong.kernel.kept import put
from hetong.kernel.rows import locked, write
from hetong.kernel.text import clean_text

from .holds import keep_free

ERASED_NAME = "–"


class AdministersToo(DutyConflict):
    """Who manages people and roles does not blank values in the journal."""

    code = "administers_too"
    pair, refused = ADMINISTER_ERASE, Act.ERASE_REFUSED
    text = N_("You manage people or roles, so somebody else erases values from the history.")
    then = N_(
        "Ask a colleague who holds the right and manages nobody, such as Legal, or make an exception under Duties kept apart."
    )


class StillActive(Conflict):
    """What is in use is not erased."""

    code = "still_active"
    text = N_("“%(name)s” is still in use.")
    then = N_("Deactivate or retire the person first.")


def must_erase(actor: Actor, key: str, id: UUID, company: UUID | None = None) -> None:
    """Raise unless the actor may erase: `Forbidden`, or `AdministersToo` (no exception helps across companies)."""
    actor.require(Can.ERASE, (company,))
    administers = actor.may(Can.MANAGE_USERS) or actor.may(Can.MANAGE_ROLES)
    places = [company] if company else list(Company.objects.visible_to(actor).values_list("pk", flat=True))
    if administers and not actor.is_system and not (places and all(is_waived(ADMINISTER_ERASE, one) for one in places)):
        raise AdministersToo(about=[Fact(key, id, company)])


def reason_for(reason: str) -> str:
    """Why something is erased; needed. Raises `Invalid`."""
    kept = clean_text(reason, max_length=500)
    if not kept:
        raise Invalid(problems=[Problem("required", N_("Say why, so that others can follow."), field="reason")])
    return kept


@keeps_refusals
@transaction.atomic
def erase_users(actor: Actor, ids: Collection[UUID], *, reason: str) -> list[User]:
    """Blank what is held on people of ours who were deactivated, here and in the journal; the chain stays whole.

    Who acted stays named in the journal, which the law asks to be kept. Raises `Forbidden`, `AdministersToo`,
    `StillActive`, `HeldForCase`, `Invalid`.
    """
    users = locked(find_people(Actor.system(actor)), ids)
    kept = reason_for(reason)
    personal = [one for one in USER if one.personal]
    for user in users:
        must_erase(actor, USER.noun, user.pk)
        keep_free((USER.noun, user.pk))
        if user.is_active:
            raise StillActive(name=user.name)
        user.name, user.email = ERASED_NAME, f"erased-{user.pk}@invalid.invalid"
        user.set_unusable_password()
        for one in personal:
            if one.kept:
                put(user, one, None)
        EmailAddress.objects.filter(user=user).delete()
        ApiToken.objects.filter(user=user).update(label="")
    write(users, ("name", "email", "password", "custom"))
    index(USER, users, [one.name for one in personal])
    record_many(actor, Act.PERSON_ERASED, [Change(USER.noun, user.pk) for user in users], reason=kept)
    for user in users:
        erase(actor, USER.noun, user.pk, [one.name for one in personal], reason=kept)
    publish(UsersChanged(actor, tuple(Fact(USER.noun, user.pk) for user in users)))
    return users
