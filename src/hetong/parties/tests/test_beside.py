"""S2-07, S0-28: what the house requires of a party's terms, numbers and address is asked for where these are made with it."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.accounts.custom import ALWAYS
from hetong.accounts.models import CustomIndex, FieldRule, Role
from hetong.accounts.services import make_token
from hetong.accounts.services.custom_fields import add_custom_fields
from hetong.accounts.subjects import subject
from hetong.accounts.testing import forget_access
from hetong.audit.models import Entry
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import Invalid
from hetong.parties.fields import ADDRESS, NUMBER, PARTY, TERMS
from hetong.parties.models import Address, Party, PartyId, PartyTerms
from hetong.parties.services import add_parties, edit_parties
from hetong.parties.testing import make_party

pytestmark = pytest.mark.django_db

NOUNS = {"parties.terms": "x_segment", "parties.identifier": "x_checked", "parties.address": "x_gate"}
WORDS = {"en": "This is needed.", "sv": "Det här behövs.", "zh-hans": "必填。", "zh-hant": "必填。"}
NUMBER_OF_ACME = "556016-0680"


@pytest.fixture(autouse=True)
def _required(cast: Any) -> None:
    for noun, name in NOUNS.items():
        word = name.removeprefix("x_")
        given = {"noun": noun, "kind": "text", "key": word, "labels": {"en": word.title()}, "required_from": ALWAYS}
        add_custom_fields(cast.admin, [given | {"rules": {}, "is_indexed": True}])


def close(role: str, noun: str, level: Level) -> None:
    FieldRule.objects.create(role=Role.objects.get(key=role), noun=noun, field=NOUNS[noun], level=level.value)
    forget_access()


def asked(refused: Any) -> set[tuple[str, str]]:
    return {(p.field, p.code) for p in refused.value.problems}


def logged_in(cast: Any, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who])
    return client


# -- services ------------------------------------------------------------------------------------


def test_a_new_party_is_asked_for_what_its_terms_need(cast: Any) -> None:
    with pytest.raises(Invalid) as refused:
        make_party(cast.ada, name="Acme AB")
    assert asked(refused) == {("terms_x_segment", "required")}
    assert not Party.objects.filter(name="Acme AB").exists()
    party = make_party(cast.ada, name="Acme AB", terms_x_segment="Marine")
    [terms] = TERMS.show(cast.ada, PartyTerms.objects.filter(party=party))
    assert terms["x_segment"] == "Marine"
    assert PARTY.show(cast.ada, [party])[0]["terms_x_segment"] == "Marine"
    assert CustomIndex.objects.get(noun="parties.terms").record == terms.id


def test_numbers_and_the_address_are_asked_for_only_where_they_are_filled_in(cast: Any) -> None:
    given = {
        "name": "Acme AB", "country": "SE", "registration_number": NUMBER_OF_ACME, "vat_number": "556016068001", "city": "Lund",
        "terms_x_segment": "Marine",
    }  # fmt: skip
    with pytest.raises(Invalid) as refused:
        add_parties(cast.ada, [given])
    needed = ("registration_number_x_checked", "vat_number_x_checked", "address_x_gate")
    assert asked(refused) == {(name, "required") for name in needed}
    said = {"registration_number_x_checked": "May", "vat_number_x_checked": "June", "address_x_gate": "North"}
    [party] = add_parties(cast.ada, [given | said])
    numbers = {
        row["scheme"].code: row["x_checked"] for row in NUMBER.show(cast.ada, PartyId.objects.filter(party=party))
    }
    assert numbers == {"se_orgnr": "May", "eu_vat": "June"}
    assert [row["x_gate"] for row in ADDRESS.show(cast.ada, Address.objects.filter(party=party))] == ["North"]
    shown = PARTY.show(cast.ada, [party])[0]
    assert {name: shown[name] for name in said} == said
    codes = set(Entry.objects.exclude(noun="").values_list("code", flat=True))
    assert {"parties.number_added", "parties.address_added"} <= codes


def test_what_is_said_of_a_number_that_is_not_given_is_refused_not_dropped(cast: Any) -> None:
    said = {"vat_number_x_checked": "June", "address_x_gate": "North"}
    with pytest.raises(Invalid) as refused:
        make_party(cast.ada, terms_x_segment="Marine", **said)
    assert asked(refused) == {(name, "alone") for name in said}


def test_a_number_that_is_added_later_is_asked_for_too_and_one_of_before_is_not(cast: Any) -> None:
    party = make_party(cast.ada, country="SE", terms_x_segment="Marine")
    with pytest.raises(Invalid) as refused:
        edit_parties(cast.ada, [party.pk], {"registration_number": NUMBER_OF_ACME})
    assert asked(refused) == {("registration_number_x_checked", "required")}
    edit_parties(cast.ada, [party.pk], {"registration_number": NUMBER_OF_ACME, "registration_number_x_checked": "May"})
    edit_parties(cast.ada, [party.pk], {"registration_number_x_checked": "June", "terms_x_segment": "Mining"})
    shown = PARTY.show(cast.ada, [party])[0]
    assert (shown["registration_number_x_checked"], shown["terms_x_segment"]) == ("June", "Mining")
    assert Entry.objects.filter(code="parties.number_edited").exists()
    with pytest.raises(Invalid) as refused:
        edit_parties(cast.ada, [party.pk], {"registration_number_x_checked": "", "terms_x_segment": ""})
    assert asked(refused) == {("registration_number_x_checked", "required"), ("terms_x_segment", "required")}
    PartyId.objects.update(custom={})
    edit_parties(cast.ada, [party.pk], {"registration_number": "556036-0793"})
    edit_parties(cast.ada, [party.pk], {"registration_number": ""})
    assert not PartyId.objects.filter(party=party, is_active=True).exists()


def test_terms_with_another_company_are_asked_for_when_the_form_makes_them(cast: Any) -> None:
    party = make_party(cast.ada, terms_x_segment="Marine")
    south = {"company": str(cast.south.pk), "number": "K-7"}
    with pytest.raises(Invalid) as refused:
        edit_parties(cast.admin, [party.pk], south)
    assert asked(refused) == {("terms_x_segment", "required")}
    edit_parties(cast.admin, [party.pk], south | {"terms_x_segment": "Mining"})
    assert PartyTerms.objects.get(party=party, company=cast.south).custom["x_segment"]["text"] == "Mining"


def test_hetong_itself_is_not_asked(cast: Any) -> None:
    assert add_parties(Actor.system(), [{"name": "Acme AB", "company": str(cast.north.pk), "city": "Lund"}])


# -- rules ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("level", [Level.HIDDEN, Level.READ])
def test_c5_who_may_not_write_the_field_is_not_asked_and_reads_what_its_own_rule_lets(cast: Any, level: Level) -> None:
    party = make_party(cast.ada, terms_x_segment="Canary")
    close("sales_rep", "parties.terms", level)
    client = logged_in(cast, "ada")
    assert 'name="terms_x_segment"' not in client.get("/parties/new/").content.decode()
    assert client.post("/parties/new/", {"name": "Beta AB", "country": "SE"}).status_code == 302
    for address in (
        f"/parties/{party.pk}/",
        "/parties/?columns=name,terms_x_segment",
        "/parties/?format=csv&layout=all",
    ):
        answer = client.get(address)
        content = b"".join(answer.streaming_content) if answer.streaming else answer.content
        assert ("Canary" in content.decode()) is (level is Level.READ), address


def test_c4_rules_are_set_where_the_field_is_kept_and_nowhere_else(cast: Any) -> None:
    assert not [name for name in subject("parties.party").rows if "x_" in name]
    close("sales_rep", "parties.terms", Level.HIDDEN)
    token = make_token(cast.ada, cast.users["ada"], label="crm")[1]
    headers = {"authorization": f"Bearer {token}", "idempotency-key": "one"}
    body = {"name": "Acme AB", "terms_x_segment": "Marine"}
    answer = Client().post("/api/v1/parties", body, content_type="application/json", headers=headers)
    assert (answer.status_code, "Marine" in answer.content.decode()) == (422, False)
    for query in ("terms_x_segment=Marine", "sort=terms_x_segment", "group=terms_x_segment"):
        assert Client().get(f"/api/v1/parties?{query}", headers=headers).status_code == 422, query
    with pytest.raises(Invalid, match="unknown_field"):
        make_party(cast.admin, terms_x_nothing="a")


# -- pages, programs -----------------------------------------------------------------------------


def test_the_form_asks_and_keeps_what_was_typed(cast: Any) -> None:
    client, typed = (
        logged_in(cast, "ada"),
        {"name": "Acme AB", "country": "SE", "registration_number": NUMBER_OF_ACME, "city": "Lund"},
    )
    page = client.get("/parties/new/").content.decode()
    assert all(
        f'name="{name}"' in page for name in ("terms_x_segment", "registration_number_x_checked", "address_x_gate")
    )
    for language, words in WORDS.items():
        cast.users["ada"].language = language
        cast.users["ada"].save()
        refused = client.post("/parties/new/", typed)
        answer = refused.content.decode()
        assert (refused.status_code, words in answer) == (422, True), language
        for name in ("terms_x_segment", "registration_number_x_checked", "address_x_gate"):
            assert f'href="#id_{name}"' in answer, (language, name)
        assert all(f'value="{value}"' in answer for value in (NUMBER_OF_ACME, "Lund", "Acme AB")), language
    said = {"terms_x_segment": "Marine", "registration_number_x_checked": "May", "address_x_gate": "North"}
    answer = client.post("/parties/new/", typed | said)
    assert answer.status_code == 302
    card = client.get(answer["location"]).content.decode()
    assert all(card.count(value) >= 1 for value in said.values())
    party = Party.objects.get(name="Acme AB")
    form = client.get(f"/parties/{party.pk}/edit/").content.decode()
    assert all(f'value="{value}"' in form for value in said.values())


def test_a_program_is_told_the_names_of_what_is_missing(cast: Any) -> None:
    token = make_token(cast.ada, cast.users["ada"], label="crm")[1]

    def post(given: dict[str, Any], once: str) -> Any:
        headers = {"authorization": f"Bearer {token}", "idempotency-key": once}
        return Client().post("/api/v1/parties", given, content_type="application/json", headers=headers)

    body = {"name": "Acme AB", "country": "SE", "registration_number": NUMBER_OF_ACME}
    refused = post(body, "one")
    fields = {one["field"] for one in refused.json()["errors"]}
    assert (refused.status_code, fields) == (422, {"terms_x_segment", "registration_number_x_checked"})
    made = post(body | {"terms_x_segment": "Marine", "registration_number_x_checked": "May"}, "two")
    assert (made.status_code, made.json()["terms_x_segment"]) == (201, "Marine"), made.json()
