from __future__ import annotations

import re

import pytest
from django.test import Client

from hetong.parties.models import Contact, Party, PartyBank, PartyTerms
from hetong.parties.services import edit_parties
from hetong.parties.testing import make_address, make_bank, make_contact, make_party


def client_of(cast, who: str) -> Client:
    client = Client()
    client.force_login(cast.users[who])
    return client


def text_of(response) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", response.content.decode()))


ADDED = {"name": "Nordic Acme AB", "country": "SE", "kinds": ["customer"], "registration_number": "556016-0680"}


def test_the_list_shows_the_readers_parties_only(cast):
    make_party(cast.ada, name="Adas kund AB")
    make_party(cast.dora, name="Doras client Ltd", country="GB")
    for view in (
        "",
        "?view=all",
        "?view=customers",
        "?view=mine",
        "?kinds=customer&sort=-owner&columns=name,owner,credit_limit",
    ):
        response = client_of(cast, "ada").get(f"/parties/{view}")
        assert response.status_code == 200
        assert "Adas kund AB" in text_of(response)
        assert "Doras client" not in text_of(response)
    assert "Doras client" in text_of(client_of(cast, "dora").get("/parties/"))


def test_adding_a_party_by_form_leads_to_its_card(cast):
    ada = client_of(cast, "ada")
    page = ada.get("/parties/new/?kinds=supplier")
    assert page.status_code == 200
    assert re.search(r'value="supplier"[^>]*checked', page.content.decode())
    response = ada.post("/parties/new/", ADDED | {"payment_days": "30", "city": "Stockholm", "once_key": "k1"})
    party = Party.objects.get()
    assert response.status_code == 302
    assert response.url == f"/parties/{party.pk}/"
    card = text_of(ada.get(response.url))
    for words in ("Nordic Acme AB", "556016-0680", "Stockholm", "North AB", "Ada", "30"):
        assert words in card


def test_a_wrong_number_comes_back_with_everything_typed(cast):
    response = client_of(cast, "ada").post(
        "/parties/new/", ADDED | {"registration_number": "556016-0681", "note": "Met in Malmö"}
    )
    assert response.status_code == 422
    assert "556016-0681" in response.content.decode()
    assert "Met in Malmö" in response.content.decode()
    assert "check digit" in text_of(response)
    assert not Party.objects.exists()


def test_a_similar_name_warns_and_can_be_saved_anyway(cast):
    make_party(cast.ada)
    ada = client_of(cast, "ada")
    typed = {"name": "Nordic Acne AB", "country": "SE"}
    response = ada.post("/parties/new/", typed)
    assert response.status_code == 422
    assert "may be here already" in text_of(response)
    assert 'name="anyway"' in response.content.decode()
    assert Party.objects.count() == 1
    assert ada.post("/parties/new/", typed | {"anyway": "1"}).status_code == 302
    assert Party.objects.count() == 2


def test_a_duplicate_that_is_not_open_is_announced_without_its_name(cast):
    party = make_party(cast.ada)
    fragment = client_of(cast, "dora").get("/parties/duplicates/", {"name": "nordic acme"}).content.decode()
    assert "not open to you" in fragment
    assert "Nordic" not in fragment
    assert str(party.pk) not in fragment
    assert (
        "Nordic Acme AB" in client_of(cast, "ada").get("/parties/duplicates/", {"name": "nordic acme"}).content.decode()
    )
    assert (
        client_of(cast, "ada")
        .get("/parties/duplicates/", {"name": "nordic acme", "besides": str(party.pk)})
        .content.strip()
        == b""
    )


@pytest.mark.parametrize(
    "query", [{"name": "\x00"}, {"besides": "x"}, {"name": "x" * 5000}, {"vat_number": "<script>"}, {}]
)
def test_the_look_for_duplicates_takes_any_text(cast, query):
    assert client_of(cast, "ada").get("/parties/duplicates/", query).status_code == 200


def test_an_edit_keeps_both_values_when_someone_else_was_faster(cast):
    party = make_party(cast.ada)
    ada = client_of(cast, "ada")
    page = ada.get(f"/parties/{party.pk}/edit/").content.decode()
    was = dict(re.findall(r'name="(was_[a-z_]+)" value="([^"]*)"', page))
    edit_parties(cast.ben, [party.pk], {"phone": "+46 8 111 111"})
    typed = {name: value.replace("&quot;", '"') for name, value in was.items()} | {
        "version": "1", "name": "Nordic Acme AB", "country": "SE", "kinds": ["customer"], "phone": "+46 8 222 222",
        "owner": str(cast.ada.id),
        "team": str(cast.sales.pk),
    }  # fmt: skip
    response = ada.post(f"/parties/{party.pk}/edit/", typed)
    assert response.status_code == 409
    assert "+46 8 111 111" in response.content.decode()
    assert "+46 8 222 222" in response.content.decode()
    response = ada.post(f"/parties/{party.pk}/edit/", typed | {"version": "2"})
    assert response.status_code == 302
    assert Party.objects.get().phone == "+46 8 222 222"


def test_dora_gets_not_found_for_every_address_of_adas_party(cast):
    party = make_party(cast.ada)
    contact = make_contact(cast.ada, party)
    own = make_party(cast.dora, name="Doras own", country="GB")
    dora = client_of(cast, "dora")
    base = f"/parties/{party.pk}/"
    for url in (base, f"{base}edit/", f"{base}contacts/new/", f"{base}contacts/{contact.pk}/edit/", f"{base}terms/new/", f"{base}history/",
                f"/parties/{own.pk}/contacts/{contact.pk}/edit/"):  # fmt: skip
        assert dora.get(url).status_code == 404, url
    assert dora.post(f"{base}retire/").status_code == 404
    assert dora.post(f"{base}contacts/new/", {"name": "X"}).status_code == 404
    assert Contact.objects.count() == 1


def test_a_contact_is_reached_only_through_its_own_party(cast):
    one, two = make_party(cast.ada, name="One AB"), make_party(cast.ada, name="Two AB")
    contact = make_contact(cast.ada, one)
    assert client_of(cast, "ada").get(f"/parties/{two.pk}/contacts/{contact.pk}/edit/").status_code == 404


@pytest.mark.parametrize(
    ("folder", "given", "words"),
    [
        ("contacts", {"name": "Kim Berg", "email": "kim@example.test"}, "Kim Berg"),
        ("numbers", {"scheme": "gln", "value": "7350053850019"}, "7350053850019"),
        ("addresses", {"role": "billing", "lines": "Storgatan 1", "city": "Lund"}, "Storgatan 1"),
        ("banks", {"kind": "bankgiro", "account": "58056201"}, "5805-6201"),
    ],
)
def test_what_hangs_on_a_party_is_added_changed_and_retired_by_forms(cast, folder, given, words):
    party = make_party(cast.fia)
    fia = client_of(cast, "fia")
    base = f"/parties/{party.pk}/"
    assert fia.get(f"{base}{folder}/new/").status_code == 200
    response = fia.post(f"{base}{folder}/new/", given)
    assert response.status_code == 302
    card = fia.get(base)
    assert words in text_of(card)
    edit = re.search(rf'href="({base}{folder}/[0-9a-f-]+/edit/)"', card.content.decode())[1]
    assert fia.get(edit).status_code == 200
    assert fia.post(edit, given | {"version": "1"}).status_code == 302
    assert "Retired" in text_of(fia.get(base))


def test_accounts_are_nowhere_on_adas_pages(cast):
    party = make_party(cast.ada)
    bank = make_bank(cast.fia, party)
    ada = client_of(cast, "ada")
    assert "5000 0000 0583" not in ada.get(f"/parties/{party.pk}/").content.decode()
    assert ada.get(f"/parties/{party.pk}/banks/new/").status_code == 403
    assert ada.get(f"/parties/{party.pk}/banks/{bank.pk}/edit/").status_code == 403
    assert PartyBank.objects.count() == 1


def test_terms_with_another_company_are_added_by_who_works_for_both(cast):
    party = make_party(cast.ada)
    admin = client_of(cast, "admin")
    assert admin.get(f"/parties/{party.pk}/terms/new/").status_code == 200
    response = admin.post(
        f"/parties/{party.pk}/terms/new/",
        {"company": str(cast.south.pk), "payment_days": "60", "credit_limit": "1000", "credit_limit_currency": "GBP"},
    )
    assert response.status_code == 302
    terms = PartyTerms.objects.get(company=cast.south)
    assert (terms.payment_days, terms.credit_limit_minor, terms.currency) == (60, 100_000, "GBP")
    card = text_of(admin.get(f"/parties/{party.pk}/"))
    assert "South Ltd" in card
    assert "1,000.00" in card
    assert "South Ltd" not in text_of(client_of(cast, "ada").get(f"/parties/{party.pk}/"))


def test_retiring_and_taking_back_are_one_click_each(cast):
    party = make_party(cast.ada)
    ada = client_of(cast, "ada")
    assert ada.post(f"/parties/{party.pk}/retire/", {"version": "1"}).status_code == 302
    assert "Retired" in text_of(ada.get(f"/parties/{party.pk}/"))
    assert ada.post(f"/parties/{party.pk}/restore/", {"version": "1"}).status_code == 409
    assert ada.post(f"/parties/{party.pk}/restore/").status_code == 302
    assert Party.objects.get().is_active


@pytest.mark.parametrize("who", ["cleo", "eve", "max"])
def test_readers_read_and_are_offered_nothing_more(cast, who):
    party = make_party(cast.ada)
    reader = client_of(cast, who)
    page = reader.get(f"/parties/{party.pk}/")
    assert page.status_code == 200
    assert "/edit/" not in page.content.decode()
    assert reader.get("/parties/new/").status_code == 403
    assert reader.get(f"/parties/{party.pk}/edit/").status_code == 403
    assert reader.post(f"/parties/{party.pk}/retire/").status_code == 403


def test_nobody_comes_in_without_signing_in_and_the_portal_not_at_all(cast):
    party = make_party(cast.ada)
    for url in (
        "/parties/",
        "/parties/new/",
        f"/parties/{party.pk}/",
        "/parties/duplicates/",
        "/settings/party-kinds/",
    ):
        assert Client().get(url).status_code == 302
        assert client_of(cast, "pia").get(url).status_code == 404


def test_kinds_are_set_by_administrators(cast):
    admin = client_of(cast, "admin")
    assert "Customer" in text_of(admin.get("/settings/party-kinds/"))
    response = admin.post(
        "/settings/party-kinds/new/", {"labels_en": "Investor", "labels_sv": "Investerare", "position": "60"}
    )
    assert response.status_code == 302
    assert "investor" in admin.get("/settings/party-kinds/").content.decode()
    assert client_of(cast, "ada").get("/settings/party-kinds/").status_code == 403


@pytest.mark.parametrize("language", ["sv", "zh-hans", "zh-hant"])
def test_the_pages_render_in_every_language(cast, language):
    user = cast.users["fia"]
    user.language = language
    user.save()
    party = make_party(cast.fia, local_name="北欧艾克米", registration_number="556016-0680", website="example.com")
    make_contact(cast.fia, party)
    make_address(cast.fia, party)
    make_bank(cast.fia, party)
    fia = client_of(cast, "fia")
    for url in (
        "/parties/",
        "/parties/new/",
        f"/parties/{party.pk}/",
        f"/parties/{party.pk}/edit/",
        f"/parties/{party.pk}/banks/new/",
    ):
        assert fia.get(url).status_code == 200, url


def test_the_list_and_the_card_ask_the_database_a_fixed_number_of_times(cast, django_assert_max_num_queries):
    parties = [make_party(cast.ada, name=f"Party {n} AB", city="Lund", payment_days="30") for n in range(12)]
    for party in parties[:3]:
        make_contact(cast.ada, party)
    ada = client_of(cast, "ada")
    ada.get("/parties/?view=all")
    with django_assert_max_num_queries(18):
        ada.get("/parties/?view=all")
    with django_assert_max_num_queries(28):
        ada.get(f"/parties/{parties[0].pk}/")
