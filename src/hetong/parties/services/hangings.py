"""What the form of a party asks for but other tables keep: its kinds, its main numbers, its registered address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from hetong.kernel.actors import Actor
from hetong.kernel.bulk import made
from hetong.kernel.errors import N_, DomainError, Problem
from hetong.kernel.rows import insert, write
from hetong.parties.fields.party import REGISTRATION, main_number
from hetong.parties.identifiers import BadNumber, Checked, check, scheme_of_country
from hetong.parties.models import Address, Party, PartyId, PartyKind
from hetong.parties.queries.parties import number_holders
from hetong.parties.services.checks import bad_number
from hetong.parties.services.details import taken
from hetong.parties.services.naming import keep_numbers

SCHEMES_OF = {"registration_number": REGISTRATION, "vat_number": ("eu_vat",)}
"""The fields of a party that are numbers, with the schemes each may be of."""
COLUMNS_OF = {"address_lines": "lines", "postal_code": "postal_code", "city": "city"}
"""The fields of a party that are columns of its registered address."""


class Hangings:
    """Reads these fields of a batch of parties, then stores them all."""

    def __init__(self, actor: Actor, *, are_new: bool, givens: Sequence[Mapping[str, Any]] = ()) -> None:
        """``givens``: the raw inputs of a batch, so that the holders of their numbers are asked for in one statement."""
        self.actor, self.are_new = actor, are_new
        asked = [found for given in givens for found in _numbers_in(given)]
        self._asked = {(scheme, checked.normalised) for scheme, checked in asked}
        self._holders = number_holders(asked)
        self.numbers: dict[UUID, dict[str, tuple[str, Checked]]] = {}
        self.given: dict[tuple[str, str], UUID] = {}
        """Numbers that the batch itself has given out."""

    def read(self, row: Party, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Check the numbers of one party; nothing is stored yet."""
        for name in SCHEMES_OF:
            typed = values.get(name)
            if typed:
                yield from self._read_number(row, name, typed)

    def _read_number(self, row: Party, name: str, typed: str) -> Iterator[Problem]:
        scheme = _scheme(name, row.country)
        try:
            checked = check(scheme, typed, country=row.country)
        except BadNumber as broken:
            yield bad_number(broken, name)
            return
        key = (scheme, checked.normalised)
        holders = self._holders if key in self._asked else number_holders([(scheme, checked)])
        holder = holders.get(key)
        if holder is not None and holder != row.pk:
            yield taken(self.actor, holder, name)
        elif scheme != "other" and self.given.setdefault(key, row.pk) != row.pk:
            yield Problem("number_twice", N_("This number stands twice in what you sent."), field=name)
        else:
            self.numbers.setdefault(row.pk, {})[name] = (scheme, checked)

    def store(self, rows: Sequence[Party], parsed: Sequence[Mapping[str, Any]]) -> None:
        """Store what was read, for rows that are in the database."""
        self._store_kinds(rows, parsed)
        self._store_numbers(rows, parsed)
        self._store_addresses(rows, parsed)

    def _store_kinds(self, rows: Sequence[Party], parsed: Sequence[Mapping[str, Any]]) -> None:
        wanted = {row.pk: set(values["kinds"]) for row, values in zip(rows, parsed, strict=True) if "kinds" in values}
        if not wanted:
            return
        through = Party.kinds.through
        by_key = dict(PartyKind.objects.values_list("key", "pk"))
        if not self.are_new:
            through.objects.filter(party__in=wanted).delete()
        insert(
            [
                made(through, party_id=pk, partykind_id=by_key[key])
                for pk, keys in wanted.items()
                for key in sorted(keys)
            ]
        )

    def _store_numbers(self, rows: Sequence[Party], parsed: Sequence[Mapping[str, Any]]) -> None:
        fresh: list[PartyId] = []
        changed: list[PartyId] = []
        touched: list[Party] = []
        for row, values in zip(rows, parsed, strict=True):
            for name in (n for n in SCHEMES_OF if n in values):
                found = self.numbers.get(row.pk, {}).get(name)
                held = main_number(SCHEMES_OF[name]).filter(party=row.pk).first() if not self.are_new else None
                if found is None and held is None:
                    continue
                touched.append(row)
                (changed if held else fresh).append(_number(held or made(PartyId, party_id=row.pk), found))
        insert(fresh)
        write(changed, {"scheme", "value", "normalised", "is_personal", "is_active"})
        if touched:
            keep_numbers({row.pk: row for row in touched}.values())

    def _store_addresses(self, rows: Sequence[Party], parsed: Sequence[Mapping[str, Any]]) -> None:
        fresh: list[Address] = []
        changed: list[Address] = []
        for row, values in zip(rows, parsed, strict=True):
            given = {column: values[name] for name, column in COLUMNS_OF.items() if name in values}
            held = (
                Address.objects.filter(party=row.pk, role="registered", is_active=True).first()
                if given and not self.are_new
                else None
            )
            if held is None and not any(given.values()):
                continue
            address = held or Address(party_id=row.pk, country=row.country)
            for column, value in given.items():
                setattr(address, column, value)
            (changed if held else fresh).append(address)
        insert(fresh)
        write(changed, set(COLUMNS_OF.values()))


def _scheme(name: str, country: str) -> str:
    return "eu_vat" if name == "vat_number" else scheme_of_country(country)


def _numbers_in(given: Mapping[str, Any]) -> Iterator[tuple[str, Checked]]:
    """The numbers in raw input that are right."""
    country = str(given.get("country") or "")
    for name in SCHEMES_OF:
        typed = given.get(name)
        if isinstance(typed, str) and typed.strip():
            with suppress(DomainError):
                scheme = _scheme(name, country)
                yield scheme, check(scheme, typed, country=country)


def _number(row: PartyId, found: tuple[str, Checked] | None) -> PartyId:
    """The row with the number that was read; an emptied field retires the number."""
    if found is None:
        row.is_active = False
        return row
    row.scheme, checked = found
    row.value, row.normalised, row.is_personal = checked.value, checked.normalised, checked.is_personal
    return row
