"""Billing through the API: the same services and rights, keyed postings, problems by name (A3)."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.test import Client

from hetong.accounts.services import make_token
from hetong.accounts.testing import Cast
from hetong.billing.models import Allocation, Invoice, Payment
from hetong.billing.testing import days, dues_of, make_active, today

SEK = "SEK"


class Program:
    """A program that acts as one of the cast and sends a new key with every posting."""

    def __init__(self, cast: Cast, name: str) -> None:
        _, secret = make_token(getattr(cast, name), cast.users[name], label="test")
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def post(self, path: str, body: dict[str, Any] | None = None, key: str | None = "") -> Any:
        headers = {"Idempotency-Key": key or str(uuid4())} if key is not None else {}
        return self.client.post(f"/api/v1{path}", body or {}, content_type="application/json", headers=headers)

    def get(self, path: str) -> Any:
        return self.client.get(f"/api/v1{path}")


def money(amount: str, currency: str = SEK) -> dict[str, str]:
    return {"amount": amount, "currency": currency}


@pytest.fixture
def fia(cast: Cast) -> Program:
    return Program(cast, "fia")


def test_a_due_becomes_an_invoice_a_payment_and_is_settled(cast: Cast, fia: Program) -> None:
    contract = make_active(cast.ada, "30", "70")
    first = dues_of(contract)[0]
    listed = fia.get(f"/dues?contract={contract.pk}&sort=due_on").json()["items"]
    assert [one["condition"] for one in listed] == ["billable", "billable"]
    issued = fia.post("/invoices", {"dues": [{"due": str(first.pk)}], "order_no": "PO 7"})
    assert issued.status_code == 201, issued.json()
    invoice = issued.json()
    assert (invoice["gross"], invoice["condition"]) == (money("375.00"), "open")
    lines = fia.get(f"/invoices/{invoice['id']}/lines").json()["items"]
    assert [one["share"] for one in lines] == ["30 %"]
    reported = Program(cast, "ada").post(
        "/payments",
        {"contract": str(contract.pk), "amount": money("375.00"), "on": today().isoformat(), "method": "giro",
         "wanted": [{"invoice": invoice["id"], "amount": money("375.00")}]},
    )  # fmt: skip
    assert reported.status_code == 201, reported.json()
    payment = reported.json()["id"]
    assert reported.json()["verbs"] == []
    confirmed = fia.post(f"/payments/{payment}/confirm")
    assert (confirmed.status_code, confirmed.json()["state"]) == (200, "confirmed")
    assert fia.post(f"/payments/{payment}/confirm").json()["code"] == "already_confirmed"
    assert fia.get(f"/invoices/{invoice['id']}").json()["condition"] == "settled"
    assert len(fia.get(f"/payments/{payment}/allocations").json()["items"]) == 1
    assert fia.get(f"/contracts/{contract.pk}").json()["received"] == money("375.00")


def test_a_posting_without_a_key_is_refused_and_says_why(cast: Cast, fia: Program) -> None:
    [due] = dues_of(make_active(cast.ada, "100"))
    refused = fia.post("/invoices", {"dues": [{"due": str(due.pk)}]}, key=None)
    assert (refused.status_code, refused.json()["code"]) == (422, "key_needed")
    assert "Idempotency-Key" in refused.json()["title"]


def test_the_same_key_has_one_effect(cast: Cast, fia: Program) -> None:
    [due] = dues_of(make_active(cast.ada, "100"))
    body = {"dues": [{"due": str(due.pk), "amount": money("10")}]}
    first, again = fia.post("/invoices", body, key="k1"), fia.post("/invoices", body, key="k1")
    assert first.json() == again.json()
    assert again.headers["Idempotency-Replayed"] == "true"
    assert Invoice.objects.count() == 1
    other = fia.post("/invoices", {"dues": [{"due": str(due.pk), "amount": money("11")}]}, key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "key_reused")


def test_odd_bodies_are_answered_field_by_field(cast: Cast, fia: Program) -> None:
    contract = make_active(cast.ada, "100")
    [due] = dues_of(contract)
    due_id = str(due.pk)
    for body, field in (
        ({}, "dues"),
        ({"dues": "x"}, "dues"),
        ({"dues": ["x"]}, "dues"),
        ({"dues": [{"due": "x"}]}, "dues"),
        ({"dues": [{"due": due_id, "amount": money("1", "EUR")}]}, "dues"),
        ({"dues": [{"due": due_id, "amount": money("0.001")}]}, "dues"),
        ({"dues": [{"due": due_id, "amount": money("-1")}]}, "dues"),
        ({"dues": [{"due": due_id}], "issued_on": "soon"}, "issued_on"),
        ({"dues": [{"due": due_id}], "due_on": days(-1).isoformat()}, "due_on"),
        ({"dues": [{"due": due_id}], "issued_on": days(1).isoformat()}, "issued_on"),
        ({"dues": [{"due": due_id}], "bill_type": str(uuid4())}, "bill_type"),
    ):
        answer = fia.post("/invoices", body)
        assert answer.status_code == 422, (body, answer.json())
        assert field in {one["field"] for one in answer.json()["errors"]}, (body, answer.json())
    assert fia.post("/invoices", {"dues": [{"due": due_id, "x": 1}]}).json()["code"] == "unknown_field"
    assert fia.post("/invoices", {"dues": [{"due": str(uuid4())}]}).status_code == 404
    over = fia.post("/invoices", {"dues": [{"due": due_id, "amount": money("1250.01")}]})
    assert (over.status_code, over.json()["code"]) == (409, "over_invoiced")
    assert "1250.00 SEK" in over.json()["title"]
    assert not Invoice.objects.exists()
    for body in (
        {"amount": money("1")},
        {"amount": "x", "on": "2026-01-01"},
        {"amount": money("1"), "on": "2026-01-01"},
    ):
        assert fia.post("/payments/record", body).status_code == 422
    assert not Payment.objects.exists()


def test_dues_are_held_released_waived_and_taken_up_with_versions(cast: Cast, fia: Program) -> None:
    [due] = dues_of(make_active(cast.ada, "100"))
    path = f"/dues/{due.pk}"
    held = fia.post(f"{path}/hold", {"reason": "Disputed", "version": 1})
    assert (held.status_code, held.json()["state"], held.json()["reason"]) == (200, "held", "Disputed")
    assert fia.post(f"{path}/skip", {"reason": "x", "version": 1}).status_code == 409
    assert fia.post(f"{path}/release").json()["state"] == "open"
    assert fia.post(f"{path}/release").json()["code"] == "illegal_move"
    assert fia.post(f"{path}/skip", {}).status_code == 422
    assert fia.post(f"{path}/skip", {"reason": "Goodwill"}).json()["state"] == "skipped"
    assert fia.post(f"{path}/unskip").json()["state"] == "open"


def test_credit_reverse_allocate_and_put_back(cast: Cast, fia: Program) -> None:
    contract = make_active(cast.ada, "100")
    [due] = dues_of(contract)
    invoice = fia.post("/invoices", {"dues": [{"due": str(due.pk)}]}).json()["id"]
    note = fia.post(f"/invoices/{invoice}/credit", {"amount": money("250.00"), "reason": "Discount"})
    assert (note.status_code, note.json()["kind"], note.json()["corrects"]["id"]) == (201, "credit_note", invoice)
    paid = {"contract": str(contract.pk), "amount": money("100"), "on": today().isoformat()}
    payment = fia.post("/payments/record", paid).json()
    assert payment["allocated"] == money("100.00")
    one = str(Allocation.objects.get().pk)
    back = fia.post(f"/payments/{payment['id']}/unallocate", {"allocations": [one], "reason": "Wrong one"})
    assert back.json()["on_account"] == money("100.00")
    put = fia.post(f"/payments/{payment['id']}/allocate", {"wanted": [{"due": str(due.pk), "amount": money("40")}]})
    assert put.json()["on_account"] == money("60.00")
    assert fia.post(f"/payments/{payment['id']}/reverse", {"reason": "Bounced"}).json()["state"] == "reversed"
    assert fia.post(f"/invoices/{invoice}/credit", {}).status_code == 422


def test_a_suppliers_invoice_is_received(cast: Cast, fia: Program) -> None:
    [due] = dues_of(make_active(cast.ada, "100", class_of="expense"))
    body = {"dues": [{"due": str(due.pk)}], "number": "F-1", "issued_on": today().isoformat()}
    answer = fia.post("/invoices/receive", body)
    assert (answer.status_code, answer.json()["direction"]) == (201, "in")
    assert fia.post("/invoices/receive", body).status_code in (409, 422)


def test_each_role_reaches_what_it_may(cast: Cast) -> None:
    contract = make_active(cast.ada, "100")
    [due] = dues_of(contract)
    assert Program(cast, "ada").post("/invoices", {"dues": [{"due": str(due.pk)}]}).status_code == 403
    assert Program(cast, "ben").post(f"/dues/{due.pk}/hold", {"reason": "x"}).status_code == 200
    assert Program(cast, "dora").get(f"/dues/{due.pk}").status_code == 404
    assert Program(cast, "olle").get("/dues").json()["items"] == []
    assert Program(cast, "cleo").get(f"/dues/{due.pk}").status_code == 200
