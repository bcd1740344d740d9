"""Answering with a file, so that no browser ever runs it: the one place that builds such answers."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Final

from asgiref.sync import sync_to_async
from django.http import FileResponse

from hetong.kernel.errors import N_, Conflict, NotFound

from .gateways import CHUNK, storage
from .inspection.kinds import IMAGES
from .models import Blob, BlobState
from .names import disposition

_CSP: Final = "default-src 'none'; style-src 'none'; sandbox"


class Quarantined(Conflict):
    """The scanner has not called the file clean."""

    code = "quarantined"
    text = N_("This file is held back: the virus scanner did not call it clean.")
    then = N_("Ask an administrator to look at it.")


class _Stream(FileResponse):
    """Read in pieces under ASGI too, where Django would take the whole file into memory."""

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = sync_to_async(lambda: next(iter(self), b""), thread_sensitive=False)
        while piece := await read():
            yield piece


def serve(blob: Blob, name: str, *, inline: bool = False) -> FileResponse:
    """The answer that gives a file out, by default to be saved; the caller has asked for the right and logged it.

    ``inline`` shows pictures in the page; anything else is saved whatever is asked. Raises `Quarantined`, `NotFound`.
    """
    if blob.state != BlobState.CLEAN:
        raise Quarantined
    try:
        file = storage().open(blob.sha256)
    except FileNotFoundError:
        raise NotFound(noun="files.blob", id=blob.sha256) from None
    response = _Stream(file)
    response.block_size = CHUNK
    for header, value in _headers(blob, name, shown=inline and blob.media_type in IMAGES).items():
        response.headers[header] = value
    return response


def _headers(blob: Blob, name: str, *, shown: bool) -> dict[str, str]:
    is_text = blob.media_type.startswith("text/")
    return {
        "Content-Type": f"{blob.media_type}; charset=utf-8" if is_text else blob.media_type,
        "Content-Length": str(blob.size),
        "Content-Disposition": disposition(name, inline=shown),
        "Content-Security-Policy": _CSP,
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Referrer-Policy": "no-referrer",
        "X-Robots-Tag": "noindex",
    }
