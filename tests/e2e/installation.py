"""Hetong as readers get it: a process of its own on a port, filled with the demo, on a database of its own.

`started()` runs this file in a new process and waits until it answers. There the clock stands at the
demo's day and runs on from it, so that what a page says about today does not change with the calendar.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

ROOT = Path(__file__).resolve().parents[2]
AS_OF = "2026-03-31"
PASSWORD = "hetong-demo"
START_SECONDS = 900
# More people: two who sell and keep the books in Chinese, one whose preferences a test changes, one more who leads.
MORE_PEOPLE = (
    ("kina", "李敏", "sales_rep", "林德瓦尔计量科技（上海）有限公司", "zh-hans"),
    ("kassa", "孙会计", "finance", "林德瓦尔计量科技（上海）有限公司", "zh-hans"),
    ("switch", "Sam Switch", "sales_rep", "Lindvall Mätteknik AB", "en"),
    ("second", "Sara Second", "sales_manager", "Lindvall Mätteknik AB", "en"),
)


@dataclass(frozen=True)
class Installation:
    """Where it answers, and where it keeps its files and its log."""

    url: str
    home: Path


@contextmanager
def started(home: Path) -> Iterator[Installation]:
    """A filled installation for the length of the block."""
    home.mkdir(parents=True, exist_ok=True)
    port = free_port()
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("PYTEST_", "COV_"))},
        "HETONG_HOME": str(home),
        "HETONG_BASE_URL": f"http://localhost:{port}",
        "HETONG_PROCESS": "web",
        "HETONG_LOG_LEVEL": "WARNING",
        "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "src")]),
    }
    with own_database(home.name) as address, (home / "server.log").open("wb") as log:
        if address:
            environment["HETONG_DATABASE_URL"] = address
        command = [sys.executable, "-m", "tests.e2e.installation", str(port)]
        server = subprocess.Popen(command, cwd=ROOT, env=environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603 - our own command
        try:
            wait_for(server, f"http://localhost:{port}/readyz", home / "server.log")
            yield Installation(f"http://localhost:{port}", home)
        finally:
            server.terminate()
            try:
                server.wait(30)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def free_port() -> int:
    """A port nobody listens on at this moment."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(server: subprocess.Popen[bytes], address: str, log: Path) -> None:
    """Until it says that it is ready; raises with the end of its log when it does not come up."""
    deadline = time.monotonic() + START_SECONDS
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with urllib.request.urlopen(address, timeout=5):  # noqa: S310 - http on this machine, made above
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise RuntimeError(f"the installation did not start:\n{log.read_text(errors='replace')[-3000:]}")


@contextmanager
def own_database(name: str) -> Iterator[str]:
    """On PostgreSQL a database for this installation alone; on SQLite nothing, for its file lies in its home."""
    server = os.environ.get("HETONG_DATABASE_URL", "")
    if not server.startswith("postgres"):
        yield ""
        return
    import psycopg

    made = f"hetong_e2e_{os.getpid()}_{''.join(letter for letter in name if letter.isalnum())}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{made}"')
    try:
        yield urlsplit(server)._replace(path=f"/{made}").geturl()
    finally:
        with psycopg.connect(server, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE IF EXISTS "{made}" WITH (FORCE)')


# -- what the new process does -------------------------------------------------------------------


def fill() -> None:
    """The tables, what is shipped, the demo and the people only these tests need."""
    import datetime as dt

    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    from hetong.accounts.models import Company, Role, User
    from hetong.accounts.services import grant_roles
    from hetong.config.demo.build import build
    from hetong.config.seed import seed
    from hetong.config.static_files import gather_static_files
    from hetong.kernel import clock
    from hetong.kernel.actors import Actor

    call_command("migrate", verbosity=0)
    seed()
    build(dt.date.fromisoformat(AS_OF), print)
    roles, companies = {one.key: one for one in Role.objects.all()}, {one.name: one for one in Company.objects.all()}
    with clock.set_to(dt.datetime.combine(dt.date.fromisoformat(AS_OF), dt.time(8), tzinfo=dt.UTC)):
        for login, name, role, company, language in MORE_PEOPLE:
            user = User.objects.create(
                email=f"{login}@demo.example", name=name, language=language, zone="Europe/Stockholm",
                password=make_password(PASSWORD), created_at=clock.now(),
            )  # fmt: skip
            grant_roles(Actor.system(label="Tests"), user, [(roles[role], companies[company], None)])
    gather_static_files()


def serve(port: int) -> None:
    """Answer requests, and work off what they leave to the background, at the demo's day."""
    import contextvars
    import datetime as dt
    import threading

    import uvicorn

    from hetong.config.asgi import application
    from hetong.jobs.worker import Worker
    from hetong.kernel import clock

    day = dt.datetime.combine(dt.date.fromisoformat(AS_OF), dt.time(9, 30), tzinfo=dt.UTC)
    shift = day - clock.now()

    async def at_that_day(scope: Any, receive: Any, send: Any) -> None:
        with clock.set_to(clock.now() + shift, frozen=False):
            await application(scope, receive, send)

    def work(stop: threading.Event) -> None:
        with clock.set_to(clock.now() + shift, frozen=False):
            Worker().run(stop)

    stop = threading.Event()
    worker = threading.Thread(target=contextvars.Context().run, args=(work, stop), daemon=True)
    worker.start()
    uvicorn.run(
        at_that_day, host="127.0.0.1", port=port, log_level="warning", access_log=False, lifespan="off",
        timeout_graceful_shutdown=2, timeout_keep_alive=60,
    )  # fmt: skip
    stop.set()
    worker.join(10)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hetong.config.settings")
    import django

    django.setup()
    fill()
    serve(int(sys.argv[1]))
