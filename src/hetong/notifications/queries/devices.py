"""One's own devices that notices are pushed to."""

from __future__ import annotations

from typing import Any

from hetong.kernel.actors import Actor
from hetong.notifications.models import PushDevice


def find_devices(actor: Actor) -> Any:
    """The actor's own devices, the newest first."""
    # allow: visibility — one's own, whoever asks
    own = PushDevice.objects.filter(user=actor.id) if actor.id else PushDevice.objects.none()
    return own.order_by("-created_at", "-pk")


def devices_of(actor: Actor) -> list[dict[str, Any]]:
    """The devices as they are listed; never an address or a key."""
    return list(find_devices(actor).values("id", "name", "host", "created_at", "used_at"))
