"""From the drafting table to a decision: submit, withdraw, what a decision means, revise."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from uuid import UUID

from django.db import transaction

from hetong.accounts.services.series import take_numbers
from hetong.approvals.models import Round, Task
from hetong.approvals.services import RoundRequest, open_rounds, void_rounds, withdraw_rounds
from hetong.approvals.states import RoundState
from hetong.contracts.fields import CONTRACT
from hetong.contracts.models import Contract, ContractType, Line
from hetong.contracts.queries import content_of, plan_problems
from hetong.contracts.queries.content import digest
from hetong.contracts.services.checks import missing_problems
from hetong.contracts.services.moving import Extras, checked_reason, move, taken, todays
from hetong.contracts.services.qualifications import check_qualified
from hetong.contracts.services.required import unfilled
from hetong.contracts.states import Stage
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Problem, refuse
from hetong.kernel.events import Event
from hetong.kernel.rows import locked

Versions = Mapping[UUID, int] | None
VERBS = {RoundState.APPROVED.value: "approve", RoundState.REJECTED.value: "reject"}


@transaction.atomic
def submit_contracts(
    actor: Actor, ids: Collection[UUID], *, note: str = "", versions: Versions = None
) -> list[Contract]:
    """Hand contracts to their approvers, all or none; the first time each gets its number.

    Raises `NotFound`, `Forbidden`, `NotNow`, `Stale`, `Invalid` (everything that is missing, and sums of
    plans that do not come out), `NotQualified`, `NoApprover` (which names the setting).
    """
    contracts = taken(actor, ids, "submit", versions=versions)
    note = checked_reason("submit", note)
    refuse([*incomplete(actor, contracts, "submit"), *plan_problems(contracts, actor=actor)])
    check_qualified(actor, contracts)
    content = content_of([one.pk for one in contracts])
    open_rounds(
        actor,
        [
            RoundRequest(
                CONTRACT.noun, one.pk, one.company_id, one.team_id, one.title, content[one.pk], digest(content[one.pk]), note
            )
            for one in contracts
        ],
    )  # fmt: skip
    give_numbers(contracts)
    return move(actor, contracts, "submit", reason=note, extras=Extras(("number",), ("number",)))


def incomplete(
    actor: Actor, contracts: Sequence[Contract], verb: str, *, lines: Sequence[Line] | None = None
) -> list[Problem]:
    """What the types of these contracts and the fields of the house ask for before the verb, and does not stand there yet.

    ``lines``: those of contracts that are not stored yet, which have no other parts.
    """
    kinds = {one.pk: one for one in ContractType.objects.filter(pk__in={c.type_id for c in contracts})}
    found = [problem for one in contracts for problem in missing_problems(one, kinds[one.type_id])]
    return found + unfilled(actor, contracts, verb, lines=lines)


def give_numbers(contracts: Sequence[Contract], *, beside: Sequence[Contract] = ()) -> None:
    """Give each contract without a number the next of its company and year, in memory; numbers in use are passed over.

    ``beside``: contracts whose numbers are in use though they are not stored yet.
    """
    days = todays(contracts)
    for company in sorted({one.company_id for one in contracts}):
        waiting = [one for one in contracts if one.company_id == company and not one.number]
        used = {one.number for one in beside if one.company_id == company and one.number}
        for one, number in zip(waiting, next_numbers(company, days[company], len(waiting), used), strict=True):
            one.number = number


def next_numbers(company: UUID, day: date, count: int, used: Collection[str] = ()) -> list[str]:
    """The next ``count`` numbers for contracts of our company in the year of ``day``; those in use are passed over."""
    found: list[str] = []
    while len(found) < count:
        numbers = take_numbers(company, "contract", day.year, count - len(found))
        # allow: visibility — a number in use is in use, whoever sees it
        held = set(Contract.objects.filter(company=company, number__in=numbers).values_list("number", flat=True))
        found += [number for number in numbers if number not in held and number not in used]
    return found


@transaction.atomic
def withdraw_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Take contracts back from approval. Raises `DecidedMeanwhile` where the decision was faster."""
    contracts = taken(actor, ids, "withdraw", versions=versions)
    reason = checked_reason("withdraw", reason)
    withdraw_rounds(actor, CONTRACT.noun, [one.pk for one in contracts], reason=reason)
    return move(actor, contracts, "withdraw", reason=reason)


@transaction.atomic
def revise_contracts(
    actor: Actor, ids: Collection[UUID], *, reason: str = "", versions: Versions = None
) -> list[Contract]:
    """Make approved or rejected contracts drafts again; what was decided on them no longer counts."""
    contracts = taken(actor, ids, "revise", versions=versions)
    reason = checked_reason("revise", reason)
    void_rounds(actor, CONTRACT.noun, [one.pk for one in contracts], reason=reason)
    return move(actor, contracts, "revise", reason=reason)


@transaction.atomic
def apply_decisions(actor: Actor, event: Event) -> None:
    """Let decided contracts follow their decisions; a contract that has moved on since is left alone.

    Listens after `RoundsDecided`; the same event a second time changes nothing.
    """
    rounds = {UUID(str(fact.facts["round"])): fact.id for fact in event.rows if fact.noun == CONTRACT.noun}
    counting = Round.objects.visible_to(actor).filter(pk__in=list(rounds), state__in=list(VERBS))
    decided = {one.subject: one for one in counting}
    contracts = locked(Contract.objects.visible_to(actor), list(decided))
    for one in contracts:
        if one.stage == Stage.IN_APPROVAL:
            of = decided[one.pk]
            move(actor, [one], VERBS[of.state], reason=_said(of))


def _said(of: Round) -> str:
    """What the one whose answer ended the round had to say."""
    last = Task.objects.filter(round=of.pk, decided_at__isnull=False).order_by("-decided_at").first()
    return last.comment if last else ""
