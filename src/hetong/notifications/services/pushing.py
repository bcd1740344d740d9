"""Notices to devices: worded when they leave, with what their reader may know then; none in the quiet hours."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext, ngettext

from hetong.accounts.models import User
from hetong.accounts.queries import actor_for
from hetong.jobs.services import wakeup
from hetong.kernel import clock, sealed
from hetong.kernel.rows import insert
from hetong.notifications.gateways import Device, PushGone, PushRefused, PushUnreachable, push_gateway
from hetong.notifications.models import ChatPost, Notice, Push, PushDevice
from hetong.notifications.queries.notices import drawn
from hetong.notifications.queries.wishes import mail_wish, rhythm_of
from hetong.notifications.states import State
from hetong.notifications.table import kind_named

from .devices import KEY_PURPOSE, PURPOSE, push_key
from .posting import quiet_until
from .tries import deliver_due, settle

MOST_AT_ONCE = 3
LONGEST = 300
KEPT = timedelta(days=90)


def post_pushes(notices: Sequence[Notice], users: Mapping[UUID, User]) -> None:
    """Write what goes to the devices of those who have some; many notices at once are one message."""
    devices: dict[UUID, list[PushDevice]] = defaultdict(list)
    for device in PushDevice.objects.filter(user__in=users) if notices else ():
        devices[device.user_id].append(device)
    wishes = mail_wish(devices) if devices else {}
    pushes: list[Push] = []
    for user, own in devices.items():
        wanted = [one for one in notices if one.user_id == user and _is_wanted(wishes, one)]
        pushes += _pushes(users[user], own, wanted)
    if pushes:
        insert(pushes)
        transaction.on_commit(wakeup.set)


def _is_wanted(wishes: Mapping[tuple[UUID, str], Any], one: Notice) -> bool:
    wish, kind = wishes.get((one.user_id, one.kind)), kind_named(one.kind)
    return bool(wish.push) if wish else bool(kind and kind.is_pushed)


def _pushes(user: User, devices: Sequence[PushDevice], notices: Sequence[Notice]) -> list[Push]:
    if not notices:
        return []
    now = clock.now()
    after = quiet_until(rhythm_of(user.pk), user.zone) or now
    together = len(notices) > MOST_AT_ONCE
    said = [(notices[0], len(notices))] if together else [(one, 1) for one in notices]
    return [
        Push(device=device, notice=one, count=count, next_at=after, created_at=now)
        for device in devices for one, count in said
    ]  # fmt: skip


def deliver_pushes() -> str:
    """Push what is due; a device that is gone is forgotten. A device whose service is away waits and holds up no other."""
    sent = deliver_due(Push, "device", _deliver, PushUnreachable)
    return f"{sent} pushed" if sent else ""


def _deliver(push: Push) -> bool:
    """One try; returns whether the service took it. Raises `PushUnreachable`."""
    device = push.device
    user = device.user
    later = quiet_until(rhythm_of(user.pk), user.zone) if push.notice_id else None
    if later is not None:
        settle(push, next_at=later, attempts=0)
        return False
    payload = _payload(push, user)
    if payload is None:
        settle(push, state=State.DROPPED, error="")
        return False
    try:
        push_gateway().send(_opened(device), payload, f"n{(push.notice_id or push.pk).hex[:31]}", _private())
    except PushGone:
        PushDevice.objects.filter(pk=device.pk).delete()
        return False
    except (PushRefused, sealed.Unreadable) as refused:
        settle(push, state=State.FAILED, error=str(refused)[:100] or type(refused).__name__)
        return False
    settle(push, state=State.SENT, sent_at=clock.now(), error="")
    PushDevice.objects.filter(pk=device.pk).update(used_at=clock.now())
    return True


def _opened(device: PushDevice) -> Device:
    return Device(_unsealed(device.endpoint, PURPOSE), device.p256dh, _unsealed(device.auth, PURPOSE))


def _private() -> str:
    return _unsealed(push_key().private, KEY_PURPOSE)


def _unsealed(text: str, purpose: str) -> str:
    return sealed.unseal(text, secrets=[settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS], purpose=purpose)


def _payload(push: Push, user: User) -> str | None:
    """What the device shows, in the reader's language with the rights of now; None where nobody needs it any more.

    A locked screen is read by anybody who passes: the record's name and what happened, no values.
    """
    notice = push.notice
    is_read = notice is not None and notice.read_at is not None and notice.read_at > push.created_at
    if is_read or not user.is_active or user.kind != "staff":
        return None
    with translation.override(user.language):
        title, body, path = _words(push, notice, user)
    said = {"title": title[:LONGEST], "body": body[:LONGEST], "path": path, "tag": str(push.notice_id or push.pk)}
    return json.dumps(said | {"language": user.language}, ensure_ascii=False)


def _words(push: Push, notice: Notice | None, user: User) -> tuple[str, str, str]:
    if notice is None:
        return gettext("A test from Hetong"), gettext("Notices arrive on this device."), "/settings/notices/"
    if push.count > 1:
        words = ngettext("%(n)s new notice", "%(n)s new notices", push.count) % {"n": push.count}
        return words, gettext("Open Hetong to read them."), "/notices/"
    [one] = drawn(actor_for(user, via="job"), [notice])
    return one.title or one.words, one.words if one.title else "", f"/notices/{notice.pk}/"


def purge_sent() -> str:
    """Forget what was said in rooms and pushed to devices after ninety days, and devices of people who are gone."""
    PushDevice.objects.filter(user__is_active=False).delete()
    before = clock.now() - KEPT
    gone = sum(model._default_manager.filter(created_at__lt=before).delete()[0] for model in (ChatPost, Push))
    return f"{gone} forgotten"
