"""What follows by events: activation opens dues through the outbox, totals stand with the posting, events tell amounts."""

from __future__ import annotations

import pytest

from hetong.accounts.testing import Cast
from hetong.audit.models import Entry
from hetong.billing import services
from hetong.billing.events import InvoicesIssued
from hetong.billing.models import BillType, Due, Invoice
from hetong.billing.services import DueShare, InvoiceOrder
from hetong.billing.testing import dues_of, make_active
from hetong.contracts.events import ContractsActivated, ContractsSuspended
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.jobs.services import publish
from hetong.jobs.testing import drain_outbox
from hetong.jobs.wiring import WIRED
from hetong.kernel.errors import Forbidden, Invalid
from hetong.kernel.events import Event, Fact


def test_activation_opens_dues_through_the_outbox_once(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    Due.objects.all().delete()
    fact = Fact("contracts.contract", contract.pk, contract.company_id)
    for _twice in range(2):
        publish(ContractsActivated(cast.ben, (fact,)))
    drain_outbox()
    assert len(dues_of(contract)) == 2
    entry = Entry.objects.filter(code="billing.dues_planned").last()
    assert entry is not None
    assert (entry.actor_kind, entry.cause["label"]) == ("system", "Ben")
    Contract.objects.filter(pk=contract.pk).update(stage=Stage.SUSPENDED)
    publish(ContractsSuspended(cast.ben, (fact,)))
    drain_outbox()
    assert {due.state for due in dues_of(contract)} == {"held"}


def test_an_issued_invoice_is_told_with_contract_and_amount(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Event] = []
    listeners = dict(WIRED.listeners) | {InvoicesIssued: ([lambda actor, event: told.append(event)], [])}
    monkeypatch.setattr(WIRED, "listeners", listeners)
    contract = make_active(cast.ada, "100")
    services.issue_invoices(cast.fia, [InvoiceOrder([DueShare(dues_of(contract)[0].pk)])])
    [fact] = told[0].rows
    assert (fact.noun, fact.facts) == (
        "billing.invoice", {"contract": str(contract.pk), "amount": "1250.00", "currency": "SEK"},
    )  # fmt: skip


def test_every_posting_stands_in_the_journal_with_its_reason(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    [due] = dues_of(contract)
    services.hold_dues(cast.fia, [due.pk], reason="Disputed")
    entry = Entry.objects.get(code="billing.dues_held")
    assert (entry.reason, entry.actor_label, entry.subject) == ("Disputed", "Fia", due.pk)


# -- bill types --------------------------------------------------------------------------------------


def test_bill_types_are_added_changed_and_one_is_the_default(cast: Cast) -> None:
    """S0-22."""
    services.seed_types()
    assert services.seed_types() == 0
    [made] = services.add_types(
        cast.fia, [{"labels": {"en": "Pro forma"}, "tax_rate": "6", "is_default": True, "is_active": True}]
    )
    assert BillType.objects.get(is_default=True, country="").pk == made.pk
    services.edit_types(cast.fia, [made.pk], {"country": "se", "prefix": "pf"})
    made.refresh_from_db()
    assert (made.country, made.prefix) == ("SE", "PF")
    with pytest.raises(Forbidden):
        services.add_types(cast.ada, [{"labels": {"en": "Mine"}}])
    for given in (
        {"country": "Sweden"[:2] + "1"},
        {"prefix": "1X"},
        {"prefix": "A-B"},
        {"tax_rate": "101"},
        {"is_active": False},
    ):
        with pytest.raises(Invalid):
            services.edit_types(cast.fia, [made.pk], given)
    assert Invoice.objects.count() == 0


@pytest.mark.parametrize("prefix", ["CR", "INV"])
def test_a_prefix_that_other_numbers_have_is_refused(cast: Cast, prefix: str) -> None:
    services.seed_types()
    one = BillType.objects.get(key="receipt")
    with pytest.raises(Invalid):
        services.edit_types(cast.fia, [one.pk], {"prefix": prefix})
    services.edit_types(cast.fia, [one.pk], {"prefix": "R"})
    other = BillType.objects.get(key="e_invoice")
    with pytest.raises(Invalid):
        services.edit_types(cast.fia, [other.pk], {"prefix": "R"})
