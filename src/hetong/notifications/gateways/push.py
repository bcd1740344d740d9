"""The way out to devices: the push service of each browser, which takes a message that only the device can read.

RFC 8030 (web push), RFC 8291 (what is encrypted and how), RFC 8292 (VAPID: who sends).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import requests
from django.conf import settings

from hetong.kernel.outside import AddressRefused, HostUnknown, Session, resolved

from .mail import sender_address

LASTS = 24 * 3600
"""Seconds for which a push service keeps a message for a device that is off."""


class PushGone(Exception):
    """The device takes no more messages: its person has withdrawn the permission, or the browser is gone."""


class PushRefused(Exception):
    """The push service will never take this message."""


class PushUnreachable(Exception):
    """The push service could not be reached, or asks to come back later."""


@dataclass(frozen=True)
class Device:
    """Where a device listens, and the keys with which its messages are closed."""

    endpoint: str
    p256dh: str
    auth: str


class PushGateway(Protocol):
    """Takes one message. ``topic`` names it: a later one of the same name takes its place while it waits."""

    def send(self, device: Device, payload: str, topic: str, key: str) -> None:
        """Hand it over, signed with the private ``key`` (PEM). Raises `PushGone`, `PushRefused` or `PushUnreachable`."""
        ...


class PushServices:
    """The services themselves. Errors name only a status: what was answered is shown to nobody."""

    def send(self, device: Device, payload: str, topic: str, key: str) -> None:
        try:
            target = resolved(device.endpoint, settings.OUTSIDE_HOSTS)
        except AddressRefused as refused:
            raise PushRefused(refused.code) from refused
        except HostUnknown as unknown:
            raise PushUnreachable(unknown.code) from unknown
        with Session(target) as session:
            _judge(_status(session, device, payload, topic, key))


def _status(session: Session, device: Device, payload: str, topic: str, key: str) -> int:
    """What the service answers. The library is loaded here: it brings an HTTP client that nothing else needs."""
    from py_vapid import Vapid02, VapidException
    from pywebpush import WebPushException, webpush

    keys = {"p256dh": device.p256dh, "auth": device.auth}
    try:
        answer = webpush(
            {"endpoint": device.endpoint, "keys": keys}, payload, Vapid02.from_pem(key.encode()),
            {"sub": f"mailto:{sender_address()}"}, ttl=LASTS, headers={"Urgency": "normal", "Topic": topic},
            requests_session=session,
        )  # fmt: skip
    except WebPushException as refused:
        if refused.status_code is None:
            raise PushRefused("unreadable keys") from refused
        return int(refused.status_code)
    except (requests.RequestException, OSError) as away:
        raise PushUnreachable(type(away).__name__) from away
    except (VapidException, ValueError) as broken:
        raise PushRefused(type(broken).__name__) from broken
    return int(answer.status_code) if isinstance(answer, requests.Response) else 0


def _judge(status: int) -> None:
    if status in (404, 410):
        raise PushGone(f"HTTP {status}")
    if status == 429 or status >= 500 or status == 408:
        raise PushUnreachable(f"HTTP {status}")
    if not 200 <= status < 300:
        raise PushRefused(f"HTTP {status}")


class FakePush:
    """For tests: keeps what it was given, and fails as told."""

    def __init__(self, *failures: Exception) -> None:
        self.sent: list[tuple[Device, str, str]] = []
        self.failures = list(failures)

    def send(self, device: Device, payload: str, topic: str, key: str) -> None:
        if self.failures:
            raise self.failures.pop(0)
        self.sent.append((device, payload, topic))


_instead: list[PushGateway] = []


def use_push(gateway: PushGateway | None) -> None:
    """Let messages leave through this gateway instead (tests); None: to the services again."""
    _instead[:] = [gateway] if gateway else []


def push_gateway() -> PushGateway:
    """The way out to devices."""
    return _instead[0] if _instead else PushServices()
