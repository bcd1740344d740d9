"""Builders for tests of this and higher floors: what they make went through the services."""

from __future__ import annotations

from typing import Any

from hetong.contracts import services
from hetong.contracts.models import Contract, ContractType, Line, Status
from hetong.contracts.services.setup import default_statuses
from hetong.contracts.states import Stage
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.parties.models import Party, PartyTerms

__all__ = ["make_contract", "make_line", "make_party", "make_status", "make_type"]


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
    if stage is not Stage.DRAFT:
        contract.stage, contract.stage_since = stage, clock.now()
        contract.status_id = default_statuses()[stage]
        contract.save()
    return contract


def make_line(actor: Actor, contract: Contract, **given: Any) -> Line:
    """One piece at 100.00 without tax, of the contract's currency."""
    full = {"contract": contract.pk, "title": "Meter", "quantity": "1", "unit_price": "100", "tax_rate": "25"} | given
    return services.add_lines(actor, [full])[0]
