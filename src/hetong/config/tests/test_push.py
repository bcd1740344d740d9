"""Notices on devices: closed for the device alone, with the rights of its reader when they leave (S2-13, trust C2, D3, G1)."""

from __future__ import annotations

import base64
import json
import os
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

import http_ece
import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.test import Client

from hetong.accounts.models import Grant
from hetong.accounts.services.access import bump_policy
from hetong.billing.testing import make_active
from hetong.contracts import services as contracts
from hetong.contracts.models import Contract
from hetong.jobs.testing import drain_outbox
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import Invalid, NotFound
from hetong.kernel.testing import Server, listening, without_ids
from hetong.notifications import services
from hetong.notifications.gateways import FakePush, PushGone, PushRefused, PushUnreachable, use_push
from hetong.notifications.models import Notice, Push, PushDevice, PushKey
from hetong.notifications.services.devices import push_key

pytestmark = pytest.mark.django_db


def encoded(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Browser:
    """What a browser keeps to itself, and what it gives away."""

    def __init__(self, endpoint: str) -> None:
        self.endpoint, self.private, self.secret = endpoint, ec.generate_private_key(ec.SECP256R1()), os.urandom(16)

    @property
    def given(self) -> dict[str, str]:
        point = self.private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        return {"endpoint": self.endpoint, "p256dh": encoded(point), "auth": encoded(self.secret)}

    def read(self, body: bytes) -> dict[str, str]:
        """The message as the browser opens it (RFC 8291)."""
        text = http_ece.decrypt(body, private_key=self.private, auth_secret=self.secret, version="aes128gcm")
        found: dict[str, str] = json.loads(text)
        return found


ENDPOINT = "https://updates.push.services.mozilla.com/wpush/v2/canary-endpoint"


@pytest.fixture
def server(settings: Any) -> Iterator[Server]:
    """Another system on loopback, which the settings let in."""
    with listening() as one:
        settings.OUTSIDE_HOSTS = [one.origin]
        yield one


@pytest.fixture
def push() -> Iterator[FakePush]:
    fake = FakePush()
    use_push(fake)
    yield fake
    use_push(None)


@pytest.fixture
def contract(cast: Any) -> Contract:
    made = make_active(cast.ada, "100", price="1061.60", title="Flow metering")
    drain_outbox()
    Notice.objects.all().delete()
    return made


def listen(actor: Actor, endpoint: str = ENDPOINT) -> PushDevice:
    return services.add_device(actor, **Browser(endpoint).given, agent="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0")


def flag(cast: Any, contract: Contract) -> None:
    """Ada does it, so Ben, her manager, is told."""
    contracts.flag_contracts(cast.ada, [contract.pk], {"reason": "Late for 4711 SEK"})
    drain_outbox()


def pushed(push: FakePush) -> list[dict[str, str]]:
    drain_outbox()
    services.deliver_pushes()
    return [json.loads(payload) for _device, payload, _topic in push.sent]


def test_a_push_service_gets_a_message_that_only_the_device_can_read_signed_by_this_installation(
    cast: Any,
    contract: Contract,
    server: Server,
) -> None:
    """RFC 8291 and 8292, read by another library than wrote it where one is at hand."""
    server.status = 201
    browser = Browser(f"{server.origin}/push/abc")
    services.add_device(cast.ben, **browser.given)
    flag(cast, contract)
    assert services.deliver_pushes() == "1 pushed"
    [(path, headers, body)] = server.asked
    assert (path, headers["content-encoding"]) == ("/push/abc", "aes128gcm")
    notice = Notice.objects.get(user=cast.ben.id)
    said = browser.read(body)
    assert said == {
        "title": "Flow metering", "body": "Ada marked the contract abnormal", "path": f"/notices/{notice.pk}/", "tag": str(notice.pk),
        "language": "en",
    }  # fmt: skip
    assert b"Flow" not in body
    scheme, _space, rest = headers["Authorization"].partition(" ")
    parts = dict(part.strip().split("=", 1) for part in rest.split(","))
    assert (scheme.lower(), parts["k"]) == ("vapid", push_key().public)
    public = ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), base64.urlsafe_b64decode(parts["k"] + "=="))
    claims = jwt.decode(parts["t"], public, algorithms=["ES256"], audience=f"{server.origin}")
    assert claims["sub"].startswith("mailto:")
    assert (headers["topic"], headers["ttl"]) == (f"n{notice.pk.hex[:31]}", "86400")
    assert Push.objects.get().state == "sent"
    assert PushDevice.objects.get().used_at is not None


def test_no_amount_comes_to_a_locked_screen(cast: Any, contract: Contract, push: FakePush) -> None:
    listen(cast.ben)
    flag(cast, contract)
    [said] = pushed(push)
    assert not any(canary in without_ids(json.dumps(said)) for canary in ("4711", "1327", "1,327", "SEK"))


def test_the_rights_of_sending_decide_what_is_said(cast: Any, contract: Contract, push: FakePush) -> None:
    """C5: taken away while the message waited."""
    listen(cast.ben)
    flag(cast, contract)
    Grant.objects.filter(user=cast.ben.id).delete()
    bump_policy(Actor.system(), ())
    [said] = pushed(push)
    assert said["title"] == "A record that is no longer open to you"
    assert "Flow" not in json.dumps(said)


def test_who_may_not_sign_in_any_more_is_told_nothing(cast: Any, contract: Contract, push: FakePush) -> None:
    listen(cast.ben)
    flag(cast, contract)
    ben = cast.users["ben"]
    ben.is_active = False
    ben.save()
    assert pushed(push) == []
    assert Push.objects.get().state == "dropped"


def test_a_message_comes_in_the_readers_language(cast: Any, contract: Contract, push: FakePush) -> None:
    ben = cast.users["ben"]
    ben.language = "zh-hans"
    ben.save()
    listen(cast.ben)
    flag(cast, contract)
    [said] = pushed(push)
    assert said["language"] == "zh-hans"
    assert said["body"] != "Ada marked the contract abnormal"


def test_a_notice_that_was_read_meanwhile_is_not_pushed(cast: Any, contract: Contract, push: FakePush) -> None:
    listen(cast.ben)
    flag(cast, contract)
    Notice.objects.filter(user=cast.ben.id).update(read_at=clock.now())
    assert pushed(push) == []
    assert Push.objects.get().state == "dropped"


def test_nothing_comes_in_the_quiet_hours_and_it_comes_after_them(
    cast: Any, contract: Contract, push: FakePush
) -> None:
    ben = cast.users["ben"]
    ben.zone = "UTC"
    ben.save()
    services.set_rhythm(cast.ben, quiet_from=time(22), quiet_to=time(7), digest_at=time(8))
    listen(cast.ben)
    with clock.set_to(datetime(2026, 5, 4, 23, tzinfo=UTC)):
        flag(cast, contract)
        assert pushed(push) == []
        assert Push.objects.get().next_at == datetime(2026, 5, 5, 7, tzinfo=UTC)
    with clock.set_to(datetime(2026, 5, 5, 7, 1, tzinfo=UTC)):
        assert len(pushed(push)) == 1


def test_what_became_due_late_waits_for_the_end_of_the_quiet_hours_too(
    cast: Any, contract: Contract, push: FakePush
) -> None:
    ben = cast.users["ben"]
    ben.zone = "UTC"
    ben.save()
    listen(cast.ben)
    with clock.set_to(datetime(2026, 5, 4, 20, tzinfo=UTC)):
        flag(cast, contract)
    services.set_rhythm(cast.ben, quiet_from=time(22), quiet_to=time(7), digest_at=time(8))
    with clock.set_to(datetime(2026, 5, 4, 23, tzinfo=UTC)):
        assert pushed(push) == []
    assert (Push.objects.get().next_at, Push.objects.get().attempts) == (datetime(2026, 5, 5, 7, tzinfo=UTC), 0)


def test_kinds_are_switched_off_and_on_for_devices(cast: Any, contract: Contract, push: FakePush) -> None:
    listen(cast.ben)
    services.set_preferences(cast.ben, {"unflagged": (True, "off")}, {"unflagged": True})
    flag(cast, contract)
    contracts.unflag_contracts(cast.ada, [contract.pk], outcome="Done")
    assert [said["body"] for said in pushed(push)] == [
        "Ada marked the contract abnormal",
        "Ada resolved the abnormal flag",
    ]
    services.set_preferences(cast.ben, {"flagged": (True, "off")}, {"flagged": False})
    flag(cast, contract)
    assert len(pushed(push)) == 2
    services.set_preferences(cast.ben, {"flagged": (True, "now")})
    flag_again = Notice.objects.filter(user=cast.ben.id, kind="flagged").count()
    contracts.unflag_contracts(cast.ada, [contract.pk], outcome="Done")
    flag(cast, contract)
    assert Notice.objects.filter(user=cast.ben.id, kind="flagged").count() == flag_again + 1
    assert len(pushed(push)) == 3


def test_many_at_once_are_one_message(cast: Any, push: FakePush) -> None:
    made = [make_active(cast.ada, "100") for _ in range(5)]
    drain_outbox()
    listen(cast.ben)
    Notice.objects.all().delete()
    contracts.flag_contracts(cast.ada, [one.pk for one in made], {"reason": "Late"})
    [said] = pushed(push)
    assert (said["title"], said["path"]) == ("5 new notices", "/notices/")


@pytest.mark.parametrize("status", [404, 410])
def test_a_device_that_is_gone_is_forgotten(status: int, cast: Any, contract: Contract, server: Server) -> None:
    server.status = status
    listen(cast.ben, f"{server.origin}/push/abc")
    flag(cast, contract)
    services.deliver_pushes()
    assert not PushDevice.objects.exists()
    assert not Push.objects.exists()


@pytest.mark.parametrize(
    ("status", "state"), [(500, "waiting"), (429, "waiting"), (403, "failed"), (302, "failed"), (413, "failed")]
)
def test_a_service_that_is_away_is_tried_again_and_one_that_refuses_is_not(
    status: int,
    state: str,
    cast: Any,
    contract: Contract,
    server: Server,
) -> None:
    server.status, server.body = status, b"the secret of the inside"
    listen(cast.ben, f"{server.origin}/push/abc")
    flag(cast, contract)
    services.deliver_pushes()
    services.deliver_pushes()
    assert (Push.objects.get().state, Push.objects.get().error) == (state, f"HTTP {status}")
    assert len(server.asked) == 1


def test_a_service_that_came_back_gets_the_same_topic(cast: Any, contract: Contract, push: FakePush) -> None:
    """At least once: the service puts the second in the place of the first."""
    listen(cast.ben)
    flag(cast, contract)
    push.failures = [PushUnreachable("HTTP 502")]
    assert pushed(push) == []
    with clock.set_to(clock.now() + timedelta(minutes=2)):
        services.deliver_pushes()
    assert [topic for _device, _payload, topic in push.sent] == [f"n{Notice.objects.get(user=cast.ben.id).pk.hex[:31]}"]


def test_two_workers_never_push_the_same_notice(cast: Any, contract: Contract) -> None:
    listen(cast.ben)
    flag(cast, contract)
    sent: list[str] = []

    class Slow:
        def send(self, device: Any, payload: str, topic: str, key: str) -> None:
            sent.append(topic)
            services.deliver_pushes()

    use_push(Slow())
    try:
        services.deliver_pushes()
    finally:
        use_push(None)
    assert len(sent) == 1


def test_refusals_end_a_message_and_a_gone_device_only_itself(cast: Any, contract: Contract, push: FakePush) -> None:
    listen(cast.ben)
    listen(cast.ben, ENDPOINT + "2")
    flag(cast, contract)
    push.failures = [PushGone("HTTP 410"), PushRefused("HTTP 403")]
    assert pushed(push) == []
    assert PushDevice.objects.count() == 1
    assert Push.objects.get().state == "failed"


@pytest.mark.parametrize(
    "over",
    [
        {"endpoint": "https://127.0.0.1/push"},
        {"endpoint": "http://updates.push.services.mozilla.com/x"},
        {"endpoint": "https://169.254.169.254/latest/"},
        {"endpoint": ""},
        {"endpoint": "https://x.example.com/" + "y" * 1000},
        {"p256dh": ""},
        {"p256dh": encoded(b"\x04" + b"\x01" * 64)},
        {"p256dh": "ä" * 20},
        {"auth": ""},
        {"auth": encoded(b"1" * 15)},
        {"auth": "****"},
    ],
)
def test_what_a_browser_did_not_give_is_refused(cast: Any, over: dict[str, str]) -> None:
    """G1: whoever is signed in could name any address."""
    with pytest.raises(Invalid):
        services.add_device(cast.ben, **(Browser(ENDPOINT).given | over))
    assert not PushDevice.objects.exists()


def test_a_device_is_ones_own_and_a_shared_browser_belongs_to_who_asked_last(cast: Any) -> None:
    device = listen(cast.ben)
    with pytest.raises(NotFound):
        services.remove_device(cast.ada, device.pk)
    listen(cast.ada)
    assert PushDevice.objects.get().user_id == cast.ada.id
    services.remove_device(cast.ada, PushDevice.objects.get().pk)
    assert not PushDevice.objects.exists()


def test_addresses_and_keys_are_sealed_and_the_key_is_made_once(cast: Any) -> None:
    listen(cast.ben)
    device = PushDevice.objects.get()
    assert "canary" not in device.endpoint
    assert push_key().public == push_key().public == PushKey.objects.get().public
    assert "PRIVATE" not in PushKey.objects.get().private


def test_devices_are_listed_tried_and_removed_on_the_page(cast: Any, push: FakePush) -> None:
    client = Client()
    client.force_login(cast.users["ben"])
    before = client.get("/settings/notices/").content.decode()
    assert f'data-push="{push_key().public}"' in before
    assert "On my devices" not in before
    client.post(
        "/settings/notices/devices/",
        Browser(ENDPOINT).given,
        HTTP_USER_AGENT="Mozilla/5.0 (Windows NT 10.0) Firefox/140.0",
    )
    page = client.get("/settings/notices/").content.decode()
    assert "updates.push.services.mozilla.com" in page
    assert "canary" not in page
    assert "On my devices" in page
    client.post("/settings/notices/devices/test/")
    assert [said["title"] for said in pushed(push)] == ["A test from Hetong"]
    client.post(f"/settings/notices/devices/{PushDevice.objects.get().pk}/remove/")
    assert not PushDevice.objects.exists()
    answer = client.post("/settings/notices/devices/", Browser("https://10.0.0.1/x").given, follow=True)
    assert "no address that can be used" in answer.content.decode()


def test_signing_out_on_a_device_ends_its_notices_and_leaves_the_others(cast: Any) -> None:
    other = listen(cast.ben, ENDPOINT + "2")
    client = Client()
    client.force_login(cast.users["ben"])
    client.post("/settings/notices/devices/", Browser(ENDPOINT).given)
    assert PushDevice.objects.count() == 2
    client.logout()
    assert [one.pk for one in PushDevice.objects.all()] == [other.pk]


def test_the_worker_and_the_manifest_are_for_every_browser_and_the_policy_lets_them_in(client: Client) -> None:
    worker, manifest = client.get("/worker.js"), client.get("/manifest.webmanifest")
    assert worker["Content-Type"].startswith("text/javascript")
    assert "fetch" not in worker.content.decode()
    assert manifest.json()["display"] == "standalone"
    page = client.get("/login/")
    assert "worker-src 'self'" in page["Content-Security-Policy"]
    assert "manifest-src 'self'" in page["Content-Security-Policy"]
    assert "/manifest.webmanifest" in page.content.decode()
