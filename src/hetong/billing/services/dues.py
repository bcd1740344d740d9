"""Holding, releasing and waiving dues by hand, and opening those whose day has come."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Q

from hetong.accounts.models import Company
from hetong.audit.services.editing import check_versions
from hetong.billing.events import BillingChanged, DuesHeld, DuesOpened, DuesReleased, DuesSkipped, DuesUnskipped
from hetong.billing.fields import DUE, words
from hetong.billing.models import Due
from hetong.billing.policy import Can
from hetong.billing.services.errors import StillOpen, WaitsStill
from hetong.billing.services.totals import hold_contracts, tell
from hetong.billing.states import DUE as MACHINE
from hetong.billing.states import DueState
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.collisions import once_more
from hetong.kernel.errors import N_, IllegalMove, NotFound, Problem, refuse
from hetong.kernel.money import Money
from hetong.kernel.rows import locked, write
from hetong.kernel.text import clean_text

Versions = Mapping[UUID, int]
CHUNK = 500


def state_on(contract: Contract, on: dt.date | None, today: dt.date) -> tuple[DueState, str]:
    """The state of a due with that day that nobody stopped, and the reason for it."""
    if on is None:
        return DueState.HELD, words.WAITING
    if contract.stage == Stage.SUSPENDED:
        return DueState.HELD, words.SUSPENDED
    return (DueState.OPEN if on <= today else DueState.PLANNED), ""


def _taken(actor: Actor, ids: Collection[UUID], versions: Versions | None) -> tuple[dict[UUID, Contract], list[Due]]:
    """The dues that are to be planned otherwise, locked behind their contracts."""
    found = dict(Due.objects.visible_to(actor).filter(pk__in=ids).values_list("pk", "contract"))
    if len(found) != len(set(ids)):
        raise NotFound(noun=DUE.noun)
    contracts = hold_contracts(actor, set(found.values()))
    rows = locked(Due.objects.visible_to(actor), ids)
    require(actor, Can.PLAN, rows)
    check_versions(rows, versions)
    return contracts, rows


def _needed(reason: str) -> str:
    kept = clean_text(reason, max_length=500)
    if not kept:
        refuse([Problem("required", N_("Say why, so that others can follow."), field="reason")])
    return kept.lstrip(":")


class DueNotNow(IllegalMove):
    """An act that the due's state does not allow, in words."""

    text = N_("“%(verb_label)s” is not possible while “%(title)s” is “%(state_label)s”.")
    then = N_("Reload the page: it shows what is possible now.")


def _after(row: Due, verb: str) -> DueState:
    try:
        return MACHINE.after(DueState(row.state), verb)
    except IllegalMove as refused:
        raise DueNotNow(
            **refused.params,
            title=row.title,
            verb_label=words.DUE_VERBS[verb],
            state_label=words.label_of_due(row.state),
        ) from refused


def _done(
    actor: Actor,
    event: type[BillingChanged],
    rows: Sequence[Due],
    before: Mapping[UUID, Mapping[str, object]],
    reason: str = "",
) -> list[Due]:
    write(rows, ("state", "reason"))
    tell(actor, event, rows, before, reason=reason)
    return list(rows)


@once_more
@transaction.atomic
def hold_dues(actor: Actor, ids: Collection[UUID], *, reason: str, versions: Versions | None = None) -> list[Due]:
    """Stop dues from being invoiced until they are released. Raises `IllegalMove`, `Invalid` without a reason."""
    _contracts, rows = _taken(actor, ids, versions)
    before, why = DUE.snapshot(rows), _needed(reason)
    for row in rows:
        row.state, row.reason = _after(row, "hold"), why
    return _done(actor, DuesHeld, rows, before, why)


@once_more
@transaction.atomic
def release_dues(actor: Actor, ids: Collection[UUID], *, versions: Versions | None = None) -> list[Due]:
    """Let dues that somebody held run again. Raises `IllegalMove`, `WaitsStill` for one without a day."""
    contracts, rows = _taken(actor, ids, versions)
    before = DUE.snapshot(rows)
    for row in rows:
        _after(row, "release")
        if row.on is None:
            raise WaitsStill(title=row.title)
    _run_again(contracts, rows)
    return _done(actor, DuesReleased, rows, before)


@once_more
@transaction.atomic
def skip_dues(actor: Actor, ids: Collection[UUID], *, reason: str, versions: Versions | None = None) -> list[Due]:
    """Waive what is not invoiced yet of dues. Raises `StillOpen` while something invoiced is not settled."""
    _contracts, rows = _taken(actor, ids, versions)
    before, why = DUE.snapshot(rows), _needed(reason)
    for row in rows:
        if row.invoiced_minor > row.settled_minor and row.kind != "invoice":
            raise StillOpen(title=row.title, open=str(Money(row.invoiced_minor - row.settled_minor, row.currency)))
        row.state, row.reason = _after(row, "skip"), why
    return _done(actor, DuesSkipped, rows, before, why)


@once_more
@transaction.atomic
def unskip_dues(actor: Actor, ids: Collection[UUID], *, versions: Versions | None = None) -> list[Due]:
    """Take up waived dues again."""
    contracts, rows = _taken(actor, ids, versions)
    before = DUE.snapshot(rows)
    for row in rows:
        _after(row, "unskip")
    _run_again(contracts, rows)
    return _done(actor, DuesUnskipped, rows, before)


def _run_again(contracts: Mapping[UUID, Contract], rows: Sequence[Due]) -> None:
    """Set the state that dues have when nobody stops them."""
    zones = dict(Company.objects.filter(pk__in={row.company_id for row in rows}).values_list("pk", "zone"))
    for row in rows:
        today = clock.today(zones[row.company_id])
        row.state, row.reason = state_on(contracts[row.contract_id], row.on, today)


def open_planned_dues() -> str:
    """Open the planned dues whose day has come in their company's zone; run hourly."""
    opened = 0
    for company in Company.objects.order_by("pk"):
        day = clock.today(company.zone)
        while count := _open_chunk(Q(company=company.pk, state=DueState.PLANNED, on__lte=day)):
            opened += count
    return f"{opened} dues opened"


@once_more
@transaction.atomic
def _open_chunk(which: Q) -> int:
    """Open up to a chunk of dues; the system's own act, so the journal names nobody."""
    ids = list(Due.objects.filter(which).order_by("pk").values_list("pk", flat=True)[:CHUNK])
    rows = [row for row in locked(Due.objects.all(), ids) if row.state == DueState.PLANNED]
    before = DUE.snapshot(rows)
    for row in rows:
        row.state, row.reason = MACHINE.after(DueState(row.state), "open"), ""
    write(rows, ("state", "reason"))
    tell(Actor.system(), DuesOpened, rows, before)
    return len(ids)
