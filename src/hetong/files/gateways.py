"""Where files are kept, and who looks at them for viruses: the outside world, behind protocols."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final, Protocol
from urllib.parse import unquote, urlsplit
from uuid import uuid4

from django.conf import settings

CHUNK: Final = 256 * 1024
_INCOMING: Final = "incoming"


@dataclass
class Arriving:
    """A file on its way in: written here first, in full and synced, before it gets its place."""

    path: Path
    file: BinaryIO

    def sync(self) -> None:
        """Wait until what was written is on the disk."""
        self.file.flush()
        os.fsync(self.file.fileno())


class Storage(Protocol):
    """Bytes by key (the SHA-256 of the content, in hex)."""

    def arriving(self) -> AbstractContextManager[Arriving]:
        """Room for a file on its way in; whatever is still there at the end is removed."""

    def keep(self, arriving: Arriving, key: str) -> None:
        """Give the file its place; one that is there already is replaced by the same bytes."""

    def open(self, key: str) -> BinaryIO:
        """The file for reading, with a descriptor of its own; raises FileNotFoundError."""

    def remove(self, key: str) -> None:
        """Remove the file, if it is there."""

    def all_keys(self) -> Iterator[str]:
        """The keys of all files."""

    def kept_at(self, key: str) -> float:
        """When the file got its place, in seconds since 1970; raises FileNotFoundError."""


class FileStorage:
    """Files in a folder: ``ab/cdef…``, readable by our user alone."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def _path(self, key: str) -> Path:
        if len(key) != 64 or not set(key) <= set("0123456789abcdef"):
            raise ValueError("keys are SHA-256 in hex")
        return self.root / key[:2] / key[2:]

    @contextmanager
    def arriving(self) -> Iterator[Arriving]:
        """A file in the folder ``incoming`` of the same disk, so that taking its place is one step."""
        folder = self.root / _INCOMING
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / uuid4().hex
        try:
            with path.open("xb", buffering=CHUNK) as file:
                yield Arriving(path, file)
        finally:
            path.unlink(missing_ok=True)

    def keep(self, arriving: Arriving, key: str) -> None:
        """Sync, rename, and sync the folder: after this the file survives a power cut."""
        arriving.sync()
        place = self._path(key)
        place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        arriving.path.chmod(0o600)
        arriving.path.replace(place)
        for folder in (place.parent, self.root):
            _sync_folder(folder)

    def open(self, key: str) -> BinaryIO:
        """The file for reading."""
        return self._path(key).open("rb")

    def remove(self, key: str) -> None:
        """Remove the file, if it is there."""
        self._path(key).unlink(missing_ok=True)

    def kept_at(self, key: str) -> float:
        """When the file got its place."""
        return self._path(key).stat().st_mtime

    def all_keys(self) -> Iterator[str]:
        """The keys of all files that have their place."""
        for folder in sorted(self.root.glob("[0-9a-f][0-9a-f]")):
            for path in sorted(folder.iterdir()):
                yield folder.name + path.name


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def storage() -> Storage:
    """The storage of this installation."""
    return FileStorage(folder_of(settings.STORAGE_URL))


def folder_of(url: str) -> Path:
    """The folder that a ``file://`` address names, with signs of any kind in its path (%23 for #). Raises `ValueError`."""
    address = urlsplit(url)
    if address.scheme != "file":
        raise ValueError("HETONG_STORAGE_URL: only file:// is known")
    return Path(unquote(address.netloc + address.path))


class Scanner(Protocol):
    """Something that knows viruses."""

    def is_clean(self, path: Path) -> bool:
        """Whether the file may be given out; a scanner that does not answer says no."""


class NoScanner:
    """No scanner is set: the inspection of the content is all there is."""

    def is_clean(self, path: Path) -> bool:
        """Always."""
        return True


class ClamScanner:
    """ClamAV's daemon, spoken to by its INSTREAM command."""

    def __init__(self, host: str, port: int, seconds: float = 20) -> None:
        self.host, self.port, self.seconds = host, port, seconds

    def is_clean(self, path: Path) -> bool:
        """Whether the daemon found nothing; every other answer and every failure means no."""
        with suppress(OSError):
            return self._ask(path).rstrip(b"\x00\n").endswith(b"stream: OK")
        return False

    def _ask(self, path: Path) -> bytes:
        with socket.create_connection((self.host, self.port), self.seconds) as line, path.open("rb") as file:
            line.sendall(b"zINSTREAM\x00")
            while chunk := file.read(CHUNK):
                line.sendall(struct.pack(">L", len(chunk)) + chunk)
            line.sendall(struct.pack(">L", 0))
            return line.recv(4096)


def scanner() -> Scanner:
    """The scanner of this installation: ``HETONG_SCAN_URL``, such as ``tcp://127.0.0.1:3310``."""
    if not settings.SCAN_URL:
        return NoScanner()
    address = urlsplit(settings.SCAN_URL)
    return ClamScanner(address.hostname or "127.0.0.1", address.port or 3310)
