"""S2-02: records that look like one party are found, and those that are two are said to be two."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from hetong.accounts.services import make_token
from hetong.audit.models import Entry
from hetong.parties.models import Apart, Party
from hetong.parties.queries import likely_duplicates
from hetong.parties.services import merge_parties, say_apart
from hetong.parties.testing import make_party

from .test_merging import in_browser, statements

pytestmark = pytest.mark.django_db


@pytest.fixture
def pair(cast: Any) -> tuple[Party, Party]:
    """Two records, both Ada's, that may be one customer."""
    return make_party(cast.ada, name="Nordic Acme AB"), make_party(cast.ada, name="Nordic Acme Aktiebolag")


def test_likely_duplicates_are_found_by_number_name_and_mail_and_only_among_what_is_open(cast: Any) -> None:
    one = make_party(cast.ada, name="Nordic Acme AB", email="a@acme.example")
    other = make_party(cast.ada, name="Nordic Acme Aktiebolag", email="b@acme.example")
    make_party(cast.ada, name="Quite Another AB", email="c@gmail.com")
    make_party(cast.ada, name="And one more AB", email="d@gmail.com")
    make_party(cast.dora, name="Nordic Acme Ltd", country="GB")
    [pair] = likely_duplicates(cast.ben)
    assert {row.id for row in pair.rows} == {one.pk, other.pk}
    assert set(pair.signs) == {"name", "mail"}
    assert [alike.this_id for alike in likely_duplicates(cast.ben, other.pk)] == [one.pk]


def test_two_that_look_alike_are_said_to_be_two_and_are_asked_about_no_more(
    cast: Any, pair: tuple[Party, Party]
) -> None:
    """S2-02: the mark stands in the history of both, holds on every page, and is taken back."""
    one, other = pair
    ben, address = in_browser(cast, "ben"), f"/parties/{one.pk}/apart/"
    assert "These are two" in ben.get("/parties/likely-duplicates/").content.decode()
    assert f"/parties/{one.pk}/alike/" in ben.get(f"/parties/{one.pk}/").content.decode(), "comes in after the card"
    for headers in ({}, {"hx-request": "true"}):
        assert other.name in ben.get(f"/parties/{one.pk}/alike/", headers=headers).content.decode()
    for _again in range(2):
        assert ben.post(address, {"other": str(other.pk), "reason": "Two brothers"}).status_code == 302
    assert likely_duplicates(cast.ben) == []
    assert likely_duplicates(cast.ben, one.pk) == []
    assert other.name not in ben.get(f"/parties/{one.pk}/alike/").content.decode()
    listed = ben.get("/parties/likely-duplicates/").content.decode()
    assert "Looked at: these are two" in listed
    assert "Two brothers" in listed
    told = Entry.objects.filter(code="parties.said_apart").values_list("subject", "reason")
    assert sorted(told) == sorted([(one.pk, "Two brothers"), (other.pk, "Two brothers")])
    assert ben.post(f"{address}end/", {"other": str(other.pk)}).status_code == 302
    assert len(likely_duplicates(cast.ben)) == 1
    assert Entry.objects.filter(code="parties.said_alike").count() == 2
    assert ben.post(address, {"other": "x"}).status_code == 404
    assert in_browser(cast, "ada").post(address, {"other": str(other.pk)}).status_code == 403
    assert in_browser(cast, "ben").post(address, {"other": str(one.pk)}).status_code == 422


def test_a_mark_falls_away_when_the_two_are_merged_after_all(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    say_apart(cast.ben, one.pk, other.pk)
    merge_parties(cast.ben, one.pk, other.pk)
    assert not Apart.objects.exists()


def test_programs_say_that_two_are_two(cast: Any, pair: tuple[Party, Party]) -> None:
    one, other = pair
    token = make_token(cast.ben, cast.users["ben"], label="x")[1]
    api, address = Client(headers={"authorization": f"Bearer {token}"}), f"/api/v1/parties/{other.pk}/apart"
    given = {"other": str(one.pk), "reason": "Two brothers"}
    assert api.post(address, given, content_type="application/json").status_code == 200
    assert api.get("/api/v1/parties/likely-duplicates").json() == []
    assert api.post(f"{address}/end", {"other": str(one.pk)}, content_type="application/json").status_code == 200
    assert len(api.get("/api/v1/parties/likely-duplicates").json()) == 1
    for wrong in ({"other": "x"}, {"other": str(one.pk), "take": ["name"]}, {}):
        assert api.post(address, wrong, content_type="application/json").status_code == 422


def test_looking_for_duplicates_asks_the_same_of_few_and_of_many(cast: Any) -> None:
    """S2-02: by set, whatever the number of parties; of one party by an index on the domain of its mail."""
    first = make_party(cast.ada, name="Nordic Acme AB", email="a@acme.example")
    make_party(cast.ada, name="Acme of the North", email="b@acme.example")
    assert len(likely_duplicates(cast.ben)) == 1  # rights are read once
    few = statements(lambda: likely_duplicates(cast.ben)), statements(lambda: likely_duplicates(cast.ben, first.pk))
    for n in range(30):
        make_party(cast.ada, name=f"{chr(65 + n % 26)}ther{n} Works", email=f"a@works{n // 2}.example")
    many = statements(lambda: likely_duplicates(cast.ben)), statements(lambda: likely_duplicates(cast.ben, first.pk))
    assert many == few
    assert len(likely_duplicates(cast.ben)) == 16
    with CaptureQueriesContext(connection) as asked:
        likely_duplicates(cast.ben, first.pk)
    of_mail = [one["sql"] for one in asked if '"mail_domain" IN' in one["sql"] and "GROUP BY" in one["sql"]]
    assert of_mail
    assert not any("StrIndex" in one["sql"] or "INSTR" in one["sql"] for one in asked)
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            plan = " ".join(str(row) for row in cursor.execute(f"EXPLAIN QUERY PLAN {of_mail[0]}"))
        assert "party_by_mail_domain (mail_domain=?" in plan
