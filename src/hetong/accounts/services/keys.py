"""Idempotency keys: the same request twice has one effect and one answer (law 9, trust A3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.db import IntegrityError, transaction

from hetong.accounts.models import Key
from hetong.kernel import clock
from hetong.kernel.errors import N_, Invalid

KEPT = timedelta(days=7)


class OtherBody(Invalid):
    """The key was used before, for another request."""

    code = "key_reused"
    text = N_("This key was used before for a different request.")
    then = N_("Use a new key for a new request.")


@dataclass(frozen=True)
class Answer:
    """The answer that the first use of a key got."""

    status: int
    headers: Mapping[str, str]
    body: bytes


def find_answer(holder: str, key: str, body_hash: str) -> Answer | None:
    """The answer already given under this key; None when the key is new. Raises `OtherBody`."""
    known = Key.objects.filter(holder=holder, key=key).first()
    if known is None or not known.status:
        return None
    if known.body_hash != body_hash:
        raise OtherBody(key=key)
    return Answer(known.status, known.headers, bytes(known.body))


def take_key(holder: str, key: str, body_hash: str) -> Key | None:
    """Take the key inside the caller's transaction; None when a twin holds it (it has committed by then)."""
    try:
        with transaction.atomic():
            row = Key(holder=holder, key=key, body_hash=body_hash, at=clock.now())
            row.save(force_insert=True)
            return row
    except IntegrityError:
        return None


def keep_answer(row: Key, answer: Answer) -> None:
    """Store the answer with the key, in the same transaction as its effect."""
    row.status, row.headers, row.body = answer.status, dict(answer.headers), answer.body
    row.save(update_fields=["status", "headers", "body"])


def purge_keys() -> str:
    """Forget keys older than seven days."""
    gone, _ = Key.objects.filter(at__lt=clock.now() - KEPT).delete()
    return f"{gone} forgotten"
