"""Who sees a record and why: by a role, as its owner, by taking part, by being asked, by a share. Reads only.

How the records of each noun are opened stands in ``config/openings.py``; the same columns and doors decide in the
noun's own ``visible_to``, and a test compares the two.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from hetong.kernel import clock
from hetong.kernel.actors import Actor, Reach, RoleFacts
from hetong.kernel.errors import NotFound
from hetong.kernel.fields import Text, words
from hetong.kernel.nouns import Noun, noun
from hetong.kernel.values import is_unnamed

from .models import Grant, Share, User
from .policy import Can
from .queries import role_facts, team_and_below

LEVELS: Mapping[str, Text] = {
    "view": gettext_lazy("Read"), "comment": gettext_lazy("Read and comment"), "edit": gettext_lazy("Change"),
}  # fmt: skip
"""What a share allows, in words; each includes those before."""


@dataclass(frozen=True)
class Home:
    """Where a record belongs: our company, its owner, its team; a party has one for each of our companies."""

    company: UUID | None
    owner: UUID | None = None
    team: UUID | None = None


@dataclass(frozen=True)
class Opening:
    """How the records of a noun are opened, besides shares.

    ``doors``: people by id with why they come in, such as taking part. ``holder``: the record that it hangs on and
    whose readers read it too; such a record has no homes of its own.
    """

    homes: Callable[[UUID], Sequence[Home]] = lambda id: ()
    doors: Callable[[UUID], Iterable[tuple[UUID, Text]]] = lambda id: ()
    holder: Callable[[UUID], tuple[str, UUID] | None] = lambda id: None
    levels: tuple[str, ...] = tuple(LEVELS)


_openings: dict[str, Opening] = {}


def install(table: Mapping[str, Opening]) -> None:
    """Take config's table; called once at start."""
    _openings.clear()
    _openings.update(table)


def opening_of(key: str) -> Opening:
    """How records of that noun are opened. Raises `NotFound` where they cannot be shared."""
    if key not in _openings:
        raise NotFound(noun=key)
    return _openings[key]


@dataclass
class Seer:
    """One person who sees the record, with every reason."""

    id: UUID
    name: str
    reasons: list[str] = field(default_factory=list)


def who_sees(actor: Actor, key: str, id: UUID) -> list[Seer]:
    """Everybody of ours who sees the record, by name; empty for who may not read names of people.

    The caller has checked that the actor sees the record.
    """
    if is_unnamed("accounts.user", actor):
        return []
    entry, opening = noun(key), opening_of(key)
    reasons: dict[UUID, list[str]] = {}
    homes = opening.homes(id)
    grants = _grants_near(homes)
    facts = role_facts({grant.role for grant in grants})
    for grant in grants:
        said = _why(actor, entry, grant, facts[grant.role_id], homes)
        if said:
            reasons.setdefault(grant.user_id, []).append(said)
    for user, why in opening.doors(id):
        reasons.setdefault(user, []).append(str(why))
    for share in shares_now(key, id):
        for user in _holders(share):
            reasons.setdefault(user, []).append(_shared_words(share))
    return _seers(entry, reasons)


def _grants_near(homes: Sequence[Home]) -> list[Grant]:
    near = Q(company=None) | Q(company__in={home.company for home in homes})
    grants = Grant.objects.filter(near, user__is_active=True, user__kind="staff", role__is_active=True)
    return list(grants.select_related("role", "team", "user").order_by("pk")) if homes else []


def _why(actor: Actor, entry: Noun, grant: Grant, role: RoleFacts, homes: Sequence[Home]) -> str:
    """Why the role brings the record within reach, in words; empty where it does not."""
    reach = role.reach_of(entry.key)
    below = team_and_below(grant.team) if reach is Reach.TEAM_AND_BELOW else frozenset()
    name = words(grant.role.labels, actor.language)
    for home in homes:
        if grant.company_id not in (None, home.company):
            continue
        if reach >= Reach.COMPANY:
            return _("%(role)s: sees everything of the company") % {"role": name}
        teams = below if reach is Reach.TEAM_AND_BELOW else {grant.team_id} if reach is Reach.TEAM else ()
        if home.team is not None and home.team in teams and grant.team is not None:
            if is_unnamed("accounts.team", actor):
                return _("%(role)s: sees the work of their team") % {"role": name}
            return _("%(role)s: sees the work of the team %(team)s") % {"role": name, "team": grant.team.name}
        if reach > Reach.NONE and home.owner == grant.user_id:
            return _("Owner of the record")
    return ""


def _holders(share: Share) -> list[UUID]:
    if share.user_id:
        return [share.user_id]
    return list(
        Grant.objects.filter(team=share.team_id, role__is_active=True).values_list("user", flat=True).distinct()
    )


def _shared_words(share: Share) -> str:
    facts = {"who": share.by_label, "level": LEVELS[share.level]}
    return _("Shared by %(who)s: %(level)s") % facts


def _seers(entry: Noun, reasons: Mapping[UUID, list[str]]) -> list[Seer]:
    """The people, as far as they are active and may read such records at all."""
    users = User.objects.filter(pk__in=list(reasons), is_active=True, kind="staff").order_by("name_key", "pk")
    if entry.can_view:
        held = Grant.objects.filter(user__in=list(reasons), role__is_active=True).select_related("role")
        readers = {grant.user_id for grant in held if entry.can_view in grant.role.permissions}
        users = users.filter(pk__in=readers)
    return [Seer(one.pk, one.name, list(dict.fromkeys(reasons[one.pk]))) for one in users]


# -- shares ------------------------------------------------------------------------------------------


def opened_until(actor: Actor, key: str, id: UUID) -> date | None:
    """The last day of a record for an actor who sees it by shares alone; `date.max` where these have no end.

    None where a role, taking part, or the record it hangs on opens it. The caller has checked that the actor sees it.
    """
    opening = opening_of(key)
    if _is_within_reach(actor, key, opening.homes(id)) or any(user == actor.id for user, _why in opening.doors(id)):
        return None
    mine = [one for one in shares_now(key, id) if one.user_id == actor.id or one.team_id in actor.teams]
    ends = [one.ends_on or date.max for one in mine]
    holder = opening.holder(id)
    if holder and noun(holder[0]).among(actor).filter(pk=holder[1]).exists():
        above = opened_until(actor, *holder)
        if above is None:
            return None
        ends.append(above)
    return max(ends, default=None)


def _is_within_reach(actor: Actor, key: str, homes: Sequence[Home]) -> bool:
    """Whether one of the actor's roles brings a record with these homes within reach, as `scope_of` has it."""
    for grant in actor.grants:
        reach = grant.role.reach_of(key)
        teams = {Reach.TEAM: {grant.team}, Reach.TEAM_AND_BELOW: grant.below}.get(reach, frozenset())
        for home in homes:
            is_near = grant.company in (None, home.company) and reach > Reach.NONE
            if is_near and (reach >= Reach.COMPANY or home.owner == actor.id or (home.team and home.team in teams)):
                return True
    return False


def may_end(actor: Actor, share: Share, *, is_guest: bool) -> bool:
    """Whether the actor may end a share; who sees the record by shares alone, only what is theirs or what they shared."""
    is_own = actor.id is not None and actor.id in (share.user_id, share.by)
    return actor.may(Can.SHARE) and (is_own or not is_guest)


def shares_now(key: str, id: UUID) -> list[Share]:
    """The shares of a record that hold in some zone today, the oldest first."""
    found = Share.objects.filter(noun=key, record=id).select_related("user", "team").order_by("pk")
    return [one for one in found if one.ends_on is None or one.ends_on >= clock.today(clock.LAST_ZONE)]


def shares_shown(actor: Actor, key: str, id: UUID) -> list[dict[str, Any]]:
    """The shares of a record as they are listed; without names that the reader may not read."""
    hides_people, hides_teams = is_unnamed("accounts.user", actor), is_unnamed("accounts.team", actor)
    shown, is_guest = [], opened_until(actor, key, id) is not None
    for one in shares_now(key, id):
        whom, is_hidden = (one.user, hides_people) if one.user else (one.team, hides_teams)
        shown.append({
            "id": one.pk, "with": "–" if is_hidden or whom is None else whom.name, "is_team": one.team_id is not None,
            "level": LEVELS[one.level], "by": "–" if hides_people else one.by_label, "at": one.at, "ends_on": one.ends_on,
            "may_end": may_end(actor, one, is_guest=is_guest),
        })  # fmt: skip
    return shown


def visible_shares(actor: Actor, key: str, id: UUID) -> list[Share]:
    """The shares of a record that the actor sees. Raises `NotFound`."""
    opening_of(key)
    if not noun(key).among(actor).filter(pk=id).exists():
        raise NotFound(noun=key, id=str(id))
    return shares_now(key, id)
