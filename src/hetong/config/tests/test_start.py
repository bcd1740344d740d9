"""I4: the command line refuses unsafe settings with one line and status 2, before anything runs."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from hetong.config.cli import COMMANDS
from hetong.config.management import commands


def start(home: Path, *words: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run a command of `hetong` with these settings, a harmless one where none is named."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("HETONG_")}
    return subprocess.run(  # noqa: S603 - our own command, with the words of the test
        [sys.executable, "-m", "hetong.config.cli", *(words or ["diffsettings"])],
        env={**kept, "HETONG_HOME": str(home), **variables},
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("HETONG_SECRET_KEY", "changeme"),
        ("HETONG_DATABASE_URL", "mysql://localhost/x"),
        ("HETONG_BASE_URL", "contracts.example.com"),
        ("HETONG_EMAIL_URL", "mail.example.com"),
        ("HETONG_STORAGE_URL", "ftp://files.example.com"),
        ("HETONG_MAX_UPLOAD_MB", "many"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named_in_one_line(tmp_path: Path, name: str, value: str) -> None:
    done = start(tmp_path / "home", **{name: value})
    assert done.returncode == 2
    assert done.stderr.startswith(f"hetong: {name}: ")
    assert done.stderr.count("\n") == 1


def test_debug_is_refused_on_an_address_that_others_can_reach(tmp_path: Path) -> None:
    done = start(tmp_path / "home", HETONG_DEBUG="1", HETONG_BASE_URL="https://contracts.example.com")
    assert done.returncode == 2
    assert "HETONG_DEBUG" in done.stderr


def test_a_first_start_makes_a_home_for_its_owner_alone(tmp_path: Path) -> None:
    done = start(tmp_path / "home")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "home").stat().st_mode & 0o077 == 0
    assert all(path.stat().st_mode & 0o077 == 0 for path in (tmp_path / "home").iterdir())


def test_over_https_cookies_are_locked_to_the_host(tmp_path: Path) -> None:
    done = start(tmp_path / "home", HETONG_BASE_URL="https://contracts.example.com")
    assert "SESSION_COOKIE_NAME = '__Host-hetong-session'" in done.stdout
    assert "SESSION_COOKIE_SECURE = True" in done.stdout
    assert "CSRF_COOKIE_SECURE = True" in done.stdout
    assert "SECURE_HSTS_SECONDS = 31536000" in done.stdout
    assert "DEBUG = True" not in done.stdout


def test_help_names_the_commands_of_the_house_and_what_each_does(tmp_path: Path) -> None:
    done = start(tmp_path / "home", "help")
    assert done.returncode == 0, done.stderr
    assert {one for names in COMMANDS.values() for one in names} == commands_of_ours()
    for name in commands_of_ours():
        assert f"\n  {name} " in done.stdout
    assert "createsuperuser" not in done.stdout


@pytest.mark.parametrize(
    "words", [("doctor",), ("worker",), ("token", "create", "--user", "x"), ("demo",), ("reindex",)]
)
def test_a_database_that_is_not_set_up_is_said_with_what_to_do(tmp_path: Path, words: tuple[str, ...]) -> None:
    done = start(tmp_path / "home", *words)
    assert done.returncode == 2
    assert "Run “hetong migrate” first" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_database_that_does_not_answer_is_said_with_what_to_look_at(tmp_path: Path) -> None:
    done = start(tmp_path / "home", "doctor", HETONG_DATABASE_URL="postgres://nobody@127.0.0.1:1/nowhere")
    assert done.returncode == 2
    assert "The database cannot be reached" in done.stderr
    assert "Traceback" not in done.stderr


def test_an_empty_house_is_not_backed_up_as_if_it_were_the_right_one(tmp_path: Path) -> None:
    """A mistyped HETONG_HOME would give a backup of nothing."""
    done = start(tmp_path / "home", "backup", str(tmp_path / "house.zip"))
    assert done.returncode == 1
    assert "There is nothing in" in done.stderr
    assert not (tmp_path / "house.zip").exists()


def commands_of_ours() -> set[str]:
    return {file.stem for file in Path(commands.__file__ or "").parent.glob("[a-z]*.py")}
