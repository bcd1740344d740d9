"""Dues from the plan of a contract: made when it comes into force, dated when what they wait for has happened."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Count, Min

from hetong.accounts.models import Company
from hetong.billing.events import DuesHeld, DuesOpened, DuesPlanned, DuesReleased, DuesReplanned, DuesSkipped
from hetong.billing.fields import DUE, words
from hetong.billing.models import Due
from hetong.billing.services.dues import state_on
from hetong.billing.services.errors import CannotReplan
from hetong.billing.services.totals import IN_FORCE, refresh_money, tell
from hetong.billing.states import DueKind, DueState
from hetong.contracts.models import Contract, Line
from hetong.contracts.queries import PlannedShare, plan_of
from hetong.contracts.states import Class, PlanKind, Stage
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.collisions import once_more
from hetong.kernel.events import Event
from hetong.kernel.money import Money
from hetong.kernel.rows import insert, locked, write

USUAL_DAYS = 30
"""Days to pay where the contract says nothing."""
PLANNED = (
    "position", "title", "is_retention", "on", "due_on", "net_minor", "tax_minor", "gross_minor", "taxes", "explanation",
    "state", "reason",
)  # fmt: skip
"""What a due has from its plan."""
WITH_MONEY = (Class.INCOME, Class.EXPENSE)
STOPPED = frozenset({Stage.TERMINATED, Stage.SUPERSEDED, Stage.CLOSED})
"""Stages in which a plan makes no new dues."""
Key = tuple[UUID, UUID | None, str]


@dataclass
class _Sorted:
    """What a run over plans does to dues, by what is told of them."""

    made: list[Due]
    opened: list[Due]
    changed: list[Due]
    withdrawn: list[Due]


@once_more
@transaction.atomic
def open_dues(actor: Actor, event: Event) -> None:
    """Make the dues that contracts in force still lack, and date those that waited for what has happened now.

    Idempotent: it compares the plan of now with the dues of now. What is invoiced or settled stays as it is.
    """
    contracts, shares, dues = _situation(event)
    _carry_out(actor, contracts, shares, dues, moves_amounts=False)


@once_more
@transaction.atomic
def replan_dues(actor: Actor, event: Event) -> None:
    """Let dues follow a plan that was changed, in the change's own transaction.

    Raises `CannotReplan` where a stage would get less than is invoiced or settled on it.
    """
    contracts, shares, dues = _situation(event)
    _carry_out(actor, contracts, shares, dues, moves_amounts=True)
    refresh_money(actor, list(contracts))


def _situation(event: Event) -> tuple[dict[UUID, Contract], dict[Key, PlannedShare], dict[Key, Due]]:
    """The contracts in force that the event is about, locked; their plan and their live dues by contract, stage and kind."""
    ids = _contracts_in(event)
    rows = locked(Contract.objects.all(), ids)
    contracts = {one.pk: one for one in rows if one.stage in IN_FORCE and one.class_of in WITH_MONEY}
    shares: dict[Key, PlannedShare] = {}
    for id, planned in plan_of(list(contracts)).items():
        for share in planned:
            if share.gross > 0:
                shares[id, share.instalment.pk if share.instalment else None, _kind(contracts[id], share)] = share
    live = Due.objects.filter(contract__in=contracts, line__isnull=True).exclude(state=DueState.REVERSED)
    dues = locked(Due.objects.all(), list(live.values_list("pk", flat=True)))
    return contracts, shares, {(due.contract_id, due.instalment_id, due.kind): due for due in dues}


def _contracts_in(event: Event) -> list[UUID]:
    ids = (f.id if f.noun == "contracts.contract" else UUID(str(f.facts["contract"])) for f in event.rows)
    return sorted(set(ids))


def _kind(contract: Contract, share: PlannedShare) -> str:
    if share.kind == PlanKind.INVOICE:
        return DueKind.INVOICE.value
    return (DueKind.PAY if contract.class_of == Class.EXPENSE else DueKind.COLLECT).value


def _carry_out(
    actor: Actor,
    contracts: Mapping[UUID, Contract],
    shares: Mapping[Key, PlannedShare],
    dues: Mapping[Key, Due],
    *,
    moves_amounts: bool,
) -> None:
    before = DUE.snapshot(list(dues.values()))
    days, billed = _todays(contracts.values()), _billed_until(contracts)
    found = _Sorted([], [], [], [])
    for key, share in shares.items():
        contract, due = contracts[key[0]], dues.get(key)
        today = days[contract.company_id]
        if due is not None:
            _follow(found, contract, due, share, today, moves_amounts=moves_amounts)
        elif contract.stage not in STOPPED:
            found.made.append(_make(contract, share, key, today, billed.get(contract.pk)))
    if moves_amounts:
        _withdraw(found, [due for key, due in dues.items() if key not in shares and key[0] in contracts])
    write([*found.withdrawn, *found.changed, *found.opened], PLANNED)
    insert(found.made)
    tell(actor, DuesReplanned, [*found.changed, *found.withdrawn], before)
    tell(actor, DuesPlanned, found.made)
    tell(actor, DuesOpened, found.opened, before)


def _todays(contracts: Iterable[Contract]) -> dict[UUID, date]:
    zones = Company.objects.filter(pk__in={one.company_id for one in contracts}).values_list("pk", "zone")
    return {pk: clock.today(zone) for pk, zone in zones}


def _billed_until(ids: Collection[UUID]) -> dict[UUID, date]:
    """Until which day all lines of these contracts were billed elsewhere, before they were entered here."""
    lines = Line.objects.filter(contract__in=list(ids), is_optional=False).order_by()
    rows = lines.values_list("contract").annotate(Min("billed_until"), billed=Count("billed_until"), lines=Count("pk"))
    return {contract: until for contract, until, billed, count in rows if until and billed == count}


def _make(contract: Contract, share: PlannedShare, key: Key, today: date, billed_until: date | None) -> Due:
    due = Due(
        contract_id=contract.pk, company_id=contract.company_id, party_id=contract.counterparty_id, kind=key[2],
        instalment_id=key[1], currency=contract.currency, created_at=clock.now(),
    )  # fmt: skip
    _set_amounts(due, share)
    _set_day(contract, due, share)
    due.state, due.reason = state_on(contract, due.on, today)
    if due.on is not None and billed_until is not None and due.on <= billed_until:
        due.state, due.reason = DueState.SKIPPED, words.BILLED_BEFORE
    return due


def _set_amounts(due: Due, share: PlannedShare) -> None:
    due.position, due.title, due.is_retention = share.position, share.title[:300], share.is_retention
    due.net_minor, due.tax_minor, due.gross_minor = share.net, share.tax, share.gross
    due.taxes, due.explanation = [dict(one) for one in share.taxes], share.explanation.to_json()


def _set_day(contract: Contract, due: Due, share: PlannedShare) -> None:
    """The day it may be billed; and the day on which the money is expected, planned while that waits."""
    due.on = None if share.is_waiting else share.on
    expected = due.on or share.expected_on
    if due.kind == DueKind.INVOICE or expected is None:
        due.due_on = None
    elif contract.has_invoice_plan:
        due.due_on = expected
    else:
        days = USUAL_DAYS if contract.payment_days is None else contract.payment_days
        due.due_on = expected + timedelta(days=days)


def _follow(
    found: _Sorted, contract: Contract, due: Due, share: PlannedShare, today: date, *, moves_amounts: bool
) -> None:
    """Let one due say what its share says now; what was posted on it is never undercut."""
    was = tuple(getattr(due, name) for name in PLANNED)
    if moves_amounts and due.state != DueState.SKIPPED:
        _check_posted(due, share.gross)
        _set_amounts(due, share)
    if not due.invoiced_minor and not due.settled_minor and due.state != DueState.SKIPPED:
        _set_day(contract, due, share)
        if due.state != DueState.HELD or due.reason in (words.WAITING, words.SUSPENDED):
            due.state, due.reason = state_on(contract, due.on, today)
    if tuple(getattr(due, name) for name in PLANNED) != was:
        is_opened = due.state == DueState.OPEN and was[PLANNED.index("state")] != DueState.OPEN
        (found.opened if is_opened else found.changed).append(due)


def _check_posted(due: Due, planned: int) -> None:
    posted = max(due.invoiced_minor, due.settled_minor)
    if planned < posted:
        raise CannotReplan(
            title=due.title, posted=str(Money(posted, due.currency)), planned=str(Money(planned, due.currency))
        )


def _withdraw(found: _Sorted, gone: Collection[Due]) -> None:
    """Dues whose stage left the plan never were, unless something was posted on them."""
    for due in gone:
        _check_posted(due, 0)
        due.state, due.reason = DueState.REVERSED, ""
        found.withdrawn.append(due)


# -- what happens to the contract -------------------------------------------------------------------


def _held_for(ids: Sequence[UUID], states: Collection[str], **more: Any) -> list[Due]:
    found = Due.objects.filter(contract__in=ids, state__in=states, **more).values_list("pk", flat=True)
    return [due for due in locked(Due.objects.all(), list(found)) if due.state in states]


@once_more
@transaction.atomic
def suspend_dues(actor: Actor, event: Event) -> None:
    """Hold the dues of suspended contracts, apart from those that are wholly invoiced."""
    rows = locked(Contract.objects.all(), _contracts_in(event))
    suspended = [one.pk for one in rows if one.stage == Stage.SUSPENDED]
    dues = [d for d in _held_for(suspended, (DueState.PLANNED, DueState.OPEN)) if d.invoiced_minor < d.gross_minor]
    before = DUE.snapshot(dues)
    for due in dues:
        due.state, due.reason = DueState.HELD, words.SUSPENDED
    write(dues, ("state", "reason"))
    tell(actor, DuesHeld, dues, before)


@once_more
@transaction.atomic
def resume_dues(actor: Actor, event: Event) -> None:
    """Let the dues run again that were held because their contract was suspended."""
    contracts = {one.pk: one for one in locked(Contract.objects.all(), _contracts_in(event))}
    resumed = [id for id, one in contracts.items() if one.stage != Stage.SUSPENDED]
    dues = _held_for(resumed, (DueState.HELD,), reason=words.SUSPENDED)
    before, days = DUE.snapshot(dues), _todays(contracts.values())
    for due in dues:
        due.state, due.reason = state_on(contracts[due.contract_id], due.on, days[due.company_id])
    write(dues, ("state", "reason"))
    tell(actor, DuesReleased, dues, before)


@once_more
@transaction.atomic
def end_dues(actor: Actor, event: Event) -> None:
    """Waive the dues of terminated contracts that would fall due after the day of termination; invoiced ones stay."""
    contracts = {one.pk: one for one in locked(Contract.objects.all(), _contracts_in(event))}
    ended = [id for id, one in contracts.items() if one.stage in (Stage.TERMINATED, Stage.CLOSING, Stage.CLOSED)]
    days = _todays(contracts.values())
    told = {fact.id: fact.facts.get("on") for fact in event.rows}
    dues = []
    for due in _held_for(ended, (DueState.PLANNED, DueState.HELD, DueState.OPEN)):
        said = told.get(due.contract_id)
        last = date.fromisoformat(str(said)) if said else days[due.company_id]
        if not due.invoiced_minor and not due.settled_minor and (due.on is None or due.on > last):
            dues.append(due)
    before = DUE.snapshot(dues)
    for due in dues:
        due.state, due.reason = DueState.SKIPPED, words.TERMINATED
    write(dues, ("state", "reason"))
    tell(actor, DuesSkipped, dues, before)
