"""Builders for tests of this and higher floors: what they make went through the services."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from hetong.accounts.models import Company
from hetong.approvals.testing import approve
from hetong.contracts import services
from hetong.contracts.models import Contract, ContractType, Instalment, Line, Milestone, Original, Status
from hetong.contracts.services.setup import default_statuses
from hetong.contracts.states import Performance, Signature, Stage
from hetong.jobs.worker import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.parties.models import Party, PartyTerms
from hetong.signing.testing import sign

__all__ = [
    "make_active", "make_contract", "make_instalment", "make_line", "make_milestone", "make_original", "make_party", "make_plan",
    "make_status", "make_type", "put_into", "walk_to",
]  # fmt: skip


def make_type(class_of: str = "income", **over: Any) -> ContractType:
    """A type of that class, with a tax rate of 25 %."""
    return ContractType.objects.create(
        **{"labels": {"en": class_of.capitalize()}, "class_of": class_of, "tax_percent": 250_000} | over
    )


def make_status(stage: Stage, label: str, **over: Any) -> Status:
    """A further status of that stage."""
    default_statuses()
    return Status.objects.create(**{"labels": {"en": label}, "stage": stage, "position": 500} | over)


def make_party(actor: Actor, name: str = "Västerhamnens Energi AB", **over: Any) -> Party:
    """A party that the actor looks after in the first company the actor holds a grant in."""
    party = Party.objects.create(**{"name": name, "country": "SE"} | over)
    company = next(iter(actor.companies() or ()), None)
    if company:
        team = next(iter(actor.teams), None)
        PartyTerms.objects.create(party=party, company_id=company, owner_id=actor.id, team_id=team)
    return party


def make_contract(actor: Actor, stage: Stage = Stage.DRAFT, **given: Any) -> Contract:
    """A contract of the actor's own, put into ``stage`` without passing through the stages before it."""
    full = {"title": "Flow measuring systems"} | given
    if "type" not in full:
        full["type"] = make_type().pk
    if "counterparty" not in full:
        full["counterparty"] = make_party(actor).pk
    contract = services.add_contracts(actor, [full])[0]
    return contract if stage is Stage.DRAFT else put_into(contract, stage)


def put_into(contract: Contract, stage: Stage) -> Contract:
    """The contract, as it is now, in that stage without having passed through those before it."""
    contract = Contract.objects.get(pk=contract.pk)
    contract.stage, contract.stage_since = stage, clock.now()
    contract.status_id = default_statuses()[stage]
    contract.save()
    return contract


def make_line(actor: Actor, contract: Contract, **given: Any) -> Line:
    """One piece at 100.00 without tax, of the contract's currency."""
    full = {"contract": contract.pk, "title": "Meter", "quantity": "1", "unit_price": "100", "tax_rate": "25"} | given
    return services.add_lines(actor, [full])[0]


def make_instalment(actor: Actor, contract: Contract, **given: Any) -> Instalment:
    """A stage at signing that takes what the other stages leave, unless something else is given."""
    return services.add_instalments(actor, [{"contract": contract.pk, "title": "Stage"} | given])[0]


def make_milestone(actor: Actor, contract: Contract, **given: Any) -> Milestone:
    """Something to be reached, planned for no day."""
    return services.add_milestones(actor, [{"contract": contract.pk, "title": "Accepted"} | given])[0]


def make_original(actor: Actor, contract: Contract, **given: Any) -> Original:
    """One more original on paper."""
    return services.add_originals(actor, [{"contract": contract.pk} | given])[0]


def make_plan(actor: Actor, contract: Contract, *shares: str, **given: Any) -> list[Instalment]:
    """Stages of these shares, each "30%", an amount such as "612.00", or "rest", in this order."""
    givens: list[dict[str, Any]] = []
    for at, share in enumerate(shares, 1):
        stated = (
            {"percent": share[:-1]} if share.endswith("%") else {} if share == "rest" else {"amount": share}
        )  # fmt: skip
        givens.append({"contract": contract.pk, "title": f"Stage {at}"} | stated | given)
    return services.add_instalments(actor, givens)


def make_active(
    actor: Actor, *shares: str, lines: Sequence[Mapping[str, Any]] = ({},), signed_on: dt.date | None = None, **given: Any
) -> Contract:  # fmt: skip
    """A contract in force with these lines and a plan of these shares (see `make_plan`), signed on a day (today).

    It got there without passing through approval and signing, and nothing was told to the floors above.
    """
    contract = make_contract(actor, **given)
    for line in lines:
        make_line(actor, contract, **line)
    if shares:
        make_plan(actor, contract, *shares)
    contract = put_into(contract, Stage.ACTIVE)
    contract.signed_on = signed_on or clock.today(Company.objects.get(pk=contract.company_id).zone)
    contract.signature, contract.performance = Signature.BOTH, Performance.ONGOING
    contract.number = contract.number or f"T-{contract.pk.hex[-8:]}"
    contract.save()
    return contract


def walk_to(owner: Actor, approver: Actor, stage: Stage, contract: Contract | None = None) -> Contract:
    """A contract of the owner's, taken from draft to ``stage`` step by step, consequences included."""
    contract = contract or make_contract(owner)
    for step, reached in enumerate(WALK):
        _take_step(step, owner, approver, contract)
        if reached is stage:
            contract.refresh_from_db()
            return contract
    raise ValueError(stage)


WALK = (
    Stage.DRAFT,
    Stage.IN_APPROVAL,
    Stage.APPROVED,
    Stage.SIGNING,
    Stage.ACTIVE,
    Stage.CLOSING,
    Stage.CLOSED,
    Stage.ARCHIVED,
)


def _take_step(step: int, owner: Actor, approver: Actor, contract: Contract) -> None:
    ids = [contract.pk]
    acts: tuple[Callable[[], object], ...] = (
        lambda: None,
        lambda: services.submit_contracts(owner, ids),
        lambda: approve(approver, contract.pk),
        lambda: services.send_to_sign(owner, ids),
        lambda: sign(owner, contract.pk),
        lambda: services.begin_closing(approver, ids),
        lambda: services.close_contracts(approver, ids),
        lambda: services.archive_contracts(approver, ids),
    )
    acts[step]()
    drain_outbox()
