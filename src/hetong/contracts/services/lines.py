"""Adding, editing and removing lines; the contract's totals follow in the same transaction."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from hetong.audit.services import Change, add_rows, edit_rows, record_many
from hetong.contracts.events import Act, LinesAdded, LinesEdited, LinesRemoved
from hetong.contracts.fields import LINE
from hetong.contracts.models import Contract, ContractType, Line
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import check_editable_by, check_open
from hetong.contracts.services.contracts import as_id
from hetong.contracts.services.line_rules import line_problems
from hetong.contracts.services.upkeep import refresh_totals
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Invalid, NotFound, Problem
from hetong.kernel.events import Fact
from hetong.kernel.rows import locked
from hetong.reference.queries import find_tax_rates

Given = Mapping[str, Any]


@transaction.atomic
def add_lines(actor: Actor, givens: Sequence[Given], *, locale: str = "", reason: str = "") -> list[Line]:
    """Add lines to contracts on the drafting table; each given names its ``contract``.

    Raises `NotFound` for a contract out of sight, `Forbidden`, `Settled`, `Invalid`.
    """
    wanted = [id for given in givens if (id := as_id(given.get("contract")))]
    contracts = {one.pk: one for one in _opened(actor, wanted)}
    if len(wanted) != len(givens):
        raise Invalid(problems=[Problem("required", N_("This is needed."), field="contract")])
    last = dict(Line.objects.filter(contract__in=contracts).values_list("contract").annotate(last=Max("position")))
    taxes = _default_taxes(actor, contracts.values())

    def prepare(row: Line, values: Given) -> list[Problem]:
        contract = contracts[row.contract_id]
        row.company_id, row.currency = contract.company_id, contract.currency
        if not row.position:
            row.position = last[contract.pk] = (last.get(contract.pk) or 0) + 1
        if values.get("tax_rate") is None:
            row.tax_percent = taxes[contract.pk]
        return line_problems(row)

    rows = add_rows(
        LINE, actor, givens, can=Can.EDIT, code=Act.LINES_ADDED, event=LinesAdded, locale=locale, reason=reason,
        make=lambda values: Line(created_at=clock.now()), prepare=prepare,
    )  # fmt: skip
    refresh_totals(actor, list(contracts.values()))
    return rows


@transaction.atomic
def edit_lines(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Line]:  # fmt: skip
    """Give lines the same new values, all or none; their contracts must be on the drafting table."""
    contracts = _opened(actor, _contracts_of(actor, ids))
    rows = locked(Line.objects.visible_to(actor), ids)
    was = {row.pk: row.contract_id for row in rows}

    def prepare(row: Line, values: Given) -> list[Problem]:
        if row.contract_id != was[row.pk]:
            return [Problem("immutable", N_("A line does not move to another contract."), field="contract")]
        return line_problems(row)

    edit_rows(
        LINE, actor, rows, given, can=Can.EDIT, code=Act.LINES_EDITED, event=LinesEdited, locale=locale,
        versions=versions, reason=reason, prepare=prepare, also=("quantity", "discount", "tax_percent", "position"),
    )  # fmt: skip
    refresh_totals(actor, contracts)
    return rows


@transaction.atomic
def remove_lines(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> None:
    """Take lines off contracts on the drafting table; the journal keeps what they said."""
    contracts = _opened(actor, _contracts_of(actor, ids))
    rows = locked(Line.objects.visible_to(actor), ids)
    before = LINE.snapshot(rows)
    gone = [Change(LINE.noun, row.pk, row.title, row.company_id, before[row.pk]) for row in rows]
    Line.objects.filter(pk__in=[row.pk for row in rows]).delete()
    record_many(actor, Act.LINES_REMOVED, gone, reason=reason)
    publish(LinesRemoved(actor, tuple(Fact(LINE.noun, row.pk, row.company_id) for row in rows)))
    refresh_totals(actor, contracts)


def _contracts_of(actor: Actor, ids: Collection[UUID]) -> list[UUID]:
    found = dict(Line.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "contract"))
    if len(found) != len(set(ids)):
        raise NotFound(noun=LINE.noun)
    return list(dict.fromkeys(found.values()))


def _opened(actor: Actor, ids: Collection[UUID]) -> list[Contract]:
    """The contracts, locked, whose lines this actor may write now."""
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.EDIT, contracts)
    check_editable_by(actor, contracts)
    check_open(contracts)
    return contracts


def _default_taxes(actor: Actor, contracts: Collection[Contract]) -> dict[UUID, int]:
    """The tax percent that a line has where none is given: the type's, else the company's country's standard rate."""
    types = dict(ContractType.objects.filter(pk__in={c.type_id for c in contracts}).values_list("pk", "tax_percent"))
    standard: dict[str, int] = {}
    found: dict[UUID, int] = {}
    for contract in Contract.objects.filter(pk__in=[c.pk for c in contracts]).select_related("company"):
        country = contract.company.country
        if country not in standard:
            highest = find_tax_rates(actor, country, clock.today(contract.company.zone)).first()
            standard[country] = highest.percent if highest else 0
        own = types.get(contract.type_id)
        found[contract.pk] = standard[country] if own is None else own
    return found
