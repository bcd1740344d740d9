"""The stream of server-sent events that tells an open page to ask again for its parts (``frontend/src/live.ts``).

It stands before Django: no thread, no database connection and no session is held for as long as a page is open. The page
brings a ticket that was signed while its reader was let in; it names what the page may hear of, and ends after
`TICKET_SECONDS`. The stream says only that something has changed; what it is now, each reader asks for as always, with
the rights of that moment. Whoever reconnects asks once for everything, so nothing that was said meanwhile is missed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Collection, MutableMapping
from typing import Any
from urllib.parse import parse_qs

from django.core import signing

from hetong.jobs.announcing import ANY, HUB, LISTENING, Hearer
from hetong.kernel.actors import Actor

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[[Any, Receive, Send], Awaitable[None]]

PATH = "/live/"
SALT = "hetong.live"
TICKET_SECONDS = 15 * 60
BEAT_SECONDS = 20.0
GATHER_SECONDS = 0.25
"""What is said shortly after one another is passed on together."""
MOST_NAMES = 40
MOST_PAGES = 5000
"""Open pages of one process; beyond them a page asks every few seconds, as without a stream."""


def make_ticket(actor: Actor, names: Collection[str]) -> str:
    """What a page of this reader may hear of, signed; a page of more names than an address holds hears of everything."""
    own = [str(actor.id)] if actor.id else []
    heard = sorted(names) if len(names) <= MOST_NAMES else [ANY]
    return signing.dumps([*own, *heard], salt=SALT, compress=True)


def with_streams(application: Application) -> Application:
    """The web application with the stream before it."""

    async def answer(scope: Any, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == PATH:
            await stream(scope, receive, send)
        else:
            await application(scope, receive, send)

    return answer


async def stream(scope: Any, receive: Receive, send: Send) -> None:
    """Answer one request for the stream, for as long as the page stays open and its ticket holds."""
    names = _names_on(scope)
    if scope["method"] != "GET" or names is None or HUB.count >= MOST_PAGES:
        await _refuse(send, 405 if scope["method"] != "GET" else 403 if names is None else 503)
        return
    LISTENING.begin()
    hearer = Hearer(names)
    HUB.join(hearer)
    try:
        await _begin(send)
        gone = asyncio.ensure_future(_until_gone(receive))
        try:
            await _pass_on(hearer, send, gone)
        finally:
            gone.cancel()
    finally:
        HUB.leave(hearer)


def _names_on(scope: Any) -> list[str] | None:
    """What the ticket of the request names; None where it is none of ours or too old."""
    given = parse_qs(scope.get("query_string", b"").decode("ascii", "replace")).get("t", [""])[0]
    try:
        names = signing.loads(given, salt=SALT, max_age=TICKET_SECONDS)
    except signing.BadSignature:
        return None
    return [str(name) for name in names]


async def _begin(send: Send) -> None:
    headers = [
        (b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"), (b"x-content-type-options", b"nosniff"),
    ]  # fmt: skip
    await send({"type": "http.response.start", "status": 200, "headers": headers})
    await _write(send, "retry: 4000\n\n")


async def _pass_on(hearer: Hearer, send: Send, gone: asyncio.Future[None]) -> None:
    """Write each gathering of names; a beat keeps proxies from closing what is quiet."""
    ends = asyncio.get_running_loop().time() + TICKET_SECONDS
    while not gone.done() and not hearer.is_over and asyncio.get_running_loop().time() < ends:
        heard = await hearer.next(BEAT_SECONDS)
        if heard:
            await asyncio.sleep(GATHER_SECONDS)
            heard |= hearer.heard
            hearer.heard = set()
        if gone.done():
            return
        await _write(send, f"data: {' '.join(sorted(heard))}\n\n" if heard else ": still here\n\n")
    await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _until_gone(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _refuse(send: Send, status: int) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"", "more_body": False})
