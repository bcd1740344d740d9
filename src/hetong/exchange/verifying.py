"""Checking an archive package: is every file what the manifest says, is nothing missing, nothing added. Needs no database.

A file that is no package, or that would be dangerous to open, is refused (`NotAPackage`) before anything of it is read.
"""

from __future__ import annotations

import hashlib
import json
import re
import struct
import tempfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import IO, Any, BinaryIO, Final

from hetong.exchange.packing import CHECK, CHUNK, FORMAT, MANIFEST, VERSION, check_line, pack
from hetong.files.inspection.archives import end_of_directory

MOST_ENTRIES: Final = 50_000
LARGEST_DIRECTORY: Final = 32 * 1024 * 1024
LARGEST_MANIFEST: Final = 64 * 1024 * 1024
_ZIP64: Final = 0xFFFF
_BROKEN: Final = (
    zipfile.BadZipFile,
    zlib.error,
    ValueError,
    NotImplementedError,
    RuntimeError,
    OSError,
    EOFError,
    struct.error,
)
_UNSAFE: Final = re.compile(r"(^|/)\.{1,2}(/|$)|^/|^[A-Za-z]:|[\\\x00-\x1f\x7f]|//|/$")


class NotAPackage(Exception):
    """The file is no archive package, or not one that may be opened; the argument says why, in English."""


@dataclass
class Verdict:
    """What a check found. ``files`` were read and compared; the lists name what is wrong with which."""

    path: str
    files: int = 0
    bytes: int = 0
    manifest_sha256: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    changed: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    extra: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def is_good(self) -> bool:
        """Whether the package is untouched."""
        return not (self.changed or self.missing or self.extra or self.notes)

    def as_dict(self) -> dict[str, Any]:
        """For programs."""
        return {
            "file": self.path, "ok": self.is_good, "files": self.files, "bytes": self.bytes, "manifest_sha256": self.manifest_sha256,
            **self.facts, "changed": self.changed, "missing": self.missing, "extra": self.extra, "notes": self.notes,
        }  # fmt: skip


def verify(path: Path, *, expected: str = "") -> Verdict:
    """Check the package. ``expected`` is the manifest's SHA-256 as the journal has it. Raises `NotAPackage`."""
    try:
        with path.open("rb") as file:
            _refuse_dangerous(file)
            with zipfile.ZipFile(file) as archive:
                return _verify(path, file, archive, expected.strip().lower())
    except OSError as error:
        raise NotAPackage(f"it cannot be read: {error.strerror or error}") from error
    except zipfile.BadZipFile as error:
        raise NotAPackage("it is no ZIP file, or one that was cut off or damaged at its end") from error


def _refuse_dangerous(file: BinaryIO) -> None:
    """Look at the end record alone, so that a directory made to exhaust memory is never read."""
    size = file.seek(0, 2)
    end = end_of_directory(file, size)
    if end is None:
        raise NotAPackage("it is no ZIP file, or one that was cut off or damaged at its end")
    entries, length, _offset, _at = end
    if entries != _ZIP64 and entries > MOST_ENTRIES:
        raise NotAPackage(f"it has more than {MOST_ENTRIES} entries")
    if length != 0xFFFFFFFF and length > LARGEST_DIRECTORY:
        raise NotAPackage("its directory is too large")


def _verify(path: Path, file: BinaryIO, archive: zipfile.ZipFile, expected: str) -> Verdict:
    entries = archive.infolist()
    for why in _objections(entries, file.seek(0, 2)):
        raise NotAPackage(why)
    manifest = _content(archive, MANIFEST)
    if manifest is None or _content(archive, CHECK) not in (None, check_line(manifest)):
        return Verdict(
            str(path), changed=[MANIFEST], notes=["the manifest is damaged, so nothing else could be compared"]
        )
    facts = _facts(manifest)
    verdict = Verdict(str(path), manifest_sha256=hashlib.sha256(manifest).hexdigest())
    verdict.facts = {name: facts.get(name) for name in ("product", "made_at", "contract", "hashes")}
    if CHECK not in archive.namelist():
        verdict.missing.append(CHECK)
    elif _content(archive, CHECK) is None:
        verdict.changed.append(CHECK)
    if expected and expected != verdict.manifest_sha256:
        verdict.notes.append("the manifest is not the one that was expected: its SHA-256 differs")
    files = _files_of(facts)
    _compare(archive, files, verdict)
    if verdict.is_good and not _is_as_written(file, archive, manifest, files):
        verdict.notes.append("the files are right, but the ZIP around them is not as it was written")
    return verdict


def _objections(entries: list[zipfile.ZipInfo], size: int) -> Iterator[str]:
    """Why the archive must not be opened: path tricks, links, passwords, compression, entries that share bytes."""
    if len(entries) > MOST_ENTRIES:
        yield f"it has more than {MOST_ENTRIES} entries"
    names = [entry.filename for entry in entries]
    if MANIFEST not in names:
        yield f"it has no {MANIFEST}, so it is no archive package of Hetong"
    if len(set(names)) != len(names):
        yield "two entries have the same name"
    for entry in entries:
        yield from _objections_to(entry)
        if entry.filename in (MANIFEST, CHECK) and entry.file_size > LARGEST_MANIFEST:
            yield "its manifest is too large"
    if sum(entry.file_size for entry in entries) > size:
        yield "its entries claim to be larger than the file"


def _objections_to(entry: zipfile.ZipInfo) -> Iterator[str]:
    if _UNSAFE.search(entry.filename) or entry.filename != entry.orig_filename:
        yield f"an entry's name leads out of the package: {entry.filename[:80]!r}"
    if entry.flag_bits & 0x1:
        yield "an entry is encrypted"
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
        yield "an entry is compressed, which packages never are"
    if (entry.external_attr >> 16) & 0o170000 not in (0, 0o100000):
        yield "an entry is a link or a device"


def _facts(manifest: bytes) -> dict[str, Any]:
    """What the manifest says. Raises `NotAPackage` where it is one of another kind."""
    try:
        facts = json.loads(manifest)
    except (ValueError, RecursionError) as error:
        raise NotAPackage("its manifest is no JSON") from error
    if not isinstance(facts, dict) or facts.get("format") != FORMAT:
        raise NotAPackage("its manifest is of another kind")
    if facts.get("version") != VERSION:
        raise NotAPackage(f"it is of version {facts.get('version')!r}, which this Hetong does not know")
    return facts


def _files_of(facts: Mapping[str, Any]) -> dict[str, tuple[str, int]]:
    """Path → (SHA-256, size), in the manifest's order."""
    try:
        return {str(one["path"]): (str(one["sha256"]), int(one["size"])) for one in facts["files"]}
    except (KeyError, TypeError, ValueError) as error:
        raise NotAPackage("its manifest is damaged: the list of files is not readable") from error


def _content(archive: zipfile.ZipFile, name: str) -> bytes | None:
    """A small member whole; None where it is missing or damaged."""
    try:
        return archive.read(name)
    except (KeyError, *_BROKEN):
        return None


def _compare(archive: zipfile.ZipFile, files: Mapping[str, tuple[str, int]], verdict: Verdict) -> None:
    there = set(archive.namelist()) - {MANIFEST, CHECK}
    verdict.extra += sorted(there - files.keys())
    for name, (sha256, size) in files.items():
        if name not in there:
            verdict.missing.append(name)
            continue
        found = _digest(archive, name)
        verdict.files += 1
        verdict.bytes += size
        if found != (sha256, size):
            verdict.changed.append(name)


def _digest(archive: zipfile.ZipFile, name: str) -> tuple[str, int] | None:
    digest, size = hashlib.sha256(), 0
    try:
        with archive.open(name) as member:
            while chunk := member.read(CHUNK):
                digest.update(chunk)
                size += len(chunk)
    except _BROKEN:
        return None
    return digest.hexdigest(), size


def _is_as_written(
    file: BinaryIO, archive: zipfile.ZipFile, manifest: bytes, files: Mapping[str, tuple[str, int]]
) -> bool:
    """Whether packing the members again gives these very bytes: nothing hides between or behind them."""

    members = [(name, size, partial(archive.open, name)) for name, (_sha256, size) in files.items()]
    with tempfile.TemporaryFile() as again:
        pack(again, manifest, members)
        return _same(file, again)


def _same(left: BinaryIO, right: IO[bytes]) -> bool:
    left.seek(0)
    right.seek(0)
    while True:
        one, two = left.read(CHUNK), right.read(CHUNK)
        if one != two:
            return False
        if not one:
            return True
