"""Two people look at money: who reported a payment does not confirm it, who changed an account does not pay to it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hetong.accounts.duties import is_waived
from hetong.billing.models import Payment
from hetong.billing.policy import ACCOUNT_PAY, PAYMENT, REPORT_CONFIRM
from hetong.billing.queries.duties import last_changers
from hetong.billing.services.errors import OwnAccount, OwnReport
from hetong.billing.states import Direction
from hetong.kernel.actors import Actor
from hetong.kernel.events import Fact


def check_reports(actor: Actor, rows: Sequence[Payment]) -> None:
    """Raise `OwnReport` where the actor reported a payment, unless its company is excepted."""
    own = [row for row in rows if actor.id is not None and row.reported_by == actor.id]
    refused = [row for row in own if not is_waived(REPORT_CONFIRM, row.company_id)]
    if refused:
        raise OwnReport(about=_facts(refused))


def check_accounts(actor: Actor, rows: Sequence[Payment]) -> None:
    """Raise `OwnAccount` where money goes to a party one of whose accounts the actor was the last to change."""
    out = [row for row in rows if actor.id is not None and row.direction == Direction.OUT]
    if not out:
        return
    changers = last_changers({row.party_id for row in out})
    own = [row for row in out if actor.id in changers.get(row.party_id, ())]
    refused = [row for row in own if not is_waived(ACCOUNT_PAY, row.company_id)]
    if refused:
        raise OwnAccount(about=_facts(refused))


def _facts(rows: Iterable[Payment]) -> list[Fact]:
    """The payments; one that was refused while it was entered has no record, so its contract or party stands for it."""
    return [_fact(row) for row in rows]


def _fact(row: Payment) -> Fact:
    if not row._state.adding:  # noqa: SLF001 - Django's own way to tell a stored row
        return Fact(PAYMENT, row.pk, row.company_id, {"label": row.reference})
    if row.contract_id is not None:
        return Fact("contracts.contract", row.contract_id, row.company_id)
    return Fact("parties.party", row.party_id, row.company_id)
