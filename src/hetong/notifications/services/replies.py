"""Secret addresses for answers by mail: made for each mail, over after a time, ended by their person."""

from __future__ import annotations

import base64
import hashlib
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db import transaction

from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.rows import insert
from hetong.notifications.models import MailIn, ReplyAddress
from hetong.notifications.queries.notices import owner_of

LASTS = timedelta(days=60)
"""How long one may answer a mail."""
KEPT = timedelta(days=90)


def new_reply_address(user: UUID, noun: str, subject: UUID) -> str:
    """An address under which that person answers that row; empty where no mails are taken in."""
    if not settings.REPLY_ADDRESS:
        return ""
    token = base64.b32encode(secrets.token_bytes(20)).decode().lower()
    insert([ReplyAddress(user_id=user, digest=_digest(token), noun=noun, subject=subject, created_at=clock.now())])
    box, _at, host = settings.REPLY_ADDRESS.partition("@")
    return f"{box}+{token}@{host}"


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def reply_address_in(recipients: Iterable[str]) -> ReplyAddress | None:
    """The address of ours among those that a mail went to, whether it still works or not."""
    box, _at, host = settings.REPLY_ADDRESS.lower().partition("@")
    for one in recipients:
        name, _at, at = one.lower().rpartition("@")
        if at == host and name.startswith(f"{box}+"):
            found = ReplyAddress.objects.filter(digest=_digest(name[len(box) + 1 :])).select_related("user").first()
            if found is not None:
                return found
    return None


def is_over(address: ReplyAddress) -> bool:
    """Whether nothing is taken under it any more."""
    return address.revoked_at is not None or address.created_at < clock.now() - LASTS


def count_reply_addresses(actor: Actor) -> int:
    """How many addresses of the actor's still work."""
    # allow: visibility — one's own, whoever asks
    own = ReplyAddress.objects.filter(user=actor.id, revoked_at=None, created_at__gte=clock.now() - LASTS)
    return own.count() if actor.id else 0


@transaction.atomic
# allow: journal — addresses of one's own, which change no record
def end_reply_addresses(actor: Actor) -> int:
    """End all addresses under which the actor could answer so far: one may have got into wrong hands."""
    own = ReplyAddress.objects.filter(user=owner_of(actor), revoked_at=None)
    return own.update(revoked_at=clock.now())


def purge_received() -> str:
    """Forget after ninety days what came in, and addresses that are over."""
    before = clock.now() - KEPT
    letters, _each = MailIn.objects.filter(received_at__lt=before).delete()
    ReplyAddress.objects.filter(created_at__lt=before).delete()
    return f"{letters} forgotten"
