"""Which encoding a text file is written in: marks first, then what is proven, then what is likely."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from .kinds import is_wide

CHUNK: Final = 256 * 1024
SAMPLE: Final = 64 * 1024
NEARLY: Final = 30
"""Points out of a hundred that a less likely encoding may lack, if it reads the whole file and the likelier does not."""

_HIGH: Final = re.compile(rb"[\x80-\xff]")
_OFTEN_EUROPEAN: Final = frozenset("àáâãäåæçèéêëìíîïñòóôõöøùúûüýÿßœšžÀÁÂÃÄÅÆÇÈÉÊËÍÎÏÑÓÔÕÖØÙÚÛÜÝŒŠŽ")
_SYMBOLS: Final = frozenset("€£¥§©®°±·×÷–—‘’“”„…•«»¿¡´`½¼¾²³¹ªº™¤µ\u00a0\u00ad")


def guess_encoding(path: Path) -> str:
    """The encoding, one of `how.ENCODINGS`. A file that is UTF-8 but for a few damaged bytes is UTF-8: reading names the line."""
    with path.open("rb") as file:
        head = file.read(SAMPLE)
    if wide := is_wide(head):
        return wide
    if _reads(path, "utf-8"):
        return "utf-8"
    sample = _sample(path)
    if _is_damaged_utf8(sample):
        return "utf-8"
    ranked = sorted(((score(sample), name) for name, score in _SCORES.items()), reverse=True)
    best = ranked[0][0]
    fitting = [name for points, name in ranked if points >= best - NEARLY]
    return next((name for name in fitting if _reads(path, name)), fitting[0])


def _reads(path: Path, encoding: str) -> bool:
    """Whether every byte of the file means something in the encoding."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for chunk in _chunks(path):
            decoder.decode(chunk)
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _chunks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _sample(path: Path) -> bytes:
    """The lines with bytes above ASCII, from the first such line on, up to `SAMPLE` bytes."""
    kept: list[bytes] = []
    size = 0
    rest = b""
    for chunk in _chunks(path):
        lines = re.split(rb"(?<=[\r\n])", rest + chunk)
        rest = lines.pop()[-SAMPLE:]
        for line in lines:
            if _HIGH.search(line):
                kept.append(line)
                size += len(line)
        if size > SAMPLE:
            break
    else:
        kept.append(rest)
    return b"".join(kept)


def _is_damaged_utf8(sample: bytes) -> bool:
    text = sample.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    good = sum(1 for character in text if character > "\x7f") - broken
    return good > 10 * broken


# -- how likely ------------------------------------------------------------------------------------


def _eastern(encoding: str, points: Callable[[int, int], int]) -> Callable[[bytes], int]:
    """How likely an encoding with one or two bytes a character is, from -100 to 100: by how common its characters are."""

    def score(sample: bytes) -> int:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            return -100
        total = count = 0
        for character in text:
            if character > "\x7f":
                written = character.encode(encoding, "replace")
                total += points(written[0], written[1] if len(written) > 1 else 0)
                count += 1
        return total // max(count, 1)

    return score


def _gbk(lead: int, trail: int) -> int:
    if 0xB0 <= lead <= 0xD7 and trail >= 0xA1:
        return 100
    if 0xA1 <= lead <= 0xA9 and trail >= 0xA1:
        return 80
    return 30 if 0xD8 <= lead <= 0xF7 and trail >= 0xA1 else 5


def _big5(lead: int, _trail: int) -> int:
    if 0xA4 <= lead <= 0xC6:
        return 100
    if 0xA1 <= lead <= 0xA3:
        return 80
    return 30 if 0xC9 <= lead <= 0xF9 else 5


def _japanese(lead: int, trail: int) -> int:
    if not trail:
        return 20
    if lead in (0x82, 0x83) or 0x88 <= lead <= 0x97:
        return 100
    if lead == 0x81:
        return 80
    return 30


def _japanese_unix(lead: int, _trail: int) -> int:
    if lead in (0xA4, 0xA5):
        return 110
    if 0xB0 <= lead <= 0xCF:
        return 90
    return 60 if lead in (0xA1, 0xA3) else 20


def _korean(lead: int, trail: int) -> int:
    return 95 if 0xB0 <= lead <= 0xC8 and trail >= 0xA1 else 20


def _western(encoding: str) -> Callable[[bytes], int]:
    """How likely an encoding of one byte a character is: letters stand among letters of their own case, signs apart."""

    def score(sample: bytes) -> int:
        try:
            text = sample.decode(encoding)
        except UnicodeDecodeError:
            return -100
        total = count = 0
        for at, character in enumerate(text):
            if character > "\x7f":
                total += _western_points(text[at - 1 : at], character, text[at + 1 : at + 2])
                count += 1
        return total // max(count, 1)

    return score


def _western_points(before: str, character: str, after: str) -> int:
    if character in _OFTEN_EUROPEAN:
        if character.isupper() and before.islower():
            return -50
        plain = (before.isascii() and before.isalpha()) or (after.isascii() and after.isalpha())
        return 100 if plain else 30
    if character in _SYMBOLS:
        return 10 if before.isalpha() and after.isalpha() else 60
    return -100


_SCORES: Final[dict[str, Callable[[bytes], int]]] = {
    "cp1252": _western("cp1252"),
    "cp437": _western("cp437"),
    "gb18030": _eastern("gb18030", _gbk),
    "big5hkscs": _eastern("big5hkscs", _big5),
    "cp932": _eastern("cp932", _japanese),
    "euc-jp": _eastern("euc-jp", _japanese_unix),
    "cp949": _eastern("cp949", _korean),
    "latin-1": lambda sample: _western("latin-1")(sample) - 1,
}
