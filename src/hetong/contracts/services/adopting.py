"""Taking in contracts that are in force already, or over: without approval and signing here."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from django.db import transaction

from hetong.contracts.models import Contract, Line, StageMove
from hetong.contracts.policy import NEEDS
from hetong.contracts.queries import plan_problems
from hetong.contracts.services.approval import give_numbers, incomplete
from hetong.contracts.services.checks import OnlyShared
from hetong.contracts.services.moving import HAPPENINGS, Extras, checked_reason, follow_step, move, take_step, taken
from hetong.contracts.states import Performance, Signature
from hetong.kernel import clock
from hetong.kernel.actors import Actor, require
from hetong.kernel.bulk import when_written
from hetong.kernel.errors import N_, Problem, refuse
from hetong.kernel.rows import locked

Versions = Mapping[UUID, int] | None
NAMES = ("number", "signature", "signed_on", "performance")
A_DAY = dt.timedelta(days=1)
"""How far the day of any place is from that of UTC."""


@transaction.atomic
def adopt_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str, signed_on: dt.date | None = None, versions: Versions = None
) -> list[Contract]:
    """Take in drafts of contracts that are in force already, without approval and signing here; why has to be said."""
    return _adopt(actor, ids, "adopt", reason, signed_on, versions)


@transaction.atomic
def adopt_closed_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str, signed_on: dt.date | None = None, versions: Versions = None
) -> list[Contract]:
    """Take in drafts of contracts that are over already; why has to be said."""
    return _adopt(actor, ids, "adopt_closed", reason, signed_on, versions)


def _adopt(
    actor: Actor, ids: Collection[UUID], verb: str, reason: str, signed_on: dt.date | None, versions: Versions
) -> list[Contract]:
    contracts = taken(actor, ids, verb, versions=versions)
    reason = checked_reason(verb, reason)
    refuse(
        [
            *incomplete(actor, contracts, verb),
            *plan_problems(contracts, actor=actor),
            *_signed_problems(contracts, signed_on),
        ]
    )
    return move(actor, contracts, verb, reason=reason, extras=_adopted(contracts, verb, signed_on))


class AdoptedAtOnce:
    """The adoption of contracts that are being added: they are written once, as adopted, and so they stand in the journal.

    They have no plan of stages yet: those that get one are adopted when it stands.
    """

    def __init__(self, actor: Actor, verbs: Mapping[int, str], reason: str) -> None:
        """``verbs``: by the place of each contract in its batch. Raises `Invalid` without a reason."""
        self.actor, self.verbs = actor, verbs
        self.reasons = {verb: checked_reason(verb, reason) for verb in set(verbs.values())}
        self._steps: list[tuple[list[Contract], Extras, list[StageMove]]] = []
        self._verb_of: dict[UUID, str] = {}

    def take(self, rows: Sequence[Contract], lines: Sequence[Line]) -> None:
        """Take the steps in memory. Raises `Forbidden`, and `Invalid` with problems that name the place of a contract."""
        for verb, reason in self.reasons.items():
            contracts = [rows[place] for place, chosen in self.verbs.items() if chosen == verb]
            require(self.actor, NEEDS[verb], contracts)
            own = {one.pk for one in contracts}
            of_these = [one for one in lines if one.contract_id in own]
            self._check(
                rows, [*incomplete(self.actor, contracts, verb, lines=of_these), *_signed_problems(contracts, None)]
            )
            extras = _adopted(contracts, verb, None, beside=rows)
            moves = take_step(self.actor, contracts, verb, reason=reason, extras=extras)
            self._steps.append((contracts, extras, moves))
            self._verb_of |= dict.fromkeys(own, verb)

    def _check(self, rows: Sequence[Contract], problems: Sequence[Problem]) -> None:
        if problems:
            places = {str(one.pk): str(place) for place, one in enumerate(rows, 1)}
            refuse([replace(one, row=places.get(one.row, "")) for one in problems])

    def act_of(self, contract: Contract) -> tuple[str, str] | None:
        """How the journal calls the contract's coming in, and why; None for one that is a draft."""
        verb = self._verb_of.get(contract.pk)
        return (HAPPENINGS[verb][0], self.reasons[verb]) if verb else None

    def tell(self) -> None:
        """Store and tell of the steps, once the contracts are written. Raises as `taken` does for those out of reach."""
        for contracts, extras, moves in self._steps:
            when_written(check_reached, self.actor, [one.pk for one in contracts])
            follow_step(self.actor, contracts, moves, extras=extras)


def check_reached(actor: Actor, ids: Collection[UUID]) -> None:
    """Raise as `taken` does unless the actor reaches all of these contracts by more than a reading share."""
    if Contract.objects.editable_by(actor).filter(pk__among=set(ids)).count() != len(ids):
        locked(Contract.objects.visible_to(actor), ids)
        raise OnlyShared()


def _adopted(
    contracts: Sequence[Contract], verb: str, signed_on: dt.date | None, *, beside: Sequence[Contract] = ()
) -> Extras:
    """What adopting sets beside the stage."""
    give_numbers(contracts, beside=beside)
    for one in contracts:
        one.signature, one.signed_on = Signature.BOTH, signed_on or one.signed_on
        one.performance = Performance.ONGOING if verb == "adopt" else Performance.DONE
    facts = {one.pk: {"signed_on": one.signed_on.isoformat() if one.signed_on else ""} for one in contracts}
    return Extras(NAMES, NAMES, facts)


def _signed_problems(contracts: Collection[Contract], signed_on: dt.date | None) -> Iterator[Problem]:
    """A contract in force was signed on a day that has been, where its company is."""
    todays: dict[UUID, dt.date] = {}
    for one in contracts:
        day = signed_on or one.signed_on
        if day is None:
            yield Problem("required", N_("Say on which day it was signed."), field="signed_on", row=str(one.pk))
        elif day >= clock.today() - A_DAY and day > _today_of(one, todays):
            yield Problem(
                "in_the_future", N_("%(day)s is still to come; a signature has a day that has been."),
                {"day": day.isoformat()}, "signed_on", str(one.pk),
            )  # fmt: skip


def _today_of(contract: Contract, known: dict[UUID, dt.date]) -> dt.date:
    """Today in the contract's company; each company is asked once, and only about days that are near."""
    if contract.company_id not in known:
        known[contract.company_id] = clock.today(contract.company.zone)
    return known[contract.company_id]
