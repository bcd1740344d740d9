"""What is kept: whether it still is what it was, and whether anything lies about."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass

from .gateways import CHUNK, Storage, storage
from .inspection.kinds import IMAGES, PDF
from .models import Blob


@dataclass(frozen=True)
class Finding:
    """One thing that is wrong with the stored files: ``missing``, ``altered`` or ``orphaned``."""

    code: str
    key: str
    detail: str = ""


def has_pages(media_type: str) -> bool:
    """Whether pictures of pages can be made of the kind."""
    return media_type == PDF or media_type in IMAGES


def digest_of(room: Storage, key: str) -> tuple[str, int]:
    """SHA-256 and size of what is stored under the key now. Raises FileNotFoundError."""
    found, size = hashlib.sha256(), 0
    with room.open(key) as file:
        while chunk := file.read(CHUNK):
            found.update(chunk)
            size += len(chunk)
    return found.hexdigest(), size


def doctor_checks() -> Iterator[Finding]:
    """Every file that is gone, is not what it was, or that no record knows (trust E6). Reads every byte."""
    room = storage()
    known = dict(Blob.objects.values_list("sha256", "size"))
    for key, size in known.items():
        try:
            digest, now = digest_of(room, key)
        except FileNotFoundError:
            yield Finding("missing", key)
            continue
        if digest != key:
            yield Finding("altered", key, f"{size} → {now}")
    for key in room.all_keys():
        if key not in known:
            yield Finding("orphaned", key)
