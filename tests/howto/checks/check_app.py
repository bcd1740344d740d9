"""Run in a copy in which docs/how-to/add-an-app.md was followed: the new noun can be used, by whom it should be."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.audit.queries import find_history
from hetong.config.permissions import PERMISSIONS
from hetong.config.policy import all_permissions
from hetong.equipment.models import Item
from hetong.equipment.services import add_items
from hetong.jobs.testing import drain_outbox
from hetong.parties.testing import make_party
from hetong.search.queries import search

pytestmark = pytest.mark.django_db


@pytest.fixture
def item(cast: Any) -> Item:
    party = make_party(cast.ada, name="Västerhamnens Energi AB")
    return add_items(cast.ada, [{"party": str(party.pk), "name": "Flow meter", "serial": "FM-1"}])[0]


def client_of(cast: Any, name: str) -> Client:
    client = Client()
    client.force_login(cast.users[name])
    return client


def text_of(answer: Any) -> str:
    assert answer.status_code == 200, (answer.status_code, answer.content[:2000])
    return str(answer.content.decode())


def test_it_is_listed_shown_found_and_in_the_rail(cast: Any, item: Item) -> None:
    client = client_of(cast, "ada")
    page = text_of(client.get("/equipment/"))
    assert "Flow meter" in page
    assert "Västerhamnens Energi AB" in page
    assert 'href="/equipment/"' in text_of(client.get("/"))
    assert "FM-1" in text_of(client.get(f"/equipment/{item.pk}/"))
    drain_outbox()
    assert [hit.title for hit in search(cast.ada, "fm-1")] == ["Flow meter"]


def test_it_is_added_and_changed_by_form_and_history_tells(cast: Any, item: Item) -> None:
    client = client_of(cast, "ada")
    given = {"party": str(item.party_id), "name": "Pump", "serial": "P-1", "installed_on": "2026-03-01"}
    added = client.post("/equipment/new/", given)
    pump = Item.objects.get(name="Pump")
    assert (added.status_code, added["Location"]) == (302, f"/equipment/{pump.pk}/")
    assert 'value="Pump"' in text_of(client.get(f"/equipment/{pump.pk}/edit/"))
    assert client.post(f"/equipment/{pump.pk}/edit/", given | {"name": "Big pump", "version": 1}).status_code == 302
    told = [(one.sentence, one.changes[0].after_text) for one in find_history(cast.ada, "equipment.item", pump.pk)]
    assert told[0] == ("changed the equipment", "Big pump")
    assert "Big pump" in text_of(client.get(f"/equipment/{pump.pk}/history/"))
    twice = client.post("/equipment/new/", given | {"serial": "fm-1"})
    assert twice.status_code == 422
    assert "This serial number is there already." in twice.content.decode()


def test_it_opens_for_whom_it_should(cast: Any, item: Item) -> None:
    addresses = (f"/equipment/{item.pk}/", f"/equipment/{item.pk}/edit/", f"/equipment/{item.pk}/history/")
    assert [client_of(cast, "dora").get(address).status_code for address in addresses] == [404, 404, 404]
    assert [client_of(cast, "cleo").get(address).status_code for address in addresses] == [200, 403, 200]
    assert [Client().get(address).status_code for address in addresses] == [302, 302, 302]
    assert "Flow meter" not in text_of(client_of(cast, "dora").get("/equipment/"))


def test_its_permissions_have_names() -> None:
    assert {str(can) for can in PERMISSIONS} == set(all_permissions())
