"""The kinds of file that are kept, and how their first bytes tell them apart from those that are not."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from hetong.kernel.errors import N_

PDF: Final = "application/pdf"
TEXT: Final = "text/plain"
MAIL: Final = "message/rfc822"
_OOXML: Final = "application/vnd.openxmlformats-officedocument."
DOCX: Final = f"{_OOXML}wordprocessingml.document"
XLSX: Final = f"{_OOXML}spreadsheetml.sheet"
PPTX: Final = f"{_OOXML}presentationml.presentation"
ODT: Final = "application/vnd.oasis.opendocument.text"
ODS: Final = "application/vnd.oasis.opendocument.spreadsheet"
ODP: Final = "application/vnd.oasis.opendocument.presentation"
PNG, JPEG, GIF, WEBP, TIFF = "image/png", "image/jpeg", "image/gif", "image/webp", "image/tiff"
IMAGES: Final = frozenset({PNG, JPEG, GIF, WEBP, TIFF})

EXTENSIONS: Final[dict[str, frozenset[str]]] = {
    PDF: frozenset({"pdf"}),
    DOCX: frozenset({"docx"}),
    XLSX: frozenset({"xlsx"}),
    PPTX: frozenset({"pptx"}),
    ODT: frozenset({"odt"}),
    ODS: frozenset({"ods"}),
    ODP: frozenset({"odp"}),
    PNG: frozenset({"png"}),
    JPEG: frozenset({"jpg", "jpeg", "jpe", "jfif"}),
    GIF: frozenset({"gif"}),
    WEBP: frozenset({"webp"}),
    TIFF: frozenset({"tif", "tiff"}),
    TEXT: frozenset({"txt", "csv", "tsv", "md", "markdown", "log", "text"}),
    MAIL: frozenset({"eml"}),
}
"""The endings a name may have for each kind that is kept."""

_NAMES: Final = {
    PDF: N_("a PDF"),
    DOCX: N_("a Word document"),
    XLSX: N_("an Excel workbook"),
    PPTX: N_("a PowerPoint presentation"),
    ODT: N_("an OpenDocument text"),
    ODS: N_("an OpenDocument sheet"),
    ODP: N_("an OpenDocument presentation"),
    TEXT: N_("plain text"),
    MAIL: N_("a mail"),
}


@dataclass(frozen=True)
class Refused:
    """A kind that is known and not kept, in words."""

    words: str


PROGRAM: Final = Refused(N_("a program"))
PACKED: Final = Refused(N_("a packed folder"))
WEB_PAGE: Final = Refused(N_("a web page or a drawing with scripts"))
UNKNOWN: Final = Refused(N_("of an unknown kind"))
OLE: Final = Refused("ole")
ZIP: Final = "application/zip"

_MAGIC: Final[tuple[tuple[bytes, str | Refused], ...]] = (
    (b"%PDF-", PDF),
    (b"\x89PNG\r\n\x1a\n", PNG),
    (b"\xff\xd8\xff", JPEG),
    (b"GIF87a", GIF),
    (b"GIF89a", GIF),
    (b"II*\x00", TIFF),
    (b"MM\x00*", TIFF),
    (b"PK\x03\x04", ZIP),
    (b"PK\x05\x06", PACKED),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (b"MZ", PROGRAM),
    (b"\x7fELF", PROGRAM),
    (b"\xfe\xed\xfa", PROGRAM),
    (b"\xce\xfa\xed\xfe", PROGRAM),
    (b"\xcf\xfa\xed\xfe", PROGRAM),
    (b"\xca\xfe\xba\xbe", PROGRAM),
    (b"#!", PROGRAM),
    (b"\x00asm", PROGRAM),
    (b"L\x00\x00\x00\x01\x14\x02", PROGRAM),
    (b"Rar!", PACKED),
    (b"7z\xbc\xaf\x27\x1c", PACKED),
    (b"\x1f\x8b", PACKED),
    (b"BZh", PACKED),
    (b"\xfd7zXZ", PACKED),
    (b"\x28\xb5\x2f\xfd", PACKED),
    (b"MSCF", PACKED),
)

MARKUP: Final = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|script|svg|iframe|object|embed|img|link|meta|style|form|\?php|%)"
    rb"|<\?xml|<!entity|javascript:",
    re.IGNORECASE,
)
"""What makes a browser, guessing, take bytes for a page."""

_MAIL_HEAD: Final = re.compile(rb"(?:[A-Za-z][A-Za-z-]{1,60}:[^\r\n]*\r?\n(?:[ \t][^\r\n]*\r?\n)*){3}")
_NO_TEXT: Final = bytes(set(range(32)) - {9, 10, 12, 13, 27} | {127})


def words(media_type: str) -> str:
    """What a kind is called, as an English source text."""
    return _NAMES.get(media_type, N_("a picture"))


def sniff(head: bytes) -> str | Refused:
    """What the first bytes say; text and unknown binary are told apart by `text_kind`."""
    start = head.removeprefix(b"\xef\xbb\xbf")
    for magic, kind in _MAGIC:
        if start.startswith(magic):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return WEBP
    if MARKUP.match(start.lstrip()):
        return WEB_PAGE
    return TEXT


def text_kind(content: bytes, extension: str) -> str | Refused:
    """Text, a mail, or nothing we know: text is UTF-8 or UTF-16, or at least holds no control codes."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return _decoded(content, "utf-16")
    if content.translate(None, _NO_TEXT) != content:
        return UNKNOWN
    if MARKUP.search(content[:1024]):
        return WEB_PAGE
    if extension == "eml":
        return MAIL if _MAIL_HEAD.match(content[:65536]) else UNKNOWN
    return TEXT


def _decoded(content: bytes, encoding: str) -> str | Refused:
    try:
        text = content.decode(encoding)
    except UnicodeDecodeError:
        return UNKNOWN
    if "\x00" in text or MARKUP.search(text[:1024].encode()):
        return UNKNOWN
    return TEXT
