"""What may be done in accounts, by whom."""

from __future__ import annotations

from enum import StrEnum

from hetong.kernel.routes import Open, Route, form, get, post


class Can(StrEnum):
    MANAGE_USERS = "accounts.manage_users"
    MANAGE_COMPANIES = "accounts.manage_companies"
    MANAGE_ROLES = "accounts.manage_roles"
    SHARE = "accounts.share"
    USE_API = "accounts.use_api"


ROUTES: tuple[Route, ...] = (
    form("account_login", open_to=Open.ANYONE),
    form("account_logout", open_to=Open.ANYONE),
)

__all__ = ["ROUTES", "Can", "get", "post"]
