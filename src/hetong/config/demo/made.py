"""What the demo has made so far, by the keys of its facts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from uuid import UUID

from hetong.accounts.models import Company, Team, User
from hetong.accounts.queries import actor_for
from hetong.kernel import clock
from hetong.kernel.actors import Actor


@dataclass
class Made:
    """Companies, teams, people, parties and types of contract."""

    companies: dict[str, Company] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    users: dict[str, User] = field(default_factory=dict)
    parties: dict[str, UUID] = field(default_factory=dict)
    types: dict[str, UUID] = field(default_factory=dict)
    team_of: dict[str, str] = field(default_factory=dict)
    """The team that each person works from, by login."""
    leave: tuple[str, ...] = ()
    """Listeners that are left to the worker, for what they make (papers) takes longer than the rest together."""

    def actor(self, login: str, can: str = "") -> Actor:
        """That person, or the administrator where the person may not do it themselves."""
        actor = actor_for(self.users[login], via="demo")
        return actor if not can or actor.may(can) else actor_for(self.users["admin"], via="demo")

    def today(self, company: UUID) -> dt.date:
        """The day it is now where that company is."""
        return clock.today(next(one.zone for one in self.companies.values() if one.pk == company))
