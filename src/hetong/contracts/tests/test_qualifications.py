"""A type asks for papers of the other side; one that is missing or has lapsed stops submitting and signing, or is said (S2-24)."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.queries import actor_for
from hetong.accounts.services import bump_policy, make_token
from hetong.accounts.testing import forget_access
from hetong.approvals.models import Task
from hetong.approvals.testing import approve
from hetong.audit.testing import entries_of, last_entry
from hetong.contracts import services
from hetong.contracts.models import Contract, ContractType
from hetong.contracts.queries import qualifications_of
from hetong.contracts.services.qualifications import NothingToLetPass, NotQualified
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_type, walk_to
from hetong.documents import services as documents
from hetong.documents.models import Document
from hetong.documents.testing import kind_of, make_document
from hetong.jobs.worker import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Forbidden, Invalid, NotFound
from hetong.signing.testing import sign

pytestmark = pytest.mark.django_db
PARTY = "parties.party"
TODAY = clock.today("Europe/Stockholm")
PAST, FAR = TODAY - dt.timedelta(days=3), TODAY + dt.timedelta(days=900)


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Any, settings: Any) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"


def asking(cast: Any, rule: str = "stop") -> Contract:
    """A draft of Ada's, of a type that asks for a licence of the other side."""
    kind_of("certificate")
    return make_contract(cast.ada, type=make_type(qualifications=["certificate"], lapse_rule=rule).pk)


def paper(cast: Any, contract: Contract, until: dt.date | None, **over: Any) -> Document:
    given = {
        "kind": "certificate",
        "title": "ISO 9001",
        "valid_until": until.isoformat() if until else "",
        "licence_number": "ISO-77",
    }
    return make_document(cast.lin, PARTY, contract.counterparty_id, **given | over)


def stage_of(contract: Contract) -> str:
    return Contract.objects.values_list("stage", flat=True).get(pk=contract.pk)


def states(cast: Any, contract: Contract) -> list[str]:
    contract.refresh_from_db()
    return [one.state for one in qualifications_of(cast.ada, [contract])]


def test_a_missing_or_lapsed_paper_keeps_a_contract_from_its_approvers(cast: Any) -> None:
    contract = asking(cast)
    with pytest.raises(NotQualified) as refused:
        services.submit_contracts(cast.ada, [contract.pk])
    assert refused.value.params["open"] == "Licence or certificate is missing"
    document = paper(cast, contract, PAST)
    with pytest.raises(NotQualified) as refused:
        services.submit_contracts(cast.ada, [contract.pk])
    assert refused.value.params["open"] == f"Licence or certificate “ISO 9001” was valid until {PAST.isoformat()}"
    documents.edit_documents(cast.lin, [document.pk], {"valid_until": TODAY.isoformat()})
    services.submit_contracts(cast.ada, [contract.pk])
    assert stage_of(contract) == "in_approval", "its last day counts still"


def test_the_paper_that_lasts_longest_counts_and_only_one_in_use_of_that_kind_with_that_party(cast: Any) -> None:
    contract = asking(cast)
    paper(cast, contract, FAR, kind="annex")
    make_document(cast.lin, "contracts.contract", contract.pk, kind="certificate", valid_until=FAR.isoformat())
    make_document(
        cast.gus, PARTY, make_contract(cast.gus).counterparty_id, kind="certificate", valid_until=FAR.isoformat()
    )
    assert states(cast, contract) == ["missing"]
    paper(cast, contract, PAST)
    soon = paper(cast, contract, TODAY + dt.timedelta(days=60))
    assert states(cast, contract) == ["soon"]
    lasting = paper(cast, contract, None)
    assert states(cast, contract) == ["valid"], "one that does not lapse lasts longest"
    documents.retire_documents(cast.lin, [lasting.pk, soon.pk])
    assert states(cast, contract) == ["lapsed"]


def test_what_lapses_between_approval_and_signature_stops_both_steps_of_signing(cast: Any) -> None:
    contract = asking(cast)
    document = paper(cast, contract, FAR)
    services.submit_contracts(cast.ada, [contract.pk])
    approve(cast.ben, contract.pk)
    drain_outbox()
    documents.edit_documents(cast.lin, [document.pk], {"valid_until": PAST.isoformat()})
    with pytest.raises(NotQualified):
        services.send_to_sign(cast.ada, [contract.pk])
    documents.edit_documents(cast.lin, [document.pk], {"valid_until": FAR.isoformat()})
    services.send_to_sign(cast.ada, [contract.pk])
    documents.edit_documents(cast.lin, [document.pk], {"valid_until": PAST.isoformat()})
    with pytest.raises(NotQualified):
        sign(cast.ada, contract.pk)
    services.let_qualification_pass(cast.ben, contract.pk, "certificate", reason="They sent the renewal by mail")
    sign(cast.ada, contract.pk)
    drain_outbox()
    assert stage_of(contract) == "active"
    assert states(cast, contract) == [], "in force: nothing is asked any more"


def test_who_decides_is_told_what_was_let_pass_and_why(cast: Any) -> None:
    """S2-24: an exception is seen by who answers for it, on the card of the decision."""
    contract = asking(cast)
    paper(cast, contract, PAST)
    services.let_qualification_pass(cast.ben, contract.pk, "certificate", reason="The renewal is under way")
    services.submit_contracts(cast.ada, [contract.pk])
    drain_outbox()
    client = Client()
    client.force_login(cast.users["ben"])
    task = Task.objects.get(round__subject=contract.pk)
    page = client.get(f"/approvals/{task.pk}/").content.decode()
    assert "To know before you decide" in page
    assert "ISO 9001" in page
    assert "The renewal is under way" in page


def test_a_type_may_say_so_and_go_on(cast: Any) -> None:
    contract = asking(cast, "warn")
    [found] = qualifications_of(cast.ada, [contract])
    assert (found.state, found.is_in_the_way) == ("missing", False)
    with pytest.raises(NothingToLetPass):
        services.let_qualification_pass(cast.ben, contract.pk, "certificate", reason="Why not")
    assert walk_to(cast.ada, cast.ben, Stage.ACTIVE, contract).stage == "active"


def test_letting_pass_needs_a_reason_and_the_right_and_holds_for_that_paper_alone(cast: Any) -> None:
    contract = asking(cast)
    document = paper(cast, contract, PAST)
    with pytest.raises(Forbidden):
        services.let_qualification_pass(cast.ada, contract.pk, "certificate", reason="I want to")
    with pytest.raises(NotFound):
        services.let_qualification_pass(cast.dora, contract.pk, "certificate", reason="I want to")
    with pytest.raises(NotFound):
        services.let_qualification_pass(cast.ben, contract.pk, "annex", reason="Not asked for")
    with pytest.raises(Invalid):
        services.let_qualification_pass(cast.ben, contract.pk, "certificate", reason="  ")
    services.let_qualification_pass(cast.ben, contract.pk, "certificate", reason="Renewal is under way")
    assert entries_of(contract.pk)[-1] == "contracts.qualification_waived"
    assert last_entry(contract.pk) == ("contracts.qualification_waived", "Ben", "Renewal is under way")
    with pytest.raises(NothingToLetPass):
        services.let_qualification_pass(cast.ben, contract.pk, "certificate", reason="Again")
    documents.edit_documents(cast.lin, [document.pk], {"valid_until": (PAST - dt.timedelta(days=1)).isoformat()})
    with pytest.raises(NotQualified):
        services.submit_contracts(cast.ada, [contract.pk])
    documents.edit_documents(cast.lin, [document.pk], {"valid_until": PAST.isoformat()})
    services.submit_contracts(cast.ada, [contract.pk])
    assert stage_of(contract) == "in_approval"


def test_of_many_the_first_that_lacks_one_is_named_and_none_goes(cast: Any) -> None:
    contract = asking(cast)
    paper(cast, contract, FAR)
    other = make_contract(cast.ada, type=contract.type_id, title="Second")
    with pytest.raises(NotQualified) as refused:
        services.submit_contracts(cast.ada, [contract.pk, other.pk])
    assert refused.value.params["title"] == "Second"
    assert stage_of(contract) == "draft"


def test_who_may_not_read_the_kind_learns_that_something_is_in_the_way_and_no_name(cast: Any) -> None:
    contract = asking(cast)
    paper(cast, contract, PAST)
    role = Role.objects.get(key="sales_rep")
    FieldRule.objects.create(role=role, noun="documents.by_kind", field="certificate", level=0)
    bump_policy(Actor.system(), ())
    with pytest.raises(NotQualified) as refused:
        services.submit_contracts(cast.ada, [contract.pk])
    assert refused.value.params["open"] == "a paper that you may not read is missing or has lapsed"
    page = browser(cast, "ada").get(f"/contracts/{contract.pk}/submit/").content.decode()
    assert "A paper that you may not read" in page
    for word in ("ISO 9001", "ISO-77", PAST.isoformat()):
        assert word not in page
    services.let_qualification_pass(cast.ben, contract.pk, "certificate", reason="Their ISO 9001 is under way")
    page = browser(cast, "ada").get(f"/contracts/{contract.pk}/").content.decode()
    _token, secret = make_token(cast.ada, cast.users["ada"], label="papers")
    api = Client(headers={"authorization": f"Bearer {secret}"})
    [told] = api.get(f"/api/v1/contracts/{contract.pk}/qualifications").json()["items"]
    assert (told["code"], told["state"], told["waived_reason"], told["is_in_the_way"]) == ("", "missing", "", False)
    assert "ISO 9001" not in page.partition('id="papers-h"')[2].partition("</section>")[0]
    forget_access()


def test_who_may_not_read_names_is_not_told_who_let_it_pass(cast: Any) -> None:
    contract = asking(cast)
    paper(cast, contract, PAST)
    services.let_qualification_pass(cast.ben, contract.pk, "certificate", reason="By mail")
    for role in Role.objects.all():
        FieldRule.objects.create(role=role, noun="accounts.user", field="name", level=0)
    bump_policy(Actor.system(), ())
    forget_access()
    [told] = qualifications_of(actor_for(cast.users["ada"]), [contract])
    assert (told.is_waived, told.waived_by, told.is_in_the_way) == (True, "", False)
    [told] = qualifications_of(actor_for(cast.users["ben"]), [contract])
    assert told.waived_by == "Ben"
    forget_access()


def test_an_administrator_chooses_the_papers_and_what_they_do(cast: Any) -> None:
    kind_of("certificate")
    admin = browser(cast, "admin")
    kind = make_type()
    page = admin.get(f"/settings/contract-types/{kind.pk}/").content.decode()
    assert "Papers asked of the other side" in page
    services.edit_types(cast.admin, [kind.pk], {"qualifications": ["certificate"], "lapse_rule": "warn"})
    kind.refresh_from_db()
    assert (kind.qualifications, kind.lapse_rule) == (["certificate"], "warn")
    assert entries_of(kind.pk)[-1] == "contracts.types_edited"
    with pytest.raises(Invalid):
        services.edit_types(cast.admin, [kind.pk], {"qualifications": ["annex"]})
    with pytest.raises(Invalid):
        services.edit_types(cast.admin, [kind.pk], {"lapse_rule": "never"})
    added = services.add_types(
        cast.admin, [{"labels": {"en": "New"}, "class": "none", "qualifications": ["certificate"]}]
    )
    assert (added[0].qualifications, added[0].lapse_rule) == (["certificate"], "stop")
    assert ContractType.objects.get(pk=added[0].pk).qualifications == ["certificate"]


def browser(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def test_the_page_says_what_is_missing_and_who_may_lets_it_pass(cast: Any) -> None:
    contract = asking(cast)
    paper(cast, contract, PAST)
    ada, ben = browser(cast, "ada"), browser(cast, "ben")
    url = f"/contracts/{contract.pk}"
    page = ada.get(f"{url}/submit/").content.decode()
    assert "Papers of the other side" in page
    assert f"/parties/{contract.counterparty_id}/documents/#d-" in page
    assert "Why it may pass" not in page, "Ada may not let it pass"
    refused = ada.post(f"{url}/submit/")
    assert refused.status_code == 409
    assert "ISO 9001" in refused.content.decode()
    assert ada.post(f"{url}/papers/certificate/pass/", {"reason": "I want to"}).status_code == 403
    assert "Why it may pass" in ben.get(f"{url}/notices/").content.decode()
    ben.post(f"{url}/papers/certificate/pass/", {"reason": ""})
    assert ada.post(f"{url}/submit/").status_code == 409
    ben.post(f"{url}/papers/certificate/pass/", {"reason": "Renewal is under way"})
    assert "Let pass by Ben: Renewal is under way" in ada.get(f"{url}/submit/").content.decode()
    assert ada.post(f"{url}/submit/").status_code == 302
    assert stage_of(contract) == "in_approval"


def test_the_api_says_it_refuses_and_lets_pass(cast: Any) -> None:
    contract = asking(cast)
    paper(cast, contract, PAST)
    clients = {}
    for name in ("ada", "ben"):
        _token, secret = make_token(getattr(cast, name), cast.users[name], label="papers")
        clients[name] = Client(headers={"authorization": f"Bearer {secret}"})
    url = f"/api/v1/contracts/{contract.pk}"
    [told] = clients["ada"].get(f"{url}/qualifications").json()["items"]
    assert (told["code"], told["state"], told["valid_until"], told["is_in_the_way"]) == (
        "certificate", "lapsed", PAST.isoformat(), True,
    )  # fmt: skip
    refused = clients["ada"].post(f"{url}/submit", content_type="application/json")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_qualified")
    waive = f"{url}/qualifications/certificate/waive"
    assert clients["ada"].post(waive, {"reason": "No"}, content_type="application/json").status_code == 403
    assert clients["ben"].post(waive, {"reason": ""}, content_type="application/json").status_code == 422
    [told] = clients["ben"].post(waive, {"reason": "By mail"}, content_type="application/json").json()["items"]
    assert (told["is_in_the_way"], told["waived_by"], told["waived_reason"]) == (False, "Ben", "By mail")
    assert clients["ada"].post(f"{url}/submit", content_type="application/json").status_code == 200
