from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hetong.kernel.text import name_key
from hetong.parties.queries import find_duplicates, pieces_of
from hetong.parties.queries.duplicates import MOST_PIECES, likeness
from hetong.parties.testing import make_party


def found(actor, *names, **more) -> list[str]:
    return [a.name for a in find_duplicates(actor, names, **more).seen]


@pytest.mark.parametrize(
    "typed",
    [
        "Nordic Acme AB",
        "NORDIC ACME",
        "nordic acme aktiebolag",
        "Nordic Acne",
        "Nordc Acme",
        "ordic Acme AB",
        "Acme Nordic AB",
        "Ｎｏｒｄｉｃ Acme",
    ],
)
def test_a_name_spelled_a_little_otherwise_is_found(cast, typed):
    make_party(cast.ada)
    make_party(cast.ada, name="Southern Zebra AB")
    assert found(cast.ada, typed) == ["Nordic Acme AB"]


@pytest.mark.parametrize("typed", ["Acme", "Nordic Bank AB", "Volvo", "AB", "", "…", "N"])
def test_another_name_is_not(cast, typed):
    make_party(cast.ada)
    assert found(cast.ada, typed) == []


def test_chinese_names_are_found_by_their_characters(cast):
    make_party(cast.ada, name="Huawei Technologies", local_name="华为技术有限公司", country="CN")
    assert found(cast.ada, "华为技术") == ["Huawei Technologies"]
    assert found(cast.ada, "华为技術股份有限公司") in ([], ["Huawei Technologies"])
    assert found(cast.ada, "中国银行") == []


def test_the_same_number_is_found_however_it_is_written(cast):
    party = make_party(cast.ada, registration_number="556016-0680")
    duplicates = find_duplicates(cast.ada, ["Wholly Different"], [("se_orgnr", "16 5560160680")])
    assert [(a.id, a.is_same_number) for a in duplicates.seen] == [(party.pk, True)]
    assert duplicates.has_same_number
    assert not find_duplicates(cast.ada, [], [("se_orgnr", "not a number")])
    assert not find_duplicates(cast.ada, ["Nordic Acme"], besides=[party.pk])


def test_what_the_reader_may_not_see_is_announced_without_a_name(cast):
    make_party(cast.ada)
    duplicates = find_duplicates(cast.dora, ["Nordic Acme"])
    assert duplicates
    assert duplicates.has_hidden
    assert duplicates.seen == ()


@given(st.text(max_size=60))
def test_every_name_has_few_pieces_and_each_fits_its_column(name):
    pieces = pieces_of(name_key(name))
    assert len(pieces) <= MOST_PIECES
    assert all(0 < len(piece) <= 20 for piece in pieces)


@given(st.text(min_size=1, max_size=30), st.text(min_size=1, max_size=30))
def test_likeness_is_the_same_both_ways_and_full_with_itself(one, other):
    assert likeness(one, one) == 100
    assert 0 <= likeness(one, other) <= 100


def test_finding_duplicates_takes_few_statements_whatever_the_number_of_parties(cast, django_assert_max_num_queries):
    for n in range(30):
        make_party(cast.ada, name=f"Nordic Acme {n} AB")
    ada = cast.ada
    with django_assert_max_num_queries(4):
        find_duplicates(ada, ["Nordic Acme"], [("se_orgnr", "556016-0680")])
