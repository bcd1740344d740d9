"""Whatever is sent, the answer is a refusal in words or a success, never a defect (J1, C3)."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from django.test import Client

from hetong.accounts.testing import EVERY_KIND, Cast, make_fields
from hetong.config.api import api
from hetong.contracts.testing import make_contract, make_line, make_party
from hetong.kernel.routes import routes
from tests.access.samples import Samples
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db
DEEP: Any = "end"
for _ in range(12):
    DEEP = {"a": DEEP}
# ruff: noqa: E501 - the samples read better in rows
ODD: list[Any] = [
    "true", "", " ", 1, 0, -1, True, False, None, [], {}, [1], [None], [[]], {"id": 1}, {"id": None}, {"a": 1}, {"amount": 1}, {"amount": "1e9", "currency": "SEK"},
    {"amount": "1", "currency": "ZZZ"}, {"amount": {}, "currency": []}, 10**30, -(10**30), 1.5, "9" * 400, "x" * 30_000, "2026-02-30", "0001-01-01", "9999-12-31T23:59:59+00:00",
    "00000000-0000-0000-0000-000000000000", "\u202e", "1e400", "=1+1", DEEP,
]  # fmt: skip
NOBODY = "00000000-0000-7000-8000-000000000000"
RAW = [
    b"", b"{", b"[]", b"null", b"1", b'"x"', b"{}garbage", b'{"name": NaN}', b'{"name": Infinity}', b"\xff\xfe", b'{"name": "\\u0000"}', b'{"name": "\\ud800"}',
    b'{"a\\u0000": 1}', b"[" * 100_000, b'{"a":' * 50_000, b'{"name": 1e999999999}', b'{"name": ' + b"9" * 5000 + b"}", b'{"name": "a", "name": "b"}',
]  # fmt: skip


class Place(dict[str, str]):
    """A record for every id in the addresses; those of the access sweep are made when one of them is asked for."""

    def __init__(self, cast: Cast, known: dict[str, str]) -> None:
        super().__init__(known)
        self.cast = cast

    def __missing__(self, name: str) -> str:
        found = Samples(self.cast).by_argument
        self.update({key: str(value) for key, value in found.items() if key not in self})
        return self[name]


@pytest.fixture
def place(cast: Cast, caller: Caller, tmp_path: Path, settings: Any) -> dict[str, str]:
    """Where the operations are tried."""
    settings.HETONG_HOME = tmp_path
    for noun in ADDED:
        make_fields(cast.admin, noun)
    contract = make_contract(cast.ada)
    return Place(cast, {
        "contract_id": str(contract.pk), "line_id": str(make_line(cast.ada, contract).pk), "party_id": str(make_party(cast.ada).pk),
        "contact_id": NOBODY, "project_id": NOBODY, "document_id": NOBODY, "which": "current", "section": "contracts", "subject_id": str(contract.pk),
        "kind": "parties.contact", "person_id": NOBODY,
    })  # fmt: skip


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Every operation that takes a JSON body: method, path, the properties of the body."""
    found = []
    described = api.get_openapi_schema(path_prefix="api/v1")
    for path, methods in described["paths"].items():
        for method, operation in methods.items():
            schema = operation.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema")
            if schema is not None and "$ref" in schema:
                schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
            if schema is not None:
                found.append((method, path, schema["properties"]))
    return found


OPERATIONS = operations()
SLICES = 8
"""The operations are tried some together, over the same records: what one of them did is undone before the next."""
ADDED = ("contracts.contract", "parties.contact")
"""Records that the house added a field of every kind to."""
ADDED_NAMES = [f"x_{kind}" for kind in EVERY_KIND]


@pytest.mark.parametrize("path", ["/api/v1/contracts", "/api/v1/contracts/{contract_id}", "/api/v1/contacts"])
def test_no_value_of_an_added_field_breaks_an_operation(
    cast: Cast, caller: Caller, place: dict[str, str], path: str
) -> None:
    client, method = caller("admin"), "PATCH" if "{" in path else "POST"
    for odd in ODD:
        fine(send(client, method, path, json.dumps(dict.fromkeys(ADDED_NAMES, odd)).encode(), place), odd)
        for name in ADDED_NAMES:
            fine(send(client, method, path, json.dumps({name: odd}).encode(), place), {name: odd})


def send(
    client: Client, method: str, path: str, body: bytes, place: dict[str, str], kind: str = "application/json"
) -> Any:
    """One request, whose effect is undone."""
    address = path.format_map(place)
    with transaction.atomic():
        answer = client.generic(method.upper(), address, body, content_type=kind, headers=once())
        transaction.set_rollback(True)
    return answer


def once() -> dict[str, str]:
    """A key of its own, which postings of money need."""
    return {"Idempotency-Key": str(uuid4())}


def fine(answer: Any, sent: Any) -> None:
    assert answer.status_code < 500, (sent, answer.content)
    if answer.status_code >= 400:
        assert answer["Content-Type"] == "application/problem+json", (sent, answer.content)


@pytest.mark.parametrize("part", range(SLICES))
def test_no_value_of_any_field_breaks_an_operation(
    cast: Cast, caller: Caller, place: dict[str, str], part: int
) -> None:
    client = caller("admin")
    for method, path, properties in OPERATIONS[part::SLICES]:
        chance = random.Random(path)  # noqa: S311 - a seeded sample
        bodies = [dict.fromkeys(properties, odd) for odd in ODD]
        bodies += [{name: odd} for name in properties for odd in chance.sample(ODD, 2)]
        for body in bodies:
            fine(send(client, method, path, json.dumps(body).encode(), place), (method, path, body))


@pytest.mark.parametrize("part", range(SLICES))
def test_no_body_breaks_an_operation(cast: Cast, caller: Caller, place: dict[str, str], part: int) -> None:
    client = caller("admin")
    for method, path, _ in OPERATIONS[part::SLICES]:
        for raw in RAW:
            fine(send(client, method, path, raw, place), (method, path, raw[:40]))
        assert send(client, method, path, b"name=x", place, "text/plain").status_code in (404, 415), (method, path)


def test_a_body_beyond_all_measure_is_refused_as_too_large(cast: Cast, caller: Caller) -> None:
    body = b'{"name": "' + b"x" * (6 * 1024 * 1024) + b'"}'
    answer = caller().generic("POST", "/api/v1/parties", body, content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (413, "application/problem+json")
    keyed = caller().generic(
        "POST", "/api/v1/parties", body, content_type="application/json", headers={"Idempotency-Key": "big"}
    )
    assert keyed.status_code == 413


def lists() -> list[tuple[str, list[str]]]:
    """Every list: its path, and what may stand in its question."""
    found = []
    for path, methods in sorted(api.get_openapi_schema(path_prefix="api/v1")["paths"].items()):
        parameters = methods.get("get", {}).get("parameters") or []
        if "cursor" in str(parameters):
            found.append((path, [one["name"] for one in parameters if one["in"] == "query"]))
    return found


LISTS = lists()
ODD_TEXTS = ["", "1", "-1", "true", "x", "me", "today", "today+9999y", "today-9999m", "SEK", "SEK 1", "1.005", "99999999999999999999999", "2026-02-30",
             "%00", "%F0%9F%92%A9", "00000000-0000-0000-0000-000000000000", "1e5", "'; DROP TABLE x; --", "[]", "null"]  # fmt: skip


@pytest.mark.parametrize(("path", "parameters"), LISTS, ids=[path for path, _ in LISTS])
def test_no_question_breaks_a_list(
    cast: Cast, caller: Caller, place: dict[str, str], path: str, parameters: list[str]
) -> None:
    client = caller("admin")
    chance = random.Random(path)  # noqa: S311 - a seeded sample
    pairs = [(operator, text) for operator in ("", ".not", ".lt", ".gte", ".has", ".empty") for text in ODD_TEXTS]
    for name in parameters:
        for operator, text in chance.sample(pairs, 4):
            answer = client.get(f"{path.format_map(place)}?{name}{operator}={text}")
            assert answer.status_code in (200, 404, 422), (name, operator, text, answer.content)
    assert client.get(f"{path.format_map(place)}?sort={','.join(parameters)}").status_code in (200, 404, 422)


def test_every_operation_has_a_policy() -> None:
    names = {name for name, _ in routes()}
    from hetong.config.policy import url_names

    assert {name for name in url_names() if name.startswith("api:")} <= names
