"""The archive package as a file: a ZIP whose bytes follow from its contents alone. docs/archive-package.md says it in words.

Pure: knows no database. Members are stored, not compressed, in the order of the manifest, with fixed times and
rights; so a package can be put together again from its members and compared byte for byte.
"""

from __future__ import annotations

import hashlib
import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import IO, Any, BinaryIO, Final

FORMAT: Final = "hetong-archive-package"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"
CHECK: Final = "manifest.sha256"
"""SHA-256 of the manifest in hex and a line end, so that a damaged manifest shows; a forged one shows in the journal."""

CHUNK: Final = 1024 * 1024
_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
_RIGHTS: Final = 0o644 << 16
_UNIX: Final = 3


@dataclass(frozen=True)
class Member:
    """One file of a package: its path inside, how to open it, what it is, and what it belongs to."""

    path: str
    open: Callable[[], IO[bytes]]
    media_type: str
    about: str = ""
    sha256: str = ""
    """What its content has to be, in hex; empty where it was made just now."""


@dataclass(frozen=True)
class Listed:
    """A file as the manifest lists it. ``size`` in bytes, ``sha256`` in hex."""

    path: str
    sha256: str
    size: int
    media_type: str
    about: str


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, indented for people, in UTF-8, with one line end: equal values have equal bytes."""
    return json.dumps(value, sort_keys=True, indent=1, ensure_ascii=False).encode() + b"\n"


def listed(member: Member) -> Listed:
    """The manifest's line on a member."""
    digest, size = hashlib.sha256(), 0
    with member.open() as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
            size += len(chunk)
    return Listed(member.path, digest.hexdigest(), size, member.media_type, member.about)


def manifest_of(facts: Mapping[str, Any], files: Iterable[Listed]) -> bytes:
    """The manifest: format, what the package is of, and every file with its hash."""
    return canonical({"format": FORMAT, "version": VERSION, **facts, "files": [asdict(one) for one in files]})


def check_line(manifest: bytes) -> bytes:
    """What stands in the file beside the manifest."""
    return hashlib.sha256(manifest).hexdigest().encode() + b"\n"


def pack(target: BinaryIO, manifest: bytes, members: Iterable[tuple[str, int, Callable[[], IO[bytes]]]]) -> None:
    """Write the package: the manifest, its hash, then the members (path, size, how to open) in the order given."""
    with zipfile.ZipFile(target, "w", zipfile.ZIP_STORED, allowZip64=True) as archive:
        archive.writestr(_entry(MANIFEST, len(manifest)), manifest)
        line = check_line(manifest)
        archive.writestr(_entry(CHECK, len(line)), line)
        for path, size, opened in members:
            with opened() as file, archive.open(_entry(path, size), "w") as inside:
                while chunk := file.read(CHUNK):
                    inside.write(chunk)


def _entry(path: str, size: int) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(path, _LONG_AGO)
    entry.compress_type, entry.external_attr, entry.create_system = zipfile.ZIP_STORED, _RIGHTS, _UNIX
    entry.file_size = size
    return entry
