"""Two people look at money; what one of them tries alone is refused, kept in the journal and reported."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hetong.accounts.services import end_waiver, waive_duty
from hetong.accounts.testing import forget_access, grant
from hetong.audit.models import Entry
from hetong.audit.testing import last_entry
from hetong.billing import services
from hetong.billing.models import Payment
from hetong.billing.queries.duties import own_accounts_paid, own_confirmations
from hetong.billing.services import PaymentReport
from hetong.billing.services.errors import OwnAccount, OwnReport
from hetong.billing.testing import make_active, today
from hetong.parties.services import edit_banks
from hetong.parties.testing import make_bank

pytestmark = pytest.mark.django_db


@pytest.fixture
def supplied(cast: Any) -> Any:
    """An expense contract whose supplier's account Fia has entered."""
    contract = make_active(cast.ada, "100", class_of="expense")
    cast.__dict__["bank"] = make_bank(cast.fia, contract.counterparty)
    cast.__dict__["contract"] = contract
    return cast


def out(cast: Any, amount: int = 1000) -> PaymentReport:
    return PaymentReport("out", amount, "SEK", today(), contract=cast.__dict__["contract"].pk)


def test_who_changed_the_account_last_does_not_pay_to_it(supplied: Any) -> None:
    [payment] = services.report_payments(supplied.ada, [out(supplied)])
    with pytest.raises(OwnAccount):
        services.confirm_payments(supplied.fia, [payment.pk])
    assert last_entry(payment.pk)[:2] == ("billing.own_account_refused", "Fia")
    with pytest.raises(OwnAccount):
        services.record_payments(supplied.fia, [out(supplied)])
    assert last_entry(supplied.__dict__["contract"].pk)[:2] == ("billing.own_account_refused", "Fia")
    assert Payment.objects.get().state == "reported"


def test_a_colleague_pays_and_so_does_she_once_another_has_changed_it(supplied: Any) -> None:
    services.record_payments(supplied.admin, [out(supplied)])
    edit_banks(supplied.admin, [supplied.__dict__["bank"].pk], {"bank_name": "Checked Bank"})
    services.record_payments(supplied.fia, [out(supplied, 2000)])
    with pytest.raises(OwnAccount):
        services.record_payments(supplied.admin, [out(supplied, 3000)])


def test_money_that_comes_in_is_not_concerned(cast: Any) -> None:
    contract = make_active(cast.ada, "100")
    make_bank(cast.fia, contract.counterparty)
    services.record_payments(cast.fia, [PaymentReport("in", 1000, "SEK", today(), contract=contract.pk)])
    assert Payment.objects.get().state == "confirmed"


def test_an_exception_holds_for_its_company_and_its_time_and_is_reported(supplied: Any) -> None:
    grant(supplied.users["fia"], "admin", supplied.north)
    forget_access()
    until = today() + timedelta(days=5)
    waiver = waive_duty(supplied.fia, "billing.account_pay", supplied.north.pk, reason="One person", ends_on=until)
    services.record_payments(supplied.fia, [out(supplied)])
    [found] = own_accounts_paid(supplied.cleo)
    assert found.who == "Fia"
    assert not own_accounts_paid(supplied.dora)
    end_waiver(supplied.fia, waiver.pk)
    with pytest.raises(OwnAccount):
        services.record_payments(supplied.fia, [out(supplied)])


def test_an_own_report_is_refused_in_the_journal_too(cast: Any) -> None:
    """Trust B2: the refusal outlives its transaction, and one foreign payment refuses the whole batch."""
    contract = make_active(cast.ada, "100")
    given = PaymentReport("in", 1000, "SEK", today(), contract=contract.pk)
    [own], [theirs] = services.report_payments(cast.fia, [given]), services.report_payments(cast.ada, [given])
    with pytest.raises(OwnReport):
        services.confirm_payments(cast.fia, [theirs.pk, own.pk])
    assert last_entry(own.pk)[:2] == ("billing.own_report_refused", "Fia")
    assert not Entry.objects.filter(subject=theirs.pk, code="billing.own_report_refused").exists()
    assert set(Payment.objects.values_list("state", flat=True)) == {"reported"}


def test_what_was_entered_in_one_step_is_listed(cast: Any) -> None:
    contract = make_active(cast.ada, "100")
    [payment] = services.record_payments(cast.fia, [PaymentReport("in", 1000, "SEK", today(), contract=contract.pk)])
    assert [found.id for found in own_confirmations(cast.cleo)] == [payment.pk]
