"""Run in a copy in which docs/how-to/add-an-endpoint.md was followed: the new addresses answer, to whom they should."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from hetong.accounts.services import make_token
from hetong.config.api import description
from hetong.contracts.testing import make_contract

pytestmark = pytest.mark.django_db


def test_the_page_and_the_operation_list_the_parts_and_nothing_else(cast: Any) -> None:
    top = make_contract(cast.ada, title="Master agreement")
    make_contract(cast.ada, title="Call-off", parent=str(top.pk))
    page, operation = f"/contracts/{top.pk}/parts/", f"/api/v1/contracts/{top.pk}/parts"
    for name, status in (("ada", 200), ("dora", 404)):
        client = Client()
        client.force_login(cast.users[name])
        shown = client.get(page)
        assert shown.status_code == status
        api = Client(
            headers={"Authorization": f"Bearer {make_token(getattr(cast, name), cast.users[name], label='check')[1]}"}
        )
        answered = api.get(operation)
        assert answered.status_code == status
        if status == 200:
            assert "Call-off" in shown.content.decode()
            assert "Master agreement" not in shown.content.decode()
            assert [one["title"] for one in answered.json()["items"]] == ["Call-off"]
            assert client.post(page).status_code == 405
    assert (Client().get(page).status_code, Client().get(operation).status_code) == (302, 401)
    assert "/api/v1/contracts/{contract_id}/parts" in json.loads(description())["paths"]
