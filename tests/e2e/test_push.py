"""A browser is let to show notices on a click, and shows what is pushed (S2-13); the push service itself is stood in for."""

from __future__ import annotations

import base64
import json
from collections.abc import Callable
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from playwright.sync_api import expect

Visit = Callable[..., Any]
STAND_IN = """
window.asked = 0;
Notification.requestPermission = async () => { window.asked += 1; return window.answer ?? "granted"; };
PushManager.prototype.subscribe = async function (options) {
  const given = { endpoint: "https://push.example.com/x/" + crypto.randomUUID(), keys: KEYS };
  return { options, toJSON: () => given };
};
"""


def keys() -> str:
    """What a browser gives away, as JSON."""
    point = (
        ec.generate_private_key(ec.SECP256R1()).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    )
    made = {"p256dh": point, "auth": b"0123456789abcdef"}
    return json.dumps({name: base64.urlsafe_b64encode(raw).decode().rstrip("=") for name, raw in made.items()})


def test_a_device_is_added_on_a_click_and_removed_again(visit: Visit) -> None:
    page = visit("sales")
    page.add_init_script(STAND_IN.replace("KEYS", keys()))
    page.goto("/settings/notices/")
    button = page.get_by_role("button", name="Notices on this device")
    expect(button).to_be_visible()
    assert page.evaluate("window.asked") == 0
    page.evaluate("window.answer = 'denied'")
    button.click()
    expect(page.get_by_text("Your browser did not allow it")).to_be_visible()
    page.evaluate("window.answer = 'granted'")
    button.click()
    expect(page.get_by_text("Notices come to this device from now on.")).to_be_visible()
    assert (
        page.evaluate(
            "navigator.serviceWorker.getRegistration('/').then(one => new URL(one.active.scriptURL).pathname)"
        )
        == "/worker.js"
    )
    row = page.locator(".setting", has_text="push.example.com")
    row.get_by_role("button", name="Remove").click()
    expect(page.get_by_text("Nothing more comes to that device.")).to_be_visible()
    expect(page.get_by_text("push.example.com")).to_have_count(0)


def test_what_is_pushed_is_shown(visit: Visit) -> None:
    page = visit("sales")
    page.goto("/settings/notices/")
    origin = page.evaluate("location.origin")
    page.context.grant_permissions(["notifications"], origin=origin)
    said = {"title": "Flow metering", "body": "In force", "path": "/notices/1/", "tag": "one", "language": "en"}
    page.evaluate(
        "navigator.serviceWorker.register('/worker.js', { scope: '/' }).then(() => navigator.serviceWorker.ready).then(() => true)"
    )
    session, found = page.context.new_cdp_session(page), []
    session.on("ServiceWorker.workerRegistrationUpdated", lambda event: found.extend(event["registrations"]))
    session.send("ServiceWorker.enable")
    page.wait_for_function("navigator.serviceWorker.ready.then(one => one.active.state === 'activated')")
    push = {"origin": origin, "registrationId": found[0]["registrationId"], "data": json.dumps(said)}
    session.send("ServiceWorker.deliverPushMessage", push)
    page.wait_for_function(
        "navigator.serviceWorker.ready.then(one => one.getNotifications()).then(all => all.some(one => one.title === 'Flow metering'))"
    )
