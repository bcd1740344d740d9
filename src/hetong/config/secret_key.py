"""Makes, keeps and checks the key with which sessions are signed and stored secrets are sealed.

A product that starts with a key known to everybody is open to everybody, so a short or well-known
key stops the start. When no key is given, one is made on the first start and kept in the home
folder, readable by its owner only: losing it loses every sealed secret, so it belongs in backups.
"""

from __future__ import annotations

import os
import secrets
import stat
from pathlib import Path

from hetong.config.environment import Environment, SettingError

NAME = "HETONG_SECRET_KEY"
LEAST_LENGTH = 32
LEAST_DIFFERENT = 10
_WELL_KNOWN = ("django-insecure", "changeme", "change-me", "change_me", "secret", "hetong", "example", "password")


def secret_key(environment: Environment, home: Path) -> str:
    """The key that was given, else the one kept in `home`, which is made when it is missing."""
    given = environment.text(NAME)
    if given:
        check_key(NAME, given)
        return given
    return _kept_key(home / "secret-key")


def fallback_keys(environment: Environment) -> list[str]:
    """Older keys that still open what they sealed; each is checked like the key itself."""
    keys = environment.words(f"{NAME}_FALLBACKS")
    for key in keys:
        check_key(f"{NAME}_FALLBACKS", key)
    return keys


def check_key(name: str, key: str) -> None:
    """Refuse a key that is short, monotonous or well known."""
    if len(key) < LEAST_LENGTH or len(set(key)) < LEAST_DIFFERENT:
        raise SettingError(name, f"is too weak; give at least {LEAST_LENGTH} random characters, or none at all")
    if key.lower().startswith(_WELL_KNOWN):
        raise SettingError(name, "is a well-known key; give a random one, or none at all")


def _kept_key(path: Path) -> str:
    if not path.exists():
        _make_key(path)
    if path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO):
        raise SettingError(NAME, f"is kept in {path}, which others may read; run: chmod 600 {path}")
    key = path.read_text(encoding="utf-8").strip()
    check_key(NAME, key)
    return key


def _make_key(path: Path) -> None:
    """Write a new key in one step, so that two processes starting at once keep the same one."""
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        file.write(secrets.token_urlsafe(48) + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        path.hardlink_to(draft)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
