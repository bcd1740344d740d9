"""Approving, signing and closing on pages; the same refusals there, through the API and by token (trust A13, B2)."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hetong.accounts.models import ApiToken
from hetong.accounts.services import make_token
from hetong.approvals.models import Round, Task
from hetong.approvals.testing import reject, task_of
from hetong.contracts import services
from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line, walk_to
from hetong.documents.services import seed_kinds
from hetong.documents.testing import make_document
from hetong.jobs.worker import drain_outbox
from hetong.kernel import clock
from hetong.signing.models import Envelope
from hetong.signing.testing import signed_file

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _host(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver"]


def page(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def stage_of(contract: Contract) -> str:
    return Contract.objects.values_list("stage", flat=True).get(pk=contract.pk)


def test_the_whole_way_by_pages(cast: Any) -> None:
    seed_kinds()
    contract = make_contract(cast.ada)
    ada, ben = page(cast, "ada"), page(cast, "ben")
    base = f"/contracts/{contract.pk}/"
    assert "Submit for approval" in ada.get(base).content.decode()
    assert ada.post(f"{base}submit/", {"reason": "Please hurry"}).status_code == 302
    inbox = ben.get("/approvals/").content.decode()
    assert "Please hurry" in inbox
    assert "btn-commit" in inbox
    task = task_of(contract.pk)
    assert ben.get(f"/approvals/{task.pk}/").status_code == 200
    assert ben.post(f"/approvals/{task.pk}/approve/").status_code == 302
    drain_outbox()
    assert stage_of(contract) == "approved"
    assert ada.get(f"{base}approvals/").status_code == 200
    assert ada.post(f"{base}send_to_sign/").status_code == 302
    shown = ada.get(f"{base}signing/").content.decode()
    assert "Record the signed copy" in shown
    envelope = Envelope.objects.get()
    upload = signed_file()
    upload.stream.name = "signed.pdf"
    today = clock.today().isoformat()
    signed = {"ours_name": "Marcus", "ours_signed_on": today, "theirs_name": "Karin", "theirs_signed_on": today}
    short = ada.post(f"{base}signing/{envelope.pk}/complete/", {"ours_name": "Marcus"})
    assert short.status_code == 422
    assert "Marcus" in short.content.decode()
    assert ada.post(f"{base}signing/{envelope.pk}/complete/", signed | {"file": upload.stream}).status_code == 302
    assert "data-soon" in ada.get(base).content.decode(), "the page asks again while what follows is being done"
    drain_outbox()
    assert stage_of(contract) == "active"
    shown = ada.get(base).content.decode()
    assert "data-soon" not in shown
    assert "Karin signed" in shown
    assert ben.post(f"{base}begin_closing/").status_code == 302
    assert "Before it is closed" in ben.get(f"{base}close/").content.decode()
    assert ben.post(f"{base}close/").status_code == 302
    assert ben.post(f"{base}archive/", {"place": "Shelf 4"}).status_code == 302
    assert stage_of(contract) == "archived"
    assert ada.get(f"{base}edit/").status_code in (403, 409)


@pytest.mark.parametrize("stage", Stage)
@pytest.mark.parametrize("tab", ["", "approvals/", "signing/", "documents/", "history/", "head/"])
def test_every_tab_draws_at_every_stage(cast: Any, stage: Stage, tab: str) -> None:
    contract = make_contract(cast.ada, stage, starts_on="2026-01-01", ends_on="2027-12-31")
    assert page(cast, "admin").get(f"/contracts/{contract.pk}/{tab}").status_code == 200


def test_nobody_decides_on_their_own_request_on_any_channel(cast: Any) -> None:
    """Trust B2: page, API with a session's rights, token."""
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL)
    task = task_of(contract.pk)
    ada = page(cast, "ada")
    refused = ada.post(f"/approvals/{task.pk}/approve/")
    assert refused.status_code == 403
    assert "asked for this approval yourself" in refused.content.decode()
    _token, secret = make_token(cast.ada, cast.users["ada"], label="Mine")
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    answer = Client().post(f"/api/v1/approvals/{task.pk}/approve", content_type="application/json", **bearer)
    assert (answer.status_code, answer.json()["code"]) == (403, "own_round")
    assert stage_of(contract) == "in_approval"
    assert Task.objects.get().state == "waiting"


def test_a_token_that_may_not_decide_does_not(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL)
    task = task_of(contract.pk)
    _token, secret = make_token(cast.ben, cast.users["ben"], label="Reads only")
    ApiToken.objects.update(permissions=["contracts.view", "accounts.use_api"])
    bearer = {"HTTP_AUTHORIZATION": f"Bearer {secret}", "HTTP_IDEMPOTENCY_KEY": str(uuid4())}
    answer = Client().post(f"/api/v1/approvals/{task.pk}/approve", content_type="application/json", **bearer)
    assert answer.status_code == 403
    assert stage_of(contract) == "in_approval"


def test_a_double_click_approves_once_and_says_so(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL)
    task = task_of(contract.pk)
    ben = page(cast, "ben")
    assert ben.post(f"/approvals/{task.pk}/approve/").status_code == 302
    second = ben.post(f"/approvals/{task.pk}/approve/")
    assert second.status_code == 409
    assert "decided already" in second.content.decode()
    assert Round.objects.get().state == "approved"


def test_being_asked_opens_the_record_to_read_and_nothing_more(cast: Any) -> None:
    contract = make_contract(cast.olle)
    cast.sales2.parent, cast.sales2.lead = cast.sales, None
    cast.sales2.save()
    cast.sales.lead = cast.users["max"]
    cast.sales.save()
    assert not Contract.objects.visible_to(cast.ada).filter(pk=contract.pk).exists()
    cast.sales.lead = cast.users["ada"]
    cast.sales.save()
    services.submit_contracts(cast.olle, [contract.pk])
    ada = page(cast, "ada")
    shown = ada.get(f"/contracts/{contract.pk}/").content.decode()
    assert "btn-commit" in shown
    assert "Withdraw" not in shown
    assert ada.post(f"/contracts/{contract.pk}/withdraw/").status_code == 403
    assert ada.post(f"/approvals/{task_of(contract.pk).pk}/reject/", {"comment": ""}).status_code == 422
    assert ada.post(f"/approvals/{task_of(contract.pk).pk}/reject/", {"comment": "Too cheap"}).status_code == 302
    drain_outbox()
    assert stage_of(contract) == "rejected"
    assert page(cast, "dora").get(f"/approvals/{task_of(contract.pk).pk}/").status_code == 404


def test_what_changed_since_the_round_before_is_shown(cast: Any) -> None:
    contract = walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL, make_contract(cast.ada, payment_days="30"))
    reject(cast.ben, contract.pk)
    drain_outbox()
    services.revise_contracts(cast.ada, [contract.pk])
    services.edit_contracts(cast.ada, [contract.pk], {"payment_days": "20"})
    make_line(cast.ada, contract, title="Second meter")
    services.submit_contracts(cast.ada, [contract.pk])
    shown = page(cast, "ben").get("/approvals/").content.decode()
    assert "<del>30</del> <ins>20</ins>" in shown
    assert "<ins>Second meter</ins>" in shown
    assert "Round 2" in shown


def test_the_head_is_asked_again_and_says_when_nothing_is_new(cast: Any) -> None:
    contract = make_contract(cast.ada)
    ada = page(cast, "ada")
    first = ada.get(f"/contracts/{contract.pk}/head/")
    assert "<html" not in first.content.decode()
    again = ada.get(f"/contracts/{contract.pk}/head/", HTTP_X_LIVE_MARK=first.headers["X-Live-Mark"])
    assert again.status_code == 204


def test_the_stage_of_a_past_day_is_shown_and_odd_days_are_said(cast: Any) -> None:
    """S0-01: the record as of any past day shows the stage of that day."""
    with clock.set_to(dt.date(2026, 3, 2)):
        contract = make_contract(cast.ada)
    with clock.set_to(dt.date(2026, 3, 9)):
        walk_to(cast.ada, cast.ben, Stage.IN_APPROVAL, contract)
    ada = page(cast, "ada")
    url = f"/contracts/{contract.pk}/"
    assert "“Draft” at the end of that day" in ada.get(f"{url}?on=2026-03-08").content.decode()
    assert "“In approval” at the end of that day" in ada.get(f"{url}?on=2026-03-09").content.decode()
    assert "had not been entered yet" in ada.get(f"{url}?on=2026-03-01").content.decode()
    assert "still to come" in ada.get(f"{url}?on=2199-01-01").content.decode()
    assert "is not a day" in ada.get(f"{url}?on=yesterday").content.decode()


def test_the_close_checklist_waives_with_a_reason_only(cast: Any) -> None:
    contract = make_contract(cast.ada, Stage.CLOSING)
    Contract.objects.filter(pk=contract.pk).update(is_abnormal=True, abnormal_reason="Late delivery")
    ben = page(cast, "ben")
    url = f"/contracts/{contract.pk}/close/"
    assert "Late delivery" in ben.get(url).content.decode()
    refused = ben.post(url)
    assert refused.status_code == 409
    assert "cannot be closed" in refused.content.decode()
    ben.post(f"{url}abnormal/waive/", {"reason": ""})
    assert stage_of(contract) == "closing"
    ben.post(f"{url}abnormal/waive/", {"reason": "Settled by a letter"})
    assert "Waived by Ben: Settled by a letter" in ben.get(url).content.decode()
    assert ben.post(url).status_code == 302
    assert stage_of(contract) == "closed"


def test_the_whole_way_by_the_api(cast: Any) -> None:
    seed_kinds()
    contract = make_contract(cast.ada)
    make_document(cast.ada, "contracts.contract", contract.pk, kind="contract_text", title="Text")
    keys = {name: make_token(getattr(cast, name), cast.users[name], label="Walk")[1] for name in ("ada", "ben")}

    def call(who: str, path: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
        answer = Client().post(
            f"/api/v1{path}", body or {}, content_type="application/json", HTTP_AUTHORIZATION=f"Bearer {keys[who]}",
            HTTP_IDEMPOTENCY_KEY=str(uuid4()),
        )  # fmt: skip
        assert answer.status_code < 300, answer.content
        drain_outbox()
        found: dict[str, Any] = answer.json()
        return found

    base = f"/contracts/{contract.pk}"
    assert call("ada", f"{base}/submit", {"note": "Please"})["stage"] == "in_approval"
    waiting = (
        Client().get("/api/v1/approvals?assignee=me&state=waiting", HTTP_AUTHORIZATION=f"Bearer {keys['ben']}").json()
    )
    [task] = waiting["items"]
    assert task["verbs"] == ["approve", "reject"]
    assert call("ben", f"/approvals/{task['id']}/approve")["state"] == "approved"
    assert call("ada", f"{base}/send_to_sign")["stage"] == "signing"
    found = Client().get(f"/api/v1/envelopes?subject={contract.pk}", HTTP_AUTHORIZATION=f"Bearer {keys['ada']}").json()
    envelope = found["items"][0]["id"]
    today = clock.today().isoformat()
    call("ada", f"/envelopes/{envelope}/side", {"side": "theirs", "name": "Karin", "signed_on": today})
    assert Contract.objects.get(pk=contract.pk).signature == "theirs"
    upload = signed_file()
    upload.stream.name = "signed.pdf"
    signed = {"ours_name": "Marcus", "ours_signed_on": today, "theirs_name": "Karin", "theirs_signed_on": today}
    answer = Client().post(
        f"/api/v1/envelopes/{envelope}/complete", signed | {"file": upload.stream, "same_text": "true"},
        HTTP_AUTHORIZATION=f"Bearer {keys['ada']}", HTTP_IDEMPOTENCY_KEY=str(uuid4()),
    )  # fmt: skip
    assert answer.status_code == 200, answer.content
    drain_outbox()
    assert stage_of(contract) == "active"
    call("ben", f"{base}/begin_closing")
    call("ben", f"{base}/close")
    assert call("ben", f"{base}/archive", {"place": "Shelf 4"})["archive_place"] == "Shelf 4"


def test_asking_for_the_head_of_a_step_takes_no_step(cast: Any) -> None:
    contract = make_contract(cast.ada)
    assert page(cast, "ada").head(f"/contracts/{contract.pk}/review/").status_code == 200
    assert stage_of(contract) == "draft"
