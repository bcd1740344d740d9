"""A6, A7: whatever the code did not do, a sum that was changed by hand or a number that is gone is found and named."""

from __future__ import annotations

from typing import Any

import pytest
from django.db.models import F

from hetong.accounts.models import Series
from hetong.accounts.testing import Cast
from hetong.billing import services
from hetong.billing.models import Allocation, Due, Invoice, Payment
from hetong.billing.queries import money_checks, number_checks
from hetong.billing.services import Credit, DueShare, InvoiceOrder, PaymentReport
from hetong.billing.testing import dues_of, make_active, today
from hetong.config.doctor import run
from hetong.contracts.models import Contract


@pytest.fixture
def contract(cast: Cast) -> Contract:
    """A contract with an invoice, a credit note and a payment."""
    made = make_active(cast.ada, "100")
    [due] = dues_of(made)
    [invoice] = services.issue_invoices(cast.fia, [InvoiceOrder([DueShare(due.pk)])])
    services.credit_invoices(cast.fia, [Credit(invoice.pk, 25000, "Discount")])
    services.record_payments(cast.fia, [PaymentReport("in", 50000, "SEK", today(), contract=made.pk)])
    assert [*money_checks(), *number_checks()] == []
    return made


INVOICES = Invoice.objects.filter(kind="invoice")


@pytest.mark.parametrize(
    ("rows", "column", "said"),
    [
        (Due.objects.all(), "invoiced_minor", "invoiced"),
        (Due.objects.all(), "settled_minor", "settled"),
        (INVOICES, "settled_minor", "settled"),
        (INVOICES, "credited_minor", "credited"),
        (Payment.objects.all(), "allocated_minor", "allocated"),
        (Contract.objects.all(), "invoiced_minor", "invoiced"),
        (Contract.objects.all(), "received_minor", "received"),
        (Contract.objects.all(), "open_minor", "open"),
    ],
)
def test_a_sum_changed_by_hand_is_named(contract: Contract, rows: Any, column: str, said: str) -> None:
    rows = rows.all()
    rows.update(**{column: F(column) - 1})
    found = [*money_checks()]
    assert found[0].where.rpartition(" ")[2] == str(rows.get().pk)
    assert found[0].what.startswith(said)


def test_changed_totals_taxes_and_days_are_named(contract: Contract) -> None:
    INVOICES.all().update(net_minor=F("net_minor") + 1, tax_minor=F("tax_minor") - 1)
    Invoice.objects.filter(kind="credit_note").update(taxes=[])
    Contract.objects.update(oldest_open_due_on=None)
    said = [one.what for one in money_checks()]
    assert len(said) == 4, said
    assert any("taxes per rate" in one for one in said)
    assert any("since when it is open" in one for one in said)


def test_an_allocation_that_is_no_opposite_is_named(cast: Cast, contract: Contract) -> None:
    one = Allocation.objects.get()
    services.unallocate(cast.fia, [one.pk], reason="Wrong")
    Allocation.objects.filter(reverses=one.pk).update(amount_minor=-1)
    assert any(found.where.startswith("billing.allocation") for found in money_checks())


def test_a_number_that_is_gone_is_named_first(contract: Contract) -> None:
    Series.objects.filter(kind="invoice").update(next_number=4)
    year = today().year
    assert [one.what.split()[2] for one in number_checks()] == [f"{year}-0002", f"{year}-0003"]


def test_the_doctor_runs_both(contract: Contract) -> None:
    assert [name for name, found in run(["money", "numbers"]) if not found] == ["money", "numbers"]
