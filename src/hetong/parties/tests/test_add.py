from __future__ import annotations

import pytest

from hetong.audit.models import Entry
from hetong.kernel.errors import Forbidden, Invalid
from hetong.parties.fields import PARTY, TERMS
from hetong.parties.models import Address, Party, PartyId, PartyTerms
from hetong.parties.services import add_parties, add_terms
from hetong.parties.services.checks import TakenMeanwhile, constraints_as_conflict
from hetong.parties.testing import make_party


def problems(refused) -> dict[str, str]:
    return {p.field: p.code for p in refused.value.problems}


def test_a_new_party_gets_its_terms_numbers_and_address_from_one_form(cast):
    ada = cast.ada
    party = make_party(
        ada, name="Nordic Acme AB", local_name="北欧艾克米", kinds=["customer", "partner"], registration_number="5560160680",
        vat_number="556016068001",
        address_lines="Storgatan 1", postal_code="111 22", city="Stockholm", payment_days="30", number="K-1001", website="acme.example",
    )  # fmt: skip
    row = PARTY.show(ada, [party])[0]
    assert row["registration_number"] == "556016-0680"
    assert row["vat_number"] == "SE556016068001"
    assert row["numbers"] == "556016-0680 · SE556016068001"
    assert row["city"] == "Stockholm"
    assert [k.code for k in row["kinds"]] == ["customer", "partner"]
    assert (row["owner"].title, row["team"].title, row["company"].title) == ("Ada", "Sales", "North AB")
    assert (row["payment_days"], row["number"]) == (30, "K-1001")
    assert row["website"] == "https://acme.example"
    terms = PartyTerms.objects.get(party=party)
    assert (terms.company, terms.currency) == (cast.north, "SEK")
    assert Address.objects.get(party=party).country == "SE"


def test_adding_leaves_a_trace_of_the_party_and_of_its_terms(cast):
    party = make_party(cast.ada)
    codes = set(Entry.objects.filter(subject__in=[party.pk, party.terms.get().pk]).values_list("code", flat=True))
    assert codes == {"parties.party_added", "parties.terms_added"}


def test_every_problem_is_named_at_once(cast):
    with pytest.raises(Invalid) as refused:
        make_party(
            cast.ada,
            name="",
            registration_number="556016-0681",
            email="nobody",
            phone="x",
            website="javascript:alert(1)",
            payment_days="900",
        )
    assert problems(refused) == {"name": "required"}
    with pytest.raises(Invalid) as refused:
        make_party(
            cast.ada,
            registration_number="556016-0681",
            vat_number="SE1",
            email="nobody",
            phone="x",
            website="javascript:alert(1)",
            payment_days="900",
        )
    assert problems(refused) == {
        "registration_number": "wrong_check_digit", "vat_number": "wrong_form", "email": "bad_email", "phone": "bad_phone",
        "website": "bad_website", "payment_days": "payment_days",
    }  # fmt: skip
    assert not Party.objects.exists()


def test_a_number_belongs_to_one_party_only(cast):
    make_party(cast.ada, registration_number="556016-0680")
    with pytest.raises(Invalid) as refused:
        make_party(cast.ada, name="Another AB", registration_number="16 556016 0680")
    problem = refused.value.problems[0]
    assert problem.code == "number_taken"
    assert problem.params["party"] == "Nordic Acme AB"


def test_a_number_of_a_party_that_is_not_open_is_refused_without_its_name(cast):
    make_party(cast.ada, registration_number="556016-0680")
    with pytest.raises(Invalid) as refused:
        make_party(cast.dora, name="Another AB", registration_number="556016-0680")
    problem = refused.value.problems[0]
    assert problem.code == "number_taken_hidden"
    assert "Acme" not in problem.text % problem.params


def test_a_number_twice_in_one_batch_is_refused_by_row(cast):
    given = [{"name": n, "country": "SE", "registration_number": "556016-0680"} for n in ("A", "B")]
    with pytest.raises(Invalid) as refused:
        add_parties(cast.ada, given)
    assert [(p.row, p.code) for p in refused.value.problems] == [("2", "number_twice")]
    assert not PartyId.objects.exists()


def test_a_customer_number_belongs_to_one_party_of_a_company(cast):
    make_party(cast.ada, number="K-1")
    with pytest.raises(Invalid) as refused:
        make_party(cast.ada, name="Another AB", number="k-1")
    assert problems(refused) == {"number": "number_taken"}
    make_party(cast.dora, name="Far Ltd", country="GB", number="K-1")


def test_a_team_of_another_company_is_refused(cast):
    party = make_party(cast.ada)
    with pytest.raises(Invalid) as refused:
        add_terms(cast.admin, [{"party": str(party.pk), "company": str(cast.south.pk), "team": str(cast.sales.pk)}])
    assert problems(refused) == {"team": "team_elsewhere"}


@pytest.mark.parametrize("who", ["cleo", "eve", "max"])
def test_those_who_only_read_add_nothing(cast, who):
    with pytest.raises(Forbidden):
        make_party(getattr(cast, who))
    assert not Party.objects.exists()


def test_nobody_adds_terms_for_a_company_they_do_not_work_for(cast):
    with pytest.raises((Forbidden, Invalid)):
        make_party(cast.ada, company=str(cast.south.pk))
    assert not Party.objects.exists()


def test_unknown_fields_nul_and_absurd_lengths_are_refused(cast):
    for bad in (
        {"secret": "x"},
        {"name": "A\x00B"},
        {"name": "x" * 201},
        {"note": "x" * 20_001},
        {"country": "ZZ"},
        {"kinds": ["nobody"]},
        {"language": "xx"},
    ):
        with pytest.raises(Invalid):
            make_party(cast.ada, **bad)
    assert not Party.objects.exists()


def test_a_credit_limit_takes_the_currency_of_the_company(cast):
    party = make_party(cast.ada)
    terms = add_terms(cast.admin, [{"party": str(party.pk), "company": str(cast.south.pk), "credit_limit": "5000"}])[0]
    assert (terms.credit_limit_minor, terms.currency) == (500_000, "GBP")
    assert str(TERMS.show(cast.admin, [terms])[0]["credit_limit"]) == "5000.00 GBP"


def test_names_in_several_scripts_are_kept_for_search(cast):
    party = make_party(
        cast.ada,
        name="Huawei Technologies Co., Ltd.",
        local_name="华为技术有限公司",
        other_names="HUAWEI\nHua Wei",
        country="CN",
    )
    assert party.similar_key == "huawei technologies"
    assert set(party.similar_names.values_list("key", flat=True)) == {
        "huawei technologies",
        "华为技术",
        "huawei",
        "hua wei",
    }


def test_a_race_for_the_same_number_ends_in_words_not_in_a_crash(cast):
    party, other = make_party(cast.ada, registration_number="556016-0680"), make_party(cast.ada, name="Other AB")
    with pytest.raises(TakenMeanwhile), constraints_as_conflict():
        PartyId.objects.create(party=other, scheme="se_orgnr", value="556016-0680", normalised="5560160680")
    assert list(PartyId.objects.values_list("party", flat=True)) == [party.pk]
