"""Originals on paper: their copies, the stamp, and who has them. From the archive they are only lent and taken back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max

from hetong.accounts.models import Company
from hetong.audit.services import Change, add_rows, edit_rows, record_many
from hetong.audit.services.editing import check_versions
from hetong.contracts.events import (
    Act,
    OriginalsAdded,
    OriginalsEdited,
    OriginalsLent,
    OriginalsRemoved,
    OriginalsReturned,
    OriginalsStamped,
)
from hetong.contracts.fields import LOAN, ORIGINAL
from hetong.contracts.models import Contract, Loan, Original
from hetong.contracts.policy import Can
from hetong.contracts.services.checks import check_editable_by
from hetong.contracts.services.plan import contracts_of, named_ids
from hetong.contracts.states import Stage
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.errors import N_, Conflict, Problem, refuse
from hetong.kernel.events import Event, Fact
from hetong.kernel.input import parse
from hetong.kernel.rows import insert, locked, write
from hetong.kernel.text import clean_line

Given = Mapping[str, Any]
MOST_COPIES = 50


class InArchive(Conflict):
    """The contract is archived, so nothing is written about its originals any more."""

    code = "in_archive"
    text = N_("“%(title)s” is archived: its originals are only lent and taken back.")
    then = N_("Take the contract out of the archive first.")


class AlreadyLent(Conflict):
    """The original is with somebody else."""

    code = "already_lent"
    text = N_("Copy %(copy)s is out: %(borrower)s has it until %(until)s.")
    then = N_("Take it back first.")


class NotLent(Conflict):
    """The original is not out."""

    code = "not_lent"
    text = N_("Copy %(copy)s is not out.")
    then = N_("Reload the page and look at it again.")


class HasLoans(Conflict):
    """The original was lent before, so its history stays."""

    code = "has_loans"
    text = N_("Copy %(copy)s was lent before and stays on record.")
    then = N_("Note what became of it instead.")


@transaction.atomic
def add_originals(actor: Actor, givens: Sequence[Given], *, locale: str = "", reason: str = "") -> list[Original]:
    """Note originals; each given names its ``contract``, and copies are numbered as they come, from 1."""
    contracts = {one.pk: one for one in _kept(actor, named_ids(givens))}
    held = Original.objects.filter(contract__in=contracts).order_by()
    last = dict(held.values_list("contract").annotate(last=Max("copy_no")))
    days = _days(contracts.values())

    def prepare(row: Original, values: Given) -> list[Problem]:
        row.company_id = contracts[row.contract_id].company_id
        row.copy_no = last[row.contract_id] = (last.get(row.contract_id) or 0) + 1
        if row.copy_no > MOST_COPIES:
            return [
                Problem("copies", N_("A contract has at most %(most)s originals."), {"most": MOST_COPIES}, "contract")
            ]
        return _stamp_problems(row, days)

    return add_rows(
        ORIGINAL, actor, givens, can=Can.PAPER, code=Act.ORIGINALS_ADDED, event=OriginalsAdded, locale=locale, reason=reason,
        make=lambda values: Original(created_at=clock.now()), prepare=prepare,
    )  # fmt: skip


@transaction.atomic
def edit_originals(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None,
    reason: str = "",
) -> list[Original]:  # fmt: skip
    """Change what is noted about originals: stamp, place, note."""
    return _edit(actor, ids, given, Act.ORIGINALS_EDITED, OriginalsEdited, locale, versions, reason)


@transaction.atomic
def stamp_originals(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None
) -> list[Original]:  # fmt: skip
    """Note on which day and by whom originals were stamped (用印); both are needed."""
    missing = [name for name in ("stamped_on", "stamped_by") if not given.get(name)]
    refuse([Problem("required", N_("This is needed."), field=name) for name in missing])
    return _edit(actor, ids, given, Act.ORIGINALS_STAMPED, OriginalsStamped, locale, versions, "")


def _edit(
    actor: Actor, ids: Collection[UUID], given: Given, act: Act, event: type[Event], locale: str,
    versions: Mapping[UUID, int] | None, reason: str,
) -> list[Original]:  # fmt: skip
    contracts = _kept(actor, contracts_of(Original.objects.visible_to(actor), ids))
    rows = locked(Original.objects.visible_to(actor), ids)
    was, days = {row.pk: row.contract_id for row in rows}, _days(contracts)

    def prepare(row: Original, values: Given) -> list[Problem]:
        if row.contract_id != was[row.pk]:
            return [Problem("immutable", N_("An original does not move to another contract."), field="contract")]
        return _stamp_problems(row, days)

    return edit_rows(
        ORIGINAL, actor, rows, given, can=Can.PAPER, code=act, event=event, locale=locale, versions=versions, reason=reason,
        prepare=prepare,
    )  # fmt: skip


@transaction.atomic
def remove_originals(actor: Actor, ids: Collection[UUID], *, reason: str = "") -> None:
    """Remove originals that were noted by mistake; one that was ever lent stays. Raises `HasLoans`."""
    _kept(actor, contracts_of(Original.objects.visible_to(actor), ids))
    rows = locked(Original.objects.visible_to(actor), ids)
    lent = set(Loan.objects.filter(original__in=ids).values_list("original", flat=True))
    for row in rows:
        if row.pk in lent:
            raise HasLoans(copy=row.copy_no)
    before = ORIGINAL.snapshot(rows)
    gone = [Change(ORIGINAL.noun, row.pk, str(row.copy_no), row.company_id, before[row.pk]) for row in rows]
    Original.objects.filter(pk__in=[row.pk for row in rows]).delete()
    record_many(actor, Act.ORIGINALS_REMOVED, gone, reason=reason)
    publish(OriginalsRemoved(actor, _facts(rows)))


@transaction.atomic
def lend_originals(
    actor: Actor, ids: Collection[UUID], given: Given, *, locale: str = "", versions: Mapping[UUID, int] | None = None
) -> list[Loan]:  # fmt: skip
    """Hand originals to somebody until a day (inclusive); ``lent_on`` is today where it is left open.

    Raises `NotFound`, `Forbidden`, `AlreadyLent`, `Stale`, `Invalid`.
    """
    contracts = _kept(actor, contracts_of(Original.objects.visible_to(actor), ids), in_archive=True)
    rows = locked(Original.objects.visible_to(actor), ids)
    check_versions(rows, versions)
    out = {one.original_id: one for one in Loan.objects.filter(original__in=ids, returned_on=None)}
    for row in rows:
        if held := out.get(row.pk):
            raise AlreadyLent(copy=row.copy_no, borrower=held.borrower, until=held.until.isoformat())
    days = _days(contracts)
    values = parse(LOAN, actor, given, company=contracts[0].company_id, locale=locale, partial=False)
    loans = [
        Loan(
            original=row, borrower=values["borrower"], until=values["until"], purpose=values.get("purpose") or "",
            lent_on=values.get("lent_on") or days[row.company_id], lent_by_label=actor.label[:200],
        )
        for row in rows
    ]  # fmt: skip
    refuse([problem for loan in loans for problem in _loan_problems(loan, days)])
    insert(loans)
    what = []
    for row, now in zip(rows, LOAN.snapshot(loans).values(), strict=True):
        told = {"lent_to": now["borrower"], "lent_until": now["until"]}
        what.append(Change(ORIGINAL.noun, row.pk, str(row.copy_no), row.company_id, {}, told))
    record_many(actor, Act.ORIGINALS_LENT, what, reason=values.get("purpose") or "")
    publish(OriginalsLent(actor, _facts(rows)))
    return loans


@transaction.atomic
def return_originals(
    actor: Actor, ids: Collection[UUID], *, returned_on: dt.date | None = None, place: str = ""
) -> list[Original]:  # fmt: skip
    """Take originals back on a day (today where none is given), and note where they are kept from now on."""
    contracts = _kept(actor, contracts_of(Original.objects.visible_to(actor), ids), in_archive=True)
    rows = locked(Original.objects.visible_to(actor), ids)
    out = {one.original_id: one for one in Loan.objects.select_for_update().filter(original__in=ids, returned_on=None)}
    days, kept = _days(contracts), clean_line(place, max_length=200)
    before = ORIGINAL.snapshot(rows)
    problems = []
    for row in rows:
        loan = out.get(row.pk)
        if loan is None:
            raise NotLent(copy=row.copy_no)
        loan.returned_on = returned_on or days[row.company_id]
        if not loan.lent_on <= loan.returned_on <= days[row.company_id]:
            text = N_("It came back between the day it was lent and today.")
            problems.append(Problem("return_day", text, field="returned_on"))
        row.place = kept or row.place
    refuse(problems)
    _save_returned(rows, list(out.values()))
    after = ORIGINAL.snapshot(rows)
    what = [Change(ORIGINAL.noun, r.pk, str(r.copy_no), r.company_id, before[r.pk], after[r.pk]) for r in rows]
    record_many(actor, Act.ORIGINALS_RETURNED, what)
    publish(OriginalsReturned(actor, _facts(rows)))
    return rows


def _save_returned(rows: Sequence[Original], loans: Sequence[Loan]) -> None:
    write(loans, ("returned_on",), version=False)
    write(rows, ("place",))


def _kept(actor: Actor, ids: Collection[UUID], *, in_archive: bool = False) -> list[Contract]:
    """The contracts, locked, about whose originals this actor may write now."""
    contracts = locked(Contract.objects.visible_to(actor), ids)
    require(actor, Can.PAPER, contracts)
    check_editable_by(actor, contracts, even_archived=True)
    for one in contracts:
        if one.stage == Stage.DISCARDED or (one.stage == Stage.ARCHIVED and not in_archive):
            raise InArchive(title=one.title)
    return contracts


def _days(contracts: Any) -> dict[UUID, dt.date]:
    """Today in each company of the contracts."""
    companies = Company.objects.filter(pk__in={one.company_id for one in contracts})
    return {one.pk: clock.today(one.zone) for one in companies}


def _stamp_problems(row: Original, days: Mapping[UUID, dt.date]) -> list[Problem]:
    if row.stamped_on and row.stamped_on > days[row.company_id]:
        return [Problem("day_ahead", N_("This day has not come yet."), field="stamped_on")]
    return []


def _loan_problems(loan: Loan, days: Mapping[UUID, dt.date]) -> list[Problem]:
    found = []
    if loan.lent_on > days[loan.original.company_id]:
        found.append(Problem("day_ahead", N_("This day has not come yet."), field="lent_on"))
    if loan.until < loan.lent_on:
        found.append(Problem("ends_before_start", N_("It cannot be due back before it is lent."), field="until"))
    return found


def _facts(rows: Sequence[Original]) -> tuple[Fact, ...]:
    return tuple(Fact(ORIGINAL.noun, row.pk, row.company_id) for row in rows)
