"""C3: a field that is closed to a role is not written, by no way in and with no value; C4: nor asked about."""

from __future__ import annotations

import json
import logging
from collections.abc import Sequence
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from hetong.accounts.models import Role
from hetong.accounts.services import make_token
from hetong.kernel.actors import Actor, Level
from hetong.kernel.errors import Forbidden, Invalid
from hetong.kernel.fields import Field, Kind
from hetong.kernel.nouns import Noun, noun, nouns
from hetong.kernel.routes import route_of
from hetong.kernel.where import can_sort

from .canaries import Aviary, Canary
from .lists import Lists
from .samples import Samples, patterns

pytestmark = pytest.mark.django_db
ODD: tuple[Any, ...] = ("true", 1, True, [], None, {"a": [1]}, "x", {"amount": "1", "currency": "SEK"})
"""What writers send who try: text for a flag, lists, nothing, something nested."""
BUSY = frozenset({"contracts.contract", "parties.party", "parties.contact", "contracts.project", "documents.document"})
"""The nouns whose every field is sent by every way in on every run; those of the others by one way each."""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture
def aviary(cast: Any, tmp_path: Any, settings: Any) -> Aviary:
    """Ada may do everything in every company, so that only the rules of fields stand in her way."""
    settings.HETONG_HOME = tmp_path
    found = Aviary(Samples(cast), cast)
    everything = Role.objects.get(key="admin")
    Role.objects.filter(pk=found.role.pk).update(permissions=everything.permissions, reach={"*": "ALL"})
    cast.users["ada"].grants.update(company=None, team=None)
    return found


def close(aviary: Aviary, level: Level) -> None:
    """Give every field of every noun that level."""
    aviary.hide([Canary(entry.key, one.name, None, ()) for entry in nouns() for one in entry.register], level)


def stored(entry: Noun, row: Any) -> dict[str, Any]:
    return entry.register.snapshot([row])[row.pk]


def tried(entry: Noun, actor: Actor, row: Any, one: Field, value: Any, locale: str) -> str:
    """What went wrong when the value was sent to the noun's own service; empty when it was refused."""
    assert entry.edit is not None
    try:
        with transaction.atomic():
            entry.edit(actor, [row.pk], {one.name: value}, locale=locale)
    except (Forbidden, Invalid):
        return ""
    return f"{entry.key}.{one.name} took {value!r}"


@pytest.mark.parametrize("level", [Level.HIDDEN, Level.READ])
def test_no_service_writes_a_closed_field(aviary: Aviary, cast: Any, level: Level) -> None:
    close(aviary, level)
    wrong = []
    for entry in nouns():
        row = aviary.rows.get(entry.key)
        if entry.edit is None or row is None:
            continue
        before = stored(entry, row)
        for number, one in enumerate(entry.register):
            for value in (ODD[number % len(ODD)], ODD[(number + 3) % len(ODD)]):
                wrong.append(tried(entry, cast.ada, row, one, value, ("", "en")[number % 2]))
        wrong += [] if stored(entry, row) == before else [f"{entry.key} changed"]
    assert not [one for one in wrong if one], "\n".join(one for one in wrong if one)


def edit_addresses(aviary: Aviary) -> dict[str, str]:
    """Where the API changes one record, by noun: found among all addresses, so that a new one is tried as well.

    Roles and added fields are no records with fields that rules close: the right to manage them decides alone.
    """
    found = {}
    for name, pattern in patterns():
        route = route_of(name, "PATCH")
        if route is None or not name.startswith("api:"):
            continue
        given = aviary.samples.arguments(name, pattern)
        own = [value for value in given.values() if isinstance(value, UUID)][-1:]
        key = next((key for key, row in aviary.rows.items() if row.pk in own), "")
        if key and noun(key).edit is not None:
            found[key] = reverse(name, kwargs={argument: str(value) for argument, value in given.items()})
    return found


Way = tuple[str, str, Any]


def asks(aviary: Aviary, entry: Noun, one: Field, number: int, api: str) -> list[Way]:
    """The ways in over the web: cell, bulk edit, and the API where the noun has one."""
    row = aviary.rows[entry.key]
    given = {one.name: "x", "cell-" + one.name: "x", "version": str(getattr(row, "version", 1))}
    ways: list[Way] = [
        ("cell", f"/cell/{entry.key}/{row.pk}/{one.name}/", given),
        ("bulk", f"/bulk/{entry.key}/", {"id": str(row.pk), "field": one.name, one.name: "x", "step": "apply"}),
    ]
    if api:
        ways.append(("api", api, {one.name: ODD[number % len(ODD)]}))
    return ways if entry.key in BUSY else [ways[number % len(ways)]]


@pytest.mark.parametrize("level", [Level.HIDDEN, Level.READ])
def test_no_page_and_no_api_writes_a_closed_field(aviary: Aviary, cast: Any, level: Level) -> None:
    close(aviary, level)
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(cast.users["ada"])
    token = make_token(cast.ada, cast.users["ada"], label="writes")[1]
    wrong = []
    editable = edit_addresses(aviary)
    assert BUSY | {"billing.invoice", "billing.payment", "contracts.line"} <= editable.keys()
    for entry in nouns():
        key = entry.key
        if key not in aviary.rows:
            continue
        before = stored(entry, aviary.rows[key])
        for number, one in enumerate(entry.register, start=level):
            for way, address, given in asks(aviary, entry, one, number, editable.get(key, "")):
                if way == "api":
                    headers = {"authorization": f"Bearer {token}"}
                    answer = client.patch(address, json.dumps(given), content_type="application/json", headers=headers)
                else:
                    answer = client.post(address, given, headers={"hx-request": "true"})
                expected = {403, 422} if way != "cell" else {403, 404}
                if answer.status_code not in expected:
                    wrong.append(f"{way} {key}.{one.name}: {answer.status_code}")
        wrong += [] if stored(entry, aviary.rows[key]) == before else [f"{key} changed"]
    assert not wrong, "\n".join(wrong)


def test_nothing_is_asked_about_a_hidden_field(aviary: Aviary, cast: Any) -> None:
    """C4: a hidden field is neither filtered, sorted, grouped nor summed; it answers like one that does not exist."""
    close(aviary, Level.HIDDEN)
    client = Client(headers={"host": "localhost"}, raise_request_exception=False)
    client.force_login(cast.users["ada"])
    token = make_token(cast.ada, cast.users["ada"], label="asks")[1]
    wrong = []
    lists = lists_of(aviary, client, token)
    for api, key in lists.programs.items():
        for number, one in enumerate((*noun(key).register, Field("nothing", "Nothing"))):
            for query in api_questions(one, number, is_busy=key in BUSY):
                answer = client.get(f"{api}?{query}", headers={"authorization": f"Bearer {token}"})
                if answer.status_code != 422:
                    wrong.append(f"{api}?{query}: {answer.status_code}")
    for address, key in lists.pages.items():
        fields = list(noun(key).register)
        for some in [[one] for one in fields] if key in BUSY else [fields]:
            state = client.get(f"{address}?view=all&{page_question(some)}").context["state"]
            named = set(state.where.names()) & {one.name for one in some}
            if named or not state.question.cannot_answer or any(can_sort(one) and state.sort for one in some):
                wrong.append(f"{address} answered about {named or [one.name for one in some]}")
    assert not wrong, "\n".join(wrong)


def lists_of(aviary: Aviary, client: Client, token: str) -> Lists:
    """Every list there is, found by looking at the answers of every address; at least those of the busiest nouns."""
    found = Lists(aviary.rows)
    for name, pattern in patterns():
        if route_of(name, "GET") is None or name == "account_logout":
            continue
        given = aviary.samples.arguments(name, pattern)
        is_api = name.startswith("api:")
        address = reverse(name, kwargs={a: str(v) for a, v in given.items()} if is_api else given)
        found.note(address, client.get(address, headers={"authorization": f"Bearer {token}"} if is_api else {}))
    assert BUSY - {"parties.contact"} <= set(found.pages.values()), found.pages
    assert set(found.programs.values()) >= BUSY, found.programs
    return found


def api_questions(one: Field, number: int, *, is_busy: bool) -> list[str]:
    """What a program asks about a field: a third of it for each field of the busiest nouns, one question for each of the others."""
    ordered = one.kind in (Kind.NUMBER, Kind.MONEY, Kind.PERCENT, Kind.DATE)
    queries = [f"{one.name}=1", f"{one.name}.not=1", f"{one.name}.empty=true", f"columns={one.name}"]
    queries += [f"{one.name}.gte=1"] if ordered else [f"{one.name}.has=x"]
    queries += [f"sort={one.name}", f"sort=-{one.name}"]
    if not is_busy:
        return [queries[number % len(queries)]]
    return queries if one.name in ("title", "name", "nothing") else queries[number % 3 :: 3]


def page_question(fields: Sequence[Field]) -> str:
    """One question about all of these fields: in order of them, grouped by one, each looked for where it is empty."""
    names = ",".join(one.name for one in fields)
    return f"sort={names}&group={fields[0].name}&" + "&".join(f"{one.name}.empty=true" for one in fields)
