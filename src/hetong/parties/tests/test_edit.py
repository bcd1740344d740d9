from __future__ import annotations

import pytest

from hetong.audit.models import Entry
from hetong.audit.values import names_of
from hetong.kernel.errors import Forbidden, Invalid, Stale
from hetong.kernel.where import Where
from hetong.parties.fields import CONTACT, PARTY
from hetong.parties.models import Contact, Party, PartyId, PartyTerms
from hetong.parties.queries import find_parties
from hetong.parties.services import (
    add_contacts,
    add_kinds,
    add_numbers,
    add_terms,
    edit_addresses,
    edit_banks,
    edit_contacts,
    edit_kinds,
    edit_numbers,
    edit_parties,
    edit_terms,
    restore_parties,
    retire_parties,
)  # fmt: skip
from hetong.parties.services.terms import TermsExist
from hetong.parties.testing import make_address, make_bank, make_contact, make_party


def problems(refused) -> dict[str, str]:
    return {p.field: p.code for p in refused.value.problems}


def test_identity_numbers_address_and_terms_change_in_one_save(cast):
    party = make_party(cast.ada, registration_number="556016-0680", city="Stockholm")
    edit_parties(
        cast.ada,
        [party.pk],
        {
            "name": "Nordic Acme Sverige AB",
            "registration_number": "556703-7485",
            "city": "Malmö",
            "payment_days": "45",
            "kinds": ["supplier"],
        },
    )
    row = PARTY.show(cast.ada, [party])[0]
    assert (row["name"], row["registration_number"], row["city"], row["payment_days"]) == (
        "Nordic Acme Sverige AB",
        "556703-7485",
        "Malmö",
        45,
    )
    assert [k.code for k in row["kinds"]] == ["supplier"]
    assert row["numbers"] == "556703-7485"
    assert row.version == 2
    assert PartyId.objects.count() == 1
    entry = Entry.objects.get(subject=party.pk, code="parties.party_edited")
    assert set(names_of(entry)) == {"name", "registration_number", "numbers", "city", "kinds"}
    assert Entry.objects.filter(code="parties.terms_edited").count() == 1


def test_an_emptied_number_is_retired_and_free_for_another(cast):
    party = make_party(cast.ada, registration_number="556016-0680")
    edit_parties(cast.ada, [party.pk], {"registration_number": ""})
    assert PARTY.show(cast.ada, [party])[0]["registration_number"] is None
    assert not PartyId.objects.get().is_active
    make_party(cast.ada, name="Successor AB", registration_number="556016-0680")


def test_a_new_name_is_what_duplicates_are_looked_for_by(cast):
    party = make_party(cast.ada)
    edit_parties(cast.ada, [party.pk], {"name": "Zebra Ltd"})
    party.refresh_from_db()
    assert party.similar_key == "zebra"
    assert set(party.similar_names.values_list("key", flat=True)) == {"zebra"}


def test_a_stale_save_is_refused(cast):
    party = make_party(cast.ada)
    edit_parties(cast.ada, [party.pk], {"phone": "+46 8 123 456"}, versions={party.pk: 1})
    with pytest.raises(Stale):
        edit_parties(cast.ada, [party.pk], {"phone": "+46 8 654 321"}, versions={party.pk: 1})
    with pytest.raises(Stale):
        edit_parties(cast.ada, [party.pk], {"payment_days": "10"}, versions={party.pk: 1})
    assert Party.objects.get().phone == "+46 8 123 456"


def test_the_owner_of_many_parties_changes_at_once(cast):
    parties = [make_party(cast.ada, name=n) for n in ("A", "B", "C")]
    edit_parties(cast.ben, [p.pk for p in parties], {"owner": str(cast.ben.id)})
    assert set(PartyTerms.objects.values_list("owner", flat=True)) == {cast.ben.id}


def test_problems_of_party_and_terms_are_named_together(cast):
    party = make_party(cast.ada)
    with pytest.raises(Invalid) as refused:
        edit_parties(cast.ada, [party.pk], {"email": "nobody", "payment_days": "9999"})
    assert problems(refused) == {"email": "bad_email", "payment_days": "payment_days"}


def test_a_party_belongs_to_no_circle(cast):
    one, two = make_party(cast.ada, name="One"), make_party(cast.ada, name="Two")
    edit_parties(cast.ada, [two.pk], {"parent": str(one.pk)})
    for id, parent in ((one.pk, two.pk), (one.pk, one.pk)):
        with pytest.raises(Invalid) as refused:
            edit_parties(cast.ada, [id], {"parent": str(parent)})
        assert problems(refused) == {"parent": "parent_loop"}


@pytest.mark.parametrize("who", ["cleo", "eve", "max"])
def test_those_who_only_read_change_nothing(cast, who):
    party = make_party(cast.ada)
    reader = getattr(cast, who)
    with pytest.raises(Forbidden):
        edit_parties(reader, [party.pk], {"name": "X"})
    with pytest.raises(Forbidden):
        retire_parties(reader, [party.pk])
    with pytest.raises(Forbidden):
        make_contact(reader, party)


def test_a_retired_party_is_no_longer_listed_among_those_in_use(cast):
    party = make_party(cast.ada)
    retire_parties(cast.ada, [party.pk], reason="Closed down")
    assert not find_parties(cast.ada, Where.parse({"is_active": "true"})).exists()
    assert Entry.objects.get(code="parties.party_retired").reason == "Closed down"
    restore_parties(cast.ada, [party.pk])
    assert find_parties(cast.ada, Where.parse({"is_active": "true"})).exists()


def test_the_first_contact_is_the_main_one_until_another_is(cast):
    party = make_party(cast.ada)
    kim = make_contact(cast.ada, party)
    lou = make_contact(cast.ada, party, name="Lou Lind")
    assert PARTY.show(cast.ada, [party])[0]["primary_contact"].title == "Kim Berg"
    edit_contacts(cast.ada, [lou.pk], {"is_primary": True})
    assert PARTY.show(cast.ada, [party])[0]["primary_contact"].title == "Lou Lind"
    assert Entry.objects.filter(subject=kim.pk, code="parties.contact_edited").count() == 1
    edit_contacts(cast.ada, [lou.pk], {"is_active": False})
    assert PARTY.show(cast.ada, [party])[0]["primary_contact"] is None
    assert Contact.objects.filter(is_primary=True).count() == 0


def test_a_contact_stays_with_its_party(cast):
    one, two = make_party(cast.ada, name="One"), make_party(cast.ada, name="Two")
    kim = make_contact(cast.ada, one)
    with pytest.raises(Invalid) as refused:
        edit_contacts(cast.ada, [kim.pk], {"party": str(two.pk)})
    assert problems(refused) == {"party": "detail_stays"}


def test_a_contact_with_a_wrong_mail_address_is_refused(cast):
    party = make_party(cast.ada)
    with pytest.raises(Invalid) as refused:
        add_contacts(cast.ada, [{"party": str(party.pk), "name": "Kim", "email": "kim@", "mobile": "call me"}])
    assert problems(refused) == {"email": "bad_email", "mobile": "bad_phone"}


def test_everything_about_a_contact_is_personal():
    assert all(f.personal for f in CONTACT if f.name not in ("party", "is_active"))


def test_further_numbers_are_checked_and_told_apart(cast):
    party, other = make_party(cast.ada), make_party(cast.ada, name="Other AB")
    base = {"party": str(party.pk)}
    add_numbers(cast.ada, [base | {"scheme": "gln", "value": "7350053850019"}])
    with pytest.raises(Invalid) as refused:
        add_numbers(cast.ada, [base | {"scheme": "other", "value": "HRB 1"}])
    assert problems(refused) == {"issuer": "issuer_needed"}
    with pytest.raises(Invalid) as refused:
        add_numbers(cast.ada, [{"party": str(other.pk), "scheme": "gln", "value": "7350053850019"}])
    assert problems(refused) == {"value": "number_taken"}
    with pytest.raises(Invalid) as refused:
        add_numbers(cast.ada, [base | {"scheme": "gln", "value": "7350053850018"}])
    assert problems(refused) == {"value": "wrong_check_digit"}
    party.refresh_from_db()
    assert party.numbers == "7350053850019"
    number = PartyId.objects.get()
    edit_numbers(cast.ada, [number.pk], {"is_active": False})
    party.refresh_from_db()
    assert party.numbers == ""


def test_a_party_has_one_registered_address(cast):
    party = make_party(cast.ada, city="Stockholm")
    with pytest.raises(Invalid) as refused:
        make_address(cast.ada, party, role="registered")
    assert problems(refused) == {"role": "registered_twice"}
    billing = make_address(cast.ada, party)
    assert billing.country == "SE"
    with pytest.raises(Invalid) as refused:
        edit_addresses(cast.ada, [billing.pk], {"lines": "", "city": "", "postal_code": ""})
    assert problems(refused) == {"lines": "address_empty"}


def test_accounts_are_changed_by_finance_only_and_checked(cast):
    party = make_party(cast.ada)
    for who in (cast.ada, cast.lin):
        with pytest.raises((Forbidden, Invalid)):
            make_bank(who, party)
    bank = make_bank(cast.fia, party, bic="esse se ss", currency="SEK")
    assert bank.bic == "ESSESESS"
    with pytest.raises(Invalid) as refused:
        make_bank(cast.fia, party)
    assert problems(refused) == {"account": "account_twice"}
    with pytest.raises(Invalid) as refused:
        edit_banks(cast.fia, [bank.pk], {"account": "SE45 5000 0000 0583 9825 7467"})
    assert problems(refused) == {"account": "wrong_check_digit"}
    edit_banks(cast.fia, [bank.pk], {"kind": "bankgiro", "account": "58056201", "bic": ""})
    bank.refresh_from_db()
    assert (bank.account, bank.normalised) == ("5805-6201", "58056201")


def test_terms_are_once_per_company_and_stay_with_it(cast):
    party = make_party(cast.ada)
    with pytest.raises(TermsExist):
        add_terms(cast.ada, [{"party": str(party.pk), "company": str(cast.north.pk)}])
    terms = PartyTerms.objects.get()
    edit_terms(cast.ada, [terms.pk], {"credit_limit": "250000", "price_note": "List less 10 %"})
    terms.refresh_from_db()
    assert (terms.credit_limit_minor, terms.currency) == (25_000_000, "SEK")
    with pytest.raises(Invalid) as refused:
        edit_terms(cast.admin, [terms.pk], {"company": str(cast.south.pk)})
    assert problems(refused) == {"company": "terms_stay"}


def test_kinds_are_the_administrators(cast):
    with pytest.raises(Forbidden):
        add_kinds(cast.ada, [{"labels": {"en": "Investor"}}])
    kind = add_kinds(cast.admin, [{"labels": {"en": "Sub-contractor", "sv": "Underentreprenör"}}])[0]
    assert kind.key == "sub-contractor"
    make_party(cast.ada, kinds=["sub-contractor"])
    for bad in ({"labels": {"en": "Sub-contractor"}}, {"labels": {"en": "X"}, "key": "Not a key"}, {"labels": {}}):
        with pytest.raises(Invalid):
            add_kinds(cast.admin, [bad])
    with pytest.raises(Invalid):
        edit_kinds(cast.admin, [kind.pk], {"key": "other"})
    edit_kinds(cast.admin, [kind.pk], {"labels": {"en": "Subcontractor"}, "is_active": False})
    chinese = add_kinds(cast.admin, [{"labels": {"zh-hans": "投资人"}}])[0]
    assert chinese.key.startswith("kind-")
