"""Records through the API: added, read, changed, moved; hidden fields; versions; keys."""

from __future__ import annotations

from typing import Any
from uuid import UUID

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.testing import Cast, forget_access
from hetong.contracts.models import Contract, ContractType
from hetong.jobs.testing import drain_outbox
from hetong.kernel.actors import Level
from hetong.parties.models import Party
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db
V1 = "/api/v1"


def post(client: Client, path: str, body: Any = None, **more: Any) -> Any:
    return client.post(V1 + path, body or {}, content_type="application/json", **more)


def patch(client: Client, path: str, body: Any, **more: Any) -> Any:
    return client.patch(V1 + path, body, content_type="application/json", **more)


def made(answer: Any) -> dict[str, Any]:
    assert answer.status_code == 201, answer.content
    body: dict[str, Any] = answer.json()
    assert answer["Location"].endswith(body["id"])
    return body


@pytest.fixture
def party(cast: Cast, caller: Caller) -> dict[str, Any]:
    return made(post(caller(), "/parties", {"name": "Västerhamnens Energi AB", "kinds": ["customer"], "country": "SE"}))


@pytest.fixture
def contract(cast: Cast, caller: Caller, party: dict[str, Any]) -> dict[str, Any]:
    kind = ContractType.objects.filter(is_active=True).order_by("pk")[0]
    return made(
        post(caller(), "/contracts", {"title": "Service 2026", "type": str(kind.pk), "counterparty": party["id"]})
    )


def test_a_party_is_added_read_changed_and_found(cast: Cast, caller: Caller, party: dict[str, Any]) -> None:
    client = caller()
    read = client.get(f"{V1}/parties/{party['id']}")
    assert read.json()["name"] == "Västerhamnens Energi AB"
    assert read["ETag"] == f'"{party["version"]}"'
    changed = patch(
        client, f"/parties/{party['id']}", {"website": "https://energi.example", "version": party["version"]}
    )
    assert changed.status_code == 200, changed.content
    assert changed.json()["version"] == party["version"] + 1
    drain_outbox()
    [hit] = client.get(f"{V1}/search?q=västerhamn").json()["items"]
    assert (hit["noun"], hit["id"]) == ("parties.party", party["id"])
    assert [item["id"] for item in client.get(f"{V1}/parties?q=energi").json()["items"]] == [party["id"]]


def test_a_contact_belongs_to_a_party(cast: Cast, caller: Caller, party: dict[str, Any]) -> None:
    contact = made(post(caller(), "/contacts", {"party": party["id"], "name": "Karin Ek"}))
    [found] = caller().get(f"{V1}/contacts?party={party['id']}").json()["items"]
    assert found["id"] == contact["id"]
    assert found["party"] == {"id": party["id"], "title": "Västerhamnens Energi AB"}
    assert caller("dora").get(f"{V1}/contacts/{contact['id']}").status_code == 404


def test_a_contract_is_drafted_with_lines_and_sent_to_review(
    cast: Cast, caller: Caller, contract: dict[str, Any]
) -> None:
    client, base = caller(), f"/contracts/{contract['id']}"
    line = made(
        post(client, f"{base}/lines", {"title": "Service", "quantity": "2", "unit_price": "1250.50", "tax_rate": "25"})
    )
    assert (line["quantity"], line["unit_price"]) == ("2", "1250.5")
    assert line["net"] == {"amount": "2501.00", "currency": "SEK"}
    assert len(client.get(f"{V1}{base}/lines").json()["items"]) == 1
    assert patch(client, f"{base}/lines/{line['id']}", {"quantity": "3"}).json()["net"]["amount"] == "3751.50"
    assert client.get(V1 + base).json()["net"]["amount"] == "3751.50"
    patch(client, base, {"starts_on": "2026-01-01", "ends_on": "2026-12-31"})
    reviewed = post(client, f"{base}/review", {})
    assert reviewed.status_code in (200, 422), reviewed.content
    assert post(client, f"{base}/lines/{line['id']}/remove").status_code == 204
    assert client.get(f"{V1}{base}/lines/{line['id']}").status_code == 404


def test_steps_of_the_lifecycle_are_posts_and_an_impossible_one_is_409(
    cast: Cast, caller: Caller, contract: dict[str, Any]
) -> None:
    client, base = caller(), f"/contracts/{contract['id']}"
    assert post(client, f"{base}/restore").status_code == 409
    assert post(client, f"{base}/discard", {"reason": "twice"}).json()["stage"] == "discarded"
    assert post(client, f"{base}/discard").status_code == 409
    assert post(client, f"{base}/restore").json()["stage"] == "draft"
    assert post(client, f"{base}/restore", {"because": "x"}).status_code == 422
    assert post(client, f"{base}/void", {"reason": "x"}).status_code == 403
    assert client.get(f"{V1}{base}/review").status_code == 405


def test_a_step_on_a_version_that_is_no_more_is_409(cast: Cast, caller: Caller, contract: dict[str, Any]) -> None:
    patch(caller(), f"/contracts/{contract['id']}", {"title": "Another"})
    answer = post(caller(), f"/contracts/{contract['id']}/discard", {"version": contract["version"]})
    assert answer.status_code == 409
    assert answer.json()["version"] == contract["version"] + 1


def test_an_abnormal_flag_is_set_and_resolved(cast: Cast, caller: Caller, contract: dict[str, Any]) -> None:
    client, base = caller(), f"/contracts/{contract['id']}"
    assert post(client, f"{base}/flag", {}).status_code == 422
    assert post(client, f"{base}/flag", {"reason": "Late", "stops_invoicing": True}).json()["is_abnormal"] is True
    assert post(client, f"{base}/unflag", {}).status_code == 422
    assert post(client, f"{base}/unflag", {"outcome": "Settled"}).json()["is_abnormal"] is False


def test_the_line_of_another_contract_is_not_found_here(
    cast: Cast, caller: Caller, contract: dict[str, Any], party: dict[str, Any]
) -> None:
    client = caller()
    kind = ContractType.objects.filter(is_active=True).order_by("pk")[0]
    other = made(post(client, "/contracts", {"title": "Other", "type": str(kind.pk), "counterparty": party["id"]}))
    line = made(post(client, f"/contracts/{contract['id']}/lines", {"title": "x", "quantity": "1", "unit_price": "1"}))
    path = f"/contracts/{other['id']}/lines/{line['id']}"
    assert client.get(V1 + path).status_code == 404
    assert patch(client, path, {"quantity": "2"}).status_code == 404
    assert post(client, f"{path}/remove").status_code == 404
    assert (
        post(client, f"/contracts/{contract['id']}/lines", {"title": "x", "contract": other["id"]}).status_code == 422
    )


def test_somebody_was_faster(cast: Cast, caller: Caller, contract: dict[str, Any]) -> None:
    client, path = caller(), f"/contracts/{contract['id']}"
    assert patch(client, path, {"title": "Theirs", "version": contract["version"]}).status_code == 200
    answer = patch(client, path, {"title": "Mine", "version": contract["version"]})
    assert answer.status_code == 409
    body = answer.json()
    assert body["conflicts"] == [{"field": "title", "yours": "Mine", "theirs": "Theirs"}]
    assert body["version"] == contract["version"] + 1
    by_header = patch(client, path, {"title": "Mine"}, headers={"If-Match": f'"{contract["version"]}"'})
    assert by_header.status_code == 409
    assert patch(client, path, {"title": "Mine"}, headers={"If-Match": f'"{body["version"]}"'}).status_code == 200
    assert patch(client, path, {"title": "Mine"}, headers={"If-Match": "newest"}).status_code == 422


def test_what_is_not_visible_is_neither_read_nor_written_nor_counted(
    cast: Cast, caller: Caller, contract: dict[str, Any]
) -> None:
    dora, path = caller("dora"), f"/contracts/{contract['id']}"
    assert dora.get(V1 + path).status_code == 404
    assert patch(dora, path, {"title": "x"}).status_code == 404
    assert post(dora, f"{path}/discard").status_code == 404
    assert dora.get(f"{V1}{path}/lines").status_code == 404
    assert dora.get(f"{V1}/contracts").json()["items"] == []
    assert Contract.objects.get(pk=UUID(contract["id"])).title == "Service 2026"


def test_a_reader_may_not_write(cast: Cast, caller: Caller, contract: dict[str, Any]) -> None:
    cleo = caller("cleo")
    assert cleo.get(f"{V1}/contracts/{contract['id']}").status_code == 200
    assert patch(cleo, f"/contracts/{contract['id']}", {"title": "x"}).status_code == 403
    assert post(cleo, "/parties", {"name": "x"}).status_code == 403


@pytest.fixture
def hidden_net(cast: Cast) -> None:
    """Auditors of this installation may not see what contracts are worth."""
    FieldRule.objects.create(
        role=Role.objects.get(key="auditor"), noun="contracts.contract", field="net", level=Level.HIDDEN
    )
    forget_access()


def test_a_hidden_field_is_absent_and_cannot_be_asked_for(
    cast: Cast, caller: Caller, contract: dict[str, Any], hidden_net: None
) -> None:
    cleo = caller("cleo")
    shown = cleo.get(f"{V1}/contracts/{contract['id']}").json()
    assert "net" not in shown
    assert "title" in shown
    for query in ("net.gt=1", "sort=net", "columns=title,net", "net.empty=true"):
        hidden = cleo.get(f"{V1}/contracts?{query}")
        unknown = cleo.get(f"{V1}/contracts?{query.replace('net', 'tne')}")
        assert hidden.status_code == unknown.status_code == 422
        assert hidden.json()["code"] == unknown.json()["code"] == "unknown_field"


def test_writing_a_hidden_field_is_answered_like_writing_an_unknown_one(
    cast: Cast, caller: Caller, contract: dict[str, Any]
) -> None:
    FieldRule.objects.create(
        role=Role.objects.get(key="sales_rep"), noun="contracts.contract", field="title", level=Level.HIDDEN
    )
    forget_access()
    client, path = caller(), f"/contracts/{contract['id']}"
    hidden, unknown = patch(client, path, {"title": "x"}), patch(client, path, {"tilte": "x"})
    assert hidden.status_code == unknown.status_code == 422
    assert hidden.json()["code"] == unknown.json()["code"] == "unknown_field"


def test_a_field_that_may_only_be_read_is_403(cast: Cast, caller: Caller, contract: dict[str, Any]) -> None:
    answer = patch(caller(), f"/contracts/{contract['id']}", {"net": {"amount": "1.00", "currency": "SEK"}})
    assert (answer.status_code, answer.json()["code"]) == (403, "read_only")


def test_a_limited_token_stays_within_its_limits(cast: Cast, caller: Caller, contract: dict[str, Any]) -> None:
    client = caller("ada", permissions=["contracts.view"])
    assert client.get(f"{V1}/contracts").status_code == 200
    assert client.get(f"{V1}/parties").status_code == 403
    assert patch(client, f"/contracts/{contract['id']}", {"title": "x"}).status_code == 403


def test_a_session_cannot_write_here(cast: Cast, caller: Caller, contract: dict[str, Any]) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.users["ada"])
    assert client.get(f"{V1}/contracts").status_code == 200
    assert patch(client, f"/contracts/{contract['id']}", {"title": "x"}).status_code == 401
    assert post(client, "/parties", {"name": "x"}).status_code == 401


def test_the_same_key_acts_once(cast: Cast, caller: Caller) -> None:
    client, key = caller(), {"Idempotency-Key": "one"}
    first = post(client, "/parties", {"name": "Once AB"}, headers=key)
    again = post(client, "/parties", {"name": "Once AB"}, headers=key)
    assert first.json()["id"] == again.json()["id"]
    assert (first.status_code, again.status_code, again["Idempotency-Replayed"]) == (201, 201, "true")
    assert Party.objects.filter(name="Once AB").count() == 1
    other = post(client, "/parties", {"name": "Twice AB"}, headers=key)
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")
    assert post(caller("ben"), "/parties", {"name": "Ben AB"}, headers=key).status_code == 201
    assert post(client, "/parties", {"name": "x"}, headers={"Idempotency-Key": "k" * 121}).status_code == 422


def test_a_refused_request_does_not_use_up_its_key(cast: Cast, caller: Caller) -> None:
    client, key = caller(), {"Idempotency-Key": "retry"}
    assert post(client, "/parties", {"name": ""}, headers=key).status_code == 422
    assert post(client, "/parties", {"name": "Right AB"}, headers=key).status_code == 201


def upload(
    client: Client, path: str, content: bytes = b"Terms of service", name: str = "terms.txt", **fields: str
) -> Any:
    from django.core.files.uploadedfile import SimpleUploadedFile

    return client.post(V1 + path, {"file": SimpleUploadedFile(name, content), **fields})


def test_a_file_is_put_on_a_contract_listed_and_read_back(cast: Cast, caller: Caller, contract: dict[str, Any]) -> None:
    from hetong.documents.services import seed_kinds

    seed_kinds()
    client, base = caller("lin"), f"/contracts/{contract['id']}/documents"
    kind = client.get(f"{V1}/document-kinds").json()["items"][0]["id"]
    answer = upload(client, base, kind=kind, title="Terms")
    assert answer.status_code == 201, answer.content
    [document] = answer.json()["items"]
    assert document["title"] == "Terms"
    assert [item["id"] for item in client.get(V1 + base).json()["items"]] == [document["id"]]
    file = client.get(f"{V1}/documents/{document['id']}/versions/1/file")
    if file.status_code == 200:
        assert file.getvalue() == b"Terms of service"
        assert file["X-Content-Type-Options"] == "nosniff"
    assert upload(client, f"/documents/{document['id']}/versions", b"Second", note="n").status_code == 201
    versions = client.get(f"{V1}/documents/{document['id']}/versions").json()["items"]
    assert len(versions) == 2
    assert caller("dora").get(f"{V1}/documents/{document['id']}/versions/1/file").status_code == 404
    assert caller("dora").get(V1 + base).status_code == 404
    assert post(client, base, {"kind": kind}).status_code == 415
    assert upload(client, base, kind=kind, owner="x").status_code == 422
    assert client.post(V1 + base, {"kind": kind}).status_code == 422
    assert upload(client, f"/nothing/{contract['id']}/documents", kind=kind).status_code == 404
    assert upload(client, base, kind="x").status_code == 422
