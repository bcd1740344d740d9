"""What every test may lean on: reproducible examples, committed snapshots, skips for what is absent.

The engine is chosen by HETONG_DATABASE_URL, the home folder by the plug-in `hetong.config.testing`.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

settings.register_profile(
    "ci", derandomize=True, max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "long", max_examples=5_000, deadline=None, print_blob=True, suppress_health_check=[HealthCheck.too_slow]
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

Snapshot = Callable[[Path, str], None]


@pytest.fixture
def snapshot() -> Snapshot:
    """Compare a text with a committed file; `make snap` (HETONG_SNAP=1) rewrites the file instead."""

    def compare(path: Path, text: str) -> None:
        if os.environ.get("HETONG_SNAP") == "1":
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        assert path.exists(), f"{path} is missing; `make snap` writes it"
        assert text == path.read_text(encoding="utf-8"), f"{path} differs; if that is meant, run `make snap`"

    return compare


@pytest.hookimpl(tryfirst=True)  # before `-m` chooses
def pytest_collection_modifyitems(items: Iterable[pytest.Item]) -> None:
    """Mark what compares with a committed file; skip what needs an engine or a program that this run does not have."""
    on_postgresql = os.environ.get("HETONG_DATABASE_URL", "").startswith("postgres")
    has_browser = Path(os.environ.get("HETONG_CHROMIUM") or "/usr/bin/chromium").exists()
    for item in items:
        if "snapshot" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.snapshot)
        if on_postgresql and not uses_database(item):
            item.add_marker(pytest.mark.once)
        if not on_postgresql and item.get_closest_marker("postgresql"):
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL"))
        if not has_browser and item.get_closest_marker("e2e"):
            item.add_marker(pytest.mark.skip(reason="needs Chromium; set HETONG_CHROMIUM"))


def uses_database(item: pytest.Item) -> bool:
    """Whether the test asks for a database at all: what does not has nothing to say about a second engine."""
    wanted = {"db", "transactional_db", "django_db_reset_sequences", "live_server", "django_db_setup"}
    return bool(item.get_closest_marker("django_db") or wanted & set(getattr(item, "fixturenames", ())))


@pytest.fixture
def cast(db: None) -> Iterator[object]:
    """The people of the tests, with the shipped roles; see `hetong.accounts.testing`."""
    from hetong.accounts.services import seed_roles
    from hetong.accounts.testing import forget_access, make_cast
    from hetong.config.roles import ROLES

    seed_roles(ROLES)
    yield make_cast()
    forget_access()


@pytest.fixture
def on_disk(django_db_blocker: Any, tmp_path: Path, transactional_db: None) -> Iterator[None]:
    """SQLite's tests live in memory, where threads share one connection; twins need a file, as in real life."""
    from django.db import connection, connections

    from hetong.accounts.testing import forget_access

    if connection.vendor != "sqlite":
        yield
        forget_access()
        return
    settings, before = connection.settings_dict, connection.settings_dict["NAME"]
    with django_db_blocker.unblock():
        file = tmp_path / "twins.sqlite3"
        connection.ensure_connection()
        connection.cursor().execute("VACUUM INTO %s", [str(file)])
        connections.close_all()
        settings["NAME"] = str(file)
        kept, connection.connection = connection.connection, None
        with connection.cursor() as cursor:
            assert cursor.execute("PRAGMA database_list").fetchall()[0][2] == str(file)
    yield
    forget_access()
    connection.close()
    settings["NAME"], connection.connection = before, kept
