"""Keeping what is derived from a party's names and numbers: the pieces it is found by, and its line of numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from hetong.kernel.bulk import insert_alike
from hetong.kernel.rows import write
from hetong.kernel.text import fold, name_key
from hetong.parties.models import Party, PartyId, SimilarName
from hetong.parties.queries.duplicates import pieces_of

NAMES = frozenset({"name", "local_name", "other_names"})


def keys_of(party: Party) -> list[str]:
    """Every name of the party, folded for likeness."""
    names = [party.name, party.local_name, *party.other_names.splitlines()[:10]]
    return list(dict.fromkeys(key for key in (name_key(name)[:200] for name in names) if key))


def keep_names(parties: Sequence[Party], *, are_new: bool = False) -> None:
    """Make the pieces of the parties' names anew; new parties have none yet."""
    if not are_new:
        SimilarName.objects.filter(party__in=[p.pk for p in parties]).delete()
    found = [(p.pk, piece, key) for p in parties for piece, key in _pieces_of(keys_of(p))]
    if found:
        ids, pieces, keys = zip(*found, strict=True)
        insert_alike(SimilarName, {}, party_id=ids, piece=pieces, key=keys)


def _pieces_of(keys: Iterable[str]) -> Iterator[tuple[str, str]]:
    """The pieces of a party's names, each once, so that a party is no nearer for having two names alike; no name without one."""
    seen: set[str] = set()
    for key in keys:
        pieces = pieces_of(key)
        yield from ((piece, key) for piece in [one for one in pieces if one not in seen] or pieces[:1])
        seen.update(pieces)


def keep_numbers(parties: Iterable[Party]) -> None:
    """Write each party's line of numbers out of those in use; no edit of its own."""
    rows = list(parties)
    lines: dict[UUID, list[str]] = {p.pk: [] for p in rows}
    for party, value in (
        PartyId.objects.filter(party__pk__among=lines, is_active=True).order_by("pk").values_list("party", "value")
    ):
        lines[party].append(value)
    for party in rows:
        party.numbers = " · ".join(lines[party.pk])[:300]
        party.numbers_key = fold(party.numbers_in_every_form)[:600]
    write(rows, {"numbers", "numbers_key"}, version=False)
