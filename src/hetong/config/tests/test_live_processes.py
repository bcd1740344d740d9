"""Live pages as they run: a change in one process is heard by pages of another (PostgreSQL), or of the only one (SQLite)."""

from __future__ import annotations

import asyncio
import os
import time
from contextlib import ExitStack
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from django.db import connection

from hetong.accounts.queries import actor_for
from hetong.accounts.services import make_token, seed_roles
from hetong.accounts.testing import forget_access, make_cast
from hetong.config.bench.live import add_party, hear, opened, served
from hetong.config.roles import ROLES
from hetong.contracts.services import seed_setup
from hetong.jobs.announcing import of_companies
from hetong.ui.streams import make_ticket

pytestmark = pytest.mark.usefixtures("on_disk")
PATIENCE = 30
"""Seconds after which something that is not heard never will be; nothing waits that long that works."""


def address() -> str:
    """The database of this test as a setting."""
    name = str(connection.settings_dict["NAME"])
    if connection.vendor == "sqlite":
        Path(name).chmod(0o600)  # a file that others may read is none to start with
        return f"sqlite:///{name}"
    return urlsplit(os.environ["HETONG_DATABASE_URL"])._replace(path=f"/{name}").geturl()


def test_a_change_in_one_process_is_heard_in_another_and_again_after_a_page_came_back(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    seed_roles(ROLES)
    seed_setup()
    forget_access()
    admin = make_cast().users["admin"]
    actor = actor_for(admin)
    _token, secret = make_token(actor, admin, label="two processes")
    ticket = make_ticket(actor, of_companies(None))
    monkeypatch.setenv("HETONG_DATABASE_URL", address())
    with ExitStack() as running:
        _pid, here = running.enter_context(served())
        there = running.enter_context(served())[1] if connection.vendor == "postgresql" else here

        async def scene() -> None:
            for _turn in range(2):  # the second time as a page that had lost its stream
                reader, writer = await opened(here, ticket)
                heard = asyncio.create_task(hear(reader, time.perf_counter()))
                await asyncio.to_thread(add_party, there, secret)
                await asyncio.wait_for(heard, PATIENCE)
                writer.close()

        asyncio.run(scene())
