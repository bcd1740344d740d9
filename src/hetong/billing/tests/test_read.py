"""What a reader gets: no amount without the right to the value, the same condition in lists and rows, few statements."""

from __future__ import annotations

import datetime as dt

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import bump_policy
from hetong.accounts.testing import Cast, forget_access
from hetong.billing import services
from hetong.billing.fields import ALLOCATION, DUE, INVOICE, INVOICE_LINE, PAYMENT
from hetong.billing.models import Allocation, Due, Invoice, InvoiceLine, Payment
from hetong.billing.queries import close_problems
from hetong.billing.services import Credit, DueShare, InvoiceOrder, PaymentReport, Wanted
from hetong.billing.testing import days, dues_of, make_active, today
from hetong.contracts.models import Contract
from hetong.kernel import clock
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import UnknownField
from hetong.kernel.money import Money
from hetong.kernel.where import Condition, Where, narrow


def busy(cast: Cast) -> Contract:
    """A contract on which a bit of everything has happened."""
    contract = make_active(cast.ada, "10", "10", "20", "20", "20", "20")
    dues = dues_of(contract)
    invoices = [
        services.issue_invoices(cast.fia, [InvoiceOrder([DueShare(d.pk, minor)], due_on=day)])[0]
        for d, minor, day in (
            (dues[0], None, None), (dues[1], None, days(3)), (dues[2], 5000, None), (dues[3], None, None), (dues[4], 2500, days(0)),
        )
    ]  # fmt: skip

    def paid(minor: int, invoice: Invoice) -> PaymentReport:
        wanted = (Wanted(minor, invoice=invoice.pk),)
        return PaymentReport("in", minor, "SEK", today(), contract=contract.pk, wanted=wanted, reference="OCR 1")

    services.record_payments(cast.fia, [paid(invoices[0].gross_minor, invoices[0]), paid(100, invoices[1])])
    services.report_payments(cast.ada, [paid(10, invoices[2])])
    services.credit_invoices(cast.fia, [Credit(invoices[3].pk, reason="Slip")])
    services.skip_dues(cast.fia, [dues[5].pk], reason="Goodwill")
    return contract


def test_who_may_not_read_the_value_reads_no_amount_anywhere(cast: Cast) -> None:
    contract = busy(cast)
    FieldRule.objects.create(
        role=Role.objects.get(key="delivery"), noun="contracts.contract", field="gross", level=Level.HIDDEN
    )
    bump_policy(Actor.system(), ())
    forget_access()
    for register, model in (
        (DUE, Due), (INVOICE, Invoice), (INVOICE_LINE, InvoiceLine), (PAYMENT, Payment), (ALLOCATION, Allocation),
    ):  # fmt: skip
        rows = register.show(cast.max, model.objects.visible_to(cast.max))
        assert rows, register.noun
        for row in rows:
            assert not [name for name, value in row.values.items() if isinstance(value, Money)], register.noun
            assert "unit_price" not in row.values
        for name in ("amount", "gross", "settled", "left", "unsettled"):
            if name in register.fields:
                with pytest.raises(UnknownField):
                    narrow(
                        register, cast.max, model.objects.visible_to(cast.max), Where((Condition(name, "gt", ("1",)),))
                    )
    assert DUE.show(cast.max, Due.objects.visible_to(cast.max).filter(contract=contract))[0]["title"]


@pytest.mark.parametrize("later", [0, 4, 40])
def test_lists_and_rows_agree_on_every_condition(cast: Cast, later: int) -> None:
    busy(cast)
    with clock.set_to(clock.now() + dt.timedelta(days=later)):
        for register, model in ((DUE, Due), (INVOICE, Invoice)):
            seen = {row.id: row["condition"].code for row in register.show(cast.fia, model.objects.all())}
            for code in set(seen.values()):
                found = narrow(register, cast.fia, model.objects.all(), Where((Condition("condition", "", (code,)),)))
                assert set(found.values_list("pk", flat=True)) == {id for id, own in seen.items() if own == code}, code
    assert len(set(seen.values())) >= 3


def test_the_conditions_a_reader_sees(cast: Cast) -> None:
    contract = busy(cast)
    shown = DUE.show(cast.fia, Due.objects.filter(contract=contract).order_by("position"))
    codes = [row["condition"].code for row in shown]
    assert codes == ["settled", "partial", "part_invoiced", "billable", "part_invoiced", "skipped"]
    with clock.set_to(clock.now() + dt.timedelta(days=5)):
        due = DUE.show(cast.fia, Due.objects.filter(contract=contract).order_by("position"))
        assert [row["condition"].code for row in due] == [
            "settled",
            "late",
            "part_invoiced",
            "billable",
            "late",
            "skipped",
        ]
        late = INVOICE.show(cast.fia, Invoice.objects.filter(contract=contract).order_by("pk"))
        assert [row["condition"].code for row in late] == ["settled", "late", "open", "credited", "late", "credit"]


def test_verbs_follow_state_and_permission(cast: Cast) -> None:
    contract = busy(cast)
    dues = Due.objects.filter(contract=contract).order_by("position")

    def verbs(actor: Actor, register: object, rows: object) -> list[list[str]]:
        return [[verb.name for verb in row.verbs] for row in register.show(actor, rows)]  # type: ignore[attr-defined]

    assert verbs(cast.fia, DUE, dues[3:4]) == [["invoice", "pay", "hold", "skip"]]
    assert verbs(cast.ada, DUE, dues[3:4]) == [["pay"]]
    assert verbs(cast.cleo, DUE, dues[3:4]) == [[]]
    assert verbs(cast.fia, DUE, dues[5:6]) == [["unskip"]]
    reported = Payment.objects.filter(state="reported")
    assert verbs(cast.fia, PAYMENT, reported) == [["confirm", "reject"]]
    assert verbs(cast.ada, PAYMENT, reported) == [[]]
    Contract.objects.filter(pk=contract.pk).update(stage="archived")
    assert verbs(cast.fia, DUE, dues[3:4]) == [[]]


def statements(act: object) -> int:
    with CaptureQueriesContext(
        connection,
    ) as caught:
        act()  # type: ignore[operator]
    return len(caught)


def test_the_number_of_statements_does_not_grow_with_the_rows(cast: Cast) -> None:
    few, many = make_active(cast.ada, "100"), make_active(cast.ada, *["5"] * 20, lines=5)
    fia = cast.fia

    def issue(contract: Contract) -> int:
        orders = [InvoiceOrder([DueShare(d.pk) for d in dues_of(contract)])]
        return statements(lambda: services.issue_invoices(fia, orders))

    assert abs(issue(few) - issue(many)) <= 2

    def pay(contract: Contract) -> int:
        given = [PaymentReport("in", 125000, "SEK", today(), contract=contract.pk)]
        return statements(lambda: services.record_payments(fia, given))

    assert abs(pay(few) - pay(many)) <= 2
    contracts = list(Contract.objects.all())
    assert statements(lambda: close_problems(fia, contracts)) == 3
    assert statements(lambda: DUE.show(fia, Due.objects.visible_to(fia))) == 1


def test_closing_waits_for_what_is_open(cast: Cast) -> None:
    contract = make_active(cast.ada, "50", "50")
    first, second = dues_of(contract)

    def done() -> dict[str, bool]:
        return {one.code: one.is_done for one in close_problems(cast.fia, [contract])}

    assert done() == {"invoiced": False, "settled": False, "reported": True}
    services.skip_dues(cast.fia, [second.pk], reason="Goodwill")
    [invoice] = services.issue_invoices(cast.fia, [InvoiceOrder([DueShare(first.pk)])])
    assert done() == {"invoiced": True, "settled": False, "reported": True}
    given = [PaymentReport("in", invoice.gross_minor - 1, "SEK", today(), contract=contract.pk)]
    services.record_payments(cast.fia, given)
    assert done()["settled"] is False  # 0.01 is open
    one = [PaymentReport("in", 1, "SEK", today(), contract=contract.pk)]
    [payment] = services.report_payments(cast.ada, one)
    assert done() == {"invoiced": True, "settled": False, "reported": False}
    services.confirm_payments(cast.fia, [payment.pk])
    assert all(done().values())
    [item] = [i for i in close_problems(cast.fia, [make_active(cast.ada, "100")]) if i.code == "invoiced"]
    assert item.detail == "Stage 1"
