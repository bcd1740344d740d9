"""The forms of a contract's stages, plan, papers, rounds and envelopes, each with a record in which it may be sent."""

import datetime as dt
from collections.abc import Callable, Mapping
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile

from hetong.accounts.testing import Cast
from hetong.approvals.testing import task_of
from hetong.billing.testing import make_active as in_force
from hetong.billing.testing import today
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
    make_type,
    walk_to,
)
from hetong.documents.services import seed_kinds
from hetong.jobs.models import Outbox
from hetong.jobs.worker import drain_outbox
from hetong.parties.services import edit_parties
from hetong.signing.models import Envelope
from hetong.signing.testing import sign, signed_file
from tests.walks.sending import CASES, MORE, NOTHING, REFUSED, Case, case


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


A_WEEK = dt.timedelta(days=7)
"""These forms are written down when the run begins, which may be the day before they are sent."""
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
CASES["contracts:original_lend"] = original_case("lend", {"borrower": "Karin", "until": str(today() + A_WEEK)})
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


@case("contracts:let_pass")
def _(cast: Cast) -> Case:
    seed_kinds()
    contract = make_contract(cast.ada, type=make_type(qualifications=["certificate"]).pk)
    card = f"/contracts/{contract.pk}/"
    page, at = f"{card}notices/", f"{card}papers/certificate/pass/"
    return Case("ben", page, {"reason": "Agreed by mail"}, action=at)


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
