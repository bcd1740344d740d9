"""The address of the database becomes a description that loses nothing that was confirmed."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from hetong.config.databases import database
from hetong.config.environment import Environment, SettingError


def with_url(url: str, home: Path, process: str = "web") -> dict[str, object]:
    """The description for one address."""
    return database(Environment({"HETONG_DATABASE_URL": url}), home, process)


def test_without_an_address_a_private_file_in_the_home_is_used(tmp_path: Path) -> None:
    entry = with_url("", tmp_path)
    path = tmp_path / "hetong.db"
    assert entry["NAME"] == path
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert "synchronous=FULL" in str(entry["OPTIONS"])
    assert "IMMEDIATE" in str(entry["OPTIONS"])


def test_a_database_that_everybody_may_read_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "hetong.db"
    path.touch(0o600)
    path.chmod(0o644)
    with pytest.raises(SettingError, match="chmod o-rwx"):
        with_url("", tmp_path)


def test_a_sqlite_address_names_its_file(tmp_path: Path) -> None:
    assert with_url(f"sqlite:///{tmp_path}/other.db", Path("/nowhere"))["NAME"] == tmp_path / "other.db"


def test_a_folder_that_is_not_there_stops_the_start(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match="does not exist"):
        with_url(f"sqlite:///{tmp_path}/absent/other.db", tmp_path)


def test_a_postgresql_address_is_taken_apart(tmp_path: Path) -> None:
    entry = with_url("postgres://ada:p%40ss%2Fw@db.example:5433/contracts?sslmode=require", tmp_path, "command")
    assert entry["USER"] == "ada"
    assert entry["PASSWORD"] == "p@ss/w"
    assert (entry["HOST"], entry["PORT"], entry["NAME"]) == ("db.example", "5433", "contracts")
    assert entry["OPTIONS"] == {
        "application_name": "hetong command",
        "sslmode": "require",
        "options": "-c jit=off -c random_page_cost=1.1",
        "server_side_binding": True,
        "prepare_threshold": 2,
    }
    assert entry["CONN_MAX_AGE"] == 0


def test_a_pooler_is_told_nothing_to_prepare(tmp_path: Path) -> None:
    options = with_url("postgres://hetong@pooler/hetong?prepared=no", tmp_path)["OPTIONS"]
    assert not {"prepared", "server_side_binding", "prepare_threshold"} & set(options)


def test_a_socket_folder_may_be_the_host(tmp_path: Path) -> None:
    assert with_url("postgres://hetong@/hetong?host=/run/postgresql", tmp_path)["HOST"] == "/run/postgresql"


def test_the_web_has_a_pool_and_the_worker_keeps_its_connection(tmp_path: Path) -> None:
    url = "postgres://hetong@localhost/hetong"
    assert "pool" in str(with_url(url, tmp_path, "web")["OPTIONS"])
    worker = with_url(url, tmp_path, "worker")
    assert "pool" not in str(worker["OPTIONS"])
    assert worker["CONN_MAX_AGE"] == 600


@pytest.mark.parametrize("url", ["mysql://x/y", "postgres://localhost", "hetong.db"])
def test_any_other_address_stops_the_start(tmp_path: Path, url: str) -> None:
    with pytest.raises(SettingError, match="HETONG_DATABASE_URL"):
        with_url(url, tmp_path)
