"""The judgement on one file: which kind it is, or why it is not kept."""

from __future__ import annotations

import mmap
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import Any, BinaryIO, Final

from . import archives, images
from .errors import ContentContradictsName, DangerousArchive, EmptyFile, NotAccepted, OldOffice, TooManyPixels
from .kinds import EXTENSIONS, IMAGES, MARKUP, OLE, PDF, TEXT, UNKNOWN, ZIP, Refused, sniff, text_kind, words

HEAD: Final = 4096
_PDF_MARKS: Final = {
    b"/JavaScript": "javascript",
    b"/Launch": "launch",
    b"/EmbeddedFile": "attachments",
    b"/RichMedia": "media",
    b"/Encrypt": "encrypted",
}


@dataclass(frozen=True)
class Verdict:
    """What a file is by its content, and facts worth a warning."""

    media_type: str
    facts: Mapping[str, Any] = field(default_factory=dict)


def extension_of(name: str) -> str:
    """The ending of a name as a system would read it: case, width, and dots or spaces after it do not count."""
    plain = unicodedata.normalize("NFKC", name).casefold().strip().rstrip(". ")
    return PurePosixPath(plain.replace("\\", "/")).suffix.removeprefix(".")


def inspect(path: Path, name: str) -> Verdict:
    """Judge the file at ``path`` that calls itself ``name``. Raises a `RefusedFile`."""
    size = path.stat().st_size
    if size == 0:
        raise EmptyFile(name=name)
    with path.open("rb") as file:
        kind = _kind(file, size, name)
        extension = extension_of(name)
        if extension and extension not in EXTENSIONS[kind]:
            raise ContentContradictsName(name=name, found=words(kind), media_type=kind)
        return Verdict(kind, _facts(file, kind, size, name))


def _kind(file: BinaryIO, size: int, name: str) -> str:
    head = file.read(HEAD)
    kind: str | Refused = sniff(head)
    if kind == ZIP:
        kind = _packed(file, size, name)
    elif kind == TEXT:
        file.seek(0)
        kind = text_kind(file.read(), extension_of(name))
    elif isinstance(kind, str) and _is_two_in_one(file, head, size):
        raise ContentContradictsName(name=name, found=UNKNOWN.words, media_type=kind)
    if kind is OLE:
        raise OldOffice(name=name)
    if isinstance(kind, Refused):
        raise NotAccepted(name=name, found=kind.words)
    return kind


def _packed(file: BinaryIO, size: int, name: str) -> str | Refused:
    try:
        return archives.packed_kind(file, size)
    except archives.Unsafe as unsafe:
        raise DangerousArchive(name=name, why=str(unsafe)) from unsafe


def _is_two_in_one(file: BinaryIO, head: bytes, size: int) -> bool:
    """A picture or PDF that is a web page or a packed folder as well (a polyglot)."""
    return MARKUP.search(head[:1024]) is not None or archives.has_zip_tail(file, size)


def _facts(file: BinaryIO, kind: str, size: int, name: str) -> dict[str, Any]:
    if kind in IMAGES:
        found = images.dimensions(file, kind)
        if found is None:
            raise NotAccepted(name=name, found=UNKNOWN.words)
        width, height = found
        if width * height > images.MOST_PIXELS or not width or not height:
            raise TooManyPixels(name=name, width=width, height=height)
        return {"width": width, "height": height}
    if kind == PDF:
        with mmap.mmap(file.fileno(), size, access=mmap.ACCESS_READ) as content:
            return {"marks": [word for mark, word in _PDF_MARKS.items() if content.find(mark) >= 0]}
    return {}
