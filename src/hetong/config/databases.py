"""Turns HETONG_DATABASE_URL into Django's description of the database.

SQLite is the embedded engine: one file, one process, nothing to install. PostgreSQL is the engine
for teams. Both are set up to lose nothing that was confirmed: SQLite with `synchronous=FULL` and
transactions that take their write lock at the start and in turn, so that many writers wait instead of failing.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qsl, unquote, urlsplit

from hetong.config.environment import Environment, SettingError
from hetong.config.sqlite.checkpoints import MOST_PAGES

NAME = "HETONG_DATABASE_URL"
SQLITE_WAIT_SECONDS = 20
SQLITE_KEPT = 4
"""How many connections stay open between requests, each with up to `SQLITE_CACHE_KIB` of pages in memory."""
SQLITE_CACHE_KIB = 16_000
POOL_SIZE = 10
ASKED_BEFORE = 2
"""How often a connection asks the same before PostgreSQL prepares it."""
BEHIND = """\
The database is not set up, or older than this version of Hetong.
    Run “hetong migrate” first; it keeps what is there."""

Process = Literal["web", "worker", "command", "reader"]
"""What the process is for; a reader works out what another one writes, and cannot write."""


def database(environment: Environment, home: Path, process: Process) -> dict[str, Any]:
    """The one database of this process, as an entry of Django's DATABASES."""
    value = environment.text(NAME)
    scheme = urlsplit(value).scheme if value else "sqlite"
    if scheme == "sqlite":
        return _sqlite(value, home, process)
    if scheme in {"postgres", "postgresql"}:
        return _postgresql(value, process, environment.number("HETONG_DATABASE_POOL", POOL_SIZE, least=1))
    raise SettingError(NAME, "should start with sqlite: or postgres://")


def _sqlite(value: str, home: Path, process: Process) -> dict[str, Any]:
    """`sqlite:///relative.db`, `sqlite:////absolute.db` or nothing for the file in the home folder."""
    written = unquote(urlsplit(value).path).removeprefix("/") if value else ""
    path = Path(written).absolute() if written else home / "hetong.db"
    _guard_file(path)
    return {
        "ENGINE": "hetong.config.sqlite",
        "NAME": path,
        "CONN_MAX_AGE": 0,
        "KEEP": SQLITE_KEPT if process == "web" else 0,  # a command may put another file in place
        "ATOMIC_REQUESTS": False,
        "TEST": {"NAME": ":memory:"},  # said, because pytest-django guesses it from the name of the engine
        "OPTIONS": {
            "transaction_mode": "DEFERRED" if process == "reader" else "IMMEDIATE",
            "timeout": SQLITE_WAIT_SECONDS,
            "init_command": (
                "PRAGMA journal_mode=WAL;"
                "PRAGMA synchronous=FULL;"
                "PRAGMA foreign_keys=ON;"
                "PRAGMA temp_store=MEMORY;"
                f"PRAGMA cache_size=-{SQLITE_CACHE_KIB};"
                f"PRAGMA wal_autocheckpoint={MOST_PAGES};"
                f"PRAGMA query_only={'ON' if process == 'reader' else 'OFF'};"
            ),
        },
    }


def _guard_file(path: Path) -> None:
    """Make the file for its owner alone, and refuse one that everybody on the machine may read."""
    if not path.parent.is_dir():
        raise SettingError(NAME, f"names a file in {path.parent}, which does not exist")
    if not path.exists():
        os.close(os.open(path, os.O_WRONLY | os.O_CREAT, 0o600))
    elif path.stat().st_mode & stat.S_IRWXO:
        raise SettingError(NAME, f"names {path}, which everybody may read; run: chmod o-rwx {path}")


def _postgresql(value: str, process: Process, pool_size: int) -> dict[str, Any]:
    """`postgres://user:password@host:port/name?sslmode=…`; a socket folder goes in `?host=`, `?prepared=no` for a pooler.

    What a connection has asked a few times is prepared on the server: with the rights of its reader written out, a
    question of a card takes ten times longer to plan than to answer. A pooler that hands each transaction another
    connection knows nothing of what was prepared.
    """
    address = urlsplit(value)
    name = unquote(address.path.removeprefix("/"))
    if not name:
        raise SettingError(NAME, "names no database after the host")
    options: dict[str, Any] = {"application_name": f"hetong {process}", **dict(parse_qsl(address.query))}
    # Compiling takes longer than any question a page asks, and pages of a table lie in memory or on a disk without arms.
    options.setdefault("options", "-c jit=off -c random_page_cost=1.1")
    if process == "reader":
        options["options"] += " -c default_transaction_read_only=on"
    if options.pop("prepared", "yes") != "no":
        options |= {"server_side_binding": True, "prepare_threshold": ASKED_BEFORE}
    host = options.pop("host", "") or unquote(address.hostname or "")
    entry: dict[str, Any] = {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": name,
        "USER": unquote(address.username or ""),
        "PASSWORD": unquote(address.password or ""),
        "HOST": host,
        "PORT": str(address.port or ""),
        "ATOMIC_REQUESTS": False,
        "CONN_MAX_AGE": 0,
        "OPTIONS": options,
    }
    if process == "web":
        # A request runs in a thread of its own, so only a pool keeps connections between requests.
        options["pool"] = {"min_size": 1, "max_size": pool_size, "timeout": 10}
    elif process == "worker":
        entry |= {"CONN_MAX_AGE": 600, "CONN_HEALTH_CHECKS": True}
    return entry


def is_behind(connection: Any) -> bool:
    """Whether migrations of this version were not run on the database yet. Raises `DatabaseError` where it cannot be asked."""
    from django.db.migrations.executor import MigrationExecutor  # here, because the settings read this module

    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
