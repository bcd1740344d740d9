"""Whether the cached amounts of stages still are what the plan comes to: what the doctor asks of contracts."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import UUID

from hetong.contracts.models import Contract, Instalment, Line
from hetong.contracts.queries.plan import plan_in, stages_of

CHUNK = 500


def stage_checks() -> Iterator[tuple[str, str]]:
    """Every stage whose kept amounts differ from its share of the one-off lines, as (where, what)."""
    last = None
    while True:
        # allow: visibility — the doctor reads everything
        staged = Contract.objects.filter(
            pk__in=Instalment.objects.filter(is_retired=False).values("contract")
        ).order_by("pk")
        contracts = list((staged.filter(pk__gt=last) if last else staged)[:CHUNK])
        if not contracts:
            return
        last = contracts[-1].pk
        yield from _of(contracts)


def _of(contracts: list[Contract]) -> Iterator[tuple[str, str]]:
    ids = [one.pk for one in contracts]
    stages, lines = stages_of(ids), _lines_of(ids)
    for contract in contracts:
        for share in plan_in(contract, lines.get(contract.pk, []), stages[contract.pk]):
            kept = share.instalment
            if kept is None:
                continue
            has, comes_to = (kept.net_minor, kept.tax_minor, kept.gross_minor), (share.net, share.tax, share.gross)
            if has != comes_to:
                yield f"contracts.instalment {kept.pk}", f"says {has}, its share of the lines comes to {comes_to}"


def _lines_of(ids: list[UUID]) -> dict[UUID, list[Line]]:
    found: dict[UUID, list[Line]] = {}
    # allow: visibility — the doctor reads everything
    for line in Line.objects.filter(contract__in=ids).order_by("contract", "position", "pk"):
        found.setdefault(line.contract_id, []).append(line)
    return found
