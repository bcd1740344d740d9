"""File names as words for people: cleaned for showing, encoded for a header, never used as a path."""

from __future__ import annotations

import re
import unicodedata
from typing import Final
from urllib.parse import quote

LONGEST: Final = 180
_RESERVED: Final = frozenset({"con", "prn", "aux", "nul", *(f"{p}{n}" for p in ("com", "lpt") for n in range(1, 10))})
_SEPARATORS: Final = re.compile(r"[\\/:*?\"<>|]+")
_TOKEN: Final = re.compile(r"[^A-Za-z0-9 ._()-]+")


def safe_name(claimed: str, fallback: str = "file") -> str:
    """The name to show and to offer when the file is saved: one line, no path, at most 180 characters.

    Direction marks and other invisible characters go (they make ``exe.fdp`` read as ``pdf.exe``), so do
    the characters that some system refuses. A name that is nothing then is ``fallback``.
    """
    last = re.split(r"[\\/]", claimed)[-1]
    visible = "".join(c for c in last if unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"))
    plain = _SEPARATORS.sub("_", unicodedata.normalize("NFC", visible))
    tidy = " ".join(plain.split()).strip(". ")
    stem, dot, ending = tidy.rpartition(".")
    if not dot:
        stem, ending = tidy, ""
    if stem.casefold() in _RESERVED or tidy.casefold() in _RESERVED:
        stem = f"_{stem}"
    ending = ending[:20]
    whole = f"{stem[: LONGEST - len(ending) - 1]}.{ending}" if ending else stem[:LONGEST]
    return whole if whole.strip("._ ") else fallback


def disposition(name: str, *, inline: bool = False) -> str:
    """The Content-Disposition header (RFC 6266): a plain ASCII name for old clients, the real one in UTF-8."""
    kind = "inline" if inline else "attachment"
    safe = safe_name(name)
    plain = _TOKEN.sub("_", unicodedata.normalize("NFKD", safe).encode("ascii", "replace").decode().replace("?", "_"))
    return f"{kind}; filename=\"{plain}\"; filename*=UTF-8''{quote(safe, safe='')}"
