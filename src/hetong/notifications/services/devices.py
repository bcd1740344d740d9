"""The devices of a person: added when a browser was let to, removed by the person or when it is gone."""

from __future__ import annotations

import base64
import binascii
import hashlib
from typing import Any
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from django.db import transaction

from hetong.accounts.security import device_words
from hetong.jobs.services import wakeup
from hetong.kernel import clock, sealed
from hetong.kernel.actors import Actor
from hetong.kernel.errors import N_, NotFound, Problem, refuse
from hetong.kernel.outside import AddressRefused, Target, check
from hetong.kernel.rows import insert
from hetong.notifications.models import Push, PushDevice, PushKey
from hetong.notifications.queries.devices import find_devices
from hetong.notifications.queries.notices import owner_of

PURPOSE, KEY_PURPOSE = "notifications.push", "notifications.push_key"
IN_SESSION = "push_device"
"""Where the session keeps which device it is on."""
MOST_DEVICES = 20
LONGEST_ENDPOINT = 1000


def push_key() -> PushKey:
    """The key pair of this installation; made when it is first asked for."""
    held = PushKey.objects.filter(pk=1).first()
    if held is not None:
        return held
    private = ec.generate_private_key(ec.SECP256R1())
    point = private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    facts = {
        "public": base64.urlsafe_b64encode(point).decode().rstrip("="),
        "private": sealed.seal(pem, secret=settings.SECRET_KEY, purpose=KEY_PURPOSE),
    }
    return PushKey.objects.get_or_create(pk=1, defaults=facts)[0]


@transaction.atomic
# allow: journal — a device of one's own, which changes no record
def add_device(actor: Actor, *, endpoint: str, p256dh: str, auth: str, agent: str = "") -> PushDevice:
    """Push to this browser from now on; one that is known already moves to whoever asks now. Raises `Invalid`."""
    own = owner_of(actor)
    target = _target(endpoint)
    if not (_is_point(p256dh) and len(_bytes(auth)) == 16):
        refuse([Problem("unreadable", N_("Your browser gave no keys that can be used."))])
    digest = hashlib.sha256(endpoint.encode()).hexdigest()
    PushDevice.objects.filter(digest=digest).delete()
    too_many = find_devices(actor).values_list("pk", flat=True)[MOST_DEVICES - 1 :]
    PushDevice.objects.filter(pk__in=list(too_many)).delete()
    device = PushDevice(
        user_id=own, digest=digest, host=target.host[:253], p256dh=p256dh, endpoint=_seal(endpoint), auth=_seal(auth),
        name=device_words(agent)[:100], created_at=clock.now(),
    )  # fmt: skip
    insert([device])
    return device


def _target(endpoint: str) -> Target:
    problem = Problem("unreadable", N_("Your browser gave no address that can be used."))
    if len(endpoint) > LONGEST_ENDPOINT:
        refuse([problem])
    try:
        return check(endpoint, settings.OUTSIDE_HOSTS)
    except AddressRefused as refused:
        refuse([problem])
        raise AssertionError from refused


def _seal(text: str) -> str:
    return sealed.seal(text, secret=settings.SECRET_KEY, purpose=PURPOSE)


def _bytes(text: str) -> bytes:
    try:
        return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        return b""


def _is_point(text: str) -> bool:
    """Whether it is a public key of the curve: one that is not would make every message fail."""
    try:
        ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), _bytes(text))
    except ValueError:
        return False
    return len(text) <= 100


@transaction.atomic
# allow: journal — a device of one's own, which changes no record
def remove_device(actor: Actor, device_id: UUID) -> None:
    """Push no more to one of one's devices; what waits for it is dropped. Raises `NotFound`."""
    owner_of(actor)
    gone, _each = find_devices(actor).filter(pk=device_id).delete()
    if not gone:
        raise NotFound(noun="notifications.device", id=str(device_id))


def forget_device(sender: Any, request: Any = None, **_signal: Any) -> None:
    """Signing out on a device ends its notices: whoever uses it next shall not read them."""
    held = request.session.get(IN_SESSION) if request is not None and hasattr(request, "session") else None
    if held:
        PushDevice.objects.filter(pk=held).delete()  # allow: journal — a device of one's own, which changes no record


@transaction.atomic
# allow: journal — sending changes no record
def send_test_pushes(actor: Actor) -> int:
    """Push a test to all of one's devices, to see whether it arrives; how many they are."""
    owner_of(actor)
    now = clock.now()
    pushes = [Push(device=one, next_at=now, created_at=now) for one in find_devices(actor)]
    insert(pushes)
    transaction.on_commit(wakeup.set)
    return len(pushes)
