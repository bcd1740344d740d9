"""How far a contract has come: S2-05."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from hetong.contracts.models import Contract
from hetong.contracts.states import Stage
from hetong.contracts.testing import make_contract, make_line

pytestmark = pytest.mark.django_db


def overview(cast: Any, contract: Contract, name: str = "ada") -> str:
    client = Client()
    client.force_login(cast.users[name])
    return client.get(f"/contracts/{contract.pk}/").content.decode()


def make_running(cast: Any, **facts: int) -> Contract:
    """An active contract worth 125.00."""
    contract = make_contract(cast.ada)
    make_line(cast.ada, contract)
    Contract.objects.filter(pk=contract.pk).update(stage=Stage.ACTIVE, **facts)
    return contract


def test_the_owner_sees_approval_invoices_and_money_together_with_the_way_to_their_rows(cast: Any) -> None:
    contract = make_running(cast, invoiced_minor=6250, received_minor=2500, open_minor=3750)
    page = overview(cast, contract)
    for words in ("Agreed and done", "Approved", "50.0", "20.0", "62.50", f"/contracts/{contract.pk}/money/"):
        assert words in page


def test_what_came_in_beyond_the_value_is_a_hundred_percent_and_a_surplus(cast: Any) -> None:
    page = overview(cast, make_running(cast, invoiced_minor=12500, received_minor=13000))
    assert "100.0" in page
    assert "104.0" not in page
    assert "5.00 more than agreed" in page


def test_the_bars_are_asked_again_and_unchanged_answer_nothing(cast: Any) -> None:
    contract = make_running(cast, invoiced_minor=6250)
    client = Client()
    client.force_login(cast.users["ada"])
    first = client.get(f"/contracts/{contract.pk}/?live=1")
    mark = first.headers["X-Live-Mark"]
    assert client.get(f"/contracts/{contract.pk}/?live=1", headers={"X-Live-Mark": mark}).status_code == 204
    Contract.objects.filter(pk=contract.pk).update(invoiced_minor=12500)
    assert client.get(f"/contracts/{contract.pk}/?live=1", headers={"X-Live-Mark": mark}).status_code == 200
