"""Open pages: what a thousand streams cost one process, and how soon each hears of a change (budget of part 5)."""

from __future__ import annotations

import asyncio
import http.client
import json
import os
import resource
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hetong.accounts.queries import actor_for
from hetong.accounts.services import make_token
from hetong.jobs.announcing import of_companies
from hetong.kernel.ids import new_id
from hetong.ui.streams import make_ticket

from . import rows as made
from .measuring import Figure, Figures, noise

PAGES, CHANGES = 1000, 20
PEOPLE = 100
START_SECONDS = 60.0


def live(rows: int) -> Figures:
    """`PAGES` streams of one web process, beside ``rows`` records; each change is made through its API."""
    yield from noise()
    admin = made.prepare(min(rows, PEOPLE)).admin
    actor = actor_for(admin)
    _token, secret = make_token(actor, admin, label="bench live")
    ticket = make_ticket(actor, of_companies(None))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, PAGES * 2 + 200)), hard))
    with served() as (pid, port):
        add_party(port, secret)  # the first request loads what all later ones share
        idle = _resident(pid)
        delays = asyncio.run(_heard(port, ticket, secret))
        full = _resident(pid)
    work = f"{PAGES:,} open pages of one process"
    yield Figure(work, "memory", full, "MB", 250)
    yield Figure(work, "per page", round((full - idle) * 1024 / PAGES, 1), "KB")
    yield Figure(work, "median", round(statistics.median(delays) * 1000), "ms")
    yield Figure(work, "p95", round(statistics.quantiles(delays, n=20)[-1] * 1000), "ms", 1000)


@contextmanager
def served() -> Iterator[tuple[int, int]]:
    """A web process of its own on the same database, for the length of the block: its id and its port."""
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        port = one.getsockname()[1]
    command = [
        sys.executable,
        "-m",
        "uvicorn",
        "hetong.config.asgi:application",
        "--port",
        str(port),
        "--lifespan",
        "off",
    ]
    environment = {**os.environ, "HETONG_PROCESS": "web", "HETONG_BASE_URL": f"http://localhost:{port}"}
    server = subprocess.Popen([*command, "--log-level", "error"], env=environment)  # noqa: S603 - our own program
    try:
        _await(port)
        yield server.pid, port
    finally:
        server.terminate()
        try:
            server.wait(20)
        except subprocess.TimeoutExpired:
            server.kill()


def _await(port: int) -> None:
    ends = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            if time.monotonic() > ends:
                raise
            time.sleep(0.1)
        else:
            return


def _resident(pid: int) -> float:
    """Megabytes of memory that the process holds."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    line = next(one for one in status.splitlines() if one.startswith("VmRSS"))
    return round(int(line.split()[1]) / 1024, 1)


def add_party(port: int, secret: str) -> None:
    """One change, as a program makes it."""
    headers = {
        "Authorization": f"Bearer {secret}", "Idempotency-Key": str(new_id()), "Content-Type": "application/json",
        "Host": "localhost",
    }  # fmt: skip
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    connection.request("POST", "/api/v1/parties", json.dumps({"name": f"Live {new_id()}"}), headers)
    answer = connection.getresponse()
    told = answer.read()
    connection.close()
    if answer.status != 201:
        raise RuntimeError(f"the bench could not make a change: {answer.status} {told[:300]!r}")


async def _heard(port: int, ticket: str, secret: str) -> list[float]:
    """Seconds from sending each change to each page's hearing of it, the change itself included."""
    pages = [await opened(port, ticket) for _n in range(PAGES)]
    delays: list[float] = []
    for _turn in range(CHANGES):
        began = time.perf_counter()
        change = asyncio.to_thread(add_party, port, secret)
        heard = asyncio.gather(*(hear(reader, began) for reader, _writer in pages))
        _none, found = await asyncio.gather(change, heard)
        delays += found
    for _reader, writer in pages:
        writer.close()
    return delays


async def opened(port: int, ticket: str) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
    """A stream as a page opens it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /live/?t={ticket} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
    await reader.readuntil(b"retry:")
    return reader, writer


async def hear(reader: asyncio.StreamReader, began: float) -> float:
    """Wait for the next change that the stream tells of; the seconds since it began."""
    await reader.readuntil(b"data: ")
    return time.perf_counter() - began
