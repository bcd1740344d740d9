"""Looking for a party that is already there, by number and by likeness of name, through indexes only."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.db.models import Count
from rapidfuzz import fuzz

from hetong.kernel.actors import Actor
from hetong.kernel.fields import Row
from hetong.kernel.text import name_key
from hetong.parties.fields import PARTY
from hetong.parties.identifiers import SCHEMES, BadNumber, check
from hetong.parties.models import Party, PartyId, SimilarName

ALIKE: Final = 86
"""From this likeness on (0–100) two names are shown as perhaps the same; one mistyped letter in eight passes."""
COMPARED: Final = 150
"""How many candidates, those with the most pieces in common, are compared letter by letter."""
SHOWN: Final = 5
MOST_PIECES: Final = 12
_WIDE: Final = re.compile("[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]")


@dataclass(frozen=True)
class Alike:
    """A party that may be the same one; only ever one that the reader may know of."""

    id: UUID
    name: str
    local_name: str
    numbers: str
    url: str
    is_same_number: bool
    likeness: int


@dataclass(frozen=True)
class Duplicates:
    """What was found: those the reader may see, and whether there are others, which stay unnamed."""

    seen: tuple[Alike, ...] = ()
    has_hidden: bool = False
    has_same_number: bool = False

    def __bool__(self) -> bool:
        return bool(self.seen) or self.has_hidden


def pieces_of(key: str) -> list[str]:
    """The pieces that a name is found by: at most twelve, such that one mistyped letter leaves some of them whole.

    Chinese and Japanese: pairs of characters. Other scripts: how the name and its two longest words begin
    and how it ends.
    """
    if not key:
        return []
    bare = key.replace(" ", "")
    if _WIDE.search(bare):
        return list(dict.fromkeys(bare[i : i + 2] for i in range(max(1, len(bare) - 1))))[:MOST_PIECES]
    longest = sorted(key.split(), key=len, reverse=True)[:2]
    found = [
        f"={bare[:20]}"[:20],
        f"^{bare[:4]}",
        f"${bare[-4:]}",
        *(f"~{word[:4]}" for word in longest),
        *(f"~{word[-3:]}$" for word in longest),
    ]
    return list(dict.fromkeys(found))


def likeness(one: str, other: str) -> int:
    """How alike two folded names are, 0–100; the order of words does not count."""
    if one == other:
        return 100
    if min(len(one), len(other)) < 4 and not _WIDE.search(one):
        return 0
    return round(max(fuzz.ratio(one, other), fuzz.token_sort_ratio(one, other)))


def find_duplicates(
    actor: Actor,
    names: Sequence[str],
    numbers: Iterable[tuple[str, str]] = (),
    *,
    country: str = "",
    besides: Collection[UUID] = (),
) -> Duplicates:
    """Parties with one of these numbers (scheme, as typed) or with a name like one of these.

    Numbers that are not right are left out: the form says so itself. Looks at what is indexed only.
    """
    # Who may not read a field learns nothing by trying values of it.
    readable = {one.name for one in PARTY.readable(actor)}
    same = set(_by_number(numbers, country) if "numbers" in readable else ()) - set(besides)
    alike = {id: score for id, score in _by_name(names if "name" in readable else ()).items() if id not in besides}
    scores = alike | dict.fromkeys(same, 101)
    ranked = sorted(scores, key=lambda id: (-scores[id], id))[:20]
    visible = Party.objects.visible_among(actor).filter(pk__in=ranked)
    rows = {row.id: row for row in PARTY.show(actor, visible, ("name", "local_name", "numbers"))}
    seen = tuple(
        Alike(
            row.id,
            _word(row, "name"),
            _word(row, "local_name"),
            _word(row, "numbers"),
            row.url,
            row.id in same,
            min(100, scores[row.id]),
        )
        for row in (rows[id] for id in ranked if id in rows)
    )
    return Duplicates(seen[:SHOWN], len(rows) < len(ranked), bool(same))


def _word(row: Row, name: str) -> str:
    """A value of a shown row; one that the reader may not read is empty."""
    return str(row.get(name) or "")


def _by_number(numbers: Iterable[tuple[str, str]], country: str) -> list[UUID]:
    wanted = []
    for scheme, typed in numbers:
        if not typed or scheme not in SCHEMES or scheme == "other":
            continue
        try:
            wanted.append((scheme, check(scheme, typed, country=country).normalised))
        except (BadNumber, ValueError):
            continue
    if not wanted:
        return []
    rows = PartyId.objects.filter(is_active=True, normalised__in=[n for _, n in wanted]).values_list(
        "party", "scheme", "normalised"
    )
    return [party for party, scheme, normalised in rows if (scheme, normalised) in wanted]


def _by_name(names: Sequence[str]) -> dict[UUID, int]:
    """The likeness of every party that is like one of the names."""
    keys = [key for key in dict.fromkeys(name_key(name) for name in names if name) if key]
    pieces = {piece for key in keys for piece in pieces_of(key)}
    if not pieces:
        return {}
    shared = SimilarName.objects.filter(piece__in=pieces).values("party").annotate(n=Count("*"))
    nearest = shared.order_by("-n", "party").values("party")[:COMPARED]
    found: dict[UUID, int] = {}
    for party, held in SimilarName.objects.filter(party__in=nearest).values_list("party", "key").distinct():
        score = max(likeness(key, held) for key in keys)
        if score >= ALIKE:
            found[party] = max(score, found.get(party, 0))
    return found
