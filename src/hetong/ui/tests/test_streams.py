"""Live pages: what a stream says, to whom, and when it ends (done when 2 and 3 of part 5)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import uuid4

import pytest
import time_machine
from django.db import connection, transaction
from django.template import Context, Template

from hetong.jobs import announcing
from hetong.jobs.announcing import ALL, HUB, LISTENING, MOST_NAMED, announce, names_of, of_companies, of_kind
from hetong.kernel.actors import Actor, ActorKind
from hetong.kernel.events import Fact
from hetong.kernel.testing import without_ids
from hetong.ui import streams

ADA = Actor(ActorKind.USER, uuid4(), "Ada")


class Page:
    """An open page: asks for the stream with a ticket and keeps what it is sent."""

    def __init__(self, ticket: str, method: str = "GET") -> None:
        query = f"t={ticket}".encode()
        self.scope = {"type": "http", "path": streams.PATH, "method": method, "query_string": query}
        self.status, self.text = 0, ""
        self._gone, self._heard = asyncio.Event(), asyncio.Event()
        self.task = asyncio.ensure_future(streams.stream(self.scope, self._receive, self._send))

    async def _receive(self) -> dict[str, Any]:
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Any) -> None:
        self.status = message.get("status", self.status)
        self.text += message.get("body", b"").decode()
        self._heard.set()

    async def until(self, seen: Callable[[str], bool]) -> None:
        """Wait until what came satisfies ``seen``."""
        while not seen(self.text):
            self._heard.clear()
            await asyncio.wait_for(self._heard.wait(), 20)

    async def close(self) -> None:
        """Leave, as a browser does."""
        self._gone.set()
        HUB.tell((ALL,))
        await self.task


def run(work: Callable[[], Awaitable[None]]) -> None:
    """Run in a loop of its own."""
    asyncio.run(work())  # type: ignore[arg-type]  # an async function


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pass on at once; never ask a database to speak where the test does not."""
    monkeypatch.setattr(streams, "GATHER_SECONDS", 0.0)
    monkeypatch.setattr(LISTENING, "begin", lambda: None)


def test_a_page_hears_of_its_record_and_of_its_reader_and_of_nothing_else() -> None:
    mine, other = str(uuid4()), str(uuid4())

    async def work() -> None:
        page = Page(streams.make_ticket(ADA, [mine]))
        await page.until(lambda text: "retry" in text)
        HUB.tell([other])
        HUB.tell([mine, other])
        await page.until(lambda text: mine in text)
        HUB.tell([str(ADA.id)])
        await page.until(lambda text: str(ADA.id) in text)
        assert other not in page.text
        await page.close()

    run(work)
    assert HUB.count == 0


def test_a_stream_says_names_and_no_content() -> None:
    rows = [
        Fact("billing.payment", uuid4(), uuid4(), {"contract": str(uuid4()), "amount": "1250.00", "title": "Secret"})
    ]
    text = " ".join(names_of(rows))
    assert "1250" not in without_ids(text)
    assert "Secret" not in text
    assert {str(rows[0].id), str(rows[0].company), rows[0].facts["contract"], "billing.payment"} <= names_of(rows)


def test_more_records_than_can_be_named_are_told_of_as_a_whole() -> None:
    few = [Fact("billing.payment", uuid4(), None) for _n in range(MOST_NAMED)]
    assert {str(one.id) for one in few} < names_of(few)
    assert names_of([*few, Fact("billing.payment", uuid4(), None)]) == {ALL}


@pytest.mark.parametrize("ticket", ["", "x", "WyJhIl0:1abc:forged"])
def test_without_a_ticket_of_ours_there_is_no_stream(ticket: str) -> None:
    async def work() -> None:
        page = Page(ticket)
        await page.task
        assert (page.status, page.text) == (403, "")

    run(work)


def test_a_ticket_ends_and_so_does_what_it_opened() -> None:
    """C5: whoever lost their rights hears no more than that something happened, and not for long."""
    with time_machine.travel("2026-03-31T12:00:00Z", tick=False):
        old = streams.make_ticket(ADA, [])
    with time_machine.travel("2026-03-31T12:15:01Z", tick=False):

        async def work() -> None:
            page = Page(old)
            await page.task
            assert page.status == 403

        run(work)


def test_other_methods_are_refused() -> None:
    async def work() -> None:
        page = Page(streams.make_ticket(ADA, []), "POST")
        await page.task
        assert page.status == 405

    run(work)


def test_beyond_the_most_a_page_is_sent_back_to_asking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(streams, "MOST_PAGES", 0)

    async def work() -> None:
        page = Page(streams.make_ticket(ADA, []))
        await page.task
        assert page.status == 503

    run(work)


def test_a_stop_ends_every_stream() -> None:
    async def work() -> None:
        pages = [Page(streams.make_ticket(ADA, [])) for _ in range(3)]
        for page in pages:
            await page.until(lambda text: "retry" in text)
        assert HUB.count == 3
        HUB.end()
        await asyncio.wait_for(asyncio.gather(*(page.task for page in pages)), 20)
        assert HUB.count == 0

    run(work)


def test_a_reader_of_more_companies_than_an_address_holds_still_hears_of_each() -> None:
    companies = {uuid4() for _ in range(streams.MOST_NAMES + 1)}
    ticket = streams.make_ticket(ADA, of_companies(companies))
    assert streams._names_on({"query_string": f"t={ticket}".encode()}) == [str(ADA.id), "any"]


def test_the_page_names_its_record_and_the_companies_of_a_list() -> None:
    company = uuid4()
    context = Context({"actor": ADA, "live_on": of_kind("contracts.contract", {company})})
    ticket = Template("{% load ui %}{% live_ticket %}").render(context)
    assert f"contracts.contract/{company}" in (streams._names_on({"query_string": f"t={ticket}".encode()}) or ())
    assert of_kind("contracts.contract", None) == ["contracts.contract"]
    assert of_companies(None) == ["any"]


@pytest.mark.django_db(transaction=True)
def test_what_is_undone_is_not_announced_and_what_commits_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """On SQLite within the process, on PostgreSQL over the database's own channel, as another process would hear it."""
    heard: list[str] = []
    monkeypatch.setattr(HUB, "tell", lambda names: heard.extend(names))
    own = announcing._connector()() if connection.vendor == "postgresql" else None
    if own:
        own.execute(f"LISTEN {announcing.CHANNEL}")
    with transaction.atomic():
        announce(["undone"])
        transaction.set_rollback(True)
    with transaction.atomic():
        announce(["one", "two"])
    with transaction.atomic():
        announce([str(uuid4()) for _n in range(400)])
    if own:
        for note in own.notifies(timeout=120, stop_after=2):
            heard.extend(note.payload.split())
        own.close()
        assert heard == ["one", "two", ALL]
    else:
        assert heard[:2] == ["one", "two"]
        assert len(heard) == 402
