"""Taking files in, and making text and page pictures of them."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any, BinaryIO, Final

from django.conf import settings
from django.db import transaction

from hetong.jobs.services import publish
from hetong.kernel import clock
from hetong.kernel.actors import Actor
from hetong.kernel.errors import DomainError
from hetong.kernel.events import Fact

from .events import TextsRead
from .gateways import CHUNK, Arriving, scanner, storage
from .inspection import EmptyFile, FileTooLarge, Verdict, inspect
from .inspection.kinds import PNG
from .models import Blob, BlobState, Derived, DerivedText, PageImage
from .names import safe_name
from .queries import has_pages
from .reading import Answer, ask

PAGES_AT_ONCE: Final = 4
"""Page pictures that one child makes: who looks at one page soon looks at the next."""

TEXTS_AT_ONCE: Final = 20

_ONE_AT_A_TIME: Final = tuple(threading.Lock() for _stripe in range(16))
"""A browser asks for several pages of one file at once; the first request draws for the others too."""

ABANDONED: Final = timedelta(days=1)


Judge = Callable[[Path, str], Verdict]


def store(stream: BinaryIO, claimed_name: str, judge: Judge | None = None) -> Blob:
    """Keep a file, once however often it comes. Raises a `RefusedFile`; then nothing of it is kept.

    The bytes are hashed while they are written under a temporary name, synced, judged by their content,
    and get their place before the row is written: a row never stands without its file. ``judge`` is for what
    is read and never given out again (tables to import), of which other kinds are taken; it raises what it likes.
    """
    early: Blob | None = getattr(stream, "kept", None)
    if early is not None:
        return early
    name = safe_name(claimed_name)
    room = storage()
    with room.arriving() as arriving:
        key, size = _receive(stream, arriving, name)
        verdict = (judge or inspect)(arriving.path, name)
        state = BlobState.CLEAN if scanner().is_clean(arriving.path) else BlobState.QUARANTINED
        room.keep(arriving, key)
    return _blob(key, size, verdict, state)


def receive_early(file: Any) -> None:
    """Keep an upload before whoever uses it holds a transaction; what is refused is refused again by `store`, in words."""
    try:
        file.kept = store(file, file.name or "")
    except DomainError:
        file.seek(0)


def _receive(stream: BinaryIO, arriving: Arriving, name: str) -> tuple[str, int]:
    digest, size = hashlib.sha256(), 0
    read: Callable[[], Iterator[bytes]] | None = getattr(stream, "chunks", None)
    for chunk in read() if read else iter(lambda: stream.read(CHUNK), b""):
        size += len(chunk)
        if size > settings.MAX_UPLOAD_BYTES:
            raise FileTooLarge(name=name, limit=settings.MAX_UPLOAD_BYTES // 1024 // 1024)
        digest.update(chunk)
        arriving.file.write(chunk)
    if not size:
        raise EmptyFile(name=name)
    arriving.sync()
    return digest.hexdigest(), size


def _blob(key: str, size: int, verdict: Verdict, state: str) -> Blob:
    wanted: dict[str, Any] = {
        "size": size,
        "media_type": verdict.media_type,
        "state": state,
        "facts": dict(verdict.facts),
        "created_at": clock.now(),
    }
    with transaction.atomic():
        blob, is_new = Blob.objects.get_or_create(sha256=key, defaults=wanted)
    if not is_new and state == BlobState.QUARANTINED and blob.state != state:
        blob.state = state
        Blob.objects.filter(pk=blob.pk).update(state=state)
    return blob


def store_bytes(content: bytes, media_type: str) -> Blob:
    """Keep bytes that the product made itself (page pictures, generated documents)."""
    key = hashlib.sha256(content).hexdigest()
    room = storage()
    with room.arriving() as arriving:
        arriving.file.write(content)
        room.keep(arriving, key)
    return _blob(key, len(content), Verdict(media_type), BlobState.CLEAN)


def store_made(stream: BinaryIO, media_type: str) -> Blob:
    """Keep what the product made itself and is too large for memory (archive packages); read from its start."""
    stream.seek(0)
    room = storage()
    with room.arriving() as arriving:
        digest, size = hashlib.sha256(), 0
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
            arriving.file.write(chunk)
        room.keep(arriving, digest.hexdigest())
    return _blob(digest.hexdigest(), size, Verdict(media_type), BlobState.CLEAN)


def want_texts(blobs: Iterable[Blob]) -> None:
    """Let the worker read the texts of these files soon; those that were read are left as they are."""
    now = clock.now()
    rows = [DerivedText(blob=blob, state=Derived.WAITING, made_at=now) for blob in blobs]
    DerivedText.objects.bulk_create(rows, ignore_conflicts=True)


def read_waiting_texts() -> int:
    """Read the texts that wait, oldest first, a few at a time and outside of any transaction; returns how many."""
    waiting = DerivedText.objects.select_related("blob").filter(state=Derived.WAITING).order_by("made_at")
    return len([make_text(row.blob) for row in waiting[:TEXTS_AT_ONCE]])


def make_text(blob: Blob) -> DerivedText:
    """The text of a file, made on the first call; a file that breaks its reader gets a row that says so."""
    found = DerivedText.objects.filter(blob=blob).first()
    if found is not None and found.state != Derived.WAITING:
        return found
    answer = _read(blob)
    text = answer.pieces[0].decode("utf-8", "replace").replace("\x00", "") if answer.pieces else ""
    facts = answer.facts
    values = {
        "state": answer.state,
        "text": text,
        "facts": facts,
        "pages": facts.get("pages", 0),
        "made_at": clock.now(),
    }
    with transaction.atomic():
        made, _is_new = DerivedText.objects.update_or_create(blob=blob, defaults=values)
        publish(TextsRead(Actor.system(), (Fact("files.blob", blob.pk),)))
    return made


def _read(blob: Blob) -> Answer:
    if blob.state != BlobState.CLEAN:
        return Answer(Derived.FAILED)
    try:
        with storage().open(blob.sha256) as file:
            return ask(file, "text", blob.media_type)
    except FileNotFoundError:
        return Answer(Derived.FAILED)


def make_page(blob: Blob, number: int) -> PageImage | None:
    """The picture of page ``number`` (from 1), made on the first call; None where there is no such page."""
    kept = PageImage.objects.select_related("image").filter(blob=blob, number=number)
    found = kept.first()
    if found is not None:
        return found
    pages = make_text(blob).pages
    if not has_pages(blob.media_type) or not 1 <= number <= pages:
        return None
    with _ONE_AT_A_TIME[blob.pk.int % len(_ONE_AT_A_TIME)]:
        return kept.first() or _draw(blob, number, pages)


def _draw(blob: Blob, number: int, pages: int) -> PageImage:
    count = min(PAGES_AT_ONCE, pages - number + 1)
    with storage().open(blob.sha256) as file:
        answer = ask(file, "pages", blob.media_type, number, count)
    for offset in range(count if answer.state == Derived.DONE else 1):
        piece = answer.pieces[offset] if offset < len(answer.pieces) else b""
        _keep_page(blob, number + offset, piece, Derived.DONE if piece else Derived(_unless_done(answer.state)))
    return PageImage.objects.select_related("image").get(blob=blob, number=number)


def _unless_done(state: str) -> str:
    return Derived.FAILED if state == Derived.DONE else state


def _keep_page(blob: Blob, number: int, content: bytes, state: str) -> None:
    image = store_bytes(content, PNG) if content else None
    PageImage.objects.get_or_create(blob=blob, number=number, defaults={"state": state, "image": image})


def remove_orphans() -> int:
    """Remove stored files that no record knows, a day after they came: uploads whose transaction was undone."""
    room = storage()
    known = set(Blob.objects.values_list("sha256", flat=True))
    latest = (clock.now() - ABANDONED).timestamp()
    removed = 0
    for key in list(room.all_keys()):
        if key in known or room.kept_at(key) > latest:
            continue
        if not Blob.objects.filter(sha256=key).exists():
            room.remove(key)
            removed += 1
    return removed
