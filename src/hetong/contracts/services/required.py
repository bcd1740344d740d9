"""The added fields that must be filled in before a step: of the contracts themselves, and of what hangs on them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from django.db.models import Model

from hetong.contracts.fields import CONTRACT, INSTALMENT, LINE, MILESTONE
from hetong.contracts.models import Contract, Instalment, Line, Milestone
from hetong.contracts.states import EDITABLE, Stage
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Problem
from hetong.kernel.fields import Register
from hetong.kernel.input import missing

ASKED: Mapping[str, frozenset[str]] = {
    "review": frozenset({Stage.IN_REVIEW}),
    "submit": frozenset({Stage.IN_REVIEW, Stage.IN_APPROVAL}),
    "adopt": frozenset({Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.SIGNING}),
    "send_to_sign": frozenset({Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.SIGNING}),
    "adopt_closed": frozenset({Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.SIGNING, Stage.CLOSED}),
    "close": frozenset({Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.SIGNING, Stage.CLOSED}),
    "archive": frozenset({Stage.IN_REVIEW, Stage.IN_APPROVAL, Stage.SIGNING, Stage.CLOSED, Stage.ARCHIVED}),
}
"""The verbs that ask, and the stages whose requirements count there. What ends a contract otherwise (void, reject, a
decision, a signature, the calendar) asks for nothing: it is so, whatever a record lacks."""
PARTS = ((LINE, Line), (INSTALMENT, Instalment), (MILESTONE, Milestone))


def unfilled(
    actor: Actor, contracts: Sequence[Contract], verb: str, *, lines: Sequence[Line] | None = None
) -> list[Problem]:
    """Everything that is still to be filled in before the verb, all contracts together.

    ``lines``: those of contracts that are not stored yet, which have no other parts.
    """
    stages = ASKED.get(verb, frozenset())
    own = [p for one in contracts for p in _of_contract(actor, one, stages)] if _asks(CONTRACT, stages) else []
    return own + list(_of_parts(actor, contracts, stages, lines))


def _of_contract(actor: Actor, contract: Contract, stages: frozenset[str]) -> Iterator[Problem]:
    """What is agreed can be filled in on the drafting table alone, so it is asked for there alone."""
    if contract.stage in (Stage.REJECTED, Stage.VOID):
        return
    agreed = {one.name for one in CONTRACT if one.material}
    for problem, name in missing(CONTRACT, actor, contract, stages):
        if contract.stage in EDITABLE or name not in agreed:
            yield problem


def _of_parts(
    actor: Actor, contracts: Sequence[Contract], stages: frozenset[str], lines: Sequence[Line] | None
) -> Iterator[Problem]:
    drafted = [one.pk for one in contracts if one.stage in EDITABLE]
    for register, model in PARTS if drafted else ():
        if not _asks(register, stages):
            continue
        rows: Iterable[Model] = model._default_manager.filter(contract__in=drafted).order_by(
            "contract", "position", "pk"
        )
        if lines is not None:
            rows = lines if model is Line else ()
        for row in rows:
            yield from (problem for problem, _name in missing(register, actor, row, stages))


def _asks(register: Register, stages: frozenset[str]) -> bool:
    return any(one.required_from in stages for one in register)
