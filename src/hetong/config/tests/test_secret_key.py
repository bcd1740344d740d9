"""I4: a start with a known, short or readable key is refused; a missing key is made once."""

from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from hetong.config.environment import Environment, SettingError
from hetong.config.secret_key import fallback_keys, secret_key

GOOD = "Jw8s-Qd0_1kLmZpR4tYvX7cB2nH6gF3a"


def test_a_missing_key_is_made_and_kept_for_its_owner_alone(tmp_path: Path) -> None:
    made = secret_key(Environment({}), tmp_path)
    assert len(made) >= 50
    assert secret_key(Environment({}), tmp_path) == made
    assert stat.S_IMODE((tmp_path / "secret-key").stat().st_mode) == 0o600
    assert [path.name for path in tmp_path.iterdir()] == ["secret-key"]


def test_processes_that_start_together_keep_the_same_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(1) as one:
        keys = list(one.map(lambda _: secret_key(Environment({}), tmp_path), range(5)))
    assert len(set(keys)) == 1


def test_a_kept_key_that_others_may_read_stops_the_start(tmp_path: Path) -> None:
    secret_key(Environment({}), tmp_path)
    (tmp_path / "secret-key").chmod(0o644)
    with pytest.raises(SettingError, match="chmod 600"):
        secret_key(Environment({}), tmp_path)


@pytest.mark.parametrize(
    "key",
    [
        "short",
        "a" * 60,
        "ab" * 30,
        "django-insecure-Jw8s-Qd0_1kLmZpR4tYvX7cB2nH6gF3a",
        "CHANGEME-Jw8s-Qd0_1kLmZpR4tYvX7cB2",
    ],
)
def test_a_weak_or_known_key_stops_the_start(tmp_path: Path, key: str) -> None:
    with pytest.raises(SettingError, match="HETONG_SECRET_KEY"):
        secret_key(Environment({"HETONG_SECRET_KEY": key}), tmp_path)
    with pytest.raises(SettingError, match="HETONG_SECRET_KEY_FALLBACKS"):
        fallback_keys(Environment({"HETONG_SECRET_KEY_FALLBACKS": f"{GOOD},{key}"}))


def test_a_good_key_is_taken_and_nothing_is_kept(tmp_path: Path) -> None:
    assert secret_key(Environment({"HETONG_SECRET_KEY": GOOD}), tmp_path) == GOOD
    assert list(tmp_path.iterdir()) == []
