"""C2, C4, D4: no value of a hidden field in any answer, whichever way it is asked for."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import pytest
from django.apps import apps
from django.db import connection, transaction
from django.test import Client
from django.urls import reverse

from hetong.accounts.services import make_token
from hetong.kernel import clock
from hetong.kernel.fields import Kind
from hetong.kernel.nouns import noun, nouns
from hetong.kernel.routes import route_of
from hetong.search.indexed import indexed_nouns
from hetong.todos.services import make_feed
from hetong.ui.lists.table import Table
from hetong.ui.models import SavedView

from .canaries import BITS, Aviary, Canary, seen, squeezed
from .lists import Lists
from .samples import Samples, patterns

BUSY = frozenset({"contracts.contract", "parties.party", "contracts.project", "documents.document"})
"""The nouns whose lists, cells and bulk edits are asked in every shape on every run; those of the others in one shape per channel."""
UNSHOWN = {("contracts.flag", "outcome"), ("contracts.flag", "resolved_by")}
"""What no page shows yet: the list of earlier flags."""
NOT_READ = {"account_logout", "openapi-json", "api:openapi-json", "healthz", "readyz", "todos:feed"}
"""Addresses whose GET shows no record; a calendar is read with the rights of its owner, so everybody reads their own."""


@pytest.fixture(autouse=True)
def quiet(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture
def aviary(cast: Any, tmp_path: Any, settings: Any) -> Aviary:
    settings.HETONG_HOME = tmp_path
    return Aviary(Samples(cast), cast)


def public_view(actor: Any) -> Any:
    """A view of all contracts, offered to everyone."""
    view = SavedView(noun="contracts.contract", path="/contracts/", owner=actor.id, name="All", is_for_everyone=True)
    view.created_at = clock.now()
    view.save(force_insert=True)
    return view.pk


CHANNELS = (
    "?view=all&columns={names}&sort={names}&limit=1", "?view=all&fragment=rows&columns={names}", "?view=all&fragment=totals",
    "?view=all&fragment=counts", "?view=all&format=csv&layout=all", "?view=all&format=xlsx&layout=all",
    "?view=all&group={heading}&limit=1",
)  # fmt: skip
"""One question for each channel of a list: its page, more of it, sums, counts, files, groups."""


def shapes(key: str) -> list[str]:
    """The questions that a list of that noun is asked: first one per channel, then all the others."""
    register = noun(key).register
    names = ",".join(register.all())
    groups = [f.name for f in register if f.kind in (Kind.CHOICE, Kind.REFERENCE, Kind.TEXT, Kind.DATE)]
    more = [
        f"?view=all&columns={names}", "?view=all&fragment=rows", "?view=all&format=csv", f"?view=all&format=csv&columns={names}",
        *(f"?view=all&group={name}&limit=1" for name in groups),
    ]  # fmt: skip
    return [one.format(names=names, heading=register.heading) for one in CHANNELS] + more


class Reader:
    """Somebody who reads everything there is to read, through pages and through the API.

    ``turn`` says which third of the fields is asked for one by one where not all are; None: all, in every shape.
    """

    def __init__(self, cast: Any, name: str, aviary: Aviary, *, turn: int | None = 0) -> None:
        self.aviary, self.name, self.turn = aviary, name, turn
        self.found = Lists(aviary.rows)
        self.client = Client(headers={"host": "localhost"}, raise_request_exception=False)
        self.client.force_login(cast.users[name])
        actor = getattr(cast, name)
        self.token = make_token(actor, cast.users[name], label="leaks")[1] if name != "pia" else ""
        self.calendars = (
            [make_feed(actor, view=view)[1] for view in (None, public_view(actor))] if name != "pia" else []
        )

    def ask(self, address: str, method: str = "GET", data: Any = None, **headers: str) -> Any:
        if address.startswith("/api/"):
            headers["authorization"] = f"Bearer {self.token}"
        with transaction.atomic():
            if method == "GET":
                answer = self.client.get(address, data or {}, headers=headers)
            elif isinstance(data, str):
                answer = self.client.generic(method, address, data, content_type="application/json", headers=headers)
            else:
                answer = self.client.post(address, data or {}, headers=headers)
            answer.read_whole = b"".join(answer.streaming_content) if answer.streaming else answer.content
            transaction.set_rollback(True)
        return answer

    def answers(self) -> Iterator[tuple[str, bytes]]:
        """Every GET there is on the records with the canaries, each list in every shape, and the answers to bad input."""
        samples = self.aviary.samples
        for name, pattern in patterns():
            if name in NOT_READ or route_of(name, "GET") is None:
                continue
            found = samples.arguments(name, pattern)
            if name.startswith("api:"):
                found = {key: str(value) for key, value in found.items()}
            address = reverse(name, kwargs=found)
            answer = self.ask(address)
            self.found.note(address, answer)
            yield address, answer.read_whole
        for secret in self.calendars:
            yield "calendar", self.ask(reverse("todos:feed", args=[secret])).read_whole
        yield from self._lists()
        yield from self._details()
        yield from self._refusals()

    def _lists(self) -> Iterator[tuple[str, bytes]]:
        """Every list that the pages showed: a list that is new is asked the day it appears."""
        for address, key in self.found.pages.items():
            for query in shapes(key) if self._asks_all(key) else shapes(key)[: len(CHANNELS)]:
                yield address + query, self.ask(address + query).read_whole
        for address, key in self.found.programs.items():
            names = ",".join(noun(key).register.all())
            for query in (f"?limit=1&columns={names}", f"?limit=1&sort={names}"):
                yield address + query, self.ask(address + query).read_whole
        for key, row in self.aviary.rows.items():
            yield from self._cells(key, row)

    def _cells(self, key: str, row: Any) -> Iterator[tuple[str, bytes]]:
        """Each field by itself: to be edited in its place, and in many rows at once."""
        address = next((at for at, of in self.found.pages.items() if of == key), "")
        seal = self._seal(address) if address else ""
        fields = list(noun(key).register)
        for field in fields if self._asks_all(key) else fields[(self.turn or 0) % 3 :: 3]:
            cell = f"/cell/{key}/{row.pk}/{field.name}/"
            yield cell, self.ask(cell, **{"hx-request": "true"}).read_whole
            preview = {"id": str(row.pk), "field": field.name, "step": "preview", field.name: "x", "seal": seal}
            yield f"bulk {key}.{field.name}", self.ask(f"/bulk/{key}/", "POST", preview).read_whole
        file = {"id": str(row.pk), "export": "csv", "seal": seal}
        yield f"bulk export {key}", self.ask(f"/bulk/{key}/", "POST", file).read_whole

    def _asks_all(self, key: str) -> bool:
        return self.turn is None or key in BUSY

    def _seal(self, address: str) -> str:
        context = self.ask(address).context
        return context["state"].seal if context and "state" in context else ""

    def _details(self) -> Iterator[tuple[str, bytes]]:
        """Pickers, the palette and the search, asked for words that everybody may know."""
        for entry in nouns():
            yield f"pick {entry.key}", self.ask(f"/pick/{entry.key}/", accept="application/json").read_whole
            yield f"pick {entry.key}", self.ask(f"/pick/{entry.key}/").read_whole
        for word in ("zq", "a", "e"):
            for address in (
                "/search/",
                "/search/palette",
                "/api/v1/search",
                "/contracts/alike/",
                "/parties/duplicates/",
            ):
                yield f"{address} {word}", self.ask(address, data={"q": word, "title": word, "name": word}).read_whole

    def _refusals(self) -> Iterator[tuple[str, bytes]]:
        """What is said when something is wrong: stale versions, unreadable input, taken numbers, forbidden acts."""
        rows = self.aviary.rows
        contract, party = rows["contracts.contract"], rows["parties.party"]
        for address, key in (
            (f"/contracts/{contract.pk}/edit/", "contracts.contract"),
            (f"/parties/{party.pk}/edit/", "parties.party"),
        ):
            names = [f.name for f in noun(key).register if f.write]
            stale = {"version": "0", **dict.fromkeys(names, "other")}
            yield f"stale {address}", self.ask(address, "POST", stale).read_whole
        for address in (f"/api/v1/contracts/{contract.pk}", f"/api/v1/parties/{party.pk}"):
            for body in (
                '{"version": 0, "title": "x"}',
                '{"version": 0, "name": "x"}',
                '{"title": 1, "name": [], "ends_on": "x"}',
                '{"nothing": 1}',
            ):
                yield f"{address} {body}", self.ask(address, "PATCH", body).read_whole
        taken = rows["parties.identifier"]
        typed = {"scheme": taken.scheme, "value": "150483782", "name": party.name}
        yield "taken number", self.ask(f"/parties/{party.pk}/numbers/new/", "POST", typed).read_whole
        yield (
            "duplicates",
            self.ask(
                "/parties/duplicates/", data={"name": "Nordic Acme AB", "registration_number": taken.value}
            ).read_whole,
        )
        alike = {"counterparty": str(party.pk), "title": contract.title, "reference": "x"}
        yield "alike", self.ask("/contracts/alike/", data=alike).read_whole


def sung(reader: Reader, canaries: list[Canary] | tuple[Canary, ...]) -> dict[Canary, str]:
    """The canaries that some answer holds, each with the first address it stood at."""
    found: dict[Canary, str] = {}
    for address, content in reader.answers():
        text = seen(content)
        tight = squeezed(content) if "21" in text else ""
        for one in canaries:
            if one not in found and (one.sings_in(text) or (tight and one.sings_in(tight))):
                found[one] = address
    return found


def declared() -> set[str]:
    """The nouns that some app has a list of, as the apps' tables say."""
    modules = [f"{app.name}.tables" for app in apps.get_app_configs() if find_spec(f"{app.name}.tables")]
    found = [one for module in modules for one in vars(import_module(module)).values()]
    return {one.noun for one in found if isinstance(one, Table)}


@pytest.mark.once
def test_who_may_read_everything_sees_every_canary(aviary: Aviary, cast: Any) -> None:
    """So that the sweep below can fail: each value is planted where readers find it."""
    aviary.hide(())
    reader = Reader(cast, "admin", aviary)
    found = {c.key for c in sung(reader, aviary.canaries)}
    assert declared() == set(reader.found.pages.values())
    assert BUSY | {"billing.invoice", "billing.payment"} <= set(reader.found.programs.values())
    silent = {c.key for c in aviary.canaries} - found
    assert silent == UNSHOWN, f"never shown: {sorted(silent - UNSHOWN)}; shown: {sorted(UNSHOWN - silent)}"


SHORT = (1,) if connection.vendor == "postgresql" else (1, 2)
"""The sets of every run: every other field hidden, and the others. The rest, and all at once, is of the long campaign."""


@pytest.mark.parametrize(
    "number", [pytest.param(n, marks=() if n in SHORT else (pytest.mark.long,)) for n in range(1 + 2 * BITS)]
)
def test_no_answer_holds_the_value_of_a_hidden_field(aviary: Aviary, cast: Any, number: int) -> None:
    sets = aviary.sets()
    assert len(sets) == 1 + 2 * BITS
    aviary.hide(sets[number])
    found = sung(Reader(cast, "ada", aviary, turn=number if number in SHORT else None), sets[number])
    leaks = [f"{c.noun}.{c.field} at {where}" for c, where in found.items()]
    assert not leaks, "\n".join(sorted(leaks))


SOUGHT = frozenset(entry.key for entry in indexed_nouns())


def words_found(reader: Reader, canaries: list[Canary]) -> set[tuple[str, str]]:
    """The canaries by whose word search finds, counts or suggests anything, on the page, in the palette or in the API."""
    found = set()
    for one in canaries:
        if not isinstance(one.stored, str) or one.noun not in SOUGHT:
            continue
        page = reader.ask("/search/", data={"q": one.stored}).context
        palette = reader.ask("/search/palette", data={"q": one.stored}).read_whole
        answer = reader.ask("/api/v1/search", data={"q": one.stored}).json()
        if page["groups"] or page["respelt"] or b"data-href" in palette or answer["items"]:
            found.add(one.key)
    return found


def test_no_hidden_word_finds_or_counts_anything(aviary: Aviary, cast: Any) -> None:
    """C2, C4: what is hidden is not matched, wherever it stands: in names, in parts, in the names of other records."""
    aviary.hide(())
    everything = words_found(Reader(cast, "ada", aviary), aviary.canaries)
    assert {
        ("contracts.contract", "title"),
        ("contracts.line", "title"),
        ("parties.party", "name"),
        ("documents.document", "title"),
    } <= everything
    aviary.hide(aviary.canaries)
    assert words_found(Reader(cast, "ada", aviary), aviary.canaries) == set()
