from __future__ import annotations

from collections.abc import Collection, Mapping
from uuid import UUID

from django.db import transaction
from django.db.models import F

from hetong.accounts.events import AccessChanged, Act
from hetong.accounts.models import Company, Grant, PolicyState, Role, Team, User
from hetong.accounts.policy import Can, manages
from hetong.accounts.queries import has_administrator
from hetong.audit.services import Change, record_many
from hetong.jobs.services import publish
from hetong.kernel.actors import Actor, RoleFacts
from hetong.kernel.errors import N_, Forbidden, Invalid, NotFound, Problem
from hetong.kernel.events import Fact


def bump_policy(actor: Actor, rows: tuple[Fact, ...]) -> None:  # allow: journal — its callers record what changed
    """Raise the policy version, so that every cached right is made anew with the next request."""
    PolicyState.objects.get_or_create(pk=1)
    PolicyState.objects.filter(pk=1).update(version=F("version") + 1)
    publish(AccessChanged(actor, rows))


def hold_policy() -> None:
    """Let changes that must see each other (the last administrator, circles) wait for one another."""
    PolicyState.objects.get_or_create(pk=1)
    PolicyState.objects.select_for_update().get(pk=1)


class LastAdministrator(Invalid):
    """Nobody would be left to manage people and roles in all companies; it could not be undone from inside."""

    code = "last_admin"
    text = N_("This would leave nobody who can manage people and roles in all companies.")
    then = N_("Give somebody else the role Administrator for all companies first.")


def must_keep_administrator() -> None:
    """Raise `LastAdministrator` unless somebody active can still manage people and roles everywhere.

    Called after the change, inside its transaction. The lock lets two changes that each leave the other's
    administrator wait for one another.
    """
    hold_policy()
    if not has_administrator():
        raise LastAdministrator(problems=[Problem(LastAdministrator.code, LastAdministrator.text)])


@transaction.atomic
def seed_roles(roles: Mapping[str, tuple[RoleFacts, Mapping[str, str]]]) -> int:
    """Make the shipped roles that are missing and give shipped ones permissions they do not have yet.

    What an administrator took away stays away: a role that exists is only changed when it was never edited.
    """
    existing = {role.key: role for role in Role.objects.all()}
    made = 0
    for key, (facts, labels) in roles.items():
        role = existing.get(key) or Role(key=key)
        if role.is_changed:
            continue
        made += key not in existing
        role.labels = dict(labels)
        role.permissions = sorted(facts.permissions)
        role.reach = {noun: reach.name for noun, reach in facts.reach.items()}
        role.usual = facts.usual.value
        role.save()
    bump_policy(Actor.system(), ())
    return made


@transaction.atomic
def grant_roles(actor: Actor, user: User, wanted: Collection[tuple[Role, Company | None, Team | None]]) -> list[Grant]:
    """Give a staff user roles, each for a company (None: all) and seen from a team (None: none)."""
    if not all(manages(actor, Can.MANAGE_USERS, company.pk if company else None) for _, company, _ in wanted):
        raise Forbidden(can=Can.MANAGE_USERS)
    if user.kind != "staff":
        raise Invalid(problems=[Problem("portal_user", N_("Portal users cannot hold roles."), field="role")])
    grants = []
    for role, company, team in wanted:
        if team is not None and company is not None and team.company_id != company.pk:
            raise Invalid(
                problems=[Problem("other_company", N_("This team belongs to another company."), field="team")]
            )
        grant, is_new = Grant.objects.get_or_create(user=user, role=role, company=company, team=team)
        if is_new:
            change = Change("accounts.user", user.pk, user.name, company.pk if company else None)
            record_many(actor, Act.GRANTED, [change], params={"role": dict(role.labels)})
        grants.append(grant)
    bump_policy(actor, (Fact("accounts.user", user.pk),))
    return grants


@transaction.atomic
def withdraw_grants(actor: Actor, ids: Collection[UUID]) -> None:
    """Take grants away; the last administrator's cannot be. Raises `NotFound`, `Invalid`."""
    grants = list(Grant.objects.select_related("role", "user").filter(pk__in=ids).order_by("pk"))
    if len(grants) != len(set(ids)):
        raise NotFound(noun="accounts.grant")
    if not all(manages(actor, Can.MANAGE_USERS, grant.company_id) for grant in grants):
        raise Forbidden(can=Can.MANAGE_USERS)
    Grant.objects.filter(pk__in=ids).delete()
    must_keep_administrator()
    for grant in grants:
        change = Change("accounts.user", grant.user_id, grant.user.name, grant.company_id)
        record_many(actor, Act.GRANT_WITHDRAWN, [change], params={"role": dict(grant.role.labels)})
    bump_policy(actor, tuple(Fact("accounts.user", grant.user_id) for grant in grants))
