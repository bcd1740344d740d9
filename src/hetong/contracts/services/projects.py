"""Adding and editing projects."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company, Team
from hetong.audit.services import add_rows, edit_rows
from hetong.contracts.events import Act, ProjectsAdded, ProjectsEdited
from hetong.contracts.fields import PROJECT
from hetong.contracts.models import Project
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import OnlyShared, currency_problem
from hetong.contracts.services.contracts import home_company, home_team
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, Problem
from hetong.kernel.nouns import all_editable
from hetong.kernel.rows import locked

Given = Mapping[str, Any]


@transaction.atomic
def add_projects(actor: Actor, givens: Sequence[Given], *, locale: str = "", reason: str = "") -> list[Project]:
    """Add projects; a name is enough where there is one company to choose."""
    actor.require(Can.ADD)
    companies = {one.pk: one for one in Company.objects.all()}
    teams = {one.pk: one for one in Team.objects.all()}

    def prepare(row: Project, values: Given) -> list[Problem]:
        row.owner_id = row.owner_id or actor.id
        row.company_id = row.company_id or home_company(actor, companies.values())
        if not row.company_id or not row.owner_id:
            return [Problem("required", N_("This is needed."), field="owner" if row.company_id else "company")]
        row.team_id = row.team_id or home_team(actor, row.company_id, teams)
        row.currency = row.currency or companies[row.company_id].currency
        return _problems(row)

    return add_rows(
        PROJECT, actor, _with_currency(givens, companies, actor), can=Can.ADD, code=Act.PROJECTS_ADDED,
        event=ProjectsAdded, locale=locale, reason=reason, make=lambda values: Project(created_at=clock.now()), prepare=prepare,
    )  # fmt: skip


def _with_currency(givens: Sequence[Given], companies: Mapping[UUID, Company], actor: Actor) -> list[Given]:
    """A budget is read in the project's currency; where none is given, in that of the actor's own company."""
    own = companies.get(home_company(actor, companies.values()) or UUID(int=0))
    if own is None:
        return list(givens)
    return [
        given if given.get("currency") or not given.get("budget") else {**given, "currency": own.currency}
        for given in givens
    ]


@transaction.atomic
def edit_projects(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Project]:  # fmt: skip
    """Change projects, all or none."""
    rows = locked(Project.objects.visible_to(actor), ids)
    if not all_editable(actor, PROJECT.noun, ids):
        raise OnlyShared()
    was = {row.pk: (row.company_id, row.currency) for row in rows}

    def prepare(row: Project, values: Given) -> list[Problem]:
        company, currency = was[row.pk]
        row.currency = row.currency or currency
        missing = [n for n in ("owner", "company") if n in values and not values[n]]
        if missing:
            return [Problem("required", N_("This is needed."), field=name) for name in missing]
        if row.company_id != company:
            return [Problem("immutable", N_("A project does not move to another of our companies."), field="company")]
        return _problems(row)

    return edit_rows(
        PROJECT, actor, rows, given, can=Can.EDIT, code=Act.PROJECTS_EDITED, event=ProjectsEdited, locale=locale,
        versions=versions, reason=reason, prepare=prepare, also=("currency", "number"),
    )  # fmt: skip


def _problems(row: Project) -> list[Problem]:
    row.currency, row.number = row.currency.upper(), row.number or None
    wrong = currency_problem(row.currency)
    problems = [wrong] if wrong else []
    if row.team_id and row.team is not None and row.team.company_id != row.company_id:
        problems.append(Problem("other_company", N_("This team belongs to another company."), field="team"))
    if row.starts_on and row.ends_on and row.ends_on < row.starts_on:
        problems.append(
            Problem(
                "ends_before_start",
                N_("The end lies before the start %(starts)s."),
                {"starts": row.starts_on.isoformat()},
                "ends_on",
            )
        )
    if row.budget_minor is not None and row.budget_minor < 0:
        problems.append(Problem("negative", N_("A budget is not negative."), field="budget"))
    taken = Project.objects.filter(company=row.company_id, number=row.number).exclude(pk=row.pk) if row.number else None
    if taken is not None and taken.exists():
        problems.append(Problem("taken", N_("This number is taken."), field="number"))
    return problems
