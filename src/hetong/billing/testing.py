"""Builders for tests of this and higher floors: what they make went through the services."""

from __future__ import annotations

import datetime as dt
from typing import Any

from hetong.billing import services
from hetong.billing.models import Due
from hetong.contracts.events import ContractsActivated
from hetong.contracts.models import Contract, Instalment
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line, make_type
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.events import Fact
from hetong.kernel.rows import insert

__all__ = ["activate", "days", "dues_of", "make_active", "make_stages", "today"]


def make_stages(contract: Contract, *percents: str, **more: Any) -> list[Instalment]:
    """Stages by percentage, each due on the day of the contract's start (else today)."""
    day = contract.starts_on or today()
    rows = [
        Instalment(
            contract=contract, company_id=contract.company_id, position=n, title=f"Stage {n}", percent=int(float(p) * 10_000),
            on=day, currency=contract.currency, created_at=clock.now(), **more,
        )
        for n, p in enumerate(percents, start=1)
    ]  # fmt: skip
    insert(rows)
    return rows


def activate(contract: Contract, stage: Stage = Stage.ACTIVE) -> None:
    """Bring a contract into force and open its dues, as the worker does."""
    from hetong.contracts.services.setup import default_statuses

    contract.stage, contract.stage_since = stage, clock.now()
    contract.status_id = default_statuses()[stage]
    contract.signed_on = contract.signed_on or today()
    contract.save()
    event = ContractsActivated(Actor.system(), (Fact("contracts.contract", contract.pk, contract.company_id),))
    services.open_dues(Actor.system(), event)


def make_active(
    actor: Actor, *percents: str, class_of: str = "income", price: str = "1000", lines: int = 1, **given: Any
) -> Contract:
    """A contract in force with that many lines of ``price`` at 25 % tax, in stages of those percentages."""
    services.seed_types()
    full = {"type": make_type(class_of).pk, "starts_on": today().isoformat(), "payment_days": 30} | given
    contract = make_contract(actor, **full)
    for n in range(lines):
        make_line(actor, contract, unit_price=price, title=f"Meter {n + 1}")
    contract.refresh_from_db()
    make_stages(contract, *percents)
    activate(contract)
    contract.refresh_from_db()
    return contract


def dues_of(contract: Contract) -> list[Due]:
    """The contract's dues in their order, as they stand now."""
    return list(Due.objects.filter(contract=contract.pk).order_by("kind", "position", "pk"))


def today() -> dt.date:
    """The day it is in the cast's first company, which is a day ahead of UTC late in the evening."""
    return clock.today("Europe/Stockholm")


def days(count: int) -> dt.date:
    """The day that many days after today."""
    return today() + dt.timedelta(days=count)
