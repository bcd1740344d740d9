"""Which rows of a noun a role's reach and a share open to somebody, as conditions without joins."""

from __future__ import annotations

from collections.abc import Sequence
from functools import reduce
from operator import or_
from uuid import UUID

from django.db.models import Q

from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind, Reach
from hetong.kernel.actors import Grant as Granted

from .models import Share

NOTHING = Q(pk__in=[])
ANYTHING = ~NOTHING
"""Not ``Q()``, which an OR would swallow."""


def scope_of(
    actor: Actor,
    noun: str,
    *,
    company: str = "company_id",
    owner: str = "owner_id",
    team: str = "team_id",
    also: Sequence[Q] = (),
) -> Q:
    """The rows of a noun that the actor's roles and shares reach, as an OR of conditions without joins.

    ``company``, ``owner`` and ``team`` are ORM paths (empty where the noun has none); ``also`` are the
    noun's own doors, such as membership or being asked to act.
    """
    if actor.is_system:
        return Q()
    conditions = [_reached(g, g.role.reach_of(noun), actor.id, company, owner, team) for g in actor.grants]
    if any(one is ANYTHING for one in conditions):
        return ANYTHING  # no share can add to it
    reached = reduce(or_, conditions, NOTHING)
    if actor.id is not None and actor.kind in (ActorKind.USER, ActorKind.TOKEN):
        reached |= shared_with(actor, noun)
        for door in also:
            reached |= door
    return reached


def ways_of(actor: Actor, noun: str) -> list[Q]:
    """What the actor's roles below a company's reach show of a noun, one way each: its company, and either a team or an owner.

    Asked for both at once a database reads every row; asked one way after the other it finds all in an index of that way.
    """
    found: list[Q] = []
    for grant in actor.grants:
        reach = grant.role.reach_of(noun)
        if reach < Reach.COMPANY:
            inside = Q(company_id=grant.company) if grant.company else ANYTHING
            found += [inside & one for one in _within(grant, reach, actor.id, "owner_id", "team_id")]
    return found


def shared_with(actor: Actor, noun: str, *, levels: Sequence[str] = (), path: str = "pk") -> Q:
    """The rows of a noun that are shared with the actor or one of the actor's teams, at one of ``levels`` (none: at any).

    ``path``: where the id of the record stands, for rows that hang on it.
    """
    if actor.id is None or actor.kind not in (ActorKind.USER, ActorKind.TOKEN):
        return NOTHING
    mine = Q(user=actor.id) | (Q(team__in=actor.teams) if actor.teams else NOTHING)
    shares = Share.objects.filter(mine, Q(ends_on=None) | Q(ends_on__gte=clock.today(actor.zone)), noun=noun)
    return Q(**{f"{path}__few": (shares.filter(level__in=levels) if levels else shares).values("record")})


def _reached(grant: Granted, reach: Reach, user: UUID | None, company: str, owner: str, team: str) -> Q:
    inside = Q(**{company: grant.company}) if grant.company and company else ANYTHING
    if reach >= Reach.COMPANY:
        return inside
    ways = _within(grant, reach, user, owner, team)
    return inside & reduce(or_, ways) if ways else NOTHING


def _within(grant: Granted, reach: Reach, user: UUID | None, owner: str, team: str) -> list[Q]:
    """What a role below the company's reach shows within the company, one condition each."""
    mine = [Q(**{owner: user})] if owner else [NOTHING]
    match reach:
        case Reach.NONE:
            return []
        case Reach.TEAM_AND_BELOW if team and grant.below:
            return [Q(**{f"{team}__in": grant.below}), *mine]
        case Reach.TEAM if team and grant.team:
            return [Q(**{team: grant.team}), *mine]
        case _:
            return mine
