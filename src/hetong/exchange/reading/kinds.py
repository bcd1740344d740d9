"""What a file is, by its content: text of some encoding, or one of three kinds of spreadsheet. Nothing is unpacked."""

from __future__ import annotations

import mmap
from enum import StrEnum
from pathlib import Path
from typing import BinaryIO, Final

from hetong.files.inspection.archives import Unsafe, packed_kind
from hetong.files.inspection.kinds import ODS, OLE, PACKED, TEXT, UNKNOWN, XLSX, ZIP, Refused, sniff, words
from hetong.files.inspection.verdict import Verdict, extension_of
from hetong.kernel.errors import N_

from .errors import DangerousSheet, EmptySheet, NotATable, ProtectedSheet

XLS: Final = "application/vnd.ms-excel"
TEXT_ENDINGS: Final = frozenset(
    {"", "csv", "tsv", "tab", "txt", "text", "dat", "data", "prn", "asc", "xls", "xlsx", "out", "unl"}
)
"""What a text file with a table may be called; many programs call a tab-separated file .xls."""

_WEB_PAGE: Final = N_("a web page or a file of tags")
_OTHER: Final = N_("a text of another kind")
_HEAD: Final = 64 * 1024
_CONTROLS: Final = bytes(set(range(1, 32)) - {9, 10, 11, 12, 13, 26, 27})


class Kind(StrEnum):
    """The kinds that are read."""

    TEXT = TEXT
    XLSX = XLSX
    XLS = XLS
    ODS = ODS


def judge(path: Path, name: str) -> Verdict:
    """The judgement under which a file to import is kept (`files.services.store`). Raises a `SheetRefused`."""
    return Verdict(kind_of(path, name).value)


def kind_of(path: Path, name: str) -> Kind:
    """What the file is. Raises a `SheetRefused` for everything that holds no table or is not safe to open."""
    size = path.stat().st_size
    if not size:
        raise EmptySheet(name=name)
    with path.open("rb") as file:
        head = file.read(_HEAD)
        found = sniff(head)
        if found in (ZIP, PACKED) and head.startswith(b"PK"):
            return _packed(file, size, name)
        if found is OLE:
            return _old(file, name)
    if isinstance(found, Refused):
        raise NotATable(name=name, found=found.words)
    if found != TEXT:
        raise NotATable(name=name, found=words(found))
    return _text(head, name)


def _packed(file: BinaryIO, size: int, name: str) -> Kind:
    try:
        found = packed_kind(file, size)
    except Unsafe as unsafe:
        raise DangerousSheet(name=name, why=str(unsafe)) from unsafe
    if isinstance(found, Refused):
        raise NotATable(name=name, found=found.words)
    if found not in (XLSX, ODS):
        raise NotATable(name=name, found=words(found))
    return Kind(found)


def _old(file: BinaryIO, name: str) -> Kind:
    """An old Excel workbook has a stream of this name; an encrypted new one is wrapped in the same kind of file."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if content.find("EncryptedPackage".encode("utf-16-le")) >= 0:
            raise ProtectedSheet(name=name)
        if content.find("Workbook".encode("utf-16-le")) >= 0 or content.find("Book".encode("utf-16-le")) >= 0:
            return Kind.XLS
    raise NotATable(name=name, found=N_("an old Office file without sheets"))


def _text(head: bytes, name: str) -> Kind:
    start = head.removeprefix(b"\xef\xbb\xbf").lstrip()
    if start.startswith((b"<", b"{\\rtf")):
        raise NotATable(name=name, found=_WEB_PAGE)
    if extension_of(name) not in TEXT_ENDINGS:
        raise NotATable(name=name, found=_OTHER)
    controls = len(head) - len(head.translate(None, _CONTROLS))
    if not is_wide(head) and 100 * controls > len(head):
        raise NotATable(name=name, found=UNKNOWN.words)
    return Kind.TEXT


def is_wide(head: bytes) -> str:
    """The name of the UTF-16 encoding that the bytes are written in; empty when they are not."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    pairs = len(head) // 2
    low, high = head[0 : 2 * pairs : 2].count(0), head[1 : 2 * pairs : 2].count(0)
    if max(low, high) > max(2, pairs // 5) and min(low, high) <= pairs // 100:
        return "utf-16-le" if high > low else "utf-16-be"
    return ""
