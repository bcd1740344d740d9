"""Viewing the product as somebody else: whose rights may be looked through by whom, and what is closed meanwhile.

The rule is that a preview never shows what its viewer could not see anyway. See docs/decisions/0031.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from hetong.kernel import clock
from hetong.kernel.actors import Actor, ActorKind, Grant, Level, Reach, RoleFacts
from hetong.kernel.errors import N_, Forbidden, NotFound
from hetong.kernel.fields import words

from .models import Company, Role, Team, User
from .policy import Can
from .queries import actor_for, role_facts, scoped_nouns, team_and_below
from .subjects import Ruled, subjects

LASTS = timedelta(minutes=30)
PRIVATE = ("/settings/me/", "/settings/sign-in/", "/settings/stand-ins/", "/settings/tokens/", "/jobs/")
"""What belongs to a person and to nobody else, whatever the roles: own settings, keys, files of one's jobs."""
OPEN = frozenset({"accounts:preview_end", "account_logout"})
"""The only addresses that take a POST in a preview."""


class NotYours(Forbidden):
    """The preview would show more than its viewer may see."""

    code = "wider_than_you"
    text = N_("%(who)s may see or do more than you, so you cannot view as %(who)s.")
    then = N_("Ask an administrator whose roles reach all companies.")


@dataclass(frozen=True)
class Mark:
    """What a session keeps of a preview: whom it shows, since when."""

    user: str = ""
    role: str = ""
    company: str = ""
    team: str = ""
    until: str = ""
    label: str = ""

    @classmethod
    def of(cls, kept: Mapping[str, str]) -> Mark:
        return cls(**{name: str(kept.get(name, "")) for name in cls.__dataclass_fields__})

    def started(self, label: str) -> Mark:
        return replace(self, until=(clock.now() + LASTS).isoformat(), label=label)

    @property
    def is_over(self) -> bool:
        return self.until <= clock.now().isoformat()


def seen_as(viewer: Actor, mark: Mark) -> Actor:
    """The actor that the viewer sees the product as: read only, in the viewer's language.

    Raises `Forbidden` without the right to manage roles, `NotYours` where it would show more than the viewer
    sees, `NotFound` for a person or role that is not there (any more).
    """
    viewer.require(Can.MANAGE_ROLES)
    found = _person(mark) if mark.user else _role(viewer, mark)
    if not _covers(viewer, found, is_person=bool(mark.user)):
        raise NotYours(who=found.label)
    return replace(found, viewer=viewer, language=viewer.language, zone=viewer.zone, via=viewer.via)


def _person(mark: Mark) -> Actor:
    user = User.objects.filter(pk=_id(mark.user), kind="staff", is_active=True).first()
    if user is None:
        raise NotFound(noun="accounts.user")
    return actor_for(user)


def _role(viewer: Actor, mark: Mark) -> Actor:
    """The viewer with that one role instead of their own; the viewer's own records and shares are the role's own."""
    role = Role.objects.filter(pk=_id(mark.role), is_active=True).first()
    team = Team.objects.filter(pk=_id(mark.team)).first() if mark.team else None
    company = Company.objects.filter(pk=_id(mark.company)).first() if mark.company else None
    if role is None or (mark.company and company is None) or (mark.team and team is None):
        raise NotFound(noun="accounts.role")
    home = company.pk if company else team.company_id if team else None
    grant = Grant(role_facts([role])[role.pk], home, team.pk if team else None, team_and_below(team))
    return Actor(
        ActorKind.USER, viewer.id, words(role.labels, viewer.language), (grant,), policy_version=viewer.policy_version,
        teams=frozenset({team.pk}) if team else frozenset(),
    )  # fmt: skip


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound(id=text[:60]) from None


def _covers(viewer: Actor, other: Actor, *, is_person: bool) -> bool:
    """Whether the viewer may do and see all that the other may.

    A person's records may be shared with them from anywhere, so whoever views as a person must see every record.
    """
    if is_person and not _sees_all(viewer):
        return False
    return all(_covers_grant(_roles_for(viewer, grant.company), grant) for grant in other.grants)


def _roles_for(viewer: Actor, company: UUID | None) -> list[RoleFacts]:
    """The viewer's roles that hold wherever a grant for ``company`` does (None: in all companies)."""
    return [g.role for g in viewer.grants if g.company is None or (company is not None and g.company == company)]


def _sees_all(viewer: Actor) -> bool:
    own = _roles_for(viewer, None)
    return all(any(role.reach_of(entry.key) >= Reach.COMPANY for role in own) for entry in scoped_nouns())


def _covers_grant(own: list[RoleFacts], grant: Grant) -> bool:
    if not grant.role.permissions <= {can for role in own for can in role.permissions}:
        return False
    reached = [entry.key for entry in scoped_nouns() if grant.role.reach_of(entry.key) > Reach.NONE]
    if not all(any(role.reach_of(key) >= Reach.COMPANY for role in own) for key in reached):
        return False
    return all(
        any(_reads(role, key, row) for role in own) or not _reads(grant.role, key, row) for key, row in _all_rows()
    )


def _all_rows() -> Iterator[tuple[str, Ruled]]:
    for table in subjects():
        for row in table.rows.values():
            yield table.key, row


def _reads(role: RoleFacts, key: str, row: Ruled) -> bool:
    return role.rules.get((key, row.name), role.shipped_level(row.default_rule)) > Level.HIDDEN


def is_closed(actor: Actor, name: str, method: str, path: str) -> bool:
    """Whether the address is closed while the actor is a preview: whatever writes, and what is private to a person."""
    if actor.viewer is None or name in OPEN:
        return False
    return method not in ("GET", "HEAD", "OPTIONS") or path.startswith(PRIVATE)


def offered_people(viewer: Actor, people: Any) -> list[Any]:
    """The people whom the viewer may view as, by name; not oneself."""
    return [one for one in people.order_by("name_key").exclude(pk=viewer.id) if one.kind == "staff" and one.is_active]
