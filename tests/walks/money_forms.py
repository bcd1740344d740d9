"""The forms of money, each with a record in which it may be sent."""

from collections.abc import Callable, Mapping

from hetong.accounts.services.custom_fields import add_custom_fields
from hetong.accounts.testing import Cast
from hetong.billing import services as billing
from hetong.billing.models import Allocation, Invoice, Payment
from hetong.billing.testing import dues_of, today
from hetong.billing.testing import make_active as in_force
from hetong.contracts.models import Contract
from tests.walks.sending import CASES, REFUSED, Case, case


def billed(cast: Cast) -> tuple[Contract, Invoice]:
    """A contract in force with two stages, the first of them invoiced."""
    contract = in_force(cast.ada, "40", "60")
    [invoice] = billing.issue_invoices(cast.fia, [billing.InvoiceOrder([billing.DueShare(dues_of(contract)[0].pk)])])
    return contract, invoice


def reported(cast: Cast) -> Payment:
    """A payment that waits for finance."""
    contract, invoice = billed(cast)
    given = billing.PaymentReport(
        "in", 10000, "SEK", today(), contract=contract.pk, wanted=(billing.Wanted(10000, invoice=invoice.pk),)
    )
    return billing.report_payments(cast.ada, [given])[0]


def on_account(cast: Cast) -> Payment:
    """A confirmed payment that is allocated to nothing."""
    contract = in_force(cast.ada, "40", "60")
    first = dues_of(contract)[0]
    given = billing.PaymentReport(
        "in", 60000, "SEK", today(), contract=contract.pk, wanted=(billing.Wanted(50000, due=first.pk),)
    )
    return billing.record_payments(cast.fia, [given])[0]


def issued(base: Callable[[Contract], str]) -> Callable[[Cast], Case]:
    """Issuing what the preview shows."""

    def make(cast: Cast) -> Case:
        return Case("fia", base(in_force(cast.ada, "40", "60")), {"step": "issue"})

    return make


CASES["billing:due_invoice"] = issued(lambda contract: f"/billing/dues/{dues_of(contract)[0].pk}/invoice/")
CASES["contract_money:invoice"] = issued(lambda contract: f"/contracts/{contract.pk}/money/invoice/")


def received(base: Callable[[Contract], str]) -> Callable[[Cast], Case]:
    """Registering a supplier's invoice: its number is known the second time."""

    def make(cast: Cast) -> Case:
        contract = in_force(cast.ada, "100", class_of="expense")
        due, day = dues_of(contract)[0], str(today())
        typed = {f"pick_due_{due.pk.hex}": "on", "number": "LF-77", "issued_on": day, "due_on": day}
        return Case("fia", base(contract), typed)

    return make


CASES["billing:due_receive"] = received(lambda contract: f"/billing/dues/{dues_of(contract)[0].pk}/receive/")
CASES["contract_money:receive"] = received(lambda contract: f"/contracts/{contract.pk}/money/receive/")


def paying(base: Callable[[Contract, Invoice], str], again: str = REFUSED) -> Callable[[Cast], Case]:
    """Recording the whole of what is open: the second time nothing is left."""

    def make(cast: Cast) -> Case:
        contract, invoice = billed(cast)
        typed = {"amount": "500", "on": str(today()), "step": "record", f"pick_invoice_{invoice.pk.hex}": "on"}
        return Case("fia", base(contract, invoice), typed, again)

    return make


CASES["billing:invoice_pay"] = paying(lambda contract, invoice: f"/billing/invoices/{invoice.pk}/pay/")
CASES["billing:due_pay"] = paying(lambda contract, invoice: f"/billing/dues/{dues_of(contract)[0].pk}/pay/")
CASES["contract_money:pay"] = paying(lambda contract, invoice: f"/contracts/{contract.pk}/money/pay/")


@case("billing:add_payment")
def _(cast: Cast) -> Case:
    contract, _invoice = billed(cast)
    typed = {"party": str(contract.counterparty_id), "contract": str(contract.pk), "amount": "500", "currency_code": "SEK",
             "company": str(contract.company_id), "on": str(today()), "step": "record"}  # fmt: skip
    return Case("fia", "/billing/payments/new/", typed)


@case("billing:invoice_credit")
def _(cast: Cast) -> Case:
    return Case("fia", f"/billing/invoices/{billed(cast)[1].pk}/credit/", {"amount": "500", "reason": "Wrong"})


def due_case(act: str, *before: str, **fill: str) -> Callable[[Cast], Case]:
    """Holding a stage back, letting it go, waiving it, taking it up again."""

    def make(cast: Cast) -> Case:
        contract = in_force(cast.ada, "40", "60")
        due = dues_of(contract)[1]
        verbs: Mapping[str, Callable[[], object]] = {
            "hold": lambda: billing.hold_dues(cast.fia, [due.pk], reason="Two skids drift"),
            "skip": lambda: billing.skip_dues(cast.fia, [due.pk], reason="Agreed by mail"),
        }
        for verb in before:
            verbs[verb]()
        at = f"/billing/dues/{due.pk}/{act}/"
        return Case("fia", at if fill else f"/contracts/{contract.pk}/money/", fill, action=at)

    return make


CASES["billing:due_hold"] = due_case("hold", reason="Two skids drift")
CASES["billing:due_skip"] = due_case("skip", reason="Agreed by mail")
CASES["billing:due_release"] = due_case("release", "hold")
CASES["billing:due_unskip"] = due_case("unskip", "skip")


def added_case(noun: str, base: Callable[[Cast], str]) -> Callable[[Cast], Case]:
    """Filling in a field that the house added: the page that stayed open has seen an older version."""

    def make(cast: Cast) -> Case:
        add_custom_fields(cast.admin, [{"noun": noun, "kind": "text", "key": "place", "labels": {"en": "Place"}}])
        return Case("fia", f"{base(cast)}edit/", {"x_place": "Bergen"})

    return make


CASES["billing:due_edit"] = added_case("billing.due", lambda cast: f"/billing/dues/{dues_of(billed(cast)[0])[0].pk}/")
CASES["billing:invoice_edit"] = added_case("billing.invoice", lambda cast: f"/billing/invoices/{billed(cast)[1].pk}/")
CASES["billing:payment_edit"] = added_case("billing.payment", lambda cast: f"/billing/payments/{reported(cast).pk}/")


@case("billing:payment_confirm")
def _(cast: Cast) -> Case:
    card = f"/billing/payments/{reported(cast).pk}/"
    return Case("fia", card, {}, action=f"{card}confirm/")


@case("billing:payment_reject")
def _(cast: Cast) -> Case:
    return Case("fia", f"/billing/payments/{reported(cast).pk}/reject/", {"reason": "Never came"})


@case("billing:payment_reverse")
def _(cast: Cast) -> Case:
    return Case("fia", f"/billing/payments/{on_account(cast).pk}/reverse/", {"reason": "Bounced"})


@case("billing:payment_allocate")
def _(cast: Cast) -> Case:
    payment = on_account(cast)
    return Case(
        "fia", f"/billing/payments/{payment.pk}/allocate/", {f"pick_due_{dues_of(payment.contract)[1].pk.hex}": "on"}
    )


@case("billing:payment_unallocate")
def _(cast: Cast) -> Case:
    payment = reported(cast)
    billing.confirm_payments(cast.fia, [payment.pk])
    allocation = Allocation.objects.get(payment=payment)
    typed = {"allocation": str(allocation.pk), "reason": "Meant for another"}
    return Case("fia", f"/billing/payments/{payment.pk}/unallocate/", typed)
