"""Who acts, and what that actor may do, see and read.

An `Actor` is the first argument of every service and query. It carries the roles that were granted
to it, already resolved per company, so that permissions, scopes and field rules are answered in
memory. Nothing here knows a table; accounts builds actors.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from enum import IntEnum, StrEnum
from typing import Any
from uuid import UUID

from .errors import Forbidden, OnlyLooking


class ActorKind(StrEnum):
    USER = "user"
    TOKEN = "token"  # noqa: S105 - a kind of actor, no secret
    PORTAL = "portal"
    OUTSIDER = "outsider"
    SYSTEM = "system"


class Level(IntEnum):
    """What a role may do with a field; the widest of several roles wins."""

    HIDDEN = 0
    READ = 1
    EDIT = 2


class Reach(IntEnum):
    """How far a role sees among the records of a noun; each step includes those before."""

    NONE = 0
    OWN = 1
    TEAM = 2
    TEAM_AND_BELOW = 3
    COMPANY = 4
    ALL = 5


@dataclass(frozen=True)
class RoleFacts:
    """A role as data: its permissions, its reach per noun, its field rules.

    ``reach`` is looked up by noun key, then ``"*"``. ``rules`` hold what an administrator set, by noun and
    field; ``stage_rules`` the stages at which another level holds, which is never hidden. Where neither says
    anything, the field's ``default_rule`` for ``base`` holds, and where it has none, ``usual``.
    """

    key: str
    permissions: frozenset[str] = frozenset()
    reach: Mapping[str, Reach] = field(default_factory=dict, hash=False)
    rules: Mapping[tuple[str, str], Level] = field(default_factory=dict, hash=False)
    stage_rules: Mapping[tuple[str, str, str], Level] = field(default_factory=dict, hash=False)
    base: str = ""
    """The shipped role whose default rules this one follows; empty where it is one itself or was made from nothing."""
    usual: Level = Level.EDIT
    """The level of every field that nothing else speaks of."""

    def reach_of(self, noun: str) -> Reach:
        return self.reach.get(noun, self.reach.get("*", Reach.NONE))

    def shipped_level(self, rules: Mapping[str, Level]) -> Level:
        """What holds for a field with these default rules as long as no administrator says otherwise."""
        return rules.get(self.base or self.key, self.usual)


@dataclass(frozen=True)
class Grant:
    """A role given for one company (or, with ``None``, for all) and seen from one team (or none)."""

    role: RoleFacts
    company: UUID | None = None
    team: UUID | None = None
    below: frozenset[UUID] = frozenset()
    """The team itself and every team under it."""


@dataclass(frozen=True)
class Actor:
    """Whoever acts: a person, a token, a portal contact, an outsider by link, or the system itself."""

    kind: ActorKind
    id: UUID | None
    label: str
    grants: tuple[Grant, ...] = ()
    cause: Actor | None = None
    language: str = "en"
    zone: str = "UTC"
    policy_version: int = 0
    teams: frozenset[UUID] = frozenset()
    verbs: frozenset[str] | None = None
    """For a token: the permissions it is limited to; None means no further limit."""
    via: str = ""
    """Where the act came from, for the journal: ``web:<request id>``, ``api:…``, ``cli``, ``job``."""
    viewer: Actor | None = None
    """Who looks on, where this is a preview of somebody's rights: then everything is read and nothing written."""
    batch: UUID | None = None
    """Marks acts that are parts of one, such as the chunks of a bulk edit; the journal keeps it."""
    known: dict[Any, Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """What registers worked out about this actor's rights, so that it is worked out once; follows from the grants alone."""

    def __getstate__(self) -> dict[str, Any]:
        """For another process: what was worked out here stays here."""
        return {**vars(self), "known": {}}

    @classmethod
    def system(cls, cause: Actor | None = None, label: str = "Hetong") -> Actor:
        """The product itself, acting because of ``cause``; it may do everything, the journal keeps both."""
        return cls(ActorKind.SYSTEM, None, label, cause=cause, language=cause.language if cause else "en")

    @property
    def is_system(self) -> bool:
        return self.kind is ActorKind.SYSTEM

    def roles_in(self, company: UUID | None) -> Iterator[RoleFacts]:
        """The roles that hold for rows of ``company``; None asks over all companies."""
        return (g.role for g in self.grants if company is None or g.company in (None, company))

    def is_guest_in(self, company: UUID | None) -> bool:
        """Whether they hold no role for rows of ``company``, so that one of them came by a share, a team or a question."""
        return company is not None and not self.is_system and not any(True for _role in self.roles_in(company))

    def roles_reading(self, company: UUID | None) -> list[RoleFacts]:
        """The roles whose rules say what is read of rows of ``company``: those that hold there; a guest's from everywhere."""
        return list(self.roles_in(None if self.is_guest_in(company) else company))

    def companies(self) -> frozenset[UUID] | None:
        """The companies this actor holds any grant in; None means all of them."""
        if self.is_system or any(g.company is None for g in self.grants):
            return None
        return frozenset(g.company for g in self.grants if g.company)

    def may(self, can: str, company: UUID | None = None) -> bool:
        """Whether a role granted for ``company`` (None: for any) holds the permission."""
        if self.is_system:
            return True
        if self.verbs is not None and can not in self.verbs:
            return False
        return any(can in role.permissions for role in self.roles_in(company))

    def require(self, can: str, companies: Collection[UUID | None] = (None,)) -> None:
        """Raise `Forbidden` unless the permission holds for every one of ``companies``."""
        if not all(self.may(can, company) for company in companies):
            raise Forbidden(can=can)

    def must_act(self) -> None:
        """Raise `OnlyLooking` in a preview: whoever looks as somebody else does nothing in that one's name."""
        if self.viewer is not None:
            raise OnlyLooking(who=self.label)

    def limited_to(self, permissions: frozenset[str]) -> Actor:
        """The same actor, never wider than ``permissions``."""
        return replace(self, verbs=permissions if self.verbs is None else self.verbs & permissions)


def require(actor: Actor, can: str, rows: Collection[object] = ()) -> None:
    """Raise `Forbidden` unless the actor holds the permission in the company of every row (in any, for no rows)."""
    named = {id(company): company for company in [getattr(row, "company_id", None) for row in rows]}
    actor.require(can, set(named.values()) or (None,))
