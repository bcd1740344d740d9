"""Packed files, judged by their directory alone: nothing is unpacked to look at it.

Limits follow ASVS 5.2.3: how many files, how large unpacked, how much larger than packed, no packed
files inside, no names that lead out of the folder, no links.
"""

from __future__ import annotations

import stat
import struct
import zipfile
from typing import BinaryIO, Final

from hetong.kernel.errors import N_

from .kinds import DOCX, ODP, ODS, ODT, PACKED, PPTX, XLSX, Refused

MOST_ENTRIES: Final = 10_000
LARGEST_DIRECTORY: Final = 2 * 1024 * 1024
LARGEST_UNPACKED: Final = 256 * 1024 * 1024
HARMLESS_UNPACKED: Final = 16 * 1024 * 1024
"""Below this size the ratio does not matter: small tables of spaces pack very well."""
HIGHEST_RATIO: Final = 120

_TAIL: Final = 65_557
_END: Final = struct.Struct("<4s4H2LH")
_PACKED_INSIDE: Final = (".zip", ".7z", ".rar", ".gz", ".tgz", ".bz2", ".xz", ".jar", ".iso", ".cab", ".tar")
_MAIN_PARTS: Final = {"word/document.xml": DOCX, "xl/workbook.xml": XLSX, "ppt/presentation.xml": PPTX}
_OPEN_DOCUMENT: Final = {kind.encode(): kind for kind in (ODT, ODS, ODP)}


class Unsafe(Exception):
    """The archive breaks a limit; the argument says which, in words."""


def end_of_directory(file: BinaryIO, size: int) -> tuple[int, int, int, int] | None:
    """(entries, directory size, directory offset, position of the end record) of a zip, or None."""
    file.seek(max(0, size - _TAIL))
    tail = file.read(_TAIL)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) - at < _END.size:
        return None
    _magic, _disk, _start, _here, entries, length, offset, _comment = _END.unpack_from(tail, at)
    return entries, length, offset, size - len(tail) + at


def has_zip_tail(file: BinaryIO, size: int) -> bool:
    """Whether the end of the file also opens as a zip: then it is two files in one."""
    found = end_of_directory(file, size)
    if found is None:
        return False
    _entries, length, _offset, at = found
    if not 0 < length <= at:
        return False
    file.seek(at - length)
    return file.read(4) == b"PK\x01\x02"


def packed_kind(file: BinaryIO, size: int) -> str | Refused:
    """Which document the zip is; a plain folder is `PACKED`. Raises `Unsafe`."""
    entries = _directory(file, size)
    _check(entries)
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" in names:
        return _office_kind(names)
    if entries[0].filename == "mimetype" and entries[0].compress_type == zipfile.ZIP_STORED:
        with zipfile.ZipFile(file) as archive, archive.open(entries[0]) as part:
            return _OPEN_DOCUMENT.get(part.read(120).strip(), PACKED)
    return PACKED


def _office_kind(names: set[str]) -> str | Refused:
    if any(name.endswith("vbaProject.bin") for name in names):
        raise Unsafe(N_("it carries macros"))
    return next((kind for part, kind in _MAIN_PARTS.items() if part in names), PACKED)


def _directory(file: BinaryIO, size: int) -> list[zipfile.ZipInfo]:
    """The entries, read only after the end record has promised few enough of them."""
    found = end_of_directory(file, size)
    if found is None:
        raise Unsafe(N_("its directory is broken"))
    count, length, offset, at = found
    if count > MOST_ENTRIES or length > LARGEST_DIRECTORY:
        raise Unsafe(N_("too many files inside"))
    if offset + length != at:
        raise Unsafe(N_("its directory is broken"))
    file.seek(0)
    try:
        with zipfile.ZipFile(file) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError, UnicodeDecodeError) as broken:
        raise Unsafe(N_("its directory is broken")) from broken
    if not entries:
        raise Unsafe(N_("there is nothing inside"))
    if len(entries) > MOST_ENTRIES:
        raise Unsafe(N_("too many files inside"))
    return entries


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len({entry.filename for entry in entries}) != len(entries):
        raise Unsafe(N_("two files inside have one name"))
    for entry in entries:
        _check_entry(entry)
    unpacked = sum(entry.file_size for entry in entries)
    packed = sum(entry.compress_size for entry in entries)
    if unpacked > LARGEST_UNPACKED:
        raise Unsafe(N_("it unpacks to far too much"))
    if unpacked > HARMLESS_UNPACKED and unpacked > HIGHEST_RATIO * max(packed, 1):
        raise Unsafe(N_("it unpacks to far too much"))


def _check_entry(entry: zipfile.ZipInfo) -> None:
    name = entry.orig_filename.replace("\\", "/")
    if name.startswith("/") or ".." in name.split("/") or ":" in name or "\x00" in name:
        raise Unsafe(N_("a file inside would be written outside its folder"))
    if stat.S_ISLNK(entry.external_attr >> 16):
        raise Unsafe(N_("there is a link inside"))
    if entry.flag_bits & 0x1:
        raise Unsafe(N_("it is protected by a password"))
    if name.lower().endswith(_PACKED_INSIDE):
        raise Unsafe(N_("there are packed files inside"))
