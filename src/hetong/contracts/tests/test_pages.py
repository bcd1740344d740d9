from __future__ import annotations

import re
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hetong.accounts.models import User
from hetong.audit.testing import last_entry
from hetong.contracts import services
from hetong.contracts.models import Contract, Line, Member, Status
from hetong.contracts.services import seed_setup
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line, make_party, make_status, make_type

pytestmark = pytest.mark.django_db


def client_of(cast: Any, name: str, language: str = "en") -> Client:
    client = Client()
    user = User.objects.get(pk=cast.users[name].pk)
    if user.language != language:
        user.language = language
        user.save()
    client.force_login(user)
    return client


@pytest.fixture
def contract(cast: Any) -> Contract:
    contract = make_contract(
        cast.ada,
        starts_on="2026-06-18",
        ends_on="2029-10-11",
        notice_count="3",
        notice_unit="month",
        title="Flow measuring",
    )
    make_line(cast.ada, contract, quantity="3", unit_price="1999.00", discount="5", tax_rate="13")
    return contract


def test_the_list_shows_what_the_reader_may_see(cast: Any, contract: Contract) -> None:
    page = client_of(cast, "ada").get("/contracts/")
    assert page.status_code == 200
    text = page.content.decode()
    assert "Flow measuring" in text
    assert "6,437.78" in text
    assert "Flow measuring" not in client_of(cast, "dora").get("/contracts/?view=all").content.decode()


@pytest.mark.parametrize("path", ["", "lines/", "edit/", "review/", "discard/", "flag/", "status/", "team/"])
def test_pages_of_a_contract_open_for_its_owner_and_do_not_exist_for_others(
    cast: Any, contract: Contract, path: str
) -> None:
    url = f"/contracts/{contract.pk}/{path}"
    assert client_of(cast, "ada").get(url).status_code == 200
    assert client_of(cast, "dora").get(url).status_code == 404
    assert Client().get(url).status_code == 302


@pytest.mark.parametrize("path", ["edit/", "review/", "status/", "team/"])
def test_who_only_reads_is_refused_the_forms(cast: Any, contract: Contract, path: str) -> None:
    assert client_of(cast, "cleo").get(f"/contracts/{contract.pk}/{path}").status_code == 403


def test_the_overview_explains_value_and_dates(cast: Any, contract: Contract) -> None:
    text = client_of(cast, "ada").get(f"/contracts/{contract.pk}/").content.decode()
    assert "6,437.78" in text
    assert "2029-07-11" in text
    assert "2029-06-27" in text
    assert text.count('class="why"') == 3
    assert "to finish the draft" in text


def test_three_fields_make_a_contract(cast: Any) -> None:
    party, kind = make_party(cast.ada), make_type()
    client = client_of(cast, "ada")
    assert client.get("/contracts/new/").status_code == 200
    answer = client.post("/contracts/new/", {"title": "Pumps", "type": str(kind.pk), "counterparty": str(party.pk)})
    found = Contract.objects.get()
    assert (answer.status_code, answer["Location"]) == (302, f"/contracts/{found.pk}/")
    assert client.get(answer["Location"]).status_code == 200


def test_what_is_wrong_is_shown_and_what_was_typed_is_kept(cast: Any) -> None:
    page = client_of(cast, "ada").post("/contracts/new/", {"title": "Kept text", "starts_on": "2027-02-30"})
    text = page.content.decode()
    assert page.status_code == 422
    assert "Kept text" in text
    assert "2027-02-30" in text
    assert not Contract.objects.exists()


def test_a_part_starts_with_the_terms_of_the_whole(cast: Any, contract: Contract) -> None:
    text = client_of(cast, "ada").get(f"/contracts/new/?parent={contract.pk}").content.decode()
    assert str(contract.counterparty_id) in text


def test_a_step_is_a_plain_post(cast: Any, contract: Contract) -> None:
    client = client_of(cast, "ada")
    contract.refresh_from_db()
    answer = client.post(f"/contracts/{contract.pk}/review/", {"version": contract.version})
    assert answer.status_code == 302
    contract.refresh_from_db()
    assert contract.stage == Stage.IN_REVIEW
    assert client.post(f"/contracts/{contract.pk}/review/").status_code == 409
    refused = client.post(f"/contracts/{contract.pk}/return/", {"reason": " "})
    assert refused.status_code == 422
    assert client.post(f"/contracts/{contract.pk}/return/", {"reason": "Clause 4"}).status_code == 302
    assert last_entry(contract.pk) == ("contracts.returned", "Ada", "Clause 4")


def test_a_step_that_is_not_possible_is_refused_before_the_form(cast: Any, contract: Contract) -> None:
    assert client_of(cast, "ada").get(f"/contracts/{contract.pk}/return/").status_code == 409


def test_lines_are_added_pasted_changed_and_removed(cast: Any, contract: Contract) -> None:
    client, url = client_of(cast, "ada"), f"/contracts/{contract.pk}/lines/"
    assert (
        client.post(url, {"title": "Pump", "quantity": "1", "unit_price": "1 000,50", "tax_rate": "25"}).status_code
        == 302
    )
    pasted = "Valve\t2\tpcs\t19.90\t\t25\nSeal\t4\tpcs\t1.25\t10\t25\n\n"
    assert client.post(url, {"pasted": pasted}).status_code == 302
    titles = list(Line.objects.filter(contract=contract).order_by("position").values_list("title", flat=True))
    assert titles == ["Meter", "Pump", "Valve", "Seal"]
    bad = client.post(url, {"pasted": "Valve\tmany\tpcs\t19.90"})
    assert bad.status_code == 422
    assert "many" in bad.content.decode()
    line = Line.objects.get(title="Pump")
    assert client.get(f"{url}{line.pk}/").status_code == 200
    assert client.post(f"{url}{line.pk}/remove/").status_code == 302
    assert not Line.objects.filter(title="Pump").exists()
    assert client_of(cast, "dora").post(url, {"title": "x", "quantity": "1", "unit_price": "1"}).status_code == 404
    assert client_of(cast, "cleo").post(url, {"title": "x", "quantity": "1", "unit_price": "1"}).status_code == 403


def test_a_line_of_another_contract_is_not_found_under_this_one(cast: Any, contract: Contract) -> None:
    other = make_line(cast.ada, make_contract(cast.ada))
    assert client_of(cast, "ada").post(f"/contracts/{contract.pk}/lines/{other.pk}/remove/").status_code == 404


def test_the_team_grows_and_shrinks_on_the_page(cast: Any, contract: Contract) -> None:
    client = client_of(cast, "ada")
    url = f"/contracts/{contract.pk}/team/"
    assert client.post(url, {"user": str(cast.olle.id), "role": "sales"}).status_code == 302
    assert client_of(cast, "olle").get(f"/contracts/{contract.pk}/").status_code == 200
    member = Member.objects.get()
    assert client.post(f"{url}{member.pk}/remove/").status_code == 302
    assert client_of(cast, "olle").get(f"/contracts/{contract.pk}/").status_code == 404


def test_an_abnormal_contract_says_so_until_it_is_resolved(cast: Any, contract: Contract) -> None:
    client, url = client_of(cast, "ada"), f"/contracts/{contract.pk}/"
    assert client.post(f"{url}flag/", {"reason": ""}).status_code == 422
    assert client.post(f"{url}flag/", {"reason": "Two skids drift", "stops_invoicing": "on"}).status_code == 302
    text = client.get(url).content.decode()
    assert "Two skids drift" in text
    assert "No invoices go out" in text
    assert client.post(f"{url}unflag/", {"outcome": ""}).status_code == 422
    assert client.post(f"{url}unflag/", {"outcome": "Replaced"}).status_code == 302
    assert 'class="flag"' not in client.get(url).content.decode()


def test_a_look_alike_is_announced_on_the_card(cast: Any, contract: Contract) -> None:
    twin = make_contract(cast.ada, title="Flow  MEASURING", counterparty=contract.counterparty_id)
    client = client_of(cast, "ada")
    assert f"/contracts/{twin.pk}/notices/" in client.get(f"/contracts/{twin.pk}/").content.decode()
    for headers in ({}, {"HX-Request": "true"}):
        assert "Perhaps here already" in client.get(f"/contracts/{twin.pk}/notices/", headers=headers).content.decode()
    assert client_of(cast, "dora").get(f"/contracts/{twin.pk}/notices/").status_code == 404


def test_the_form_warns_of_a_duplicate_before_it_saves(cast: Any, contract: Contract) -> None:
    client = client_of(cast, "ada")
    given = {"title": "flow measuring", "type": str(contract.type_id), "counterparty": str(contract.counterparty_id)}
    live = client.get("/contracts/alike/", given).content.decode()
    assert str(contract.pk) in live
    warned = client.post("/contracts/new/", given)
    assert warned.status_code == 422
    assert str(contract.pk) in warned.content.decode()
    assert Contract.objects.count() == 1
    assert client.post("/contracts/new/", given | {"anyway": "1"}).status_code == 302
    assert Contract.objects.count() == 2


def test_a_hidden_duplicate_is_announced_without_its_name(cast: Any, contract: Contract) -> None:
    party = contract.counterparty_id
    from hetong.parties.models import PartyTerms

    PartyTerms.objects.filter(party=party).update(team=cast.sales2.pk)
    text = (
        client_of(cast, "olle")
        .get("/contracts/alike/", {"title": "flow measuring", "counterparty": str(party)})
        .content.decode()
    )
    assert "exists that you cannot see" in text
    assert "Ask Ada" in text
    assert str(contract.pk) not in text
    assert "Flow measuring" not in text


def test_a_change_at_the_counterparty_is_announced_and_can_be_taken_over(cast: Any, contract: Contract) -> None:
    from hetong.parties.models import Party

    client, url = client_of(cast, "ada"), f"/contracts/{contract.pk}/"
    assert "Counterparty has changed" not in client.get(f"{url}notices/").content.decode()
    Party.objects.filter(pk=contract.counterparty_id).update(name="Västerhamnens Kraft AB")
    text = client.get(f"{url}notices/").content.decode()
    assert "Västerhamnens Kraft AB" in text
    assert "Västerhamnens Energi AB" in text
    assert client.post(f"{url}counterparty/").status_code == 302
    assert "Counterparty has changed" not in client.get(f"{url}notices/").content.decode()


def test_the_card_in_chinese_has_no_english_status(cast: Any) -> None:
    seed_setup()
    contract = make_contract(cast.ada)
    text = client_of(cast, "ada", "zh-hans").get(f"/contracts/{contract.pk}/").content.decode()
    assert "草稿" in text


def test_projects_have_a_list_a_form_and_a_card(cast: Any, contract: Contract) -> None:
    client = client_of(cast, "ada")
    assert client.get("/projects/new/").status_code == 200
    answer = client.post("/projects/new/", {"name": "Harbour", "budget": "1 000 000", "currency": "SEK"})
    assert answer.status_code == 302
    url = answer["Location"]
    services.edit_contracts(cast.ada, [contract.pk], {"project": url.split("/")[2]})
    text = client.get(url).content.decode()
    assert "Flow measuring" in text
    assert "6,437.78" in text
    assert client.get("/projects/").status_code == 200
    assert client.get(f"{url}edit/").status_code == 200
    assert client_of(cast, "dora").get(url).status_code == 404


def test_statuses_are_added_moved_made_default_and_retired(cast: Any) -> None:
    make_contract(cast.ada)
    client = client_of(cast, "admin")
    page = client.get("/settings/statuses/")
    assert page.status_code == 200
    answer = client.post(
        "/settings/statuses/new/", {"labels_en": "Waiting", "labels_sv": "Väntar", "stage": "draft", "color": "ochre"}
    )
    assert answer.status_code == 302
    status = Status.objects.get(labels__en="Waiting")
    act = f"/settings/statuses/{status.pk}/act/"
    assert client.get(f"/settings/statuses/{status.pk}/").status_code == 200
    for what in ("up", "down", "retire", "offer", "default"):
        assert client.post(act, {"act": what}).status_code == 302, what
    status.refresh_from_db()
    assert status.is_default
    assert client.post(act, {"act": "remove"}).status_code == 409
    assert client.post(act, {"act": "nonsense"}).status_code == 404
    assert client_of(cast, "ada").get("/settings/statuses/").status_code == 403


def test_a_status_in_use_is_not_deleted(cast: Any, contract: Contract) -> None:
    status = make_status(Stage.DRAFT, "Waiting")
    services.set_status(cast.ada, [contract.pk], status.pk)
    client = client_of(cast, "admin")
    assert client.post(f"/settings/statuses/{status.pk}/act/", {"act": "remove"}).status_code == 409
    assert client.post(f"/settings/statuses/{status.pk}/act/", {"act": "retire"}).status_code == 302


def test_types_are_added_and_changed(cast: Any) -> None:
    client = client_of(cast, "admin")
    assert client.get("/settings/contract-types/").status_code == 200
    given = {
        "labels_en": "Lease",
        "class": "expense",
        "term": "auto_renew",
        "notice_count": "3",
        "notice_unit": "month",
        "lead_days": "30",
    }
    assert client.post("/settings/contract-types/new/", given | {"required": ["starts_on"]}).status_code == 302
    from hetong.contracts.models import ContractType

    kind = ContractType.objects.get(labels__en="Lease")
    assert (kind.required, kind.lead_days) == (["starts_on"], 30)
    assert client.get(f"/settings/contract-types/{kind.pk}/").status_code == 200
    assert client.post(f"/settings/contract-types/{kind.pk}/act/", {"act": "retire"}).status_code == 302


@pytest.mark.parametrize(
    ("path", "most"), [("/contracts/?view=all", 15), ("/contracts/{id}/", 25), ("/contracts/{id}/lines/", 25)]
)
def test_pages_ask_little_of_the_database_however_many_there_are(
    cast: Any, contract: Contract, path: str, most: int
) -> None:
    client = client_of(cast, "ada")
    url = path.format(id=contract.pk)
    client.get(url)
    with CaptureQueriesContext(connection) as few:
        assert client.get(url).status_code == 200
    for number in range(6):
        make_contract(cast.ada, title=f"Another {number}", counterparty=contract.counterparty_id, type=contract.type_id)
        make_line(cast.ada, contract, title=f"Line {number}")
    with CaptureQueriesContext(connection) as many:
        client.get(url)
    own = [q["sql"] for q in many.captured_queries if not re.match(r"(SAVEPOINT|RELEASE)", q["sql"])]
    assert len(many) <= len(few), "more rows need more queries"
    assert len(own) <= most, "\n".join(own)


def test_a_customer_shows_its_contracts_and_what_they_are_worth(cast: Any, contract: Contract) -> None:
    url = f"/parties/{contract.counterparty_id}/contracts/"
    text = client_of(cast, "ada").get(url).content.decode()
    assert "Flow measuring" in text
    assert text.count("6,437.78") == 2, "the contract and the sum"
    assert f"/contracts/new/?counterparty={contract.counterparty_id}" in text


def test_a_cell_too_long_for_a_spreadsheet_is_refused_in_words(cast: Any, contract: Contract) -> None:
    client = client_of(cast, "ada")
    answer = client.post(f"/contracts/{contract.pk}/lines/", {"pasted": "x" * 200_000})
    assert answer.status_code == 422
    assert "Paste between 1 and" in answer.content.decode()


def test_no_words_are_too_long_to_look_for(cast: Any, contract: Contract) -> None:
    client = client_of(cast, "ada")
    long = "x" * 60_000
    given = {"title": "Spare skid", "type": str(contract.type_id), "counterparty": str(contract.counterparty_id)}
    assert client.post("/contracts/new/", given | {"owner": long}).status_code == 422
    assert client.get("/contracts/", {"q": long}).status_code == 200
    assert client.get("/contracts/", {"title.has": long}).status_code == 200
