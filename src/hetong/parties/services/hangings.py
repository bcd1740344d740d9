"""What the form of a party asks for but other tables keep: its kinds, its main numbers, its registered address."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any
from uuid import UUID

from hetong.kernel.actors import Actor
from hetong.kernel.bulk import made
from hetong.kernel.errors import N_, DomainError, Problem
from hetong.kernel.kept import COLUMN
from hetong.kernel.rows import insert, write
from hetong.parties.events import Act
from hetong.parties.fields.beside import SCHEMES_OF, WITH_ADDRESS, WITH_NUMBER, main_address, main_number
from hetong.parties.identifiers import BadNumber, Checked, check, scheme_of_country
from hetong.parties.models import Address, Party, PartyId, PartyKind
from hetong.parties.queries.parties import number_holders
from hetong.parties.services.beside import Beside
from hetong.parties.services.checks import bad_number
from hetong.parties.services.details import taken
from hetong.parties.services.naming import keep_numbers

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
        self._with_number = {
            name: Beside(actor, place, (Act.NUMBER_ADDED, Act.NUMBER_EDITED)) for name, place in WITH_NUMBER.items()
        }
        self._with_address = Beside(actor, WITH_ADDRESS, (Act.ADDRESS_ADDED, Act.ADDRESS_EDITED))
        self.numbers: dict[UUID, dict[str, tuple[str, Checked]]] = {}
        self.given: dict[tuple[str, str], UUID] = {}
        """Numbers that the batch itself has given out."""

    def read(self, row: Party, values: Mapping[str, Any]) -> Iterator[Problem]:
        """Check the numbers of one party, and what the house asks of them and of its address; nothing is stored yet."""
        for name, beside in self._with_number.items():
            typed = values.get(name)
            if typed:
                yield from self._read_number(row, name, typed)
            if beside.is_asked(values, is_given=bool(typed)):
                stays = bool(typed) or name not in values
                is_there = stays and self._number_of(row, name) is not None
                yield from beside.read(values, is_there=is_there, is_given=bool(typed))
        given = any(values.get(name) for name in COLUMNS_OF)
        if self._with_address.is_asked(values, is_given=given):
            yield from self._with_address.read(values, is_there=self._address_of(row) is not None, is_given=given)

    def _number_of(self, row: Party, name: str) -> PartyId | None:
        """The party's number in that field, as it was."""
        return None if self.are_new else main_number(SCHEMES_OF[name]).filter(party=row.pk).first()

    def _address_of(self, row: Party) -> Address | None:
        """The party's registered address, as it was."""
        return None if self.are_new else main_address().filter(party=row.pk).first()

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
        for beside in (*self._with_number.values(), self._with_address):
            beside.tell()

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
            for name, beside in self._with_number.items():
                if name not in values and not beside.place.own(values):
                    continue
                found = self.numbers.get(row.pk, {}).get(name)
                held = self._number_of(row, name)
                if found is None and held is None:
                    continue
                touched.append(row)
                one = held or made(PartyId, party_id=row.pk)
                beside.put(one, values, is_new=held is None)
                (changed if held else fresh).append(_number(one, found) if name in values else one)
        insert(fresh)
        write(changed, {"scheme", "value", "normalised", "is_personal", "is_active", COLUMN})
        if touched:
            keep_numbers({row.pk: row for row in touched}.values())

    def _store_addresses(self, rows: Sequence[Party], parsed: Sequence[Mapping[str, Any]]) -> None:
        fresh: list[Address] = []
        changed: list[Address] = []
        for row, values in zip(rows, parsed, strict=True):
            given = {column: values[name] for name, column in COLUMNS_OF.items() if name in values}
            held = self._address_of(row) if given or self._with_address.place.own(values) else None
            if held is None and not any(given.values()):
                continue
            address = held or Address(party_id=row.pk, country=row.country)
            self._with_address.put(address, values, is_new=held is None)
            for column, value in given.items():
                setattr(address, column, value)
            (changed if held else fresh).append(address)
        insert(fresh)
        write(changed, {*COLUMNS_OF.values(), COLUMN})


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
