"""A person of their own is invited, adds an authenticator app and a passkey, and signs in with each of them."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from playwright.sync_api import expect

from tests.e2e.browsing import PHONE

Visit = Callable[..., Any]
SECRET = "a-long-secret-of-mine"


def code_of(secret: str, ahead: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, int(time.time()) // 30 + ahead))


def newcomer(visit: Visit) -> tuple[str, Any]:
    """Somebody whom the administrator adds; they choose a password by the link and sign in on a phone."""
    admin, email = visit("admin"), f"n{uuid4().hex[:8]}@demo.example"
    admin.goto("/settings/users/new/")
    admin.locator("#id_name").fill("Nova Newcomer")
    admin.locator("#id_email").fill(email)
    admin.locator("main form .form-foot .btn-primary").first.click()
    admin.get_by_role("button", name="Make link").click()
    link = admin.locator(".notice code").inner_text()
    page = visit(width=PHONE)
    page.goto(re.sub(r"^https?://[^/]+", "", link))
    for name in ("new_password1", "new_password2"):
        page.locator(f"#id_{name}").fill(SECRET)
    page.get_by_role("button", name="Set password").click()
    sign_in(page, email)
    return email, page


def sign_in(page: Any, email: str, *, anew: bool = False) -> None:
    page.goto("/login/?anew=1" if anew else "/login/")
    page.locator('input[name="login"]').fill(email)
    page.locator('input[type="password"]').fill(SECRET)
    page.locator("button.btn-primary[type=submit]").click()


def sign_out(page: Any) -> None:
    page.goto("/logout/")
    page.locator("main form button[type=submit]").click()


def test_an_authenticator_app_is_added_and_asked_for(visit: Visit) -> None:
    email, page = newcomer(visit)
    page.goto("/settings/sign-in/")
    page.get_by_role("link", name="Add app").click()
    expect(page.locator("img.qr")).to_be_visible()
    assert page.locator("img.qr").evaluate("one => one.naturalWidth") > 0
    secret = page.locator(".enrol code").inner_text().replace(" ", "")
    page.locator("#id_code").fill(code_of(secret))
    page.get_by_role("button", name="Add app").click()
    codes = page.locator(".codes code").all_inner_texts()
    assert len(codes) == 10
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_text("10 codes left")).to_be_visible()

    sign_out(page)
    sign_in(page, email)
    expect(page.get_by_role("heading", name="Second step")).to_be_visible()
    page.goto("/contracts/")
    expect(page).to_have_url(re.compile("/login/"))
    page.goto("/login/code/")
    page.get_by_role("link", name="Sign in as somebody else").click()
    expect(page.locator('input[name="login"]')).to_be_visible()
    sign_in(page, email, anew=True)
    page.locator("#id_code").fill(code_of(secret, 1))
    page.get_by_role("button", name="Sign in").click()
    page.goto("/settings/sign-in/")
    expect(page.get_by_text("this one")).to_be_visible()

    sign_out(page)
    sign_in(page, email)
    page.locator("#id_code").fill(codes[3])
    page.get_by_role("button", name="Sign in").click()
    page.goto("/settings/sign-in/")
    expect(page.get_by_text("9 codes left")).to_be_visible()


def test_a_passkey_is_added_and_asked_for(visit: Visit) -> None:
    email, page = newcomer(visit)
    wire = page.context.new_cdp_session(page)
    wire.send("WebAuthn.enable")
    wire.send("WebAuthn.addVirtualAuthenticator", {"options": {
        "protocol": "ctap2", "transport": "internal", "hasUserVerification": True, "isUserVerified": True,
        "automaticPresenceSimulation": True, "hasResidentKey": True,
    }})  # fmt: skip
    page.goto("/settings/sign-in/")
    page.get_by_role("link", name="Add passkey").click()
    page.locator("#id_name").fill("My phone")
    page.get_by_role("button", name="Add passkey").click()
    page.get_by_role("link", name="I have kept them").click()
    expect(page.get_by_role("button", name="Remove My phone")).to_be_visible()

    sign_out(page)
    sign_in(page, email)
    page.get_by_role("button", name="Use a passkey").click()
    page.wait_for_url(re.compile(r"(?<!/login/code)/$"))
    page.goto("/settings/sign-in/")
    page.get_by_role("button", name="Remove My phone").click()
    expect(page.get_by_text("No second step yet")).to_be_visible()
