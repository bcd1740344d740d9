"""Run in a copy in which docs/how-to/add-a-field.md was followed: the new field is everywhere it should be, for whom it should be."""

from __future__ import annotations

import csv
import io
import json
import re
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, PolicyState, Role
from hetong.accounts.services import make_token
from hetong.accounts.testing import forget_access
from hetong.audit.queries import find_history
from hetong.config.api import description
from hetong.contracts.models import Contract
from hetong.contracts.services import edit_contracts
from hetong.contracts.testing import make_contract
from hetong.jobs.testing import drain_outbox
from hetong.kernel.actors import Level
from hetong.search.queries import search

pytestmark = pytest.mark.django_db
LABEL = "PO number"


@pytest.fixture
def two(cast: Any) -> tuple[Contract, Contract]:
    return make_contract(cast.ada, title="Pumps", po_number="PO-8812"), make_contract(
        cast.ada, title="Valves", po_number="PO-0007"
    )


def client_of(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def caller_of(cast: Any, name: str) -> Client:
    secret = make_token(getattr(cast, name), cast.users[name], label="check")[1]
    return Client(headers={"Authorization": f"Bearer {secret}"})


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, (answer.status_code, answer.content[:2000])
    body = b"".join(answer.streaming_content) if answer.streaming else answer.content
    return str(body.decode())


def hide_from(role: str) -> None:
    FieldRule.objects.create(
        role=Role.objects.get(key=role), noun="contracts.contract", field="po_number", level=Level.HIDDEN
    )
    state = PolicyState.objects.get()
    state.version += 1
    state.save()
    forget_access()


def order_of(page: str) -> list[str]:
    return list(dict.fromkeys(re.findall(r"Pumps|Valves", re.sub(r"<title>.*?</title>", "", page))))


def test_it_is_on_the_card(cast: Any, two: tuple[Contract, Contract]) -> None:
    page = text_of(client_of(cast, "ada").get(f"/contracts/{two[0].pk}/"))
    assert f"<dt>{LABEL}</dt>" in page
    assert "PO-8812" in page


def test_it_is_a_column_a_filter_and_an_order_of_the_list(cast: Any, two: tuple[Contract, Contract]) -> None:
    client = client_of(cast, "ada")
    page = text_of(client.get("/contracts/?columns=title,po_number&sort=po_number"))
    assert LABEL in page
    assert "PO-8812" in page
    assert order_of(page) == ["Valves", "Pumps"]
    assert order_of(text_of(client.get("/contracts/?columns=title,po_number&sort=-po_number"))) == ["Pumps", "Valves"]
    found = text_of(client.get("/contracts/?columns=title&po_number.has=po-88"))
    assert order_of(found) == ["Pumps"]
    assert 'value="po_number"' in text_of(client.get("/contracts/?_field=po_number"))


def test_the_forms_ask_for_it_and_keep_it(cast: Any, two: tuple[Contract, Contract]) -> None:
    client, contract = client_of(cast, "ada"), two[0]
    assert 'name="po_number"' in text_of(client.get("/contracts/new/"))
    assert 'value="PO-8812"' in text_of(client.get(f"/contracts/{contract.pk}/edit/"))
    given = {
        "title": "Pumps",
        "type": str(contract.type_id),
        "counterparty": str(contract.counterparty_id),
        "po_number": "PO-1",
    }
    added = client.post("/contracts/new/", given | {"anyway": "1"})
    assert added.status_code == 302, added.content
    assert Contract.objects.filter(po_number="PO-1", po_number_key="po-1").count() == 1
    edited = client.post(
        f"/contracts/{contract.pk}/edit/", {"po_number": "PO-2", "version": contract.version, **_was(client, contract)}
    )
    assert edited.status_code == 302, edited.content
    contract.refresh_from_db()
    assert (contract.po_number, contract.po_number_key) == ("PO-2", "po-2")
    too_long = client.post("/contracts/new/", given | {"po_number": "x" * 81, "anyway": "1"})
    assert too_long.status_code == 422
    cell = f"/cell/contracts.contract/{contract.pk}/po_number/"
    assert 'name="cell-po_number"' in text_of(client.get(cell, headers={"hx-request": "true"}))
    saved = client.post(cell, {"cell-po_number": "PO-4", "version": contract.version}, headers={"hx-request": "true"})
    assert "PO-4" in text_of(saved)


def _was(client: Client, contract: Contract) -> dict[str, str]:
    """The other controls of the edit form as they stand: what a browser would send back unchanged."""
    form = client.get(f"/contracts/{contract.pk}/edit/").context["form"]
    sent = dict(form.was_fields())
    for name in form.fields:
        value = form[name].value()
        if name != "po_number" and value not in (None, False):
            sent[name] = value
    return sent


def test_it_is_exported(cast: Any, two: tuple[Contract, Contract]) -> None:
    client = client_of(cast, "ada")
    rows = list(
        csv.DictReader(io.StringIO(text_of(client.get("/contracts/?columns=title,po_number&sort=title&format=csv"))))
    )
    assert [(row["Title"], row[LABEL]) for row in rows] == [("Pumps", "PO-8812"), ("Valves", "PO-0007")]
    assert LABEL in text_of(client.get("/contracts/?format=csv&layout=all")).splitlines()[0]


def test_the_api_reads_writes_filters_and_describes_it(cast: Any, two: tuple[Contract, Contract]) -> None:
    api, address = caller_of(cast, "ada"), f"/api/v1/contracts/{two[0].pk}"
    assert api.get(address).json()["po_number"] == "PO-8812"
    changed = api.patch(address, {"po_number": "PO-9"}, content_type="application/json")
    assert changed.json()["po_number"] == "PO-9", changed.content
    assert [one["title"] for one in api.get("/api/v1/contracts?po_number=PO-9").json()["items"]] == ["Pumps"]
    document = json.loads(description())
    assert "po_number" in document["components"]["schemas"]["Contract"]["properties"]
    operations = document["paths"]["/api/v1/contracts"]
    assert "po_number" in operations["post"]["requestBody"]["content"]["application/json"]["schema"]["properties"]
    assert any(one["name"].startswith("po_number") for one in operations["get"]["parameters"])


def test_search_finds_the_record_by_it(cast: Any, two: tuple[Contract, Contract]) -> None:
    drain_outbox()
    assert [hit.title for hit in search(cast.ada, "po-8812")] == ["Pumps"]
    assert "Pumps" in text_of(client_of(cast, "ada").get("/search/?q=8812"))


def test_history_tells_of_it(cast: Any, two: tuple[Contract, Contract]) -> None:
    edit_contracts(cast.ada, [two[0].pk], {"po_number": "PO-3"})
    [change] = find_history(cast.ada, "contracts.contract", two[0].pk, limit=1)[0].changes
    assert (str(change.label), change.before_text, change.after_text) == (LABEL, "PO-8812", "PO-3")
    page = text_of(client_of(cast, "ada").get(f"/contracts/{two[0].pk}/history/"))
    assert "PO-8812" in page
    assert "PO-3" in page


def test_whose_role_hides_it_meets_it_nowhere(cast: Any, two: tuple[Contract, Contract]) -> None:
    hide_from("sales_rep")
    edit_contracts(cast.admin, [two[0].pk], {"po_number": "PO-3"})
    drain_outbox()
    client, api, id = client_of(cast, "ada"), caller_of(cast, "ada"), two[0].pk
    addresses = (
        f"/contracts/{id}/", f"/contracts/{id}/edit/", f"/contracts/{id}/history/", "/contracts/new/", "/contracts/",
        "/contracts/?format=csv&layout=all", "/search/?q=pumps",
    )  # fmt: skip
    for address in addresses:
        page = text_of(client.get(address))
        assert LABEL not in page, address
        assert "po_number" not in page, address
        assert "PO-3" not in page, address
    assert search(cast.ada, "PO-3") == []
    assert "po_number" not in api.get(f"/api/v1/contracts/{id}").json()
    assert api.get("/api/v1/contracts?po_number.has=PO").status_code == 422
    assert api.patch(f"/api/v1/contracts/{id}", {"po_number": "x"}, content_type="application/json").status_code == 422
    assert "PO-3" in text_of(client_of(cast, "admin").get(f"/contracts/{id}/"))
