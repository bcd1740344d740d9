"""The rules of one contract in memory: what is absurd, what may no longer change, what is missing."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from typing import Any
from uuid import UUID

from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, ContractType
from hetong.contracts.states import EDITABLE, Stage
from hetong.kernel.actors import Actor
from hetong.kernel.dates import DateOutOfRange, Span, Unit
from hetong.kernel.errors import N_, Conflict, Forbidden, Problem
from hetong.kernel.money import is_active

LONGEST_YEARS = 100
MOST_PAYMENT_DAYS, MOST_NOTICE = 730, 3660


class Settled(Conflict):
    """What was agreed cannot be written any more at this stage."""

    code = "settled"
    text = N_("“%(title)s” has left the drafting table: what was agreed is no longer edited.")
    then = N_("Return it to draft first, or change it by an amendment.")


class OnlyShared(Forbidden):
    """The record is open to the actor for reading or comments only."""

    code = "only_shared"
    text = N_("This contract was shared with you for reading only.")
    then = N_("Ask its owner for the right to edit it.")


def check_open(contracts: Iterable[Contract]) -> None:
    """Raise `Settled` naming the first contract whose content is closed."""
    for contract in contracts:
        if contract.stage not in EDITABLE:
            raise Settled(title=contract.title, stage=contract.stage)


class Archived(Conflict):
    """What is archived is read-only."""

    code = "archived"
    text = N_("“%(title)s” is archived, so nothing of it changes any more.")
    then = N_("An administrator can take it out of the archive, with a reason.")


def check_editable_by(actor: Actor, contracts: Iterable[Contract], *, even_archived: bool = False) -> None:
    """Raise `OnlyShared` unless the actor reaches all of them by more than a reading share, `Archived` for what is archived."""
    rows = list(contracts)
    ids = {contract.pk for contract in rows}
    if Contract.objects.editable_by(actor).filter(pk__among=ids).count() != len(ids):
        raise OnlyShared()
    if not even_archived and not actor.is_system:
        check_not_archived(rows)


def check_not_archived(contracts: Iterable[Contract]) -> None:
    """Raise `Archived` naming the first contract that is."""
    for contract in contracts:
        if contract.stage == Stage.ARCHIVED:
            raise Archived(title=contract.title)


def check_writable(ids: Collection[UUID]) -> None:
    """Raise `Archived` where one of these contracts is: its documents and whatever else hangs on it rest with it."""
    # allow: visibility — asked by what hangs on a record that the actor sees
    check_not_archived(Contract.objects.filter(pk__in=list(ids), stage=Stage.ARCHIVED))


def term_problems(contract: Contract) -> Iterator[Problem]:
    """What is wrong with the dates and terms of one contract."""
    starts, ends = contract.starts_on, contract.ends_on
    if starts and ends and ends < starts:
        yield Problem(
            "ends_before_start",
            N_("The end lies before the start %(starts)s."),
            {"starts": starts.isoformat()},
            "ends_on",
        )
    elif starts and ends and ends.year - starts.year > LONGEST_YEARS:
        yield Problem(
            "too_long_term",
            N_("A term of more than %(years)s years is surely a slip."),
            {"years": LONGEST_YEARS},
            "ends_on",
        )
    if contract.term != "evergreen" and contract.committed_until and ends and contract.committed_until > ends:
        yield Problem(
            "committed_after_end", N_("The commitment cannot last longer than the contract."), field="committed_until"
        )
    if contract.committed_until and starts and contract.committed_until < starts:
        yield Problem("committed_before_start", N_("The commitment ends before the start."), field="committed_until")
    yield from _notice_problems(contract)
    days = contract.payment_days
    if days is not None and not 0 <= days <= MOST_PAYMENT_DAYS:
        yield Problem(
            "payment_days", N_("Choose between 0 and %(most)s days."), {"most": MOST_PAYMENT_DAYS}, "payment_days"
        )


def _notice_problems(contract: Contract) -> Iterator[Problem]:
    count = contract.notice_count
    if count is None:
        return
    if not 0 <= count <= MOST_NOTICE:
        yield Problem("notice_range", N_("Choose between 0 and %(most)s."), {"most": MOST_NOTICE}, "notice_count")
        contract.notice_count = None
        return
    last = contract.ends_on or contract.committed_until
    if contract.starts_on and last and _before(last, Span(count, Unit(contract.notice_unit))) < contract.starts_on:
        yield Problem(
            "notice_longer_than_term", N_("The notice period is longer than the contract lasts."), field="notice_count"
        )


def _before(day: dt.date, span: Span) -> dt.date:
    """The day a span earlier; the first day there is where that would leave the calendar."""
    try:
        return span.before(day)
    except DateOutOfRange:
        return dt.date.min


def currency_problem(currency: str) -> Problem | None:
    """Why new contracts may not be in that currency, if so."""
    if is_active(currency):
        return None
    return Problem("unknown_currency", N_("“%(currency)s” is not a currency code."), {"currency": currency}, "currency")


def missing_problems(contract: Contract, kind: ContractType) -> Iterator[Problem]:
    """The fields that the type asks for before the draft leaves the drafting table, and that are still empty."""
    for name in kind.required:
        path: Any = CONTRACT.fields[name].path
        if getattr(contract, path) in (None, ""):
            label = str(CONTRACT.fields[name].label)
            yield Problem("needed", N_("%(field)s is needed before this."), {"field": label}, name, str(contract.pk))
