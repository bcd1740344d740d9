"""Secrets at rest: sealed with a key derived from the installation's secret key.

AES-256-GCM under HKDF-SHA256 (RFC 5869); the ``purpose`` is bound as associated data, so a secret
sealed for one use does not open for another.
"""

from __future__ import annotations

import base64
import hmac
import os
from collections.abc import Sequence
from functools import lru_cache

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from .errors import DomainError


class Unreadable(DomainError):
    """The sealed text was not sealed here, for this purpose, or with a key we still hold."""

    code = "unreadable_secret"


@lru_cache(maxsize=64)
def derive(secret: str, purpose: str) -> bytes:
    """A 32-byte key for one purpose from the installation's secret."""
    return HKDF(SHA256(), 32, salt=b"hetong", info=purpose.encode()).derive(secret.encode())


def seal(text: str, *, secret: str, purpose: str) -> str:
    """``text`` encrypted for ``purpose``, as URL-safe base64."""
    nonce = os.urandom(12)
    box = AESGCM(derive(secret, purpose)).encrypt(nonce, text.encode(), purpose.encode())
    return base64.urlsafe_b64encode(nonce + box).decode()


def unseal(sealed: str, *, secrets: Sequence[str], purpose: str) -> str:
    """The text again; tries the present secret, then the older ones. Raises `Unreadable`."""
    try:
        raw = base64.urlsafe_b64decode(sealed.encode())
    except ValueError as broken:
        raise Unreadable(purpose=purpose) from broken
    for secret in secrets:
        try:
            return AESGCM(derive(secret, purpose)).decrypt(raw[:12], raw[12:], purpose.encode()).decode()
        except (InvalidTag, ValueError):
            continue
    raise Unreadable(purpose=purpose)


def sign(message: bytes, *, secret: str, purpose: str) -> str:
    """HMAC-SHA256 of ``message`` under the key of ``purpose``, in hex."""
    return hmac.digest(derive(secret, purpose), message, "sha256").hex()
