"""What comes out has the shape that the description promises, field by field."""

from __future__ import annotations

import pytest
from django.test import Client
from pydantic import BaseModel

from hetong.accounts import api as accounts
from hetong.accounts.testing import Cast
from hetong.contracts.api import contracts
from hetong.contracts.testing import make_contract, make_line, make_party
from hetong.documents import api as documents
from hetong.parties import api as parties
from hetong.parties.testing import make_contact
from tests.api.conftest import Caller

pytestmark = pytest.mark.django_db
SHAPES: list[tuple[str, type[BaseModel]]] = [
    ("parties", parties.Party),
    ("contacts", parties.Contact),
    ("contracts", contracts.Contract),
    ("contract-types", contracts.ContractType),
    ("contract-statuses", contracts.Status),
    ("projects", contracts.Project),
    ("document-kinds", documents.DocumentKind),
    ("companies", accounts.Company),
    ("teams", accounts.Team),
    ("users", accounts.User),
]


@pytest.fixture
def client(cast: Cast, caller: Caller) -> Client:
    party = make_party(cast.ada)
    make_contact(cast.ada, party, name="Karin Ek")
    make_line(cast.ada, make_contract(cast.ada))
    return caller("admin")


@pytest.mark.parametrize(("path", "shape"), SHAPES, ids=[path for path, _ in SHAPES])
def test_every_item_has_its_promised_shape(client: Client, path: str, shape: type[BaseModel]) -> None:
    for item in client.get(f"/api/v1/{path}?limit=250").json()["items"]:
        shape.model_validate(item)
        assert set(item) <= set(shape.model_fields)


def test_lists_ask_the_database_little_however_long_they_are(
    cast: Cast, client: Client, django_assert_max_num_queries: object
) -> None:
    for number in range(12):
        make_contract(cast.ada, title=f"Contract {number}")
    for path in ("contracts", "parties", "users"):
        client.get(f"/api/v1/{path}")
        with django_assert_max_num_queries(15):
            assert client.get(f"/api/v1/{path}?limit=100").status_code == 200
