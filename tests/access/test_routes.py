"""C1, C6, D4: every address × method × person answers as its policy says, generated from the URL and policy tables."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from hetong.accounts.policy import Can
from hetong.accounts.services import make_token
from hetong.config.policy import url_names
from hetong.kernel.actors import Actor
from hetong.kernel.nouns import is_visible, noun
from hetong.kernel.routes import Open, methods_of, route_of

from .samples import Samples, elsewhere, patterns

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
STAFF = ("ada", "ben", "fia", "lin", "max", "gus", "cleo", "dora", "olle", "eve", "admin")
BOTH_ENGINES = ("ada", "dora", "admin", "pia", "anonymous")
"""Whom every run asks for on each engine; the others follow on PostgreSQL in the long campaign."""
THOROUGH = ("ada", "anonymous")
"""Who tries every method on every address in every run. A closed one is refused before it is asked who is there, so that
of the others every run asks the open ones alone, and the long campaign all."""
ELSEWHERE = ("dora", "gus")
"""People whose scope does not reach Ada's records."""
PRIVATE = {
    "accounts:token_revoke",
    "accounts:delegation_end",
    "accounts:session_end",
    "jobs:file",
    "jobs:cancel",
    *(f"notifications:{act}" for act in ("notice", "unread", "mute", "pass_on", "device_remove")),
    *(f"api:notice_{act}" for act in ("unread", "mute", "unmute", "pass_on")),
    "todos:feed_renew",
    "todos:feed_revoke",
    "api:feed_renew",
    "api:feed_revoke",
    "ui:view_edit",
    "ui:view_delete",
    "ui:view_act",
    *(
        f"exchange:import{what}"
        for what in ("", "_reading", "_columns", "_rows", "_check", "_run", "_cancel", "_undo", "_errors")
    ),
    *(
        f"api:import{what}"
        for what in ("", "_reading", "_mapping", "_options", "_rows", "_check", "_run", "_cancel", "_undo")
    ),
}
"""What belongs to one person, whatever the role."""
OF_A_RECORD = {
    "jobs:retry": "contracts.contract",
    "notifications:pause": "contracts.contract",
    "notifications:resume": "contracts.contract",
}
"""Addresses whose record is named by what they act on: who does not see that record finds nothing there."""
SHAPED_BY_QUERY = {"ui:pick", "ui:bulk", "ui:view_new"}
"""Addresses that name a noun in words, not a record."""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    """Refusals are what is asked for here; their log lines would bury the answer."""
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture
def world(cast: Any, tmp_path: Any, settings: Any) -> Samples:
    settings.HETONG_HOME = tmp_path
    return Samples(cast)


def addresses(samples: Samples) -> Iterator[tuple[str, str, str]]:
    """Every (name, address with Ada's records, address with records that are not there)."""
    seen = set()
    for name, pattern in patterns():
        found = samples.arguments(name, pattern)
        address = reverse(
            name, kwargs={k: str(v) if k.endswith("_id") and name.startswith("api:") else v for k, v in found.items()}
        )
        if address not in seen:
            seen.add(address)
            nowhere = reverse(
                name, kwargs={k: str(v) if name.startswith("api:") else v for k, v in elsewhere(found).items()}
            )
            yield name, address, nowhere


def ask(client: Client, method: str, address: str, token: str = "", *, is_whole: bool = True) -> Any:
    """One request whose effect is undone; signing out is undone too. Not ``is_whole``: a refusal has no page around it."""
    cookies = client.cookies.output(header="", sep=";")
    with transaction.atomic():
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        if not is_whole:
            headers["HX-Request"] = "true"
        answer = client.generic(
            method,
            address,
            b"{}" if address.startswith("/api/") else b"",
            content_type="application/json",
            headers=headers,
        )
        transaction.set_rollback(True)
    client.cookies.clear()
    client.cookies.load(cookies.replace("\r\n", ";"))
    return answer


def expected(name: str, address: str, method: str, who: str, actor: Actor | None) -> set[int] | None:
    """The statuses the policy allows; None where any but a refusal or a failure will do."""
    route = route_of(name, method)
    if route is None:
        return {405} if methods_of(name) else {404}
    if route.open_to is Open.ANYONE:
        return None
    if actor is None:
        return {401} if address.startswith("/api/") else {302}
    if who == "pia" and route.open_to is not Open.PORTAL:
        return {302} if name == "home" else {404}  # the first page leads to the portal
    if route.can and not any(actor.may(can) for can in route.can):
        return {403}
    if name in ("accounts:token_revoke", "accounts:delegation_end") and actor.may(Can.MANAGE_USERS):
        return None
    if name in PRIVATE and who != "ada":
        return {404}
    return None


def check(name: str, address: str, method: str, who: str, actor: Actor | None, answer: Any, sees: bool) -> str:
    """What is wrong with the answer, in words; empty when it is as the policy says."""
    allowed = expected(name, address, method, who, actor)
    status = answer.status_code
    if allowed is not None:
        return "" if status in allowed else f"{method} {name} as {who}: {status}, expected {sorted(allowed)}"
    if status >= 500:
        return f"{method} {name} as {who}: {status}"
    if not sees and status < 400:
        return f"{method} {name} as {who}: {status} for a record out of scope"
    if sees and status in (401, 405):
        return f"{method} {name} as {who}: {status} although the policy allows it"
    return ""


def everybody() -> list[Any]:
    """(person, whether closed methods and HEAD are tried too): the quick rounds, then all for everybody in the long campaign."""
    people = (*STAFF, "pia", "anonymous")
    on_postgresql = connection.vendor == "postgresql"
    quick = [
        pytest.param(who, who in THOROUGH and not on_postgresql, id=who)
        for who in people
        if not on_postgresql or who in BOTH_ENGINES
    ]
    return quick + [pytest.param(who, True, marks=pytest.mark.long, id=f"{who}-all") for who in people]


@pytest.mark.parametrize(("who", "is_thorough"), everybody())
def test_every_address_answers_as_its_policy_says(world: Samples, cast: Any, who: str, is_thorough: bool) -> None:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    actor, token = None, ""
    if who != "anonymous":
        client.force_login(cast.users[who])
        actor = getattr(cast, who)
        token = make_token(actor, cast.users[who], label="sweep")[1] if who != "pia" else ""
    wrong = []
    for name, address, _ in addresses(world):
        if name.startswith("api:") and who == "pia":
            continue
        route = route_of(name, "GET") or route_of(name, "POST")
        sees = not (route and route.noun and who in ELSEWHERE and ":" in name) or world_is_open(
            actor, route.noun, address
        )
        for method in METHODS:
            is_open = route_of(name, method) is not None
            if not is_thorough and (not is_open or method == "HEAD"):
                continue
            is_refused = expected(name, address, method, who, actor) in ({403}, {404})
            is_whole = is_open and (is_thorough or not is_refused)
            answer = ask(client, method, address, token if name.startswith("api:") else "", is_whole=is_whole)
            wrong.append(check(name, address, method, who, actor, answer, sees))
            if name in OF_A_RECORD and is_open and actor and who != "pia":
                among = is_visible(actor, OF_A_RECORD[name], world.contract.pk)
                if (answer.status_code == 404) is among:
                    wrong.append(f"{method} {name} as {who}: {answer.status_code}, the record is seen: {among}")
    assert not [w for w in wrong if w], "\n".join(w for w in wrong if w)


def world_is_open(actor: Actor | None, key: str, address: str) -> bool:
    """Whether some id in the address names a record of the noun that the actor may know of."""
    if actor is None:
        return False
    parts = [p for p in address.split("/") if len(p) == 36 and p.count("-") == 4]
    return noun(key).visible_to(actor).filter(pk__in=parts).exists()


@pytest.mark.parametrize("who", ["ada", "admin"])
def test_records_that_are_not_there_are_not_found_everywhere(world: Samples, cast: Any, who: str) -> None:
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(cast.users[who])
    wrong = []
    for name, address, nowhere in addresses(world):
        for method in () if address == nowhere or name.startswith("api:") else methods_of(name):
            route = route_of(name, method)
            status = ask(client, method, nowhere, is_whole=False).status_code
            permitted = route is not None and (not route.can or any(getattr(cast, who).may(can) for can in route.can))
            if permitted and status != 404:
                wrong.append(f"{method} {name} as {who}: {status}, expected 404")
    assert not wrong, "\n".join(wrong)


def test_no_address_is_without_policy_and_none_without_sample(world: Samples) -> None:
    assert {name for name, _, _ in addresses(world)} == set(url_names())
