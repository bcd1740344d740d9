"""Adding and editing contracts."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from hetong.accounts.models import Company, Team
from hetong.audit.services import Change, add_rows, edit_rows, record_many
from hetong.contracts.events import Act, ContractsAdded, ContractsEdited
from hetong.contracts.fields import CONTRACT
from hetong.contracts.fields.contract import always_editable
from hetong.contracts.models import Contract, ContractType, Instalment, Line, Project
from hetong.contracts.policy import Can
from hetong.contracts.services.adopting import AdoptedAtOnce
from hetong.contracts.services.checks import (
    check_editable_by,
    check_open,
    currency_problem,
    term_problems,
)
from hetong.contracts.services.numbers import KnownNumbers
from hetong.contracts.services.own_lines import OwnLines
from hetong.contracts.services.setup import default_statuses
from hetong.contracts.services.upkeep import (
    DERIVED,
    TOTALS,
    lines_of,
    outdated,
    refresh_shares,
    set_dates,
    set_totals,
    take_snapshots,
)
from hetong.contracts.states import Stage, Term
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.bulk import made
from hetong.kernel.collisions import once_more
from hetong.kernel.errors import N_, Problem
from hetong.kernel.rows import locked, write
from hetong.parties.models import PartyTerms

Given = Mapping[str, Any]
INHERITED = (
    "term", "notice_count", "notice_unit", "payment_days", "currency", "committed_until", "ends_on", "project_id", "team_id",
)  # fmt: skip
"""What a contract takes over from the one it is part of, where nothing else is given."""
AGREED = ("payment_days", "currency")
"""What it takes over from the terms with its counterparty."""
PRICING = frozenset({"prices_include_tax", "starts_on", "ends_on", "committed_until", "currency"})
"""Fields that the totals depend on."""
SHARING = PRICING | {"plan_basis"}
"""Fields that the amounts of a plan's stages depend on."""


@dataclass
class _Books:
    """What a batch looks up, read once: types, companies, teams, parents, default statuses."""

    types: dict[UUID, ContractType]
    companies: dict[UUID, Company]
    teams: dict[UUID, Team]
    parents: dict[UUID, Contract]
    statuses: dict[str, UUID]
    terms: dict[tuple[UUID, UUID], Mapping[str, Any]]
    """By party and our company: what we have agreed with the party in general (`AGREED`)."""
    projects: dict[UUID, UUID]
    """The company of each project that is named."""
    now: datetime = field(default_factory=clock.now)
    todays: dict[UUID, date] = field(default_factory=dict)

    def today(self, company: Company) -> date:
        """Today in the zone of that company."""
        if company.pk not in self.todays:
            self.todays[company.pk] = clock.today(company.zone)
        return self.todays[company.pk]

    @classmethod
    def read(
        cls, parents: Collection[UUID] = (), parties: Collection[UUID] = (), projects: Collection[UUID] = ()
    ) -> _Books:
        terms = PartyTerms.objects.filter(party__pk__among=parties)
        agreed = terms.values_list("party", "company", *AGREED) if parties else ()
        return cls(
            {one.pk: one for one in ContractType.objects.all()},
            {one.pk: one for one in Company.objects.all()},
            {one.pk: one for one in Team.objects.all()},
            {one.pk: one for one in Contract.objects.filter(pk__in=parents)},
            default_statuses(),
            {(party, company): dict(zip(AGREED, values, strict=True)) for party, company, *values in agreed},
            dict(Project.objects.filter(pk__in=projects).values_list("pk", "company")) if projects else {},
        )


@once_more
@transaction.atomic
def add_contracts(
    actor: Actor, givens: Sequence[Given], *, lines: Sequence[Sequence[Given]] = (), numbers: Sequence[str] = (), locale: str = "",
    reason: str = "", adopted: Mapping[int, str] | None = None, adopted_because: str = "",
) -> list[Contract]:  # fmt: skip
    """Add drafts; three fields are enough (title, type, counterparty), the rest has defaults.

    One that is part of another takes over its counterparty and terms where nothing else is given. ``lines``: those of
    each, as for `add_lines` but without ``contract``; the value is theirs at once. ``numbers``: the number that each has
    already from elsewhere (empty: given when it is submitted). ``adopted``: the verb (``adopt``, ``adopt_closed``) by which
    those at these places are in force, or over, at once, and why. Raises `Forbidden`, `UnknownField`, `Invalid` with every
    problem of every row.
    """
    actor.require(Can.ADD)
    parents = _visible_parents(actor, givens)
    inherited = [_with_counterparty(given, parents) for given in givens]
    books = _Books.read(parents, _named(inherited, "counterparty"), _named(inherited, "project"))
    own = OwnLines(actor, books.types, books.companies, lines, locale=locale) if lines else None
    known = KnownNumbers(numbers)
    adopting = AdoptedAtOnce(actor, adopted, adopted_because) if adopted else None

    def placed(row: Contract, place: int) -> list[Problem]:
        wrong = list(own.read(row, place)) if own else []
        return [*known.give(row, place, is_right=not wrong), *wrong]

    rows = add_rows(
        CONTRACT, actor, inherited, can=Can.ADD, code=Act.ADDED, event=ContractsAdded, locale=locale, reason=reason,
        make=lambda values: _blank(actor, books), prepare=lambda row, values: _complete(actor, row, values, books),
        placed=placed,
        after_insert=own.store if own else None,
        before_insert=(lambda rows: adopting.take(rows, own.rows if own else ())) if adopting else None,
        act_of=lambda row: (adopting and adopting.act_of(row)) or (Act.ADDED, reason),
    )  # fmt: skip
    take_snapshots(rows, are_new=True)
    if adopting:
        adopting.tell()
    return rows


def _visible_parents(actor: Actor, givens: Sequence[Given]) -> dict[UUID, Contract]:
    wanted = {id for given in givens if (id := as_id(given.get("parent")))}
    found = Contract.objects.visible_to(actor).filter(pk__in=wanted) if wanted else []
    return {one.pk: one for one in found}


def _named(givens: Iterable[Given], field: str) -> set[UUID]:
    """The ids that raw inputs give for a field."""
    return {id for given in givens if (id := as_id(given.get(field)))}


def as_id(given: Any) -> UUID | None:
    """The id in raw input, or None where there is none; the register refuses what is wrong with it."""
    if given is None or isinstance(given, UUID):
        return given
    try:
        return UUID(str(given["id"] if isinstance(given, Mapping) else given))
    except (ValueError, KeyError, TypeError):
        return None


def _with_counterparty(given: Given, parents: Mapping[UUID, Contract]) -> Given:
    id = as_id(given.get("parent"))
    parent = parents.get(id) if id else None
    if parent is None or given.get("counterparty"):
        return given
    return {**given, "counterparty": str(parent.counterparty_id)}


def _blank(actor: Actor, books: _Books) -> Contract:
    return made(
        Contract, stage=Stage.DRAFT.value, stage_since=books.now, created_at=books.now,
        status_id=books.statuses[Stage.DRAFT], term="", notice_unit="",
    )  # fmt: skip


def _complete(actor: Actor, row: Contract, values: Given, books: _Books) -> list[Problem]:
    """Fill what was left open from parent, type, company and actor, then check the whole."""
    problems = _place(actor, row, books)
    kind = books.types[row.type_id]
    if not kind.is_active:
        problems.append(Problem("retired", N_("This type is no longer offered."), field="type"))
    row.class_of = kind.class_of
    if problems:
        return problems
    company = books.companies[row.company_id]
    _inherit(row, books.parents.get(row.parent_id) if row.parent_id else None)
    agreed = books.terms.get((row.counterparty_id, row.company_id))
    for name, value in agreed.items() if agreed else ():
        _fill(row, name, value)
    _fill(row, "term", kind.term)
    if row.notice_count is None and kind.notice_count is not None:
        row.notice_count, row.notice_unit = kind.notice_count, kind.notice_unit
    _fill(row, "notice_unit", "month")
    _fill(row, "payment_days", kind.payment_days)
    _fill(row, "currency", company.currency)
    if "prices_include_tax" not in values:
        row.prices_include_tax = company.prices_include_tax
    return _check(row, kind, company, books)


def _place(actor: Actor, row: Contract, books: _Books) -> list[Problem]:
    """Which of our companies, which owner, which team."""
    row.owner_id = row.owner_id or actor.id
    team = books.teams.get(row.team_id) if row.team_id else None
    parent = books.parents.get(row.parent_id) if row.parent_id else None
    if not row.company_id:
        own = home_company(actor, books.companies.values())
        row.company_id = team.company_id if team else parent.company_id if parent else own
    if not row.company_id or not row.owner_id:
        field = "owner" if row.company_id else "company"
        return [Problem("required", N_("This is needed."), field=field)]
    if team is None:
        row.team_id = home_team(actor, row.company_id, books.teams)
    return _team_problems(row, books)


def _team_problems(row: Contract, books: _Books) -> list[Problem]:
    """A contract lies within one of our companies, with its team, its project and what it is part of."""
    team = books.teams.get(row.team_id) if row.team_id else None
    parent = books.parents.get(row.parent_id) if row.parent_id else None
    project = books.projects.get(row.project_id) if row.project_id else None
    found = []
    if team is not None and team.company_id != row.company_id:
        found.append(Problem("other_company", N_("This team belongs to another company."), field="team"))
    if parent is not None and parent.company_id != row.company_id:
        found.append(Problem("other_company", N_("This contract belongs to another of our companies."), field="parent"))
    if project is not None and project != row.company_id:
        found.append(Problem("other_company", N_("This project belongs to another company."), field="project"))
    return found


def home_company(actor: Actor, companies: Collection[Company]) -> UUID | None:
    """The company an actor's new records belong to: the only one there is to choose, else none."""
    reach = actor.companies()
    mine = [one.pk for one in companies if one.is_active and (reach is None or one.pk in reach)]
    return mine[0] if len(mine) == 1 else None


def home_team(actor: Actor, company: UUID, teams: Mapping[UUID, Team]) -> UUID | None:
    """The team in that company from which the actor works, if there is one."""
    return next((id for id in sorted(actor.teams) if id in teams and teams[id].company_id == company), None)


def _inherit(row: Contract, parent: Contract | None) -> None:
    for name in INHERITED if parent else ():
        _fill(row, name, getattr(parent, name))


def _fill(row: Contract, name: str, value: Any) -> None:
    if getattr(row, name) in (None, ""):
        setattr(row, name, value)


def _check(row: Contract, kind: ContractType, company: Company, books: _Books) -> list[Problem]:
    """Normalise and check one contract, and compute what follows from it."""
    row.currency = (row.currency or "").upper()
    row.term = row.term or Term.FIXED
    row.notice_unit = row.notice_unit or "month"
    wrong = currency_problem(row.currency)
    problems = ([wrong] if wrong else []) + list(term_problems(row))
    if not problems:
        set_dates(row, lead_days=kind.lead_days, company=company, today=books.today(company))
    return problems


# -- editing ---------------------------------------------------------------------------------------


@transaction.atomic
def edit_contracts(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Contract]:  # fmt: skip
    """Give contracts the same new values, all or none.

    Past review only what is about the record changes (owner, team, project, paper). Raises `NotFound`,
    `Forbidden`, `Settled`, `Stale`, `Invalid`.
    """
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.EDIT, contracts)
    check_editable_by(actor, contracts)
    if set(given) - always_editable():
        check_open(contracts)
    books = _Books.read(
        _named([given], "parent") | {c.parent_id for c in contracts if c.parent_id},
        projects=_named([given], "project") | {c.project_id for c in contracts if c.project_id},
    )
    was = {
        c.pk: {n: getattr(c, n) for n in ("currency", "class_of", "company_id", "counterparty_id")} for c in contracts
    }
    lines = lines_of([c.pk for c in contracts]) if PRICING & set(given) else {}
    have_lines = {id for rows in (Line, Instalment) for id in _having(rows, was)}

    def prepare(row: Contract, values: Given) -> list[Problem]:
        problems = _changed(row, values, was[row.pk], books, has_lines=row.pk in have_lines)
        if not problems and row.pk in lines:
            set_totals(row, lines[row.pk])
        return problems

    also = ("class_of", "term", "notice_unit", "currency", *DERIVED, *(TOTALS if lines else ()))
    edit_rows(
        CONTRACT, actor, contracts, given, can=Can.EDIT, code=Act.EDITED, event=ContractsEdited, locale=locale,
        versions=versions, reason=reason, prepare=prepare, also=also,
    )  # fmt: skip
    write([line for own in lines.values() for line in own], ("currency", *TOTALS), version=False)
    if SHARING & set(given):
        refresh_shares(contracts)
    take_snapshots([c for c in contracts if c.counterparty_id != was[c.pk]["counterparty_id"]])
    return contracts


def _having(rows: type[Line] | type[Instalment], ids: Collection[UUID]) -> list[UUID]:
    """Those of the contracts that have lines, or stages."""
    return list(rows.objects.filter(contract__in=list(ids)).values_list("contract", flat=True).distinct())


def _changed(row: Contract, values: Given, was: Given, books: _Books, *, has_lines: bool) -> list[Problem]:
    """The rules of a change: facts that never change, owners that must be, no circles."""
    missing = [n for n in ("owner", "company") if n in values and not values[n]]
    if missing:
        return [Problem("required", N_("This is needed."), field=name) for name in missing]
    kind = books.types[row.type_id]
    row.class_of = kind.class_of
    row.currency = (row.currency or was["currency"]).upper()
    problems = list(_immutable(row, was, has_lines=has_lines)) + _team_problems(row, books)
    if "parent" in values and row.parent_id and is_under(row.parent_id, row.pk):
        problems.append(
            Problem("circle", N_("A contract cannot be part of itself or of one of its own parts."), field="parent")
        )
    return problems + _check(row, kind, books.companies[row.company_id], books)


def _immutable(row: Contract, was: Given, *, has_lines: bool) -> list[Problem]:
    problems = []
    if row.currency != was["currency"] and has_lines:
        problems.append(
            Problem("immutable", N_("The currency cannot change once there are lines or stages."), field="currency")
        )
    if row.class_of != was["class_of"]:
        problems.append(
            Problem(
                "immutable", N_("The new type is of another class; a contract's class never changes."), field="type"
            )
        )
    if row.company_id != was["company_id"]:
        problems.append(
            Problem("immutable", N_("A contract does not move to another of our companies."), field="company")
        )
    return problems


def is_under(id: UUID, ancestor: UUID) -> bool:
    """Whether walking up from ``id`` meets ``ancestor`` (or begins there)."""
    seen: set[UUID] = set()
    current: UUID | None = id
    while current is not None and current not in seen:
        if current == ancestor:
            return True
        seen.add(current)
        current = Contract.objects.filter(pk=current).values_list("parent", flat=True).first()
    return False


@transaction.atomic
def take_party_details(actor: Actor, ids: Collection[UUID]) -> list[Contract]:
    """Keep the counterparty's present details with contracts on the drafting table, in place of those kept.

    Where nothing differs, nothing is written.
    """
    held = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.EDIT, held)
    check_editable_by(actor, held)
    check_open(held)
    contracts = outdated(held)
    take_snapshots(contracts)
    record_many(actor, Act.PARTY_TAKEN, [Change(CONTRACT.noun, c.pk, c.title, c.company_id) for c in contracts])
    return contracts
