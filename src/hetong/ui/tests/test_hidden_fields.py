"""A field that is hidden from a role appears in no channel of lists, forms, exports or pickers."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.test import Client

from .conftest import SignIn

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
SECRET = "Canary seven four one"


@pytest.fixture
def ada(cast: Any, sign_in: SignIn) -> Client:
    """A reader from whom the lead of teams is hidden; Ben leads her team."""
    role = apps.get_model("accounts", "Role").objects.get(key="sales_rep")
    apps.get_model("accounts", "FieldRule").objects.create(role=role, noun="accounts.team", field="lead", level=0)
    apps.get_model("accounts", "User").objects.filter(pk=cast.users["ben"].pk).update(name=SECRET)
    state = apps.get_model("accounts", "PolicyState").objects.get(pk=1)
    state.version += 1
    state.save()
    return sign_in("ada")


@pytest.fixture
def lead(cast: Any) -> str:
    return str(cast.users["ben"].pk)


@pytest.mark.parametrize(
    "query",
    [
        "",
        "?columns=name,lead",
        "?sort=lead",
        "?group=lead",
        "?fragment=rows",
        "?fragment=totals",
        "?fragment=counts",
        "?fragment=filter&_field=lead",
        "?_field=lead",
        "?view=all&group=lead&fragment=rows",
    ],
)
def test_no_page_or_fragment_shows_it(ada: Client, query: str) -> None:
    answer = ada.get(f"/test/teams/{query}")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert SECRET not in page
    assert "Lead" not in page


def test_a_condition_on_it_answers_as_an_unknown_one_does(ada: Client, lead: str) -> None:
    hidden = ada.get(f"/test/teams/?lead={lead}").content.decode()
    unknown = ada.get(f"/test/teams/?none={lead}").content.decode()
    assert "Remove them" in hidden
    assert "Sales two" not in hidden
    assert ("Sales two" in hidden) == ("Sales two" in unknown)
    assert SECRET not in hidden


@pytest.mark.parametrize("kind", ["csv", "csv-mark", "csv-semicolon", "xlsx"])
@pytest.mark.parametrize("layout", ["", "&layout=all", "&columns=name,lead"])
def test_no_export_holds_it(ada: Client, kind: str, layout: str) -> None:
    import io
    from zipfile import ZipFile

    content = b"".join(ada.get(f"/test/teams/?format={kind}{layout}").streaming_content)
    if kind == "xlsx":
        with ZipFile(io.BytesIO(content)) as archive:
            content = b"".join(
                archive.read(name) for name in archive.namelist() if "sheet" in name or "Strings" in name
            )
    assert b"Sales two" in content
    assert SECRET.encode() not in content
    assert b"Lead" not in content


def test_neither_cell_nor_bulk_edit_nor_form_knows_it(cast: Any, ada: Client, lead: str) -> None:
    assert ada.get(f"/cell/accounts.team/{cast.sales.pk}/lead/", headers=HTMX).status_code == 404
    assert ada.post("/bulk/accounts.team/", {"id": str(cast.sales.pk), "field": "lead"}).status_code == 422
    assert "Lead" not in ada.get(f"/test/teams/{cast.sales.pk}/edit/").content.decode()
    seal = ada.get("/test/teams/").content.decode().partition('name="seal" value="')[2].partition('"')[0]
    exported = ada.post("/bulk/accounts.team/", {"id": str(cast.sales.pk), "export": "csv", "seal": seal})
    assert SECRET.encode() not in b"".join(exported.streaming_content)


def test_pickers_offer_only_what_may_be_seen(cast: Any, ada: Client) -> None:
    page = ada.get("/pick/accounts.team/?q=sales").content.decode()
    assert "Sales two" in page
    assert "Far sales" not in page
    assert ada.get("/pick/no.such/").status_code == 404
    items = ada.get("/pick/accounts.team/?q=sales", headers={"Accept": "application/json"}).json()["items"]
    assert {item["title"] for item in items} == {"Sales", "Sales two"}


def test_the_seal_of_a_list_cannot_be_made_up(cast: Any, ada: Client, lead: str) -> None:
    chosen = {"all": "1", "query": "", "field": "name"}
    for seal in ("x", f'["accounts.team","lead={lead}",""]'):
        assert ada.post("/bulk/accounts.team/", chosen | {"seal": seal}).status_code == 404
    assert ada.post("/bulk/accounts.team/", {"id": str(cast.sales.pk), "export": "csv"}).status_code == 404
    assert ada.post("/bulk/accounts.team/", chosen | {"query": f"lead={lead}"}).status_code == 404
