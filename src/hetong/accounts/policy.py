"""What may be done in accounts, by whom."""

from __future__ import annotations

from enum import StrEnum
from uuid import UUID

from hetong.audit.policy import Can as Audit
from hetong.kernel.actors import Actor
from hetong.kernel.routes import Open, Route, counted, form, get, post


class Can(StrEnum):
    MANAGE_USERS = "accounts.manage_users"
    MANAGE_COMPANIES = "accounts.manage_companies"
    MANAGE_ROLES = "accounts.manage_roles"
    MANAGE_FIELDS = "accounts.manage_fields"
    SHARE = "accounts.share"
    USE_API = "accounts.use_api"
    ERASE = "accounts.erase"
    HOLD = "accounts.hold"


def manages(actor: Actor, can: str, company: UUID | None) -> bool:
    """Whether the permission holds in ``company``; None asks for all companies at once, not for any of them."""
    if actor.is_system or company is not None:
        return actor.may(can, company)
    if actor.verbs is not None and can not in actor.verbs:
        return False
    return any(grant.company is None and can in grant.role.permissions for grant in actor.grants)


USERS, COMPANIES = Can.MANAGE_USERS, Can.MANAGE_COMPANIES

ROUTES: tuple[Route, ...] = (
    form("account_login", open_to=Open.ANYONE),
    get("openid_connect_login", open_to=Open.ANYONE),
    get("openid_connect_callback", open_to=Open.ANYONE),
    form("forgotten", open_to=Open.ANYONE),
    form("confirm_address", open_to=Open.ANYONE),
    form("mfa_authenticate", open_to=Open.ANYONE),
    form("account_logout", open_to=Open.ANYONE),
    form("first_password", open_to=Open.ANYONE),
    post("preferences", open_to=Open.ANYONE),
    get("accounts:portal", open_to=Open.PORTAL),
    get("accounts:settings"),
    form("accounts:me"),
    counted("account_change_password"),
    get("accounts:security"),
    counted("accounts:prove"),
    counted("accounts:address"),
    counted("accounts:factor_app"),
    counted("accounts:factor_passkey"),
    post("accounts:factor_remove"),
    post("accounts:codes_renew"),
    post("accounts:session_end"),
    post("accounts:sessions_end"),
    form("accounts:delegations"),
    post("accounts:delegation_end"),
    form("accounts:tokens"),
    post("accounts:token_revoke"),
    get("accounts:companies", COMPANIES),
    form("accounts:company_add", COMPANIES),
    get("accounts:company", noun="accounts.company"),
    form("accounts:company_edit", COMPANIES, noun="accounts.company"),
    form("accounts:bank_add", COMPANIES, noun="accounts.company"),
    form("accounts:bank_edit", COMPANIES, noun="accounts.bank"),
    get("accounts:teams", COMPANIES),
    form("accounts:team_add", COMPANIES),
    get("accounts:team", noun="accounts.team"),
    form("accounts:team_edit", COMPANIES, noun="accounts.team"),
    get("accounts:users", USERS),
    form("accounts:user_add", USERS),
    get("accounts:user", noun="accounts.user"),
    form("accounts:user_edit", USERS, noun="accounts.user"),
    form("accounts:user_grants", USERS, noun="accounts.user"),
    post("accounts:grant_withdraw", USERS, noun="accounts.user"),
    post("accounts:user_link", USERS, noun="accounts.user"),
    post("accounts:user_activity", USERS, noun="accounts.user"),
    post("accounts:user_invite", USERS, noun="accounts.user"),
    post("accounts:user_factors_clear", USERS, noun="accounts.user"),
    form("accounts:user_delegations", USERS, noun="accounts.user"),
    post("accounts:user_token_revoke", USERS, noun="accounts.user"),
    get("accounts:roles", USERS, Can.MANAGE_ROLES),
    form("accounts:role_add", Can.MANAGE_ROLES),
    get("accounts:role", USERS, Can.MANAGE_ROLES, noun="accounts.role"),
    form("accounts:role_edit", Can.MANAGE_ROLES, noun="accounts.role"),
    post("accounts:role_act", Can.MANAGE_ROLES, noun="accounts.role"),
    form("accounts:rules", Can.MANAGE_ROLES),
    form("accounts:rule", Can.MANAGE_ROLES),
    get("accounts:fields", Can.MANAGE_FIELDS),
    form("accounts:field_add", Can.MANAGE_FIELDS),
    get("accounts:field", Can.MANAGE_FIELDS, noun="accounts.custom_field"),
    form("accounts:field_edit", Can.MANAGE_FIELDS, noun="accounts.custom_field"),
    post("accounts:field_act", Can.MANAGE_FIELDS, noun="accounts.custom_field"),
    form("accounts:preview", Can.MANAGE_ROLES),
    post("accounts:preview_end"),
    get("accounts:components", Can.MANAGE_ROLES),
    form("accounts:access", Can.SHARE, USERS, Audit.VIEW_JOURNAL),
    post("accounts:share_end", Can.SHARE),
    get("api:shares", Can.SHARE, USERS, Audit.VIEW_JOURNAL),
    post("api:shares", Can.SHARE),
    post("api:share_end", Can.SHARE),
    get("accounts:duties", Can.MANAGE_ROLES, Audit.VIEW_JOURNAL),
    form("accounts:duty_waive", Can.MANAGE_ROLES),
    post("accounts:duty_waive_end", Can.MANAGE_ROLES),
    get("api:companies"),
    get("api:company", noun="accounts.company"),
    get("api:teams"),
    get("api:team", noun="accounts.team"),
    get("api:users"),
    get("api:user", noun="accounts.user"),
    get("api:roles", USERS, Can.MANAGE_ROLES),
    post("api:roles", Can.MANAGE_ROLES),
    get("api:role", USERS, Can.MANAGE_ROLES, noun="accounts.role"),
    Route("api:role", ("PATCH",), (Can.MANAGE_ROLES,), "accounts.role"),
    post("api:role_retire", Can.MANAGE_ROLES, noun="accounts.role"),
    post("api:role_restore", Can.MANAGE_ROLES, noun="accounts.role"),
    post("api:role_reset", Can.MANAGE_ROLES, noun="accounts.role"),
    get("api:custom_fields"),
    post("api:custom_fields", Can.MANAGE_FIELDS),
    get("api:custom_field", noun="accounts.custom_field"),
    Route("api:custom_field", ("PATCH",), (Can.MANAGE_FIELDS,), "accounts.custom_field"),
    post("api:custom_field_retire", Can.MANAGE_FIELDS, noun="accounts.custom_field"),
    post("api:custom_field_restore", Can.MANAGE_FIELDS, noun="accounts.custom_field"),
    get("api:field_rules", Can.MANAGE_ROLES),
    Route("api:field_rules", ("PUT",), (Can.MANAGE_ROLES,)),
)
