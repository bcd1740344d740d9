"""Turns the HETONG_OIDC_ settings into the one OpenID Connect provider that people may sign in with."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlsplit

from hetong.config.environment import LOOPBACK_HOSTS, Environment, SettingError

ISSUER = "HETONG_OIDC_ISSUER"


def sign_in_providers(environment: Environment) -> dict[str, Any]:
    """allauth's provider settings; empty without an issuer. Plain http is taken on this machine only."""
    issuer = environment.text("HETONG_OIDC_ISSUER").rstrip("/")
    if not issuer:
        return {}
    address = urlsplit(issuer)
    is_safe = address.scheme == "https" or (address.scheme == "http" and address.hostname in LOOPBACK_HOSTS)
    if not is_safe or not address.hostname:
        raise SettingError(ISSUER, "should look like https://login.example.com/realms/house")
    key, client = environment.text("HETONG_OIDC_ID", "sso"), environment.text("HETONG_OIDC_CLIENT_ID")
    if not client:
        raise SettingError("HETONG_OIDC_CLIENT_ID", "is missing; the provider gives it to each site")
    if not re.fullmatch(r"[a-z0-9-]{1,40}", key):
        raise SettingError("HETONG_OIDC_ID", "should be small letters, digits and hyphens")
    return openid_connect(
        key,
        environment.text("HETONG_OIDC_NAME", "OpenID Connect"),
        issuer,
        client,
        environment.text("HETONG_OIDC_CLIENT_SECRET"),
    )


def openid_connect(key: str, name: str, issuer: str, client: str, secret: str) -> dict[str, Any]:
    """One provider as allauth reads it; PKCE is always on."""
    app = {
        "provider_id": key, "name": name, "client_id": client, "secret": secret,
        "settings": {"server_url": issuer, "oauth_pkce_enabled": True},
    }  # fmt: skip
    return {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}
