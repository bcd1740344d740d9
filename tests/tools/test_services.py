"""The throw-away PostgreSQL: private, never root's, and gone afterwards."""

from __future__ import annotations

import stat
from pathlib import Path

import psycopg
import pytest

from hetong.config.databases import database
from hetong.config.environment import Environment
from tools import debian, services

pytestmark = pytest.mark.skipif(
    debian.program("usr/lib/postgresql/*/bin/initdb") is None, reason="PostgreSQL is not installed"
)


def test_a_server_lives_as_long_as_its_block() -> None:
    server = services.Server()
    try:
        server.start()
        folder = server.folder
        entry = database(Environment({"HETONG_DATABASE_URL": server.url}), folder, "command")
        with psycopg.connect(host=entry["HOST"], user=entry["USER"], dbname=entry["NAME"]) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert Path(f"/proc/{server.pid}").stat().st_uid != 0
    finally:
        server.stop()
    assert not folder.exists()
