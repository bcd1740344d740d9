"""Keeping what follows true: key dates, totals, the next event, the counterparty's details of that day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hetong.accounts.models import Company
from hetong.audit.services import Change, record_many
from hetong.contracts.events import Act, ValueChanged
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, ContractParty, Line
from hetong.contracts.queries.plan import plan_in, stages_of
from hetong.contracts.queries.terms import key_dates, next_event
from hetong.contracts.queries.value import shares_of
from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.bulk import insert_alike
from hetong.kernel.events import Fact
from hetong.kernel.money import Money
from hetong.kernel.rows import write
from hetong.parties.queries.snapshots import snapshots

DERIVED = ("notice_by", "act_by", "next_on", "next_what")
TOTALS = ("net_minor", "tax_minor", "gross_minor")
COLLECTED = ("invoiced_minor", "received_minor", "open_minor", "oldest_open_due_on")
CHUNK = 500


@dataclass(frozen=True)
class MoneyTotals:
    """What has come of a contract's value so far, in minor units of its currency, tax included."""

    invoiced_minor: int
    received_minor: int
    open_minor: int
    oldest_open_due_on: dt.date | None
    """The earliest day on which something that is still open was to be paid."""


def set_dates(contract: Contract, *, lead_days: int, company: Company, today: dt.date) -> None:
    """Compute the dates that follow from the contract's own, in memory."""
    dates = key_dates(contract, lead_days=lead_days, country=company.country)
    contract.notice_by = dates.notice_by.value if dates.notice_by else None
    contract.act_by = dates.act_by.value if dates.act_by else None
    set_next(contract, today)


def set_next(contract: Contract, today: dt.date) -> None:
    """Compute which of its dates comes next, in memory."""
    contract.next_on, contract.next_what = next_event(contract, today)


def set_totals(contract: Contract, lines: Sequence[Line]) -> None:
    """Compute the totals of a contract and the share of each of its lines, in memory."""
    shares = shares_of(contract, lines)
    for line in lines:
        net, tax = shares.get(line.pk, (0, 0))
        line.currency = contract.currency
        line.net_minor, line.tax_minor, line.gross_minor = net, tax, Money(net + tax, contract.currency).minor
    net, tax = (sum(share[place] for share in shares.values()) for place in (0, 1))
    gross = Money(net + tax, contract.currency).minor  # refuses what is more than can be kept
    contract.net_minor, contract.tax_minor, contract.gross_minor = (net, tax, gross) if shares else (None, None, None)


def lines_of(ids: Collection[UUID]) -> dict[UUID, list[Line]]:
    """The lines of each contract in their order, in one query."""
    found: dict[UUID, list[Line]] = {id: [] for id in ids}
    for line in Line.objects.filter(contract__in=ids).order_by("contract", "position", "pk"):
        found[line.contract_id].append(line)
    return found


def refresh_totals(actor: Actor, contracts: Sequence[Contract]) -> None:
    """Make the cached totals of the locked contracts true again, and tell of those that changed.

    Call it last in the transaction that changed lines. The contracts' versions stay: totals are a cache.
    """
    names = ("net", "tax", "gross")
    before = CONTRACT.snapshot(contracts, names)
    lines = lines_of([contract.pk for contract in contracts])
    for contract in contracts:
        set_totals(contract, lines[contract.pk])
    write(contracts, TOTALS, version=False)
    write([line for of in lines.values() for line in of], ("currency", *TOTALS), version=False)
    refresh_shares(contracts, lines)
    after = CONTRACT.snapshot(contracts, names)
    changed = [
        Change(CONTRACT.noun, c.pk, c.title, c.company_id, before[c.pk], after[c.pk])
        for c in contracts
        if before[c.pk] != after[c.pk]
    ]
    if changed:
        record_many(actor, Act.VALUE_CHANGED, changed)
        publish(ValueChanged(actor, tuple(Fact(CONTRACT.noun, one.id, one.company) for one in changed if one.id)))


def refresh_shares(contracts: Sequence[Contract], lines: Mapping[UUID, Sequence[Line]] | None = None) -> None:
    """Make the cached amounts of the stages of locked contracts true again; a cache, so no journal and no version."""
    ids = [contract.pk for contract in contracts]
    stages = stages_of(ids)
    if not any(stages.values()):
        return
    lines = lines or lines_of(ids)
    changed = []
    for contract in contracts:
        for share in plan_in(contract, lines[contract.pk], stages[contract.pk]):
            if share.instalment is not None:
                share.instalment.currency = contract.currency
                share.instalment.net_minor, share.instalment.tax_minor = share.net, share.tax
                share.instalment.gross_minor = share.gross
                changed.append(share.instalment)
    write(changed, ("currency", *TOTALS), version=False)


def set_money_totals(actor: Actor, totals: Mapping[UUID, MoneyTotals]) -> None:
    """Keep the sums of the dues with their contracts, in the transaction of the posting that changed them.

    The caller holds the locks. No journal and no version: the posting itself is recorded, and totals are a cache.
    """
    contracts = list(Contract.objects.filter(pk__in=totals))
    for contract in contracts:
        for name in COLLECTED:
            setattr(contract, name, getattr(totals[contract.pk], name))
    write(contracts, COLLECTED, version=False)


def outdated(contracts: Iterable[Contract]) -> list[Contract]:
    """The contracts that keep other details of their counterparty than it has now."""
    rows = list(contracts)
    kept = {
        one.contract_id: one.snapshot
        for one in ContractParty.objects.filter(contract__in=[row.pk for row in rows], role="counterparty")
    }
    found = []
    for company in {row.company_id for row in rows}:
        of = [row for row in rows if row.company_id == company]
        facts = snapshots({row.counterparty_id for row in of}, company)
        found += [row for row in of if kept.get(row.pk) != facts.get(row.counterparty_id, {})]
    return found


def take_snapshots(contracts: Iterable[Contract], *, are_new: bool = False) -> None:
    """Keep the counterparty's master data of now with each contract, in place of what was kept; new ones have nothing yet."""
    rows, now = list(contracts), clock.now()
    if not are_new:
        ContractParty.objects.filter(contract__in=[row.pk for row in rows], role="counterparty").delete()
    for company in {row.company_id for row in rows}:
        of = [row for row in rows if row.company_id == company]
        parties = [row.counterparty_id for row in of]
        facts = snapshots(set(parties), company)
        insert_alike(
            ContractParty, {"taken_at": now}, contract_id=[row.pk for row in of], party_id=parties,
            snapshot=[facts.get(party, {}) for party in parties],
        )  # fmt: skip


def refresh_next_events() -> str:
    """Move on the next event of every contract whose own has passed; run daily. No journal: nothing was decided."""
    moved, done = 0, False
    while not done:
        with transaction.atomic():
            count = _refresh_chunk()
        moved, done = moved + count, count < CHUNK
    return f"{moved} contracts moved on to their next date"


def _refresh_chunk() -> int:
    passed = Q(pk__in=[])
    for company in Company.objects.all():
        passed |= Q(company=company.pk, next_on__lt=clock.today(company.zone))
    contracts = list(Contract.objects.filter(passed).select_related("company").order_by("pk")[:CHUNK])
    for contract in contracts:
        set_next(contract, clock.today(contract.company.zone))
    write(contracts, ("next_on", "next_what"), version=False)
    return len(contracts)
