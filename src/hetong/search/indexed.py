"""Which records and which of their fields are in the index, and what of it a reader may look into.

A noun is indexed when it is searched itself (`Noun.is_searched`), or when it is a part of one that is (lines, terms,
addresses) and has fields to be found by; a hit in a part shows the record it belongs to. Every word is kept behind
the code of its field, and a question asks for the word behind the codes of the fields that its reader may read:
what is hidden is not matched, so it is neither ranked by nor counted.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from uuid import UUID

from hetong.kernel.actors import Actor, Level
from hetong.kernel.fields import Field, Kind
from hetong.kernel.nouns import Noun, noun, nouns
from hetong.kernel.values import is_unnamed

TEXT_CODE: Final = "t"
"""In front of the words of a record's file."""
_ALPHABET: Final = "0123456789abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True)
class Code:
    """What stands in front of a field's words: as they are, in another form, and how the name of the record begins."""

    exact: str
    loose: str
    start: str


@lru_cache(maxsize=1000)
def code_of(key: str, field: str) -> Code:
    """The code of a field: the same everywhere and always, whatever other fields there are."""
    number = int.from_bytes(hashlib.sha256(f"{key}.{field}".encode()).digest()[:8])
    short = "".join(_ALPHABET[number // 36**place % 36] for place in range(4))
    return Code(f"x{short}", f"y{short}", f"z{short}")


@dataclass(frozen=True)
class Indexed:
    """A noun of the index with the fields its records are found by."""

    noun: Noun
    fields: tuple[Field, ...]

    @property
    def key(self) -> str:
        return self.noun.key

    @property
    def parent(self) -> tuple[str, str] | None:
        """The ORM path and the noun of the record in whose place it is shown."""
        return None if self.noun.section else self.noun.register.parent

    @property
    def shown(self) -> str:
        """The noun that a hit is counted and shown as."""
        return self.key if self.noun.is_searched or self.parent is None else self.parent[1]

    def signature(self) -> str:
        """Changes when its rows must be made again."""
        held = [f"{one.name}:{one.path if isinstance(one.path, str) else 'x'}" for one in self.fields]
        return " ".join([FORM, *held, self.noun.blob])


FORM: Final = "1"
"""Raised when words are cut in another way."""


def indexed_nouns() -> list[Indexed]:
    """The nouns of the index, in the order of the table of nouns."""
    known = {entry.key: entry for entry in nouns()}
    found = []
    for entry in known.values():
        if _is_found(entry, known):
            fields = tuple(one for one in entry.register if is_indexed(one))
            if fields or entry.blob:
                found.append(Indexed(entry, fields))
    return found


def _is_found(entry: Noun, known: dict[str, Noun]) -> bool:
    if entry.is_searched or entry.section or entry.register.parent is None:
        return entry.is_searched
    above = known.get(entry.register.parent[1])
    return above is not None and above.is_searched and bool(above.section)


def is_indexed(one: Field) -> bool:
    """Whether records are found by the field's words. What stands in a part of the record is found there."""
    is_here = one.kept or (
        one.filter is None and one.load is None
    )  # an added field lies in the row, whatever its filter asks
    stands_here = one.path is not None and not callable(one.path) and is_here
    return (one.searchable or one.indexed) and stands_here and one.compute is None and one.kind is not Kind.LIST


@dataclass(frozen=True)
class Reach:
    """What one reader may look into among the rows of a noun, in some companies.

    ``companies``: None wherever the row is, empty where it has none.
    """

    entry: Indexed
    companies: frozenset[UUID] | None
    codes: tuple[Code, ...]
    start: str
    """The code of the beginnings of names; empty where names are hidden."""
    has_text: bool


def reaches(actor: Actor, entries: Iterable[Indexed]) -> Iterator[Reach]:
    """What the reader may look into, noun by noun; twice for a noun whose fields differ by company."""
    for entry in entries:
        if _may_view(entry.noun, actor):
            by_codes: dict[tuple[tuple[Code, ...], str], set[UUID]] = {}
            companies = actor.companies()
            if companies is None or not entry.noun.register.company:
                yield from _reach(entry, None, *_codes(actor, entry, None))
                continue
            for company in companies:
                by_codes.setdefault(_codes(actor, entry, company), set()).add(company)
            for (codes, start), those in by_codes.items():
                yield from _reach(entry, None if len(by_codes) == 1 else frozenset(those), codes, start)
            if len(by_codes) > 1:
                yield from _reach(entry, frozenset(), *_in_all(by_codes))


def _in_all(groups: Iterable[tuple[tuple[Code, ...], str]]) -> tuple[tuple[Code, ...], str]:
    """What may be looked into in every company: all that holds for records of no company."""
    every = list(groups)
    codes = tuple(code for code in every[0][0] if all(code in other for other, _start in every))
    return codes, every[0][1] if all(start for _codes, start in every) else ""


def _reach(entry: Indexed, companies: frozenset[UUID] | None, codes: tuple[Code, ...], start: str) -> Iterator[Reach]:
    if codes or entry.noun.blob:
        yield Reach(entry, companies, codes, start, bool(entry.noun.blob))


def _may_view(entry: Noun, actor: Actor) -> bool:
    """A part is read by who may read what it is a part of."""
    if not entry.may_view(actor):
        return False
    return bool(entry.section) or entry.register.parent is None or _may_view(noun(entry.register.parent[1]), actor)


def _codes(actor: Actor, entry: Indexed, company: UUID | None) -> tuple[tuple[Code, ...], str]:
    """The codes of the fields that may be read in ``company``, and that of how names begin."""
    register = entry.noun.register
    levels = register.levels(actor, company)
    open_fields = [one for one in entry.fields if levels[one.name] > Level.HIDDEN and not is_unnamed(one.to, actor)]
    closed = {code_of(entry.key, one.name).exact for one in entry.fields if one not in open_fields}
    # two fields of one code would answer for each other: then both stay closed
    codes = [code for one in open_fields if (code := code_of(entry.key, one.name)).exact not in closed]
    heading = code_of(entry.key, register.heading)
    return tuple(codes), heading.start if heading in codes else ""
