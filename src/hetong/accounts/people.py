"""Whom to turn to: who holds a permission, who leads somebody, who acts in somebody's place."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from django.db.models import Q

from hetong.kernel import clock

from .models import Delegation, Grant, Team, User
from .policy import Can

Many = dict[UUID, tuple[UUID, ...]]


def holders(can: str, companies: Collection[UUID]) -> Many:
    """The active staff whose roles hold the permission in each company, by name.

    Administrators hold everything; they count only where nobody holds it otherwise.
    """
    grants = Grant.objects.filter(
        Q(company__in=companies) | Q(company=None), role__is_active=True, user__is_active=True, user__kind="staff"
    )
    rows = grants.order_by("user__name_key", "user").values_list("user", "company", "role__permissions")
    meant = [(user, company, Can.MANAGE_ROLES in held) for user, company, held in rows if can in held]
    found: Many = {}
    for one in companies:
        here = [(user, rules) for user, company, rules in meant if company in (None, one)]
        chosen = [user for user, rules in here if not rules] or [user for user, _rules in here]
        found[one] = tuple(dict.fromkeys(chosen))
    return found


def managers(users: Collection[UUID]) -> dict[UUID, UUID]:
    """Who leads each of them: the nearest active lead of their teams or of one above; who has none is left out."""
    teams = {team.pk: team for team in Team.objects.filter(is_active=True).select_related("lead")}
    found: dict[UUID, UUID] = {}
    grants = Grant.objects.filter(user__in=users, team__isnull=False).order_by("pk")
    for user, team in grants.values_list("user", "team"):
        lead = _lead_above(teams, team, user)
        if lead is not None:
            found.setdefault(user, lead)
    return found


def leads_of_teams(ids: Iterable[UUID], but: UUID | None = None) -> dict[UUID, UUID]:
    """The nearest active lead of each team or of one above it, who is somebody other than ``but``."""
    teams = {team.pk: team for team in Team.objects.filter(is_active=True).select_related("lead")}
    leads = {id: _lead_above(teams, id, but) for id in ids}
    return {id: lead for id, lead in leads.items() if lead is not None}


def _lead_above(teams: Mapping[UUID, Team], team: UUID | None, but: UUID | None) -> UUID | None:
    seen: set[UUID] = set()
    while team is not None and team in teams and team not in seen:
        seen.add(team)
        lead = teams[team].lead
        if lead is not None and lead.is_active and lead.pk != but:
            return UUID(str(lead.pk))
        team = teams[team].parent_id
    return None


def stand_ins(users: Collection[UUID], what: str = "", on: dt.date | None = None) -> Many:
    """Who stands in for each of them for a kind of act, people who may sign in only, those named for just that act first.

    ``on`` no day: today, which is the day of the one who stands in.
    """
    rows = Delegation.objects.filter(user__in=users, to__is_active=True, what__in={"", what}).order_by("-what", "pk")
    found: Many = {}
    for user, to, zone, first, last in rows.values_list("user", "to", "to__zone", "starts_on", "ends_on"):
        if first <= (on or clock.today(zone)) <= last:
            found[user] = (*found.get(user, ()), to)
    return found


def acting(users: Collection[UUID], on: dt.date, what: str = "") -> Many:
    """Who acts for each of them on a day: they and their stand-ins for that kind of act; for who may not sign in
    any more the stand-ins, else the manager, else those who manage people.
    """
    active = set(User.objects.filter(pk__in=users, is_active=True).values_list("pk", flat=True))
    instead = stand_ins(users, what, on)
    gone = [user for user in users if user not in active and user not in instead]
    leads = managers(gone) if gone else {}
    last: tuple[UUID, ...] = administrators() if any(user not in leads for user in gone) else ()
    found: Many = {}
    for user in users:
        own = (user,) if user in active else ()
        found[user] = (*own, *instead.get(user, ())) or ((leads[user],) if user in leads else last)
    return found


def administrators() -> tuple[UUID, ...]:
    """The people who look after people in all companies: nothing is told to nobody."""
    grants = Grant.objects.filter(company=None, user__is_active=True, role__is_active=True)
    rows = grants.order_by("pk").values_list("user", "role__permissions")
    return tuple(dict.fromkeys(user for user, held in rows if Can.MANAGE_USERS in held))
