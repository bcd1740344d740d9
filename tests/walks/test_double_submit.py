"""A13: every form of stage and money, filled in as its page gives it, sent twice and then again from the page that stayed open.

A double click carries the key of its form and must be answered as the first time, without a second effect. The page
behind the back button carries a key of its own; what it does the second time stands beside each form below.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hetong.accounts.testing import Cast
from hetong.approvals.testing import task_of
from hetong.audit.models import Entry
from hetong.billing import services as billing
from hetong.billing.models import Allocation, Invoice, Payment
from hetong.billing.queries import money_checks, number_checks
from hetong.billing.testing import dues_of, today
from hetong.billing.testing import make_active as in_force
from hetong.config.policy import url_names
from hetong.contracts import services as contracts
from hetong.contracts.models import Contract, Instalment
from hetong.contracts.states import ASK, Stage
from hetong.contracts.testing import (
    make_contract,
    make_line,
    make_milestone,
    make_original,
    make_plan,
    make_status,
    walk_to,
)
from hetong.documents.services import seed_kinds
from hetong.jobs.models import Outbox
from hetong.jobs.worker import drain_outbox
from hetong.kernel.ids import new_id
from hetong.kernel.routes import methods_of
from hetong.parties.services import edit_parties
from hetong.signing.models import Envelope
from hetong.signing.testing import sign, signed_file

pytestmark = pytest.mark.django_db

SPACES = ("approvals", "billing", "contract_money", "contracts", "signing")
"""The name spaces whose every POST is driven; settings change neither a stage nor an amount."""

REFUSED, NOTHING, MORE = "refused", "nothing", "more"
"""From the page that stayed open: told that it cannot be; taken without any change; one more, as the person asks."""


@dataclass
class Form:
    """A form as a page holds it."""

    action: str
    values: dict[str, list[str]]


class Reader(HTMLParser):
    """Reads the forms of a page with what is filled in already, as a browser would send them."""

    def __init__(self) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._select = self._text = ""
        self._is_first = True

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(given.get("action", ""), {}))
        elif self.forms:
            self._control(tag, given)

    def _control(self, tag: str, given: Mapping[str, str]) -> None:
        name, kind = given.get("name", ""), given.get("type", "")
        if tag == "input" and kind != "file" and (kind not in ("checkbox", "radio") or "checked" in given):
            self._put(name, given.get("value", "on" if kind in ("checkbox", "radio") else ""))
        elif tag == "select":
            self._select, self._is_first = name, True
        elif tag == "textarea":
            self._text = name
            self._put(name, "")
        elif tag == "option" and self._select and (self._is_first or "selected" in given):
            self.forms[-1].values[self._select] = [given.get("value", "")]
            self._is_first = False

    def handle_data(self, data: str) -> None:
        if self._text:
            self.forms[-1].values[self._text][-1] += data.removeprefix("\n")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""

    def _put(self, name: str, value: str) -> None:
        if name:
            self.forms[-1].values.setdefault(name, []).append(value)


@dataclass(frozen=True)
class Case:
    """Who sends which form of which page, filled how, and what the page that stayed open does afterwards."""

    who: str
    page: str
    fill: Mapping[str, Any]
    again: str = REFUSED
    action: str = ""
    """Where the form is sent; empty: to its own page."""
    act: str = ""
    """Which of several forms of one page."""


CASES: dict[str, Callable[[Cast], Case]] = {}


def case(name: str) -> Callable[[Callable[[Cast], Case]], Callable[[Cast], Case]]:
    """Make a function the case of the address of that name."""

    def keep(make: Callable[[Cast], Case]) -> Callable[[Cast], Case]:
        CASES[name] = make
        return make

    return keep


def draft(cast: Cast) -> Contract:
    """A draft of Ada's with a line and a plan."""
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    make_plan(cast.ada, contract, "40%", "rest", trigger="signing")
    return contract


def returned(cast: Cast) -> Contract:
    """A contract that was sent to review."""
    contract = draft(cast)
    contracts.review_contracts(cast.ada, [contract.pk])
    return contract


def suspended(cast: Cast) -> Contract:
    """A contract whose performance rests."""
    contract = walk_to(cast.ada, cast.ben, Stage.ACTIVE)
    contracts.suspend_contracts(cast.ben, [contract.pk], reason="Strike")
    return contract


def discarded(cast: Cast) -> Contract:
    """A draft that was thrown away."""
    contract = draft(cast)
    contracts.discard_contracts(cast.ada, [contract.pk])
    return contract


def signed(cast: Cast) -> Contract:
    """A contract that both sides signed and that did not come into force on its own."""
    contract = walk_to(cast.ada, cast.ben, Stage.SIGNING)
    sign(cast.ada, contract.pk)
    Outbox.objects.filter(listener__endswith="activate_signed").delete()
    drain_outbox()
    return contract


def reached(stage: Stage) -> Callable[[Cast], Contract]:
    """A contract of Ada's that was led to a stage."""
    return lambda cast: walk_to(cast.ada, cast.ben, stage, draft(cast) if stage is Stage.DRAFT else None)


STEPS: Mapping[str, tuple[Callable[[Cast], Contract], str, Mapping[str, str]]] = {
    "review": (draft, "ada", {}),
    "submit": (draft, "ada", {}),
    "discard": (draft, "ada", {}),
    "return": (returned, "ada", {"reason": "The price is missing"}),
    "withdraw": (reached(Stage.IN_APPROVAL), "ada", {}),
    "void": (reached(Stage.APPROVED), "ben", {"reason": "No longer wanted"}),
    "revise": (reached(Stage.APPROVED), "ada", {}),
    "send_to_sign": (reached(Stage.APPROVED), "ada", {}),
    "recall": (reached(Stage.SIGNING), "ada", {}),
    "suspend": (reached(Stage.ACTIVE), "ben", {"reason": "Strike"}),
    "resume": (suspended, "ben", {}),
    "terminate": (reached(Stage.ACTIVE), "ben", {"reason": "They moved", "on": str(today())}),
    "begin_closing": (reached(Stage.ACTIVE), "fia", {}),
    "close": (reached(Stage.CLOSING), "fia", {}),
    "archive": (reached(Stage.CLOSED), "ben", {}),
    "unarchive": (reached(Stage.ARCHIVED), "admin", {"reason": "Asked for by the court"}),
    "restore": (discarded, "ada", {}),
    "adopt": (draft, "lin", {"reason": "Signed before we had Hetong", "signed_on": str(today())}),
    "adopt_closed": (draft, "lin", {"reason": "Over before we had Hetong", "signed_on": str(today())}),
    "activate": (signed, "ada", {}),
}
"""Every step that has a button: the contract it starts from, whose it is, and what is typed."""


def step(verb: str) -> Callable[[Cast], Case]:
    """The case of one step: from its own form where it asks something, else from its button on the card."""
    begin, who, fill = STEPS[verb]

    def make(cast: Cast) -> Case:
        card = f"/contracts/{begin(cast).pk}/"
        return Case(who, f"{card}{verb}/" if verb in ASK else card, fill, action=f"{card}{verb}/")

    return make


CASES |= {f"contracts:{verb}": step(verb) for verb in STEPS}


@case("contracts:add")
def _(cast: Cast) -> Case:
    old = draft(cast)
    given = {"title": "Another contract", "type": str(old.type_id), "counterparty": str(old.counterparty_id)}
    return Case("ada", "/contracts/new/", given)


@case("contracts:edit")
def _(cast: Cast) -> Case:
    return Case("ada", f"/contracts/{draft(cast).pk}/edit/", {"title": "Renamed"})


@case("contracts:lines")
def _(cast: Cast) -> Case:
    typed = {"title": "Valve", "quantity": "2", "unit_price": "50"}
    return Case("ada", f"/contracts/{draft(cast).pk}/lines/", typed, MORE)


@case("contracts:line_edit")
def _(cast: Cast) -> Case:
    contract = draft(cast)
    line = make_line(cast.ada, contract)
    return Case("ada", f"/contracts/{contract.pk}/lines/{line.pk}/", {"quantity": "3"})


@case("contracts:line_remove")
def _(cast: Cast) -> Case:
    contract = make_contract(cast.ada)
    line, page = make_line(cast.ada, contract), f"/contracts/{contract.pk}/lines/"
    return Case("ada", page, {}, action=f"{page}{line.pk}/remove/")


@case("contracts:plan")
def _(cast: Cast) -> Case:
    return Case("ada", f"/contracts/{draft(cast).pk}/plan/", {"m-title": "Delivered"}, MORE, act="milestone")


@case("contracts:plan_change")
def _(cast: Cast) -> Case:
    contract = in_force(cast.ada, "40", "60")
    stage = Instalment.objects.filter(contract=contract).order_by("position")[0]
    return Case(
        "ben", f"/contracts/{contract.pk}/plan/change/", {f"{stage.pk}-title": "First", "reason": "Renamed"}, NOTHING
    )


def stage_page(cast: Cast) -> tuple[Contract, str]:
    """A draft with a plan, and the address of its first stage."""
    contract = draft(cast)
    first = Instalment.objects.filter(contract=contract).order_by("position")[0]
    return contract, f"/contracts/{contract.pk}/plan/{first.pk}/"


@case("contracts:stage_edit")
def _(cast: Cast) -> Case:
    return Case("ada", stage_page(cast)[1], {"title": "On signing"})


@case("contracts:stage_remove")
def _(cast: Cast) -> Case:
    contract, url = stage_page(cast)
    return Case("ada", f"/contracts/{contract.pk}/plan/", {}, action=f"{url}remove/")


@case("contracts:stage_move")
def _(cast: Cast) -> Case:
    contract, url = stage_page(cast)
    return Case("ada", f"/contracts/{contract.pk}/plan/", {"to": "down"}, NOTHING, action=f"{url}move/")


def milestone_case(who: str, act: str, fill: Mapping[str, str], again: str = REFUSED) -> Callable[[Cast], Case]:
    """A form of a milestone of a contract in force."""

    def make(cast: Cast) -> Case:
        contract = in_force(cast.ada, "100")
        named = {"contract": contract.pk, "title": "Accepted"}
        [milestone] = contracts.add_milestones(cast.ben, [named], reason="Agreed later")
        if act == "unreach":
            contracts.reach_milestones(cast.ben, [milestone.pk], reached_on=today())
        return Case(who, f"/contracts/{contract.pk}/milestones/{milestone.pk}/{act}{'/' if act else ''}", fill, again)

    return make


CASES["contracts:milestone_reach"] = milestone_case("ben", "reach", {"note": "Seen"})
CASES["contracts:milestone_unreach"] = milestone_case("ben", "unreach", {"reason": "Not yet"})
CASES["contracts:milestone_edit"] = milestone_case("ben", "", {"title": "Delivered", "reason": "Named rightly"})


@case("contracts:milestone_remove")
def _(cast: Cast) -> Case:
    contract = draft(cast)
    milestone = make_milestone(cast.ada, contract)
    base = f"/contracts/{contract.pk}"
    return Case("ada", f"{base}/plan/", {}, action=f"{base}/milestones/{milestone.pk}/remove/")


@case("contracts:originals")
def _(cast: Cast) -> Case:
    return Case("ada", f"/contracts/{draft(cast).pk}/originals/", {"count": "1", "place": "Safe"}, MORE)


def original_case(act: str, fill: Mapping[str, str], again: str = REFUSED) -> Callable[[Cast], Case]:
    """A form of an original on paper."""

    def make(cast: Cast) -> Case:
        contract = draft(cast)
        original, page = make_original(cast.ada, contract), f"/contracts/{contract.pk}/originals/"
        if act == "return":
            contracts.lend_originals(cast.ada, [original.pk], {"borrower": "Karin", "until": str(today())})
        at = f"{page}{original.pk}/{act}{'/' if act else ''}"
        return Case("ada", page if act == "remove" else at, fill, again, action=at)

    return make


CASES["contracts:original_edit"] = original_case("", {"place": "Vault"})
CASES["contracts:original_stamp"] = original_case("stamp", {"stamped_by": "Lin"})
CASES["contracts:original_lend"] = original_case("lend", {"borrower": "Karin", "until": str(today())})
CASES["contracts:original_return"] = original_case("return", {})
CASES["contracts:original_remove"] = original_case("remove", {})


@case("contracts:status")
def _(cast: Cast) -> Case:
    status = make_status(Stage.DRAFT, "Being worded")
    return Case("ada", f"/contracts/{draft(cast).pk}/status/", {"status": str(status.pk)})


@case("contracts:flag")
def _(cast: Cast) -> Case:
    return Case("ada", f"/contracts/{draft(cast).pk}/flag/", {"reason": "Late delivery"})


@case("contracts:unflag")
def _(cast: Cast) -> Case:
    contract = draft(cast)
    contracts.flag_contracts(cast.ada, [contract.pk], {"reason": "Late delivery"})
    return Case("ada", f"/contracts/{contract.pk}/unflag/", {"outcome": "Delivered"})


@case("contracts:team")
def _(cast: Cast) -> Case:
    given = {"user": str(cast.users["lin"].pk), "role": "legal"}
    return Case("ada", f"/contracts/{draft(cast).pk}/team/", given, NOTHING)


@case("contracts:team_remove")
def _(cast: Cast) -> Case:
    contract = draft(cast)
    joining = {"user": str(cast.users["lin"].pk), "role": "legal"}
    [member] = contracts.add_members(cast.ada, [contract.pk], joining)
    card = f"/contracts/{contract.pk}/"
    return Case("ada", card, {}, action=f"{card}team/{member.pk}/remove/")


@case("contracts:snapshot")
def _(cast: Cast) -> Case:
    contract = draft(cast)
    edit_parties(cast.ada, [contract.counterparty_id], {"name": "Västerhamnens Fjärrvärme AB"})
    card = f"/contracts/{contract.pk}/"
    return Case("ada", f"{card}notices/", {}, NOTHING, action=f"{card}counterparty/")


@case("contracts:renewal")
def _(cast: Cast) -> Case:
    contract = in_force(cast.ada, "100", ends_on=str(today().replace(year=today().year + 1)))
    return Case("ada", f"/contracts/{contract.pk}/renewal/", {"decision": "renew"}, NOTHING)


@case("contracts:waive")
def _(cast: Cast) -> Case:
    contract = in_force(cast.ada, "100")
    contracts.begin_closing(cast.fia, [contract.pk])
    page = f"/contracts/{contract.pk}/close/"
    return Case("fia", page, {"reason": "Agreed by mail"}, action=f"{page}invoiced/waive/")


def decision(act: str, comment: str) -> Callable[[Cast], Case]:
    """A decision on a card of the inbox."""

    def make(cast: Cast) -> Case:
        contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL)
        card = f"/approvals/{task_of(contract.pk).pk}/"
        return Case("ben", card if act == "approve" else f"{card}reject/", {"comment": comment}, action=f"{card}{act}/")

    return make


CASES["approvals:approve"] = decision("approve", "")
CASES["approvals:reject"] = decision("reject", "Too cheap")


def envelope_case(act: str, fill: Mapping[str, Any], again: str = REFUSED) -> Callable[[Cast], Case]:
    """A form of an envelope that is out."""

    def make(cast: Cast) -> Case:
        seed_kinds()
        contract = walk_to(cast.ada, cast.ben, Stage.SIGNING)
        envelope, page = Envelope.objects.get(subject=contract.pk), f"/contracts/{contract.pk}/signing/"
        return Case("ada", page, fill, again, f"{page}{envelope.pk}/{act}/")

    return make


def copy() -> SimpleUploadedFile:
    """The signed copy, as a browser sends it."""
    return SimpleUploadedFile("signed.pdf", signed_file().stream.read(), "application/pdf")


BOTH = {"ours_name": "Marcus Hedlund", "ours_signed_on": str(today()), "theirs_name": "Karin Ekdahl",
        "theirs_signed_on": str(today()), "same_text": "on"}  # fmt: skip
CASES["signing:complete"] = envelope_case("complete", {**BOTH, "file": copy})
CASES["signing:side"] = envelope_case(
    "side", {"side": "ours", "name": "Marcus Hedlund", "signed_on": str(today())}, NOTHING
)


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


def form_on(client: Client, given: Case) -> dict[str, list[str]]:
    """The values of the form of the case; it must carry a key of its own."""
    answer = client.get(given.page)
    assert answer.status_code == 200, (given.page, answer.status_code, answer.content.decode()[-800:])
    reader = Reader()
    reader.feed(answer.content.decode())
    own = [
        one for one in reader.forms if re.sub(r"[?#].*", "", one.action or given.page) == (given.action or given.page)
    ]
    keyed = [
        one.values
        for one in own
        if "once_key" in one.values and (not given.act or one.values.get("act") == [given.act])
    ]
    assert keyed, f"{given.page} has no form with a key: {[(one.action, list(one.values)) for one in reader.forms]}"
    return keyed[0]


def filled(values: Mapping[str, list[str]], fill: Mapping[str, Any]) -> dict[str, Any]:
    """What a browser sends; files are read anew each time."""
    return dict(values) | {name: value() if callable(value) else value for name, value in fill.items()}


def words_of(answer: Any) -> str:
    """What a page says about the form, for whoever reads a failure."""
    found = re.findall(
        r'(?s)class="(?:field-error|error-summary|alert)[^>]*>(.*?)</(?:p|div|ul)>', answer.content.decode()
    )
    told = [" ".join(re.sub(r"<[^>]+>", " ", one).split()) for one in found]
    return f"{answer.status_code}: {told}"


@pytest.mark.parametrize("name", sorted(CASES))
def test_a_form_sent_twice_acts_once(cast: Any, name: str) -> None:
    """A13: the double click is answered as the first; the page that stayed open does what it says and nothing half."""
    given = CASES[name](cast)
    client = Client()
    client.force_login(cast.users[given.who])
    values, at = form_on(client, given), given.action or given.page
    first = client.post(at, filled(values, given.fill))
    assert first.status_code == 302, (first.status_code, words_of(first))
    known = Entry.objects.count()
    twin = client.post(at, filled(values, given.fill))
    assert (twin.status_code, twin.headers["Location"]) == (302, first.headers["Location"])
    assert twin.headers["Idempotency-Replayed"] == "true"
    assert Entry.objects.count() == known
    late = client.post(at, filled(values, given.fill) | {"once_key": str(new_id())})
    told = (late.status_code >= 400, Entry.objects.count() > known)
    assert told == {REFUSED: (True, False), NOTHING: (False, False), MORE: (False, True)}[given.again], (
        told,
        words_of(late),
    )
    assert late.status_code < 500
    assert [*money_checks(), *number_checks()] == []


def test_every_form_of_stage_and_money_is_driven() -> None:
    """A form that comes later fails here until it stands above."""
    names = {name for name in url_names() if name.partition(":")[0] in SPACES and "POST" in methods_of(name)}
    assert names - set(CASES) == set()
    assert set(CASES) - names == set()
