from __future__ import annotations

import pytest

from hetong.accounts.services import share_records
from hetong.audit.queries import find_history
from hetong.kernel import known
from hetong.kernel.errors import Forbidden, NotFound
from hetong.kernel.where import Where
from hetong.parties.fields import BANK, PARTY, TERMS
from hetong.parties.models import Contact, Party, PartyBank, PartyTerms
from hetong.parties.queries import find_parties, party_card
from hetong.parties.services import add_terms, edit_banks, edit_parties
from hetong.parties.testing import make_bank, make_contact, make_party


def seen(actor) -> set[str]:
    return set(Party.objects.visible_to(actor).values_list("name", flat=True))


def test_a_party_is_seen_through_its_terms_and_each_role_reaches_its_own(cast):
    make_party(cast.ada, name="Adas")
    make_party(cast.olle, name="Olles")
    make_party(cast.gus, name="Guss")
    make_party(cast.dora, name="Doras", country="GB")
    assert seen(cast.ada) == {"Adas"}
    assert seen(cast.ben) == {"Adas"}
    assert seen(cast.olle) == {"Olles"}
    assert seen(cast.gus) == {"Guss"}
    assert seen(cast.dora) == {"Doras"}
    for who in ("fia", "lin", "max", "cleo", "eve"):
        assert seen(getattr(cast, who)) == {"Adas", "Olles", "Guss"}
    assert seen(cast.admin) == {"Adas", "Olles", "Guss", "Doras"}
    assert seen(cast.pia) == set()


@pytest.mark.parametrize("few", [0, 1, 2_000])
def test_the_same_parties_are_seen_whether_a_reader_sees_few_or_many(cast, few, monkeypatch):
    """C2: of many, rights are asked one by one; what is seen, found and changed stays the same."""
    monkeypatch.setattr(known, "MANY", few)
    make_party(cast.ada, name="Adas Vatten")
    make_party(cast.ada, name="Adas Energi")
    shared = make_party(cast.dora, name="Doras Vatten", country="GB")
    make_party(cast.dora, name="Doras Energi", country="GB")
    share_records(cast.admin, "parties.party", [shared.pk], user=cast.users["ada"])
    assert seen(cast.ada) == {"Adas Vatten", "Adas Energi", "Doras Vatten"}
    assert seen(cast.ben) == {"Adas Vatten", "Adas Energi"}
    assert seen(cast.dora) == {"Doras Vatten", "Doras Energi"}
    assert set(find_parties(cast.ada, Where(text="vatten")).values_list("name", flat=True)) == {
        "Adas Vatten",
        "Doras Vatten",
    }
    assert set(find_parties(cast.dora, Where(text="energi")).values_list("name", flat=True)) == {"Doras Energi"}
    assert set(Party.objects.editable_by(cast.ada).values_list("name", flat=True)) == {"Adas Vatten", "Adas Energi"}


def test_dora_cannot_open_find_or_change_what_is_adas(cast):
    party = make_party(cast.ada)
    contact = make_contact(cast.ada, party)
    with pytest.raises(NotFound):
        party_card(cast.dora, party.pk)
    with pytest.raises(NotFound):
        edit_parties(cast.dora, [party.pk], {"name": "Mine"})
    assert not Contact.objects.visible_to(cast.dora).filter(pk=contact.pk).exists()
    assert not PartyTerms.objects.visible_to(cast.dora).exists()
    assert not find_parties(cast.dora, Where.parse({"q": "acme"})).exists()


def test_a_party_of_two_companies_shows_each_its_own_terms_only(cast):
    party = make_party(cast.ada, number="N-1", payment_days="30")
    add_terms(cast.admin, [{"party": str(party.pk), "company": str(cast.south.pk), "number": "S-1", "payment_days": "60",
                            "owner": str(cast.dora.id)}])  # fmt: skip
    assert PARTY.show(cast.ada, [party])[0]["number"] == "N-1"
    assert PARTY.show(cast.dora, [party])[0]["number"] == "S-1"
    assert [r["number"] for r in TERMS.show(cast.dora, PartyTerms.objects.visible_to(cast.dora))] == ["S-1"]
    assert [t["number"] for t in party_card(cast.admin, party.pk).terms] == ["N-1", "S-1"]
    assert find_parties(cast.dora, Where.parse({"number": "N-1"})).count() == 0
    assert find_parties(cast.dora, Where.parse({"payment_days.gte": "60"})).count() == 1
    assert find_parties(cast.ada, Where.parse({"payment_days.gte": "60"})).count() == 0


def test_a_share_opens_the_party_and_its_level_decides_about_changes(cast):
    party = make_party(cast.ada)
    share_records(cast.ada, "parties.party", [party.pk], user=cast.users["olle"], level="view")
    assert seen(cast.olle) == {"Nordic Acme AB"}
    with pytest.raises(Forbidden):
        edit_parties(cast.olle, [party.pk], {"phone": "+46 8 123 456"})
    share_records(cast.ada, "parties.party", [party.pk], user=cast.users["olle"], level="edit")
    edit_parties(cast.olle, [party.pk], {"phone": "+46 8 123 456"})
    assert Party.objects.get().phone == "+46 8 123 456"


@pytest.mark.parametrize("who", ["ada", "ben"])
def test_accounts_are_hidden_from_sales(cast, who):
    party = make_party(cast.ada)
    make_bank(cast.fia, party)
    reader = getattr(cast, who)
    row = BANK.show(reader, PartyBank.objects.visible_to(reader))[0]
    assert "account" not in row
    assert "bic" not in row
    assert party_card(reader, party.pk).banks == []


@pytest.mark.parametrize("who", ["fia", "lin", "cleo", "admin"])
def test_accounts_are_shown_to_those_who_pay_and_check(cast, who):
    party = make_party(cast.ada)
    make_bank(cast.fia, party)
    assert [b["account"] for b in party_card(getattr(cast, who), party.pk).banks] == ["SE45 5000 0000 0583 9825 7466"]


def test_the_agent_sees_no_credit_limit_and_cannot_ask_for_it(cast):
    from hetong.kernel.errors import UnknownField

    party = make_party(cast.gus)
    assert "credit_limit" not in PARTY.show(cast.gus, [party])[0]
    with pytest.raises(UnknownField):
        find_parties(cast.gus, Where.parse({"credit_limit.gt": "1"})).count()


def test_the_list_answers_me_kinds_numbers_and_text(cast):
    make_party(cast.ada, name="Acme AB", registration_number="556016-0680", number="K-77")
    make_party(cast.ada, name="Beta AB", kinds=["supplier"])
    ada = cast.ada

    def names(query) -> list[str]:
        return sorted(find_parties(ada, Where.parse(query)).values_list("name", flat=True))

    assert names({"owner": "me"}) == ["Acme AB", "Beta AB"]
    assert names({"kinds": "supplier"}) == ["Beta AB"]
    assert names({"q": "acme"}) == ["Acme AB"]
    assert names({"q": "5560160680"}) == ["Acme AB"]
    assert names({"q": "556016-0680"}) == ["Acme AB"]
    assert names({"q": "k-77"}) == ["Acme AB"]
    assert names({"number.has": "77"}) == ["Acme AB"]
    assert names({"company": str(cast.south.pk)}) == []
    assert names({"owner.empty": "true"}) == []


def test_the_parent_is_only_named_to_those_who_may_know_of_it(cast):
    head = make_party(cast.olle, name="Head AB")
    party = make_party(cast.ada, name="Part AB")
    edit_parties(cast.admin, [party.pk], {"parent": str(head.pk)})
    assert PARTY.show(cast.ada, [party])[0]["parent"] is None
    assert PARTY.show(cast.fia, [party])[0]["parent"].title == "Head AB"


def test_the_history_of_a_party_tells_of_its_details_too_but_not_of_accounts_to_sales(cast):
    party = make_party(cast.ada)
    make_contact(cast.ada, party)
    bank = make_bank(cast.fia, party)
    edit_banks(cast.fia, [bank.pk], {"is_active": False})
    add_terms(cast.admin, [{"party": str(party.pk), "company": str(cast.south.pk)}])
    told = {h.code for h in find_history(cast.ada, "parties.party", party.pk)}
    assert {"parties.party_added", "parties.terms_added", "parties.contact_added"} <= told
    assert not any(
        "0583" in f"{h.label}{h.sentence}{h.changes}" for h in find_history(cast.ada, "parties.party", party.pk)
    )
    assert any("0583" in h.label for h in find_history(cast.fia, "parties.party", party.pk))
    assert sum(h.code == "parties.terms_added" for h in find_history(cast.ada, "parties.party", party.pk)) == 1
    assert sum(h.code == "parties.terms_added" for h in find_history(cast.admin, "parties.party", party.pk)) == 2
