"""Who is told of what happens: owners, managers, those who look after the money, those who were asked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from hetong.accounts.models import Grant, Share
from hetong.accounts.people import holders, managers
from hetong.approvals.models import Round, Task
from hetong.approvals.states import TaskState
from hetong.billing.models import Payment
from hetong.billing.policy import Can as Billing
from hetong.contracts.models import AbnormalFlag, Contract, Member
from hetong.kernel.events import Fact
from hetong.notifications.table import Told

CONTRACT = "contracts.contract"
By = dict[UUID, dict[UUID, str]]


def people_of_contracts(ids: Collection[UUID], *, with_managers: bool = True) -> By:
    """The owner, the manager and the team of each contract, each with why; the first reason counts."""
    owners = dict(Contract.objects.filter(pk__in=ids).values_list("pk", "owner"))
    found: By = {id: {owner: "owner"} for id, owner in owners.items()}
    leads = managers(set(owners.values())) if with_managers else {}
    for id, owner in owners.items():
        if owner in leads:
            found[id].setdefault(leads[owner], "manager")
    for contract, user in Member.objects.filter(contract__in=ids).values_list("contract", "user"):
        found[contract].setdefault(user, "member")
    return found


def of_contracts(facts: Sequence[Fact]) -> Told:
    """Owner, manager and team of the contracts that the rows are."""
    return people_of_contracts([fact.id for fact in facts])


def owners_and_teams(facts: Sequence[Fact]) -> Told:
    """Owner and team, without the manager: what happens every day."""
    return people_of_contracts([fact.id for fact in facts], with_managers=False)


def of_flags(facts: Sequence[Fact]) -> Told:
    """Owner, manager, team, and who follows the flag up."""
    found = people_of_contracts([fact.id for fact in facts])
    open_flags = AbnormalFlag.objects.filter(
        contract__in=[fact.id for fact in facts], owner__isnull=False, state="open"
    )
    for contract, user in open_flags.values_list("contract", "owner"):
        found[contract][user] = "doer"
    return found


def of_payments(facts: Sequence[Fact]) -> Told:
    """Owner, manager, team of the contract, those who look after money in the company, and who reported it (S0-19)."""
    contracts = {fact.id: UUID(fact.facts["contract"]) for fact in facts if fact.facts.get("contract")}
    people = people_of_contracts(set(contracts.values()))
    finance = holders(Billing.CONFIRM, {fact.company for fact in facts if fact.company})
    reporters = dict(Payment.objects.filter(pk__in=[f.id for f in facts]).values_list("pk", "reported_by"))
    told: By = {}
    for fact in facts:
        told[fact.id] = dict(people.get(contracts.get(fact.id, fact.id), {}))
        for user in finance.get(fact.company, ()) if fact.company else ():
            told[fact.id].setdefault(user, "finance")
        if reporter := reporters.get(fact.id):
            told[fact.id].setdefault(reporter, "asker")
    return told


def asked_to_decide(facts: Sequence[Fact]) -> Told:
    """Whom a round asks now."""
    tasks = Task.objects.filter(round__in=_rounds(facts), state=TaskState.WAITING)
    return _by_subject(tasks.values_list("round__subject", "assignee"), "asked")


def where_to_decide(facts: Sequence[Fact]) -> Mapping[tuple[UUID, UUID | None], str]:
    """The card of each one's own decision."""
    tasks = Task.objects.filter(round__in=_rounds(facts)).values_list("round__subject", "assignee", "pk")
    return {(subject, user): f"/approvals/{task}/" for subject, user, task in tasks}


def askers(facts: Sequence[Fact]) -> Told:
    """Who asked for the approval, and the owner of what was decided."""
    rows = Round.objects.filter(pk__in=_rounds(facts), opened_by__isnull=False).values_list("subject", "opened_by")
    found = _by_subject(rows, "asker")
    for id, people in people_of_contracts([f.id for f in facts if f.noun == CONTRACT], with_managers=False).items():
        for user, why in people.items():
            found[id].setdefault(user, why)
    return found


def _rounds(facts: Sequence[Fact]) -> list[UUID]:
    return [UUID(fact.facts["round"]) for fact in facts if fact.facts.get("round")]


def _by_subject(rows: Iterable[Any], why: str) -> By:
    found: By = defaultdict(dict)
    for subject, user in rows:
        found[subject][user] = why
    return found


def sharers(facts: Sequence[Fact]) -> Told:
    """With whom records were shared: people, and everybody of a team."""
    wanted = {fact.id: fact.facts.get("share") for fact in facts if fact.facts.get("share")}
    found: By = defaultdict(dict)
    for share in Share.objects.filter(pk__in=[one for one in wanted.values() if one]):
        people = (
            [share.user_id]
            if share.user_id
            else Grant.objects.filter(team=share.team_id).values_list("user", flat=True)
        )
        for user in people:
            found[share.record][user] = "shared"
    return found


def joined(facts: Sequence[Fact]) -> Told:
    """Who came on a team, as the event says."""
    return {fact.id: {UUID(str(user)): "told" for user in fact.facts.get("users", ())} for fact in facts}
