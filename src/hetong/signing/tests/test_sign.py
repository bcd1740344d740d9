"""Envelopes and signed copies: what is needed, what is kept, what is refused (S0-14)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from hetong.audit.testing import last_entry
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, walk_to
from hetong.documents.models import Document, Version
from hetong.documents.testing import make_document
from hetong.jobs.models import Outbox
from hetong.jobs.worker import drain_outbox
from hetong.kernel import clock
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.signing import queries, services
from hetong.signing.models import Envelope, Signatory
from hetong.signing.services import EnvelopeOpen, EnvelopeOver, EnvelopeRequest, Signer
from hetong.signing.testing import ours, sign, signed_file, theirs

pytestmark = pytest.mark.django_db
KEY = "contracts.contract"


def sent(cast: Any, *, text: bool = False) -> tuple[Contract, Envelope]:
    contract = make_contract(cast.ada)
    if text:
        make_document(cast.ada, KEY, contract.pk, kind="contract_text", title="Text")
    walk_to(cast.ada, cast.ben, Stage.SIGNING, contract)
    return contract, Envelope.objects.get(subject=contract.pk)


def test_both_sides_a_file_and_the_confirmation_are_needed_and_all_is_said_at_once(cast: Any) -> None:
    _contract, envelope = sent(cast, text=True)
    with pytest.raises(Invalid) as refused:
        services.record_signed_copy(cast.ada, envelope.pk, None, ours=Signer(""), theirs=Signer(" "), same_text=False)
    assert {p.field for p in refused.value.problems} == {
        "ours_name", "ours_signed_on", "theirs_name", "theirs_signed_on", "file", "same_text",
    }  # fmt: skip
    assert not Document.objects.filter(kind__key="signed_copy").exists()


@pytest.mark.parametrize(("day", "code"), [(dt.date(2199, 1, 1), "in_the_future"), (dt.date(1850, 1, 1), "date_range")])
def test_absurd_days_are_refused(cast: Any, day: dt.date, code: str) -> None:
    _contract, envelope = sent(cast)
    with pytest.raises(Invalid) as refused:
        services.record_signed_copy(
            cast.ada, envelope.pk, signed_file(), ours=ours(day), theirs=theirs(), same_text=True
        )
    assert [p.code for p in refused.value.problems] == [code]


def test_the_signed_file_is_kept_as_a_document_that_counts_with_both_hashes(cast: Any) -> None:
    contract, envelope = sent(cast, text=True)
    sign(cast.ada, contract.pk, theirs=theirs(clock.today() - dt.timedelta(days=2)))
    envelope.refresh_from_db()
    copy = Version.objects.get(document__kind__key="signed_copy")
    assert (envelope.state, envelope.signed_id, envelope.signed_sha256) == ("completed", copy.pk, copy.sha256)
    assert (copy.state, copy.number) == ("current", 1)
    assert len(envelope.text_sha256) == 64
    assert envelope.confirmed_by == cast.ada.id
    assert list(Signatory.objects.order_by("side").values_list("side", "name")) == [
        ("ours", "Marcus Hedlund"), ("theirs", "Karin Ekdahl"),
    ]  # fmt: skip
    told = Outbox.objects.filter(code="signing.completed")[0].rows[0]["facts"]
    assert told["signed_on"] == clock.today().isoformat()
    assert told["signed_sha256"] == copy.sha256
    assert last_entry(contract.pk)[0] == "signing.completed"


def test_a_second_copy_is_not_taken(cast: Any) -> None:
    """Trust A13: a double click records one copy."""
    contract, envelope = sent(cast)
    sign(cast.ada, contract.pk)
    with pytest.raises(EnvelopeOver):
        services.record_signed_copy(cast.ada, envelope.pk, signed_file(), ours=ours(), theirs=theirs(), same_text=True)
    assert Document.objects.filter(kind__key="signed_copy").count() == 1


def test_one_side_may_sign_first_and_stands_on_the_record(cast: Any) -> None:
    contract, envelope = sent(cast)
    services.mark_side_signed(cast.ada, envelope.pk, "theirs", theirs())
    drain_outbox()
    assert Contract.objects.get(pk=contract.pk).signature == "theirs"
    services.mark_side_signed(cast.ada, envelope.pk, "theirs", Signer("Karin Ek", "", clock.today()))
    assert Signatory.objects.get().name == "Karin Ek"
    services.mark_side_signed(cast.ada, envelope.pk, "ours", ours())
    drain_outbox()
    found = Contract.objects.get(pk=contract.pk)
    assert (found.signature, found.stage) == ("both", "signing"), "without the signed copy nothing comes into force"
    with pytest.raises(Invalid):
        services.mark_side_signed(cast.ada, envelope.pk, "ours", Signer("", "", None))


def test_who_may_not_sign_is_refused_and_who_does_not_see_finds_nothing(cast: Any) -> None:
    contract, envelope = sent(cast)
    for name in ("fia", "cleo", "eve"):
        with pytest.raises(Forbidden):
            services.mark_side_signed(getattr(cast, name), envelope.pk, "ours", ours())
    with pytest.raises(NotFound):
        services.mark_side_signed(cast.dora, envelope.pk, "ours", ours())
    assert not queries.find_envelopes(cast.dora, KEY, contract.pk).exists()


def test_one_envelope_at_a_time(cast: Any) -> None:
    contract, _envelope = sent(cast)
    with pytest.raises(EnvelopeOpen):
        services.open_envelopes(cast.ada, [EnvelopeRequest(KEY, contract.pk, contract.company_id, "Again", "0" * 64)])


def test_too_long_names_are_said(cast: Any) -> None:
    _contract, envelope = sent(cast)
    with pytest.raises(Invalid) as refused:
        services.mark_side_signed(cast.ada, envelope.pk, "ours", Signer("A" * 121, "", clock.today()))
    assert refused.value.problems[0].field == "ours_name"
