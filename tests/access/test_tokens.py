"""H4: every scope of a token × every operation of the API answers as the policy says, and never more than its user may."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from hetong.accounts.models import User
from hetong.accounts.policy import Can
from hetong.accounts.services import make_token, revoke_token
from hetong.config.permissions import PERMISSIONS
from hetong.kernel import clock
from hetong.kernel.routes import routes

pytestmark = pytest.mark.django_db
NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


def operations() -> list[tuple[str, str, str, tuple[str, ...]]]:
    """Every (name, method, address, permissions) of the API; ids are of nothing, so that nothing is done."""
    from .samples import patterns

    found = []
    for name, pattern in patterns():
        if not name.startswith("api:"):
            continue
        arguments = dict.fromkeys(pattern.pattern.converters, NOWHERE)
        for (known, method), route in routes().items():
            if known == name and route.can:
                found.append((name, method, reverse(name, kwargs=arguments), route.can))
    return found


def ask(token: str, method: str, address: str) -> int:
    with transaction.atomic():
        answer = Client(headers={"host": "localhost"}, raise_request_exception=False).generic(
            method, address, b"{}", content_type="application/json", headers={"Authorization": f"Bearer {token}"}
        )
        transaction.set_rollback(True)
    return int(answer.status_code)


def test_each_scope_opens_what_it_names_and_nothing_else(cast: Any) -> None:
    """All operations of the scope, and one of each kind that asks for other permissions."""
    admin, wrong = cast.users["admin"], []
    found = operations()
    assert len(found) > 20
    of_a_kind = {(can, method): (name, method, address, can) for name, method, address, can in found}
    for scope in map(str, PERMISSIONS):
        _row, token = make_token(cast.admin, admin, label=scope, permissions=[scope])
        named = {one for one in found if scope in one[3]}
        for name, method, address, can in {*named, *of_a_kind.values()}:
            status = ask(token, method, address)
            is_open = any(one in (scope, str(Can.USE_API)) for one in can)
            if not is_open and status != 403:
                wrong.append(f"{scope}: {method} {name} answered {status}, expected 403")
            if is_open and status in (401, 405, 500):
                wrong.append(f"{scope}: {method} {name} answered {status}")
    assert not wrong, "\n".join(wrong)


def test_a_token_is_never_wider_than_its_person(cast: Any) -> None:
    """Ada may not manage kinds of party, whatever her token says."""
    _row, token = make_token(cast.ada, cast.users["ada"], label="all", permissions=[str(can) for can in PERMISSIONS])
    wrong = [
        f"{method} {name} answered {status}"
        for name, method, address, can in operations()
        if not any(cast.ada.may(one) for one in can) and (status := ask(token, method, address)) != 403
    ]
    assert not wrong, "\n".join(wrong)


def test_a_token_dies_with_its_day_its_person_and_its_revocation(cast: Any) -> None:
    address, ada = "/api/v1/companies", cast.users["ada"]
    row, token = make_token(cast.ada, ada, label="x", expires_at=clock.now() + timedelta(days=1))
    assert ask(token, "GET", address) == 200
    with clock.set_to(clock.now() + timedelta(days=1, seconds=1)):
        assert ask(token, "GET", address) == 401
    User.objects.filter(pk=ada.pk).update(is_active=False)
    assert ask(token, "GET", address) == 401
    User.objects.filter(pk=ada.pk).update(is_active=True)
    assert ask(token, "GET", address) == 200
    revoke_token(cast.ada, row.pk)
    assert ask(token, "GET", address) == 401


@pytest.mark.parametrize(
    "header", ["Bearer", "Bearer ", "Bearer htg_", "bearer x", "Basic YTpi", "Bearer " + "x" * 5000]
)
def test_an_odd_token_is_nobodys(cast: Any, header: str) -> None:
    answer = Client().get("/api/v1/companies", headers={"authorization": header})
    assert answer.status_code == 401
