from __future__ import annotations

import json

import pytest

from hetong.kernel.errors import NotFound
from hetong.kernel.ids import new_id
from hetong.parties.queries import differences, snapshot
from hetong.parties.services import edit_parties
from hetong.parties.testing import make_bank, make_contact, make_party


def test_a_snapshot_holds_what_a_contract_keeps(cast):
    party = make_party(
        cast.ada,
        registration_number="556016-0680",
        address_lines="Storgatan 1",
        city="Stockholm",
        payment_days="30",
        number="K-1",
    )
    make_contact(cast.ada, party)
    make_bank(cast.fia, party)
    kept = snapshot(party.pk, cast.north.pk)
    assert json.loads(json.dumps(kept)) == kept
    assert (kept["name"], kept["country"], kept["number"], kept["payment_days"]) == ("Nordic Acme AB", "SE", "K-1", 30)
    assert kept["numbers"] == [{"scheme": "se_orgnr", "issuer": "", "value": "556016-0680"}]
    assert kept["addresses"][0]["city"] == "Stockholm"
    assert kept["banks"][0]["account"] == "SE45 5000 0000 0583 9825 7466"
    assert kept["contacts"][0]["name"] == "Kim Berg"
    assert snapshot(party.pk, cast.south.pk)["payment_days"] is None


def test_what_differs_later_is_named(cast):
    party = make_party(cast.ada)
    kept = snapshot(party.pk, cast.north.pk)
    assert differences(kept, snapshot(party.pk, cast.north.pk)) == []
    edit_parties(cast.ada, [party.pk], {"name": "Nordic Acme Sverige AB", "note": "irrelevant"})
    assert [(d[0], d[2], d[3]) for d in differences(kept, snapshot(party.pk, cast.north.pk))] == [
        ("name", "Nordic Acme AB", "Nordic Acme Sverige AB")
    ]


def test_a_party_that_is_not_there_has_no_snapshot(cast):
    with pytest.raises(NotFound):
        snapshot(new_id(), cast.north.pk)
