"""What is hashed, exactly: canonical JSON, salted values, keyed entry digests, the chain."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from functools import lru_cache
from typing import Any
from uuid import UUID

from django.conf import settings

from hetong.kernel.sealed import sign

from .models import AccessLog, Entry

PURPOSE = "journal"
GENESIS = "0" * 64


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8, so that equal values have equal bytes."""
    return canonical_text(value).encode()


def canonical_text(value: Any) -> str:
    """The same as text."""
    return _ENCODER.encode(value)


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def value_digest(salt: str, before: Any, after: Any) -> str:
    """H(salt, before, after): proves a value without revealing it, and stays when the value is blanked."""
    return text_digest(salt, canonical_text(before), canonical_text(after))


def text_digest(salt: str, before: str, after: str) -> str:
    """`value_digest` of values that are canonical JSON already."""
    return hashlib.sha256(f'["{salt}",{before},{after}]'.encode()).hexdigest()


def entry_bytes(entry: Entry) -> bytes:
    """Everything of an entry but its keyed digest."""
    return canonical([getattr(entry, c) for c in _signed_columns()])


@lru_cache(maxsize=1)
def _signed_columns() -> tuple[str, ...]:
    return tuple(f.attname for f in Entry._meta.concrete_fields if f.attname != "mac")


def entry_mac(entry: Entry) -> str:
    """The keyed digest: whoever can write to the database but does not hold the secret key cannot make it."""
    return sign(entry_bytes(entry), secret=settings.SECRET_KEY, purpose=PURPOSE)


def is_genuine(entry: Entry) -> bool:
    """Whether the entry was written by this installation and is unchanged; older secret keys count."""
    content = entry_bytes(entry)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(sign(content, secret=key, purpose=PURPOSE) == entry.mac for key in keys)


def link_hash(previous: str, entry: Entry) -> str:
    """H(previous hash, entry with its keyed digest)."""
    return hashlib.sha256(previous.encode() + entry_bytes(entry) + entry.mac.encode()).hexdigest()


def access_digest(rows: list[AccessLog]) -> str:
    """One digest over a batch of access rows."""
    columns = [f.attname for f in AccessLog._meta.concrete_fields]
    return hashlib.sha256(canonical([[getattr(row, c) for c in columns] for row in rows])).hexdigest()


def access_row_digest(row: AccessLog) -> str:
    """Sixteen hexadecimal digits of one access row: enough to say which of a batch was changed."""
    return access_digest([row])[:16]
