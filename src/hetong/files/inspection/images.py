"""Width and height of a picture out of its header, without decoding a pixel."""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import BinaryIO, Final

from .kinds import GIF, JPEG, PNG, TIFF, WEBP

MOST_PIXELS: Final = 120_000_000
"""An A3 page at 600 dpi has 70 million."""

_FRAME_STARTS: Final = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_TIFF_SIZES: Final = {3: "H", 4: "L"}

Size = tuple[int, int]


def dimensions(file: BinaryIO, kind: str) -> Size | None:
    """(width, height) as the header states them; None when the header is broken."""
    file.seek(0)
    try:
        return _READERS[kind](file)
    except (struct.error, ValueError, IndexError):
        return None


def _png(file: BinaryIO) -> Size | None:
    head = file.read(24)
    return struct.unpack(">2L", head[16:24]) if head[12:16] == b"IHDR" else None


def _gif(file: BinaryIO) -> Size | None:
    return struct.unpack("<2H", file.read(10)[6:10])


def _webp(file: BinaryIO) -> Size | None:
    head = file.read(30)
    match head[12:16]:
        case b"VP8 ":
            width, height = struct.unpack("<2H", head[26:30])
            return width & 0x3FFF, height & 0x3FFF
        case b"VP8L":
            bits = int.from_bytes(head[21:25], "little")
            return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
        case b"VP8X":
            return int.from_bytes(head[24:27], "little") + 1, int.from_bytes(head[27:30], "little") + 1
        case _:
            return None


def _jpeg(file: BinaryIO) -> Size | None:
    file.seek(2)
    for _marker in range(2_000):
        lead = file.read(2)
        while lead == b"\xff\xff":
            lead = b"\xff" + file.read(1)
        if len(lead) < 2 or lead[0] != 0xFF:
            return None
        (length,) = struct.unpack(">H", file.read(2))
        if lead[1] in _FRAME_STARTS:
            _precision, height, width = struct.unpack(">BHH", file.read(5))
            return width, height
        file.seek(length - 2, 1)
    return None


def _tiff(file: BinaryIO) -> Size | None:
    order = "<" if file.read(4).startswith(b"II") else ">"
    (offset,) = struct.unpack(f"{order}L", file.read(4))
    file.seek(offset)
    (count,) = struct.unpack(f"{order}H", file.read(2))
    found: dict[int, int] = {}
    for _tag in range(min(count, 1_000)):
        tag, kind, _values, value = struct.unpack(f"{order}HHL4s", file.read(12))
        if tag in (256, 257) and kind in _TIFF_SIZES:
            found[tag] = struct.unpack_from(f"{order}{_TIFF_SIZES[kind]}", value)[0]
    return (found[256], found[257]) if len(found) == 2 else None


_READERS: Final[dict[str, Callable[[BinaryIO], Size | None]]] = {
    PNG: _png,
    GIF: _gif,
    WEBP: _webp,
    JPEG: _jpeg,
    TIFF: _tiff,
}
