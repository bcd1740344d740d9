"""One contract through its whole life: what each step needs, keeps and refuses (S0-01, S0-14, S2-03, trust B4)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.approvals.models import Round
from hetong.approvals.services import AlreadyDecided, NoApprover, OwnRound, decide
from hetong.approvals.services.rounds import DecidedMeanwhile
from hetong.approvals.testing import approve, reject, task_of
from hetong.audit.testing import entries_of, last_entry
from hetong.contracts import services
from hetong.contracts.models import Contract, Original, StageMove, Waiver
from hetong.contracts.services.archiving import OriginalsOut
from hetong.contracts.services.checks import Archived
from hetong.contracts.services.closing import CHECKS, CloseItem, NothingToWaive, NotSettled, waive_item
from hetong.contracts.services.signature import ContentChanged, NotSigned, SigningStopped
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line, make_milestone, make_original, make_type, walk_to
from hetong.documents.models import Version
from hetong.documents.services import add_version
from hetong.documents.testing import make_document, make_upload
from hetong.jobs.models import Outbox
from hetong.jobs.worker import drain_outbox
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.signing.models import Envelope
from hetong.signing.services.envelopes import EnvelopeOver
from hetong.signing.testing import ours, sign, signed_file, theirs

pytestmark = pytest.mark.django_db


def stage_of(contract: Contract) -> str:
    return Contract.objects.values_list("stage", flat=True).get(pk=contract.pk)


def test_a_contract_walks_from_draft_to_archive_and_every_step_is_stamped(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.ARCHIVED)
    assert contract.number
    assert contract.archive_no.startswith("HT-A-")
    moves = StageMove.objects.filter(contract=contract).order_by("pk")
    assert list(moves.values_list("verb", "to_stage", "actor_label")) == [
        ("submit", "in_approval", "Ada"), ("approve", "approved", "Ben"), ("send_to_sign", "signing", "Ada"),
        ("mark_signed", "signing", "Ada"), ("activate", "active", "Ada"), ("begin_closing", "closing", "Ben"),
        ("close", "closed", "Ben"), ("archive", "archived", "Ben"),
    ]  # fmt: skip
    assert {
        "contracts.submitted",
        "approvals.approved",
        "contracts.approved",
        "signing.completed",
        "contracts.activated",
    } <= set(entries_of(contract.pk))


def test_what_was_approved_is_what_was_signed_and_archived(cast: Any) -> None:
    """Trust B4, for an uploaded copy: one content hash from approval to activation, both files' SHA-256 kept."""
    contract = make_contract(cast.ada)
    make_document(cast.ada, "contracts.contract", contract.pk, kind="contract_text", title="Text")
    walk_to(cast.ada, cast.ben, Stage.ACTIVE, contract)
    round_, envelope = Round.objects.get(), Envelope.objects.get()
    assert round_.content_hash == envelope.content_hash
    assert envelope.text_sha256 == Version.objects.get(document__kind__key="contract_text").sha256
    assert envelope.signed_sha256 == Version.objects.get(document__kind__key="signed_copy").sha256
    assert (envelope.confirmed_by, envelope.confirmed_by_label) == (cast.ada.id, "Ada")
    contract.refresh_from_db()
    assert (contract.signature, contract.signed_on) == ("both", clock.today())


# -- submit and decide -----------------------------------------------------------------------------


def test_the_number_is_given_once_at_the_first_submit(cast: Any) -> None:
    contract = make_contract(cast.ada)
    services.submit_contracts(cast.ada, [contract.pk], note="Please hurry")
    first = Contract.objects.get(pk=contract.pk).number
    assert last_entry(contract.pk)[0] == "contracts.submitted"
    services.withdraw_contracts(cast.ada, [contract.pk])
    services.submit_contracts(cast.ada, [contract.pk])
    assert Contract.objects.get(pk=contract.pk).number == first
    assert list(Round.objects.order_by("number").values_list("number", "state")) == [(1, "withdrawn"), (2, "open")]


def test_a_number_in_use_is_passed_over(cast: Any) -> None:
    taken, fresh = make_contract(cast.ada), make_contract(cast.ada)
    year = clock.today().year
    Contract.objects.filter(pk=taken.pk).update(number=f"HT-{year}-0001")
    services.submit_contracts(cast.ada, [fresh.pk])
    assert Contract.objects.get(pk=fresh.pk).number == f"HT-{year}-0002"


def test_what_is_missing_is_said_all_at_once(cast: Any) -> None:
    contract = make_contract(cast.ada, type=make_type(required=["starts_on", "gross"]).pk)
    with pytest.raises(Invalid) as refused:
        services.submit_contracts(cast.ada, [contract.pk])
    assert {p.field for p in refused.value.problems} == {"starts_on", "gross"}
    assert not Round.objects.exists()


def test_without_somebody_to_decide_nothing_is_sent(cast: Any) -> None:
    contract = make_contract(cast.ben)
    with pytest.raises(NoApprover) as refused:
        services.submit_contracts(cast.ben, [contract.pk])
    assert "Settings" in refused.value.then
    assert stage_of(contract) == "draft"


def test_a_rejection_is_revised_and_no_longer_counts(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL)
    reject(cast.ben, contract.pk, "The price is wrong")
    drain_outbox()
    assert stage_of(contract) == "rejected"
    assert last_entry(contract.pk) == ("contracts.rejected", "Hetong", "The price is wrong")
    services.revise_contracts(cast.ada, [contract.pk])
    assert stage_of(contract) == "draft"
    assert Round.objects.get().state == "void"


def test_deciding_twice_changes_nothing_and_withdrawing_too_late_is_said(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL)
    task = approve(cast.ben, contract.pk)
    with pytest.raises(AlreadyDecided):
        decide(cast.ben, [task.pk], "reject", comment="No")
    with pytest.raises(DecidedMeanwhile):
        services.withdraw_contracts(cast.ada, [contract.pk])
    drain_outbox()
    assert stage_of(contract) == "approved"


def test_the_same_decision_heard_twice_moves_once(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL)
    approve(cast.ben, contract.pk)
    drain_outbox()
    Outbox.objects.update(state="waiting")
    drain_outbox()
    assert stage_of(contract) == "approved"
    assert StageMove.objects.filter(contract=contract, verb="approve").count() == 1


def test_nobody_decides_on_their_own_request(cast: Any) -> None:
    """Trust B2: the submitter, though team lead by now, is refused."""
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL)
    with pytest.raises(OwnRound):
        decide(cast.ada, [task_of(contract.pk).pk], "approve")
    assert stage_of(contract) == "in_approval"


def test_voiding_ends_what_was_asked(cast: Any) -> None:
    asked, out = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL), walk_to(cast.ada, cast.ben, Stage.SIGNING)
    services.void_contracts(cast.ben, [asked.pk, out.pk], reason="The customer went elsewhere")
    assert set(Round.objects.values_list("state", flat=True)) == {"void"}
    assert Envelope.objects.get().state == "recalled"


# -- signing and activation ------------------------------------------------------------------------


def test_a_text_changed_after_approval_is_not_sent(cast: Any) -> None:
    """Trust B1, B4: edit after approval, and the approval does not hold."""
    contract = make_contract(cast.ada)
    text = make_document(cast.ada, "contracts.contract", contract.pk, kind="contract_text", title="Text")
    walk_to(cast.ada, cast.ben, Stage.APPROVED, contract)
    add_version(cast.ada, text.pk, make_upload("Another text"))
    with pytest.raises(ContentChanged):
        services.send_to_sign(cast.ada, [contract.pk])
    assert stage_of(contract) == "approved"


def test_a_text_changed_while_out_for_signing_keeps_it_from_coming_into_force_until_put_right(cast: Any) -> None:
    contract = make_contract(cast.ada)
    text = make_document(cast.ada, "contracts.contract", contract.pk, kind="contract_text", title="Text")
    walk_to(cast.ada, cast.ben, Stage.SIGNING, contract)
    add_version(cast.ada, text.pk, make_upload("Another text"))
    sign(cast.ada, contract.pk)
    drain_outbox()
    contract.refresh_from_db()
    assert (contract.stage, contract.signature) == ("signing", "both")
    stuck = Outbox.objects.get(listener__endswith=":activate_signed")
    assert "ContentChanged" in stuck.error
    with pytest.raises(ContentChanged):
        services.activate_contracts(cast.ada, [contract.pk])
    Version.objects.filter(document=text.pk, number=2).update(state="superseded")
    Version.objects.filter(document=text.pk, number=1).update(state="current")
    services.activate_contracts(cast.ada, [contract.pk])
    assert stage_of(contract) == "active"


def test_nothing_comes_into_force_without_the_signed_file(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.SIGNING)
    with pytest.raises(NotSigned):
        services.activate_contracts(cast.ada, [contract.pk])
    assert stage_of(contract) == "signing"


def test_a_flag_that_stops_signing_stops_sending_and_recording(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.APPROVED)
    services.flag_contracts(cast.ada, [contract.pk], {"reason": "Wrong party", "stops_signing": True})
    with pytest.raises(SigningStopped):
        services.send_to_sign(cast.ada, [contract.pk])
    services.unflag_contracts(cast.ada, [contract.pk], outcome="Put right")
    services.send_to_sign(cast.ada, [contract.pk])
    services.flag_contracts(cast.ada, [contract.pk], {"reason": "Wrong party", "stops_signing": True})
    with pytest.raises(SigningStopped):
        sign(cast.ada, contract.pk)
    assert Envelope.objects.get().state == "open"


def test_a_recalled_contract_is_approved_still_and_goes_out_again(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.SIGNING)
    services.recall_contracts(cast.ada, [contract.pk], reason="Wrong signatory")
    assert stage_of(contract) == "approved"
    services.send_to_sign(cast.ada, [contract.pk])
    sign(cast.ada, contract.pk)
    with pytest.raises(EnvelopeOver):
        services.recall_contracts(cast.ada, [contract.pk])
    drain_outbox()
    assert stage_of(contract) == "active"


# -- in force and after ----------------------------------------------------------------------------


def test_termination_keeps_its_day_and_refuses_days_outside_the_contract(cast: Any) -> None:
    contract = make_contract(cast.ben, Stage.ACTIVE, starts_on="2026-01-01", ends_on="2026-12-31")
    for day, reason, field in (
        (None, "Breach", "on"), (dt.date(2025, 12, 31), "Breach", "on"), (dt.date(2027, 1, 1), "Breach", "on"),
        (dt.date(2026, 6, 30), " ", "reason"),
    ):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            services.terminate_contracts(cast.ben, [contract.pk], on=day, reason=reason)
        assert [p.field for p in refused.value.problems] == [field]
    services.terminate_contracts(cast.ben, [contract.pk], on=dt.date(2026, 6, 30), reason="Breach")
    contract.refresh_from_db()
    assert (contract.stage, contract.terminated_on) == ("terminated", dt.date(2026, 6, 30))


def test_a_fixed_term_expires_on_the_day_after_its_end_as_the_system(cast: Any) -> None:
    ends = dt.date(2026, 3, 31)
    fixed = make_contract(cast.ada, Stage.ACTIVE, starts_on="2025-04-01", ends_on=ends.isoformat())
    renewing = make_contract(
        cast.ada, Stage.ACTIVE, starts_on="2025-04-01", ends_on=ends.isoformat(), term="auto_renew"
    )
    with clock.set_to(ends):
        services.expire_ended()
    assert stage_of(fixed) == "active"
    with clock.set_to(dt.date(2026, 4, 5)):
        assert services.expire_ended() == "1 contracts expired"
        assert services.expire_ended() == "0 contracts expired"
    assert (stage_of(fixed), stage_of(renewing)) == ("expired", "active")
    move = StageMove.objects.get(contract=fixed)
    assert (move.on, move.actor_label) == (dt.date(2026, 4, 1), "Hetong")


def test_adopting_needs_its_own_right_a_reason_and_the_day_of_signing(cast: Any) -> None:
    contract = make_contract(cast.ada)
    with pytest.raises(Forbidden):
        services.adopt_contracts(cast.ada, [contract.pk], reason="In force since 2024", signed_on=dt.date(2024, 5, 1))
    with pytest.raises(Invalid):
        services.adopt_contracts(cast.lin, [contract.pk], reason="In force since 2024")
    services.adopt_contracts(cast.lin, [contract.pk], reason="In force since 2024", signed_on=dt.date(2024, 5, 1))
    contract.refresh_from_db()
    assert (contract.stage, contract.signature, contract.signed_on) == ("active", "both", dt.date(2024, 5, 1))
    assert contract.number
    assert not Round.objects.exists(), "adoption is apart from approvals"


def test_suspended_and_resumed(cast: Any) -> None:
    contract = make_contract(cast.ben, Stage.ACTIVE)
    services.suspend_contracts(cast.ben, [contract.pk], reason="Strike")
    assert stage_of(contract) == "suspended"
    services.resume_contracts(cast.ben, [contract.pk])
    assert stage_of(contract) == "active"


# -- closing and the archive -----------------------------------------------------------------------


def test_what_is_open_keeps_a_contract_from_closing_until_settled_or_waived(cast: Any) -> None:
    contract = make_contract(cast.ada)
    make_milestone(cast.ben, contract, title="Acceptance")
    contract.refresh_from_db()
    Contract.objects.filter(pk=contract.pk).update(stage=Stage.CLOSING, stage_since=clock.now())
    with pytest.raises(NotSettled) as refused:
        services.close_contracts(cast.ben, [contract.pk])
    assert "Acceptance" in refused.value.params["open"]
    with pytest.raises(Invalid):
        waive_item(cast.ben, contract.pk, "milestones", reason=" ")
    with pytest.raises(Forbidden):
        waive_item(cast.ada, contract.pk, "milestones", reason="Not needed")
    waive_item(cast.ben, contract.pk, "milestones", reason="Replaced by a letter")
    with pytest.raises(NothingToWaive):
        waive_item(cast.ben, contract.pk, "milestones", reason="Again")
    with pytest.raises(NotFound):
        waive_item(cast.ben, contract.pk, "nothing", reason="Again")
    services.close_contracts(cast.ben, [contract.pk])
    assert stage_of(contract) == "closed"
    assert Waiver.objects.get().by_label == "Ben"


def test_checks_of_other_apps_are_asked(cast: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    contract = make_contract(cast.ben, Stage.CLOSING)

    def open_amount(actor: Any, contracts: Any) -> list[CloseItem]:
        return [
            CloseItem(one.pk, "settled", "Everything is paid", is_done=False, detail="SEK 0.01 is open")
            for one in contracts
        ]

    monkeypatch.setattr("hetong.contracts.services.closing.CHECKS", [*CHECKS, open_amount])
    with pytest.raises(NotSettled, match="not_settled") as refused:
        services.close_contracts(cast.ben, [contract.pk])
    assert "SEK 0.01 is open" in refused.value.params["open"]


def test_an_original_that_is_out_keeps_a_contract_from_the_archive(cast: Any) -> None:
    """S0-32."""
    contract = make_contract(cast.ben, Stage.CLOSED)
    original = make_original(cast.ben, contract)
    assert isinstance(original, Original)
    today = clock.today()
    services.lend_originals(
        cast.ben, [original.pk], {"borrower": "Notary", "until": (today + dt.timedelta(days=9)).isoformat()}
    )
    with pytest.raises(OriginalsOut):
        services.archive_contracts(cast.ben, [contract.pk])
    assert stage_of(contract) == "closed"


def test_what_is_archived_is_read_only_until_an_administrator_says_why(cast: Any) -> None:
    contract = make_contract(cast.ben, Stage.CLOSED)
    line_of = make_contract(cast.ben)
    make_line(cast.ben, line_of)
    services.archive_contracts(
        cast.ben, [contract.pk], place="Shelf 4", keep_until=clock.today() + dt.timedelta(days=3650)
    )
    contract.refresh_from_db()
    assert (contract.archive_place, contract.archive_no != "") == ("Shelf 4", True)
    document = pytest.raises(Archived)
    with document:
        make_document(cast.ben, "contracts.contract", contract.pk)
    for act in (
        lambda: services.edit_contracts(cast.ben, [contract.pk], {"archive_place": "Elsewhere"}),
        lambda: services.flag_contracts(cast.ben, [contract.pk], {"reason": "Odd"}),
        lambda: services.add_members(cast.ben, [contract.pk], {"user": str(cast.lin.id), "role": "legal"}),
    ):
        with pytest.raises(Archived):
            act()
    with pytest.raises(Forbidden):
        services.unarchive_contracts(cast.ben, [contract.pk], reason="A claim came in")
    with pytest.raises(Invalid):
        services.unarchive_contracts(cast.admin, [contract.pk], reason="")
    services.unarchive_contracts(cast.admin, [contract.pk], reason="A claim came in")
    assert stage_of(contract) == "closed"
    assert last_entry(contract.pk) == ("contracts.unarchived", "Admin", "A claim came in")


def test_a_given_archive_number_is_kept_and_a_passed_day_refused(cast: Any) -> None:
    contract = make_contract(cast.ben, Stage.CLOSED)
    with pytest.raises(Invalid):
        services.archive_contracts(cast.ben, [contract.pk], keep_until=dt.date(2020, 1, 1))
    services.archive_contracts(cast.ben, [contract.pk], archive_no="K-17/3")
    assert Contract.objects.get(pk=contract.pk).archive_no == "K-17/3"


def test_signers_of_the_future_are_refused(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.SIGNING)
    late = clock.today() + dt.timedelta(days=2)
    with pytest.raises(Invalid) as refused:
        sign(cast.ada, contract.pk, ours=ours(late), theirs=theirs(late), upload=signed_file())
    assert {p.field for p in refused.value.problems} == {"ours_signed_on", "theirs_signed_on"}
