"""What is hashed, exactly: canonical JSON, salted values, keyed entry digests, the chain."""

from __future__ import annotations

import datetime as dt
import json
import secrets
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from hashlib import sha256
from json.encoder import encode_basestring
from typing import Any
from uuid import UUID

from django.conf import settings

from hetong.kernel.memory import is_one
from hetong.kernel.sealed import sign

from .models import AccessLog, Entry

PURPOSE = "journal"
GENESIS = "0" * 64


def canonical(value: Any) -> bytes:
    """JSON with sorted keys, no spaces and UTF-8, so that equal values have equal bytes."""
    return canonical_text(value).encode()


def canonical_text(value: Any) -> str:
    """The same as text."""
    said = _SAID.get(value.__class__)
    return said(value) if said else _ENCODER.encode(value)


def _plain(value: Any) -> str:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat(timespec="microseconds")
    if isinstance(value, UUID):
        return str(value)
    raise TypeError(type(value).__name__)


_ENCODER = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False, default=_plain)


def _object(value: dict[Any, Any]) -> str:
    try:
        return "{" + ",".join([f"{encode_basestring(key)}:{canonical_text(value[key])}" for key in sorted(value)]) + "}"
    except TypeError:  # a key that is no text
        return _ENCODER.encode(value)


_SAID: dict[type, Callable[[Any], str]] = {
    str: encode_basestring, int: int.__repr__, type(None): lambda value: "null",
    bool: lambda value: "true" if value else "false", dict: _object,
    dt.datetime: lambda value: encode_basestring(_plain(value)), UUID: lambda value: f'"{value}"',
}  # fmt: skip
"""The same JSON for what a journal mostly holds, without setting the encoder up anew for every value."""


def value_digest(salted: list[Any]) -> str:
    """H(salt, before, after): proves a value without revealing it, and stays when the value is blanked."""
    return sha256(canonical(salted)).hexdigest()


TOGETHER = ""
"""In place of a field's name: the digest, and the salt, of all values of an entry that are never erased (decision 74)."""


def digest_together(held: Mapping[str, Any], names: Iterable[str]) -> str:
    """H(salt and, by name, before and after) over the values of an entry that have no digest of their own."""
    return sha256(canonical({name: held.get(name) for name in (TOGETHER, *names)})).hexdigest()


class Changes:
    """The changed fields of entries of one act as they are kept and as they are signed; what records share is written once.

    A field that may be erased has a digest and a salt of its own in each entry, so that what is left of it proves nothing
    and the others stay provable. The others have one digest and one salt together in each entry.
    """

    def __init__(self) -> None:
        self._salts = _salts()
        self._objects: dict[int, tuple[Any, str]] = {}
        """The canonical JSON of objects by identity; they are kept with it, so that no other takes their place."""

    def written(
        self, columns: Mapping[str, tuple[Sequence[Any], Sequence[Any]]], count: int, *, erasable: Collection[str] = ()
    ) -> list[tuple[str, str]]:
        """For each record two canonical JSON texts: pairs of name and digest (empty for one that has none of its own), and by
        name [before, after], or [salt, before, after] of one that may be erased.

        ``columns``: by field what each of the ``count`` records held before and holds after.
        """
        pairs, alone = _Pieces(), _Pieces()
        shared: dict[str, Sequence[str]] = {}
        for name, (before, after) in columns.items() if count else ():
            said = encode_basestring(name)
            if name in erasable:
                own = [self._erasable(said, was, now) for was, now in zip(before, after, strict=True)]
                pairs.add([pair for pair, _values in own])
                alone.add([values for _pair, values in own])
            else:
                shared[name] = texts = self._column(said, before, after)
                pair = f'[{said},""],'
                pairs.add([pair] * count if all(texts) else [pair if text else "" for text in texts])
        together = _Pieces()
        for name in sorted(shared):  # in the order of canonical JSON
            together.add(shared[name])
        written = zip(pairs.texts(count), together.texts(count), alone.texts(count), strict=True)
        return [self._of_one(*texts) for texts in written]

    def _of_one(self, pairs: str, together: str, alone: str) -> tuple[str, str]:
        if together:
            together = f'"{TOGETHER}":"{next(self._salts)}",{together[:-1]}'
            digest = sha256(f"{{{together}}}".encode()).hexdigest()
            pairs = f'["{TOGETHER}","{digest}"],{pairs}'
            alone = f"{together},{alone}"
        return f"[{pairs[:-1]}]", f"{{{alone[:-1]}}}"

    def _column(self, said: str, before: Sequence[Any], after: Sequence[Any]) -> list[str]:
        """What a field held before and after in each record, with a comma behind it; empty where it did not change."""
        start = f"{said}:[null,"
        if is_one(before) and before[0] is None and _TEXT.issuperset(map(type, after)):
            return [f"{start}{encode_basestring(now)}]," if now else "" for now in after]
        known: dict[tuple[int, int], str] = {}
        found = []
        for was, now in zip(before, after, strict=True):
            key = (id(was), id(now))
            text = known.get(key)
            if text is None:
                text = f"{said}:[{self._text(was)},{self._text(now)}]," if differ(was, now) else ""
                known[key] = text
            found.append(text)
        return found

    def _erasable(self, said: str, before: Any, after: Any) -> tuple[str, str]:
        """A field's two texts in one record, with a comma behind them; empty where it did not change."""
        if not differ(before, after):
            return "", ""
        text = f'["{next(self._salts)}",{self._text(before)},{self._text(after)}]'
        return f'[{said},"{sha256(text.encode()).hexdigest()}"],', f"{said}:{text},"

    def _text(self, value: Any) -> str:
        if value.__class__ is not dict:
            return canonical_text(value)
        kept = self._objects.get(id(value))
        if kept is None:
            kept = self._objects[id(value)] = (value, canonical_text(value))
        return kept[1]


_TEXT = frozenset({str, type(None)})


class _Pieces:
    """The texts of many records, made of pieces: what all of them share is written once, into the form of all."""

    def __init__(self) -> None:
        self._form = ""
        self._own: list[Sequence[str]] = []

    def add(self, pieces: Sequence[str]) -> None:
        """A piece for each text."""
        if is_one(pieces):
            self._form += pieces[0].replace("%", "%%")
        else:
            self._form += "%s"
            self._own.append(pieces)

    def texts(self, count: int) -> list[str]:
        """The texts of so many records."""
        if not self._own:
            return [self._form % ()] * count
        return [self._form % own for own in zip(*self._own, strict=True)]


EMPTY: tuple[Any, ...] = (None, "", [])


def differ(before: Any, after: Any) -> bool:
    """Whether an act changed a field; what says nothing is the same in every form."""
    if before is None:
        return after not in EMPTY
    return bool(before != after and not (before in EMPTY and after in EMPTY))


def _salts(drawn: int = 64) -> Iterator[str]:
    """Salts of 16 random bytes, in hex; asked for so many at a time."""
    while True:
        text = secrets.token_hex(16 * drawn)
        yield from (text[start : start + 32] for start in range(0, len(text), 32))


OWN = ("id", "noun", "subject", "label", "company", "fields")
"""The signed columns in which entries of one act differ, in the order in which they are signed."""


class Signing:
    """Signs the entries of one act: what they have in common is written once."""

    def __init__(self, shared: Mapping[str, Any]) -> None:
        said = {name: canonical_text(value).replace("%", "%%") for name, value in shared.items()}
        self._form = f"[{','.join(said.get(name, '%s') for name in signed_columns())}]"

    def bytes(self, *own: str) -> bytes:
        """What `entry_bytes` says of the entry whose `OWN` columns are this canonical JSON."""
        return (self._form % own).encode()

    def mac(self, *own: str) -> str:
        """The keyed digest: whoever can write to the database but does not hold the secret key cannot make it."""
        return sign(self.bytes(*own), secret=settings.SECRET_KEY, purpose=PURPOSE)


def entry_bytes(entry: Entry) -> bytes:
    """Everything of an entry but its keyed digest."""
    return canonical([getattr(entry, c) for c in signed_columns()])


@lru_cache(maxsize=1)
def signed_columns() -> tuple[str, ...]:
    """Every column of an entry but its keyed digest, in the order in which they are signed."""
    return tuple(f.attname for f in Entry._meta.concrete_fields if f.attname != "mac")


def is_genuine(entry: Entry) -> bool:
    """Whether the entry was written by this installation and is unchanged; older secret keys count."""
    content = entry_bytes(entry)
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return any(sign(content, secret=key, purpose=PURPOSE) == entry.mac for key in keys)


def link_hash(previous: str, entry: Entry) -> str:
    """H(previous hash, entry with its keyed digest)."""
    return sha256(previous.encode() + entry_bytes(entry) + entry.mac.encode()).hexdigest()


def access_digest(rows: list[AccessLog]) -> str:
    """One digest over a batch of access rows."""
    columns = [f.attname for f in AccessLog._meta.concrete_fields]
    return sha256(canonical([[getattr(row, c) for c in columns] for row in rows])).hexdigest()


def access_row_digest(row: AccessLog) -> str:
    """Sixteen hexadecimal digits of one access row: enough to say which of a batch was changed."""
    return access_digest([row])[:16]
