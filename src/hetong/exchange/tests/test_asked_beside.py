"""S1-11, S2-07: what the house requires of a party's terms and numbers is asked of the rows that bring parties in."""

from __future__ import annotations

from typing import Any

import pytest

from hetong.accounts.custom import ALWAYS
from hetong.accounts.services.custom_fields import add_custom_fields
from hetong.contracts.models import Contract
from hetong.contracts.testing import make_type
from hetong.exchange.queries.imports import error_rows
from hetong.exchange.services.tasks import import_now
from hetong.exchange.testing import begin_file
from hetong.parties.models import Party, PartyTerms

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _required(cast: Any, tmp_path: Any, settings: Any) -> None:
    settings.STORAGE_URL = f"file://{tmp_path}/files"
    for noun, word in (("parties.terms", "Segment"), ("parties.identifier", "Checked")):
        given = {
            "noun": noun,
            "kind": "text",
            "key": word.casefold(),
            "labels": {"en": word},
            "required_from": ALWAYS,
            "rules": {},
        }
        add_custom_fields(cast.admin, [given])


def words(cast: Any, of: Any) -> dict[int, set[tuple[str, str]]]:
    return {one.line: {(p.column, p.text) for p in one.problems} for one in error_rows(cast.admin, of)}


def test_a_row_that_lacks_it_is_named_and_the_others_come_in(cast: Any) -> None:
    file = (
        "Name,Country,Registration number,Segment,Registration number: Checked\n"
        "Alfa AB,SE,,Marine,\nBeta AB,SE,556036-0793,Marine,\nGamma AB,SE,556016-0680,Mining,May\nDelta AB,SE,,,\n"
    )
    of = begin_file(cast.admin, "parties", file)
    counts = import_now(cast.admin, of)
    assert (counts["created"], counts["errors"]) == (2, 2)
    assert words(cast, of) == {
        3: {("Registration number: Checked", "This is needed.")},
        5: {("Segment", "This is needed.")},
    }
    assert set(Party.objects.values_list("name", flat=True)) == {"Alfa AB", "Gamma AB"}
    segments = {one.party.name: one.custom["x_segment"]["text"] for one in PartyTerms.objects.select_related("party")}
    assert segments == {"Alfa AB": "Marine", "Gamma AB": "Mining"}
    mended = file.replace("Alfa AB,SE,,Marine", "Alfa AB,SE,,Rail")
    again = import_now(cast.admin, begin_file(cast.admin, "parties", mended, keys=("name",)))
    assert (again["updated"], again["errors"]) == (1, 2)
    assert PartyTerms.objects.get(party__name="Alfa AB").custom["x_segment"]["text"] == "Rail"


def test_a_file_without_the_column_is_told_which_one_it_lacks(cast: Any) -> None:
    of = begin_file(cast.admin, "parties", "Name,Country\nAlfa AB,SE\n")
    assert import_now(cast.admin, of)["errors"] == 1
    assert words(cast, of) == {2: {("Segment", "This is needed.")}}


def test_contracts_that_would_bring_such_a_party_say_what_it_needs_at_every_row_that_names_it(cast: Any) -> None:
    make_type()
    known = "Name,Segment\nAlfa AB,Marine\n"
    import_now(cast.admin, begin_file(cast.admin, "parties", known))
    file = "Title,Counterparty,Value\nOne,Alfa AB,100\nTwo,Beta AB,100\nThree,Alfa AB,100\nFour,Beta AB,100\nFive,Gamma AB,5\n"
    of = begin_file(cast.admin, "contracts", file, options={"add_parties": True, "currency": "SEK"})
    counts = import_now(cast.admin, of)
    why = "There is no such party yet, and a new one needs “Segment”. Import it first, or add it by hand."
    assert words(cast, of) == {line: {("Counterparty", why)} for line in (3, 5, 6)}
    assert counts["created"] == 2
    assert set(Contract.objects.values_list("title", flat=True)) == {"One", "Three"}
