"""S2-07: what the house added is asked for, shown, required and agreed on with contracts and what hangs on them."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.models import FieldRule, Role
from hetong.accounts.services import make_token
from hetong.accounts.services.access import bump_policy
from hetong.accounts.services.custom_fields import add_custom_fields, edit_custom_fields, retire_custom_fields
from hetong.accounts.testing import EVERY_KIND, Cast, make_fields
from hetong.contracts import services
from hetong.contracts.fields import CONTRACT, INSTALMENT, LINE, MILESTONE, ORIGINAL
from hetong.contracts.models import Instalment
from hetong.contracts.queries import content_hashes
from hetong.contracts.services.checks import Settled
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line, make_milestone, make_party, make_plan, walk_to
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import Invalid
from hetong.parties.testing import make_contact
from hetong.ui.forms import added_form

pytestmark = pytest.mark.django_db
NOUN = "contracts.contract"
# ruff: noqa: E501 - the samples read better in rows


def add(cast: Cast, noun: str = NOUN, **over: Any) -> Any:
    return add_custom_fields(
        cast.admin, [{"noun": noun, "kind": "text", "key": "place", "labels": {"en": "Place"}} | over]
    )[0]


@pytest.fixture
def browser(cast: Cast) -> Client:
    """Ada's browser."""
    client = Client(headers={"host": "localhost"})
    client.force_login(cast.users["ada"])
    return client


# -- required from a stage on ----------------------------------------------------------------------


def test_what_is_missing_is_named_and_stops_the_verb_that_enters_the_stage(cast: Cast) -> None:
    add(cast, required_from="in_approval")
    add(cast, key="shelf", labels={"en": "Shelf"}, required_from="in_review")
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    add(cast, noun="contracts.line", key="serial", labels={"en": "Serial"}, required_from="in_approval")
    with pytest.raises(Invalid) as refused:
        services.review_contracts(cast.ada, [contract.pk])
    assert [p.params["field"] for p in refused.value.problems] == ["Shelf"]
    with pytest.raises(Invalid) as refused:
        services.submit_contracts(cast.ada, [contract.pk])
    assert sorted(p.params["field"] for p in refused.value.problems if p.code == "needed") == [
        "Place",
        "Serial",
        "Shelf",
    ]
    services.edit_contracts(cast.ada, [contract.pk], {"x_place": "Bergen", "x_shelf": "3"})
    services.review_contracts(cast.ada, [contract.pk])
    with pytest.raises(Invalid) as refused:
        services.submit_contracts(cast.ada, [contract.pk])
    assert [p.params["field"] for p in refused.value.problems if p.code == "needed"] == ["Serial"]


def test_who_may_not_read_the_field_is_told_without_its_name(cast: Cast) -> None:
    add(cast, required_from="in_approval", rules={"sales_rep": "hidden"})
    contract = make_contract(cast.ada)
    with pytest.raises(Invalid) as refused:
        services.submit_contracts(cast.ada, [contract.pk])
    told = next(p for p in refused.value.problems if p.code == "needed")
    assert (told.field, dict(told.params)) == ("", {})


def test_a_record_needs_what_is_required_from_the_beginning(cast: Cast) -> None:
    add(cast, required_from="always")
    with pytest.raises(Invalid) as refused:
        make_contract(cast.ada)
    assert [(p.field, p.code) for p in refused.value.problems] == [("x_place", "required")]
    make_contract(cast.ada, x_place="Bergen")


def test_what_is_about_the_record_is_still_filled_in_when_it_is_asked_for_later(cast: Cast) -> None:
    """A field required before signing can be filled in after the drafting table; one that is agreed on cannot, and is not asked for."""
    contract = walk_to(cast.ada, cast.ben, Stage.APPROVED, make_contract(cast.ada))
    add(cast, required_from="signing")
    add(cast, key="agreed", labels={"en": "Agreed"}, is_material=True, required_from="in_review")
    with pytest.raises(Invalid) as refused:
        services.send_to_sign(cast.ada, [contract.pk])
    assert [p.params["field"] for p in refused.value.problems] == ["Place"]
    services.edit_contracts(cast.ada, [contract.pk], {"x_place": "Bergen"})
    with pytest.raises(Settled):
        services.edit_contracts(cast.ada, [contract.pk], {"x_agreed": "No"})


# -- agreed content --------------------------------------------------------------------------------


def test_only_agreed_fields_enter_the_hash_and_only_once_they_hold_something(cast: Cast) -> None:
    contract = make_contract(cast.ada)
    before = content_hashes([contract.pk])
    add(cast)
    agreed = add(cast, key="agreed", labels={"en": "Agreed"}, is_material=True)
    add(cast, key="yes", kind="flag", labels={"en": "Yes"}, is_material=True)
    assert content_hashes([contract.pk]) == before
    services.edit_contracts(cast.ada, [contract.pk], {"x_place": "Bergen"})
    assert content_hashes([contract.pk]) == before
    services.edit_contracts(cast.ada, [contract.pk], {"x_agreed": "Yes"})
    after = content_hashes([contract.pk])
    assert after != before
    retire_custom_fields(cast.admin, [agreed.pk])
    assert content_hashes([contract.pk]) == after


# -- pages -----------------------------------------------------------------------------------------


def test_it_is_on_the_form_the_card_the_list_and_in_a_file_at_once(cast: Cast, browser: Client) -> None:
    make_fields(cast.admin, NOUN)
    party = make_party(cast.ada)
    page = browser.get("/contracts/new/").content.decode()
    assert all(f'name="x_{kind}' in page for kind in EVERY_KIND)
    typed = {
        "title": "Meters", "type": str(make_contract(cast.ada).type_id), "counterparty": str(party.pk), "currency": "SEK", "term": "fixed",
        "x_text": "Cellar 3", "x_number": "12.5", "x_money": "1,250.50", "x_money_currency": "EUR", "x_percent": "7.5", "x_date": "2026-05-31",
        "x_choice": "high", "x_flag": "on", "x_person": str(cast.users["ben"].pk), "x_party": str(party.pk),
    }  # fmt: skip
    answer = browser.post("/contracts/new/", typed)
    assert answer.status_code == 302, answer.context["form"].errors
    card = browser.get(answer["Location"]).content.decode()
    for shown in ("Our text", "Cellar 3", "Our money", "EUR", "High", "Ben", party.name):
        assert shown in card
    names = ",".join(f"x_{kind}" for kind in EVERY_KIND)
    listed = browser.get(f"/contracts/?view=all&columns=title,{names}&x_choice=high&sort=-x_money").content.decode()
    assert "Cellar 3" in listed
    totals = browser.get("/contracts/?view=all&columns=title,x_money&fragment=totals").content.decode()
    assert "Our money" in totals
    assert "1,250.50" in totals
    for kind in ("text", "choice", "date", "flag", "person"):
        assert browser.get(f"/contracts/?view=all&group=x_{kind}").status_code == 200
    file = browser.get(f"/contracts/?view=all&format=csv&columns=title,{names}")
    assert "Cellar 3" in b"".join(file.streaming_content if file.streaming else [file.content]).decode()
    history = browser.get(f"{answer['Location']}history/").content.decode()
    assert "Our text" in history


def test_a_cell_and_many_rows_at_once_are_changed(cast: Cast, browser: Client) -> None:
    make_fields(cast.admin, NOUN)
    rows = [make_contract(cast.ada), make_contract(cast.ada)]
    cell = browser.post(
        f"/cell/{NOUN}/{rows[0].pk}/x_text/",
        {"cell-x_text": "Attic", "x_text": "Attic", "version": "1"},
        headers={"hx-request": "true"},
    )
    assert b"Attic" in cell.content
    assert "x_choice" in browser.get("/contracts/?view=all").content.decode()
    ids = [str(row.pk) for row in rows]
    browser.post(f"/bulk/{NOUN}/", {"id": ids, "field": "x_choice", "x_choice": "low", "step": "apply"})
    shown = CONTRACT.show(cast.ada, [row.pk for row in rows], {"x_choice"})
    assert [row["x_choice"].code for row in shown] == ["low", "low"]


@pytest.mark.parametrize(
    ("noun", "address"),
    [
        ("contracts.line", "/contracts/{contract}/lines/{line}/"), ("contracts.milestone", "/contracts/{contract}/milestones/{milestone}/"),
        ("parties.party", "/parties/{party}/edit/"), ("parties.contact", "/parties/{party}/contacts/{contact}/edit/"),
    ],
)  # fmt: skip
def test_what_hangs_on_records_asks_for_its_own(cast: Cast, browser: Client, noun: str, address: str) -> None:
    make_fields(cast.admin, noun)
    contract = make_contract(cast.ada)
    party = contract.counterparty
    of = {
        "contract": contract.pk, "line": make_line(cast.ada, contract).pk, "milestone": make_milestone(cast.ada, contract).pk,
        "party": party.pk, "contact": make_contact(cast.ada, party).pk,
    }  # fmt: skip
    answer = browser.get(address.format(**of))
    if answer.status_code == 404:
        answer = browser.get(address.format(**of).removesuffix("edit/"))
    page = answer.content.decode()
    assert all(f'name="x_{kind}' in page for kind in EVERY_KIND)


def test_lines_show_what_they_hold(cast: Cast, browser: Client) -> None:
    make_fields(cast.admin, "contracts.line")
    contract = make_contract(cast.ada)
    services.add_lines(
        cast.ada,
        [{"contract": str(contract.pk), "title": "Meter", "quantity": "1", "unit_price": "1", "x_text": "Cellar 3"}],
    )
    assert "Our text: Cellar 3" in browser.get(f"/contracts/{contract.pk}/lines/").content.decode()


# -- programs --------------------------------------------------------------------------------------


def test_programs_write_read_and_ask_in_canonical_form(cast: Cast) -> None:
    make_fields(cast.admin, NOUN)
    contract = make_contract(cast.ada)
    token = make_token(cast.ada, cast.users["ada"], label="x")[1]
    client = Client(headers={"host": "localhost", "authorization": f"Bearer {token}"})
    body = {
        "x_text": "Cellar 3",
        "x_number": "12.5",
        "x_money": {"amount": "1250.50", "currency": "EUR"},
        "x_flag": True,
        "x_choice": "low",
    }
    answer = client.patch(f"/api/v1/contracts/{contract.pk}", json.dumps(body), content_type="application/json")
    assert answer.status_code == 200, answer.content
    assert {name: answer.json()[name] for name in body} == body
    assert [
        one["id"]
        for one in client.get("/api/v1/contracts?x_money.gt=1000&x_text.has=cellar&sort=x_number").json()["items"]
    ] == [str(contract.pk)]
    assert client.get("/api/v1/contracts?x_gone=1").status_code == 422
    assert client.get("/api/v1/custom-fields?noun=contracts.contract&sort=noun").status_code == 200
    names = {one["name"] for one in client.get("/api/v1/custom-fields").json()["items"]}
    assert names == {f"x_{kind}" for kind in EVERY_KIND}
    assert client.post("/api/v1/custom-fields", "{}", content_type="application/json").status_code == 403


# -- rules by stage reach what hangs on a contract --------------------------------------------------


def test_a_rule_by_stage_holds_for_what_hangs_on_a_contract(cast: Cast) -> None:
    for register in (LINE, MILESTONE, ORIGINAL):
        assert register.stage_column is not None
        assert register.stage_column[1] == "stage"
    field = add(cast, noun="contracts.milestone")
    edit_custom_fields(cast.admin, [field.pk], {"rules": {"sales_rep": "read"}})
    assert MILESTONE.level(cast.ada, "x_place", stage="draft") is Level.READ


# -- the forms of a plan, which are written by hand ------------------------------------------------


def test_the_sheet_of_a_plan_asks_for_added_fields_of_every_kind_and_shows_them(cast: Cast, browser: Client) -> None:
    make_fields(cast.admin, "contracts.instalment")
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    address = f"/contracts/{contract.pk}/plan/"
    page = browser.get(address).content.decode()
    assert all(f'name="x_{kind}' in page for kind in EVERY_KIND)
    typed = {
        "act": "stage", "title": "All of it", "x_text": "Cellar 3", "x_number": "12.5", "x_money": "1,250.50", "x_money_currency": "EUR",
        "x_percent": "7.5", "x_date": "2026-05-31", "x_choice": "high", "x_flag": "on", "x_person": str(cast.users["ben"].pk),
        "x_party": str(contract.counterparty_id),
    }  # fmt: skip
    assert browser.post(address, typed).status_code == 302
    page = browser.get(address).content.decode()
    for shown in ("Our text: Cellar 3", "Our money", "1,250.50", "High", "Ben"):
        assert shown in page
    [stage] = Instalment.objects.filter(contract=contract.pk)
    form = browser.get(f"{address}{stage.pk}/").content.decode()
    assert 'value="Cellar 3"' in form
    answer = browser.post(f"{address}{stage.pk}/", typed | {"x_text": "Attic", "version": "1"})
    assert answer.status_code == 302
    stage.refresh_from_db()
    assert stage.custom["x_text"]["text"] == "Attic"
    late = browser.post(f"{address}{stage.pk}/", typed | {"x_text": "Roof", "version": "1"})
    assert (late.status_code, "Saved meanwhile: Attic" in late.content.decode()) == (409, True)


def test_a_plan_in_force_is_changed_with_its_added_fields(cast: Cast, browser: Client) -> None:
    add(cast, noun="contracts.instalment")
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    [stage] = make_plan(cast.ada, contract, "rest")
    walk_to(cast.ada, cast.ben, Stage.ACTIVE, contract)
    address = f"/contracts/{contract.pk}/plan/change/"
    browser.force_login(cast.users["fia"])
    assert f'name="{stage.pk}-x_place"' in browser.get(address).content.decode()
    typed = {
        f"{stage.pk}-title": "Stage 1",
        f"{stage.pk}-trigger": "signing",
        f"{stage.pk}-x_place": "Bergen",
        "reason": "As agreed",
    }
    answer = browser.post(address, typed)
    assert answer.status_code == 302, answer.content.decode()[-2000:]
    stage.refresh_from_db()
    assert stage.custom["x_place"]["text"] == "Bergen"


def test_stages_and_milestones_that_lack_what_is_needed_are_told_so_beside_the_field(
    cast: Cast, browser: Client
) -> None:
    for noun in ("contracts.instalment", "contracts.milestone"):
        add(cast, noun=noun, required_from="always")
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    address = f"/contracts/{contract.pk}/plan/"
    for typed in ({"act": "stage", "title": "All of it"}, {"act": "milestone", "m-title": "Accepted"}):
        answer = browser.post(address, typed)
        assert (answer.status_code, "This is needed." in answer.content.decode()) == (422, True)
    assert browser.post(address, {"act": "milestone", "m-title": "Accepted", "m-x_place": "Bergen"}).status_code == 302
    made = browser.post(address, {"act": "make", "q-shares": "50/50"})
    assert (made.status_code, "Place: This is needed." in made.content.decode()) == (422, True)


def test_a_stage_is_asked_for_what_is_required_before_the_draft_leaves_the_table(cast: Cast) -> None:
    add(cast, noun="contracts.instalment", required_from="in_review", is_material=True)
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    [stage] = make_plan(cast.ada, contract, "rest")
    with pytest.raises(Invalid) as refused:
        services.review_contracts(cast.ada, [contract.pk])
    assert [(p.code, p.params["field"]) for p in refused.value.problems] == [("needed", "Place")]
    before = content_hashes([contract.pk])
    services.edit_instalments(cast.ada, [stage.pk], {"x_place": "Bergen"})
    assert content_hashes([contract.pk]) != before
    services.review_contracts(cast.ada, [contract.pk])


def test_a_new_stage_is_not_asked_for_a_field_that_is_closed_in_its_company(cast: Any) -> None:
    """C2, C3: open in one company of the reader and hidden in the other."""
    [field] = add_custom_fields(
        cast.admin, [{"noun": INSTALMENT.noun, "kind": "text", "labels": {"en": "Cost centre"}, "rules": {}}]
    )
    FieldRule.objects.update_or_create(
        role=Role.objects.get(key="agent"), noun=INSTALMENT.noun, field=field.name, defaults={"level": 0}
    )
    bump_policy(Actor.system(), ())
    agent = replace(cast.gus.grants[0], company=cast.south.pk)
    actor = replace(cast.ada, grants=(*cast.ada.grants, agent), policy_version=-1)
    assert field.name in added_form(actor, INSTALMENT, company=cast.north.pk).fields
    assert field.name not in added_form(actor, INSTALMENT, company=cast.south.pk).fields
