"""Our own companies and their teams."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.events import Act, CompaniesChanged, TeamsChanged
from hetong.accounts.fields import COMPANY, TEAM
from hetong.accounts.models import Company, Team
from hetong.accounts.policy import Can, manages
from hetong.accounts.queries import find_teams
from hetong.audit.services import add_rows, edit_rows
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Forbidden, Problem
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked
from hetong.kernel.text import fold

from .access import bump_policy, hold_policy

Given = Mapping[str, Any]


@transaction.atomic
def add_companies(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[Company]:
    """Add companies of our own; only for those whose right reaches all companies."""
    if not manages(actor, Can.MANAGE_COMPANIES, None):
        raise Forbidden(can=Can.MANAGE_COMPANIES)
    added = add_rows(
        COMPANY, actor, givens, can=Can.MANAGE_COMPANIES, code=Act.COMPANY_ADDED, event=CompaniesChanged,
        make=lambda values: Company(), locale=locale, prepare=_fill_company,
    )  # fmt: skip
    bump_policy(actor, tuple(Fact("accounts.company", row.pk, row.pk) for row in added))
    return added


@transaction.atomic
def edit_companies(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Company]:
    """Change companies that the actor manages."""
    rows = locked(Company.objects.visible_to(actor), ids)
    actor.require(Can.MANAGE_COMPANIES, {row.pk for row in rows})
    return edit_rows(
        COMPANY, actor, rows, given, can=Can.MANAGE_COMPANIES, code=Act.COMPANY_EDITED, event=CompaniesChanged,
        locale=locale, versions=versions, reason=reason, prepare=_fill_company,
    )  # fmt: skip


def _fill_company(company: Company, values: Given) -> Iterable[Problem]:
    """What was left empty gets the usual."""
    company.zone, company.language = company.zone or "UTC", company.language or "en"
    return ()


@transaction.atomic
def add_teams(actor: Actor, givens: Sequence[Given], *, locale: str = "") -> list[Team]:
    """Add teams; each belongs to one company and may be part of another team of it."""
    added = add_rows(
        TEAM, actor, givens, can=Can.MANAGE_COMPANIES, code=Act.TEAM_ADDED, event=TeamsChanged,
        make=lambda values: Team(), locale=locale, prepare=_check_team,
    )  # fmt: skip
    bump_policy(actor, tuple(Fact("accounts.team", row.pk, row.company_id) for row in added))
    return added


@transaction.atomic
def edit_teams(
    actor: Actor,
    ids: Collection[UUID],
    given: Given,
    *,
    locale: str = "",
    versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Team]:
    """Change teams. Moving one in the tree changes what its people reach, with their next request."""
    hold_policy()  # two moves, each right by itself, could make a ring of teams
    rows = locked(find_teams(actor), ids)
    homes = {row.pk: row.company_id for row in rows}

    def prepare(team: Team, values: Given) -> Iterable[Problem]:
        if team.company_id != homes[team.pk]:
            yield Problem(
                "company_fixed",
                N_("A team stays with its company. Add a team in the other company instead."),
                field="company",
            )
        yield from _check_team(team, values)

    edited = edit_rows(
        TEAM, actor, rows, given, can=Can.MANAGE_COMPANIES, code=Act.TEAM_EDITED, event=TeamsChanged,
        locale=locale, versions=versions, reason=reason, prepare=prepare,
    )  # fmt: skip
    bump_policy(actor, tuple(Fact("accounts.team", row.pk, row.company_id) for row in edited))
    return edited


def _check_team(team: Team, values: Given) -> Iterable[Problem]:
    """A name once per company; the tree has no cycle and stays within one company."""
    if Team.objects.filter(company=team.company_id, name_key=fold(team.name)).exclude(pk=team.pk).exists():
        yield Problem("name_taken", N_("A team of this name exists in the company already."), field="name")
    parents = dict(Team.objects.filter(company=team.company_id).values_list("pk", "parent_id"))
    if team.parent_id is not None and team.parent_id not in parents:
        yield Problem("other_company", N_("This team belongs to another company."), field="parent")
    above, seen = team.parent_id, {team.pk}
    while above is not None and above not in seen:
        seen.add(above)
        above = parents.get(above)
    if above is not None:
        yield Problem("cycle", N_("A team cannot be part of itself or of a team below it."), field="parent")
