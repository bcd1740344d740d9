"""The roles as they were shipped; config hands them down."""

from __future__ import annotations

from collections.abc import Mapping

from hetong.kernel.actors import RoleFacts

Shipped = Mapping[str, tuple[RoleFacts, Mapping[str, str]]]

_roles: dict[str, tuple[RoleFacts, Mapping[str, str]]] = {}


def install(roles: Shipped) -> None:
    """Take ``config/roles.py``; called once at start."""
    _roles.clear()
    _roles.update(roles)


def shipped_role(key: str) -> tuple[RoleFacts, Mapping[str, str]] | None:
    """The role of that key as it was shipped, with its words; None for one that an administrator made."""
    return _roles.get(key)
