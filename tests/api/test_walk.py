"""From a customer to the archive through the API alone, as three people; every jump that is not allowed is refused in words.

Done when 1 of part 2 (second half); A2, A3, A13, B2, B3 on the way.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from hetong.accounts.testing import Cast
from hetong.billing.services import seed_types
from hetong.contracts.models import ContractType
from hetong.documents.services import seed_kinds
from hetong.files.testing import make_pdf
from hetong.jobs.worker import drain_outbox
from hetong.kernel import clock
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db
V1 = "/api/v1"
_KEYS = count(1)


@dataclass
class Person:
    """Somebody with a token, each of whose posts carries a key of its own; consequences come about before the answer counts."""

    client: Client

    def get(self, path: str) -> Any:
        answer = self.client.get(V1 + path)
        assert answer.status_code == 200, answer.content
        return answer.json()

    def all(self, path: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = self.get(path)["items"]
        return items

    def send(self, path: str, body: Any = None, *, key: str = "", **more: Any) -> Any:
        headers = {"Idempotency-Key": key or f"walk-{next(_KEYS)}"}
        if body is not None or not more:
            more |= {"data": body or {}, "content_type": "application/json"}
        answer = self.client.post(V1 + path, headers=headers, **more)
        drain_outbox()
        return answer

    def post(self, path: str, body: Any = None, **more: Any) -> dict[str, Any]:
        answer = self.send(path, body, **more)
        assert answer.status_code in (200, 201, 204), answer.content
        found: dict[str, Any] = answer.json() if answer.content else {}
        return found

    def refused(self, path: str, body: Any = None, *, status: int, code: str, **more: Any) -> dict[str, Any]:
        """The problem document of a post that must not succeed."""
        answer = self.send(path, body, **more)
        assert answer.status_code == status, (answer.status_code, answer.content)
        assert answer["Content-Type"] == "application/problem+json"
        problem: dict[str, Any] = answer.json()
        codes = {problem["code"], *(one["code"] for one in problem.get("errors", ()))}
        assert code in codes, problem
        assert problem["detail"], problem
        return problem


@pytest.fixture
def people(cast: Cast, caller: Caller, tmp_path: Any, settings: Any) -> tuple[Person, Person, Person]:
    """Ada who sells, Ben who leads her team, Fia of finance."""
    settings.HETONG_HOME = tmp_path
    seed_types()
    seed_kinds()
    return Person(caller("ada")), Person(caller("ben")), Person(caller("fia"))


def sek(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "SEK"}


def test_one_contract_goes_from_draft_to_archive(people: tuple[Person, Person, Person]) -> None:
    ada, ben, fia = people
    base = drafted(ada)
    approved(ada, ben, base)
    signed(ada, base)
    invoices = invoiced(fia, ada, base)
    paid(ada, fia, base, invoices)
    archived(ada, ben, fia, base)


def drafted(ada: Person) -> str:
    """A customer, a contract with two lines and three stages: 250 000 net, 312 500 with tax."""
    party = ada.post("/parties", {"name": "Västerhamnens Energi AB", "kinds": ["customer"], "country": "SE"})
    kind = ContractType.objects.filter(class_of="income", is_active=True).order_by("pk")[0]
    today = clock.today().isoformat()
    contract = ada.post("/contracts", {
        "title": "Flow measuring systems", "type": str(kind.pk), "counterparty": party["id"], "currency": "SEK",
        "starts_on": today, "ends_on": today.replace(today[:4], str(int(today[:4]) + 2), 1), "payment_days": 30,
    })  # fmt: skip
    base = f"/contracts/{contract['id']}"
    for title, quantity, price in (("Meter", "2", "100000"), ("Commissioning", "10", "5000")):
        line = {"title": title, "quantity": quantity, "unit_price": price, "tax_rate": "25"}
        ada.post(f"{base}/lines", line)
    accepted = ada.post(f"{base}/milestones", {"title": "Accepted"})
    ada.post(f"{base}/instalments", {"title": "At signing", "percent": "30"})
    short = ada.post(f"{base}/instalments", {"title": "Delivery", "amount": sek("149999.99"), "on": today})
    ada.refused(f"{base}/submit", status=422, code="plan_sum")
    ada.post(f"{base}/instalments/{short['id']}/remove")
    ada.post(f"{base}/instalments", {"title": "Delivery", "percent": "50", "on": today})
    ada.post(f"{base}/instalments", {"title": "Acceptance", "milestone": accepted["id"]})
    stages = {one["title"]: one["gross"]["amount"] for one in ada.all(f"{base}/instalments")}
    assert stages == {"At signing": "93750.00", "Delivery": "156250.00", "Acceptance": "62500.00"}
    for verb in ("send_to_sign", "activate", "begin_closing", "close", "archive"):
        status = ada.send(f"{base}/{verb}").status_code
        assert status in (403, 409), (verb, status)
    return base


def approved(ada: Person, ben: Person, base: str) -> None:
    """Ada asks, Ben decides; nobody decides on their own."""
    ada.post(f"{base}/submit", {"note": "As agreed on Tuesday"})
    contract = ada.get(base)
    assert (contract["stage"], bool(contract["number"])) == ("in_approval", True)
    [own] = ada.all(f"/approvals?subject={contract['id']}")
    assert ada.send(f"/approvals/{own['id']}/approve").status_code == 403
    ada.refused(f"{base}/submit", status=409, code="illegal_move")
    assert ada.send(f"{base}/lines", {"title": "One more", "quantity": "1", "unit_price": "1"}).status_code == 409
    [task] = ben.all("/approvals?assignee=me&state=waiting")
    ben.refused(f"/approvals/{task['id']}/reject", status=422, code="required")
    ben.post(f"/approvals/{task['id']}/approve", {"comment": "Good."})
    assert ben.send(f"/approvals/{task['id']}/approve").status_code == 409
    assert ada.get(base)["stage"] == "approved"


def signed(ada: Person, base: str) -> None:
    """The signed copy brings it into force, and its dues with it."""
    ada.refused(f"{base}/activate", status=409, code="illegal_move")
    ada.post(f"{base}/send_to_sign")
    assert ada.send(f"{base}/activate").status_code == 409
    [envelope] = ada.all(f"/envelopes?subject={base.rpartition('/')[2]}")
    today = clock.today().isoformat()
    names = {"ours_name": "Ben Berg", "ours_signed_on": today, "theirs_name": "Karin Ekdahl", "theirs_signed_on": today}

    def copy() -> SimpleUploadedFile:
        return SimpleUploadedFile("Signed.pdf", make_pdf("Signed by both"), "application/pdf")

    address = f"/envelopes/{envelope['id']}/complete"
    ada.refused(address, status=422, code="required", data=names | {"theirs_name": "", "file": copy()})
    ada.post(address, data=names | {"file": copy(), "same_text": "true"})
    contract = ada.get(base)
    assert (contract["stage"], contract["signature"], contract["signed_on"]) == ("active", "both", today)
    states = {one["title"]: one["state"] for one in ada.all(f"/dues?contract={contract['id']}")}
    assert states == {"At signing": "open", "Delivery": "open", "Acceptance": "held"}


def invoiced(fia: Person, ada: Person, base: str) -> list[dict[str, Any]]:
    """Three invoices without a gap; more than is planned, too early or dated wrongly is refused, a key acts once."""
    id = base.rpartition("/")[2]
    dues = {one["title"]: one["id"] for one in fia.all(f"/dues?contract={id}")}
    first = {"dues": [{"due": dues["At signing"]}]}
    assert ada.send("/invoices", first).status_code == 403
    keyless = fia.client.post(f"{V1}/invoices", first, content_type="application/json")
    assert keyless.status_code == 422, keyless.content
    too_much = {"dues": [{"due": dues["At signing"], "amount": sek("93750.01")}]}
    fia.refused("/invoices", too_much, status=409, code="over_invoiced")
    early = first | {"due_on": "2020-01-01"}
    fia.refused("/invoices", early, status=422, code="due_before_issue")
    fia.refused("/invoices", {"dues": [{"due": dues["Acceptance"]}]}, status=409, code="due_not_open")
    one = fia.post("/invoices", first, key="first-invoice")
    again = fia.send("/invoices", first, key="first-invoice")
    assert (again.json()["id"], again["Idempotency-Replayed"]) == (one["id"], "true")
    half = fia.post("/invoices", {"dues": [{"due": dues["Delivery"], "amount": sek("100000.00")}]})
    ada.refused(f"{base}/archive", status=403, code="forbidden")
    [accepted] = ada.all(f"{base}/milestones")
    ada.post(f"{base}/milestones/{accepted['id']}/reach")
    rest = fia.post("/invoices", {"dues": [{"due": dues["Delivery"]}, {"due": dues["Acceptance"]}]})
    amounts = [each["gross"]["amount"] for each in (one, half, rest)]
    assert amounts == ["93750.00", "100000.00", "118750.00"]
    numbers = [int(each["number"].rpartition("-")[2]) for each in (one, half, rest)]
    assert numbers == [numbers[0], numbers[0] + 1, numbers[0] + 2]
    pdf = ada.client.get(f"{V1}/invoices/{one['id']}/pdf")
    assert pdf.status_code == 200
    assert b"".join(pdf.streaming_content if pdf.streaming else [pdf.content]).startswith(b"%PDF")
    return [one, half, rest]


def paid(ada: Person, fia: Person, base: str, invoices: list[dict[str, Any]]) -> None:
    """Ada tells of the money, Fia finds it on the account; only then it counts."""
    id, today = base.rpartition("/")[2], clock.today().isoformat()

    def told(invoice: dict[str, Any], amount: str) -> dict[str, Any]:
        wanted = [{"invoice": invoice["id"], "amount": sek(amount)}]
        return {"amount": sek(amount), "on": today, "contract": id, "method": "bank", "wanted": wanted}

    ada.refused("/payments", told(invoices[0], "93750.01"), status=409, code="over_allocated")
    wrong = ada.post("/payments", told(invoices[0], "93750.00"))
    assert ada.send(f"/payments/{wrong['id']}/confirm").status_code == 403
    assert fia.get(base)["received"]["amount"] == "0.00"
    fia.refused(f"/payments/{wrong['id']}/reject", status=422, code="required")
    fia.post(f"/payments/{wrong['id']}/reject", {"reason": "Not on the account."})
    fia.refused(f"/payments/{wrong['id']}/confirm", status=409, code="not_reported")
    for invoice in invoices:
        payment = ada.post("/payments", told(invoice, invoice["gross"]["amount"]))
        fia.post(f"/payments/{payment['id']}/confirm")
        fia.refused(f"/payments/{payment['id']}/confirm", status=409, code="already_confirmed")
    contract = fia.get(base)
    assert [contract[name]["amount"] for name in ("invoiced", "received", "open")] == ["312500.00", "312500.00", "0.00"]
    fia.post(f"/payments/{payment['id']}/reverse", {"reason": "The bank took it back."})
    assert fia.get(base)["open"]["amount"] == "118750.00"


def archived(ada: Person, ben: Person, fia: Person, base: str) -> None:
    """Closing waits for the last krona; what is archived stays as it is."""
    id, today = base.rpartition("/")[2], clock.today().isoformat()
    fia.post(f"{base}/begin_closing")
    still = fia.refused(f"{base}/close", status=409, code="not_settled")
    assert "Flow measuring systems" in still["title"]
    points = {one["code"]: one["is_done"] for one in fia.get(f"{base}/close")["items"]}
    assert False in points.values()
    [last] = [one for one in fia.all(f"/invoices?contract={id}") if one["left"]["amount"] != "0.00"]
    wanted = [{"invoice": last["id"], "amount": last["left"]}]
    fia.post("/payments/record", {"amount": last["left"], "on": today, "contract": id, "wanted": wanted})
    assert all(one["is_done"] for one in fia.get(f"{base}/close")["items"])
    fia.post(f"{base}/close")
    ben.post(f"{base}/archive", {"place": "Binder 7"})
    contract = ada.get(base)
    assert (contract["stage"], contract["archive_place"], bool(contract["archive_no"])) == (
        "archived",
        "Binder 7",
        True,
    )
    changed = ada.client.patch(
        V1 + base, {"title": "Other", "version": contract["version"]}, content_type="application/json"
    )
    assert changed.status_code in (409, 422), changed.content
    assert ada.send(f"{base}/lines", {"title": "Late", "quantity": "1", "unit_price": "1"}).status_code in (409, 403)
    assert ben.send(f"{base}/unarchive", {"reason": "By mistake"}).status_code == 403
